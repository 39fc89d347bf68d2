// SPDX-License-Identifier: BSD-3-Clause
// EpollItem: one descriptor's place in one epoll instance.
// Owned by one Core.
#pragma once

#include <cstdint>

#include "core/readiness.h"

namespace sextant::socket {

class Descriptor;
class Epoll;

struct ReadyTag;
struct WatchedTag;

// Linked into three lists: the socket's watchers (what raises it), the
// instance's ready list, and the descriptor's own list, by which close() finds
// the instances it must leave.
class EpollItem final : public Watcher, public ListNode<ReadyTag>, public ListNode<WatchedTag> {
 public:
  EpollItem(Epoll& owner, int fd, Descriptor& of) : epoll(owner), number(fd), descriptor(of) {}

  void OnReady(uint32_t raised) override;
  bool is_queued() const { return ListNode<ReadyTag>::is_linked(); }
  void Unqueue() { ListNode<ReadyTag>::Unlink(); }

  Epoll& epoll;
  const int number;
  Descriptor& descriptor;
  uint32_t wanted = 0;  // events; 0 after EPOLLONESHOT has fired
  bool edge = false;
  bool once = false;
  uint64_t data = 0;
};

}  // namespace sextant::socket
