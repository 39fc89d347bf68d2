// SPDX-License-Identifier: BSD-3-Clause
// Readiness: what a socket is ready for, and who wants to know. A socket raises
// and lowers its events; watchers (epoll instances) are linked to it and learn
// of changes without anybody ever scanning sockets.
// Owned by one Core.
#pragma once

#include <cstdint>

#include "base/intrusive_list.h"

namespace sextant {

// The values of poll(2), which are those of epoll(7) as well.
enum ReadyEvents : uint32_t {
  kReadyIn = 0x001,
  kReadyPriority = 0x002,
  kReadyOut = 0x004,
  kReadyError = 0x008,
  kReadyHangUp = 0x010,
  kReadyReadHangUp = 0x2000,
};

struct WatchTag;

class Watcher : public ListNode<WatchTag> {
 public:
  virtual ~Watcher() = default;
  // `raised` has just become true again, or once more (new data while readable).
  // May unlink this watcher, but no other one.
  virtual void OnReady(uint32_t raised) = 0;
};

class Readiness {
 public:
  Readiness() = default;
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  uint32_t events() const { return events_; }
  void Raise(uint32_t events) {
    events_ |= events;
    if (!watchers_.empty()) [[unlikely]]
      Tell(events);
  }
  // Who will be told is about to be touched.
  void PrefetchWatcher() { __builtin_prefetch(watchers_.front(), 1); }
  void Lower(uint32_t events) { events_ &= ~events; }
  void Watch(Watcher& watcher) { watchers_.PushBack(watcher); }

 private:
  void Tell(uint32_t raised) {
    Watcher* next = nullptr;
    for (Watcher* watcher = watchers_.front(); watcher != nullptr; watcher = next) {
      next = watchers_.Next(*watcher);
      watcher->OnReady(raised);
    }
  }

  uint32_t events_ = 0;
  IntrusiveList<Watcher, WatchTag> watchers_;
};

}  // namespace sextant
