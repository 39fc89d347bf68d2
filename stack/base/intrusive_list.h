// SPDX-License-Identifier: BSD-3-Clause
// IntrusiveList: a doubly linked list whose links live in the members, so that
// linking allocates nothing and a member unlinks itself when it dies.
// Owned by one Core.
#pragma once

#include <cstddef>

#include "base/check.h"

namespace sextant {

// A place in at most one list. Derive from ListNode<Tag> once per list.
template <typename Tag>
class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { Unlink(); }

  bool is_linked() const { return next_ != this; }
  void Unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = this;
  }

 private:
  template <typename, typename>
  friend class IntrusiveList;

  void InsertBefore(ListNode& place) {
    SX_CHECK(!is_linked());
    next_ = &place;
    previous_ = place.previous_;
    previous_->next_ = this;
    place.previous_ = this;
  }

  ListNode* next_ = this;
  ListNode* previous_ = this;
};

// T derives from ListNode<Tag>. The list never owns its members.
template <typename T, typename Tag>
class IntrusiveList {
 public:
  using Node = ListNode<Tag>;

  bool empty() const { return !head_.is_linked(); }
  T* front() { return empty() ? nullptr : Cast(head_.next_); }
  T* back() { return empty() ? nullptr : Cast(head_.previous_); }
  void PushBack(T& item) { static_cast<Node&>(item).InsertBefore(head_); }
  void PushFront(T& item) { static_cast<Node&>(item).InsertBefore(*head_.next_); }
  T* PopFront() {
    T* const item = front();
    if (item != nullptr) static_cast<Node*>(item)->Unlink();
    return item;
  }
  // The member behind `item`, or null. REQUIRES: item is in this list.
  T* Next(T& item) {
    Node* const next = static_cast<Node&>(item).next_;
    return next == &head_ ? nullptr : Cast(next);
  }
  // Takes all of `other`'s members, keeping their order, behind ours.
  void Splice(IntrusiveList& other) {
    while (T* const item = other.PopFront()) PushBack(*item);
  }

 private:
  static T* Cast(Node* node) { return static_cast<T*>(node); }
  Node head_;
};

}  // namespace sextant
