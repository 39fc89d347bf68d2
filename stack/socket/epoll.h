// SPDX-License-Identifier: BSD-3-Clause
// Epoll: an epoll instance. Its ready list is fed by the sockets themselves;
// waiting costs what is ready, not what is watched.
// epoll(7): level and edge triggered, EPOLLONESHOT.
// Owned by one Core.
#pragma once

#include <sys/epoll.h>

#include <memory>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "base/errno.h"
#include "socket/descriptor.h"

namespace sextant::socket {

class OpenSocket;

class Epoll final : public Descriptor {
 public:
  Epoll() : Descriptor(Kind::kEpoll) {}
  ~Epoll() override = default;

  // EPOLL_CTL_ADD: kExists when it is watched already.
  Errno Add(int number, OpenSocket& socket, const epoll_event& event);
  // EPOLL_CTL_MOD and _DEL: kNoEntry when it is not.
  Errno Modify(int number, const epoll_event& event);
  Errno Remove(int number);

  // Moves what is ready to `out`; never waits. Returns how many.
  size_t Take(std::span<epoll_event> out);
  uint32_t events() override;

  // For items: something they may want has happened.
  void Queue(EpollItem& item) {
    if (!item.is_queued()) ready_.PushBack(item);
  }

 private:
  static void Configure(EpollItem& item, const epoll_event& event);
  static uint32_t Ready(const EpollItem& item);

  absl::flat_hash_map<int, std::unique_ptr<EpollItem>> items_;
  IntrusiveList<EpollItem, ReadyTag> ready_;
};

}  // namespace sextant::socket
