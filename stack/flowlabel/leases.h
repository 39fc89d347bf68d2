// SPDX-License-Identifier: BSD-3-Clause
// SocketLabels: the labels that one socket leases, and what it sends.
// Every successful GET is one lease, also of a label that is leased already;
// every PUT ends one. Leases of the same label do not differ, so their order is
// nobody's business: a few are listed, a million are counted by label.
// Owned by one Core: the one that owns the manager. A socket elsewhere keeps a
// copy, which is good until Manager::generation() moves.
#pragma once

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/check.h"
#include "flowlabel/request.h"

namespace sextant::flowlabel {

class Manager;

class SocketLabels {
 public:
  explicit SocketLabels(bool is_tcp) : is_tcp_(is_tcp) {}
  SocketLabels(const SocketLabels&) = delete;
  SocketLabels& operator=(const SocketLabels&) = delete;
  // REQUIRES: Manager::Release() has been here.
  ~SocketLabels() { SX_CHECK(size_ == 0); }

  bool Holds(uint32_t label) const { return Count(label) > 0; }
  // How many leases of `label`.
  uint32_t Count(uint32_t label) const {
    if (many_.empty()) return static_cast<uint32_t>(std::ranges::count(few_, label));
    const auto found = many_.find(label);
    return found == many_.end() ? 0 : found->second;
  }
  size_t size() const { return size_; }
  bool is_tcp() const { return is_tcp_; }

  // What connect() said: 8 bits of traffic class, 20 of label.
  uint32_t flow_info = 0;
  // TCP: send what the peer sends; `flow_info` follows it.
  bool reflects = false;

 private:
  friend class Manager;

  // What an unprivileged socket may have at most; a search in it is as fast as hashing.
  static constexpr size_t kFew = 32;

  void Add(uint32_t label) {
    ++size_;
    if (many_.empty() && size_ <= kFew) {
      if (few_.capacity() == 0) few_.reserve(kFew / 4);
      return few_.push_back(label);
    }
    for (const uint32_t other : few_) ++many_[other];
    few_.clear();
    ++many_[label];
  }
  // REQUIRES: Holds(label).
  void Remove(uint32_t label) {
    --size_;
    if (const auto lease = many_.find(label); lease != many_.end()) {
      if (--lease->second == 0) many_.erase(lease);
      return;
    }
    const auto lease = std::ranges::find(few_, label);
    SX_CHECK(lease != few_.end());
    *lease = few_.back();
    few_.pop_back();
  }
  // Takes all leases away, and tells `each` their labels, one by one.
  template <typename F>
  void Clear(F&& each) {
    for (const uint32_t label : few_) each(label);
    for (const auto& [label, count] : many_) {
      for (uint32_t i = 0; i < count; ++i) each(label);
    }
    few_.clear();
    many_.clear();
    size_ = 0;
  }

  const bool is_tcp_;
  std::vector<uint32_t> few_;                     // a label per lease, ...
  absl::flat_hash_map<uint32_t, uint32_t> many_;  // ... or how many of each label
  size_t size_ = 0;
};

}  // namespace sextant::flowlabel
