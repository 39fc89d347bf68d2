// SPDX-License-Identifier: BSD-3-Clause
// Descriptor: what a descriptor number stands for: a socket or an epoll instance.
// Owned by one Core.
#pragma once

#include <cstdint>

#include "core/readiness.h"
#include "socket/epoll_item.h"

namespace sextant::socket {

class Descriptor {
 public:
  enum class Kind : uint8_t { kSocket, kEpoll };

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  virtual ~Descriptor() = default;

  Kind kind() const { return kind_; }
  // What it is ready for now, as poll(2) names it; see WithSynonyms().
  virtual uint32_t events() = 0;

  bool non_blocking = false;   // O_NONBLOCK
  bool close_on_exec = false;  // FD_CLOEXEC: kept for F_GETFD, nothing survives exec anyway
  IntrusiveList<EpollItem, WatchedTag> watched_by;

 protected:
  explicit Descriptor(Kind kind) : kind_(kind) {}

 private:
  const Kind kind_;
};

// poll(2) has two names for most things.
constexpr uint32_t WithSynonyms(uint32_t events) {
  constexpr uint32_t kReadNormal = 0x040;
  constexpr uint32_t kWriteNormal = 0x100;
  if ((events & kReadyIn) != 0) events |= kReadNormal;
  if ((events & kReadyOut) != 0) events |= kWriteNormal;
  return events;
}

}  // namespace sextant::socket
