// SPDX-License-Identifier: BSD-3-Clause
// TimerWheel: arm, cancel and expire in O(1), for millions of timers.
// A hierarchy of wheels of 64 slots: level l holds deadlines that first differ
// from the present in the l-th group of six bits. A timer moves down one level
// each time the present reaches its slot, so at most once per level.
// Timers fire up to one tick (about a millisecond) late, never early.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>

#include "base/intrusive_list.h"
#include "base/time.h"

namespace sextant {

class Core;
class TimerWheel;

struct TimerTag;

// A member of the object it serves; when that dies the timer is cancelled.
//   Timer retransmit_{Timer::Calling<&Neighbor::OnRetransmit>(this)};
// The callback may arm, cancel or destroy any timer, its own included.
class Timer : public ListNode<TimerTag> {
 public:
  using Callback = void (*)(void* owner, Core& core);

  Timer(Callback callback, void* owner) : callback_(callback), owner_(owner) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { Cancel(); }

  template <auto kMethod, typename T>
  static Timer Calling(T* owner) {
    return Timer([](void* self, Core& core) { (static_cast<T*>(self)->*kMethod)(core); }, owner);
  }

  bool is_armed() const { return wheel_ != nullptr; }
  // REQUIRES: is_armed().
  Instant deadline() const { return deadline_; }
  void Cancel();

 private:
  friend class TimerWheel;

  Callback callback_;
  void* owner_;
  Instant deadline_;
  TimerWheel* wheel_ = nullptr;
};

class TimerWheel {
 public:
  explicit TimerWheel(Instant now) : tick_(FloorTick(now)) {}
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  ~TimerWheel();

  // (Re-)arms `timer`. A deadline in the past fires within the next tick;
  // Instant::Never() cancels.
  void Arm(Timer& timer, Instant deadline);
  // Fires what is due at `now`, at most `budget` timers; the rest waits for the
  // next call. Returns how many fired.
  size_t Advance(Instant now, Core& core, size_t budget = kBudget);
  // When to call Advance() next: never later than the earliest deadline's tick,
  // perhaps earlier. Instant::Never() when no timer is armed.
  Instant NextDeadline();
  size_t armed() const { return armed_; }

  static constexpr Duration kTick = Duration::Nanoseconds(int64_t{1} << 20);

 private:
  friend class Timer;
  using List = IntrusiveList<Timer, TimerTag>;

  static constexpr int kSlotBits = 6;
  static constexpr size_t kSlots = size_t{1} << kSlotBits;
  static constexpr size_t kLevels = 11;  // 66 bits: every 64-bit tick has its place
  static constexpr size_t kBudget = 4096;

  static uint64_t FloorTick(Instant at) {
    return static_cast<uint64_t>(at.nanoseconds() / kTick.nanoseconds());
  }
  static uint64_t CeilTick(Instant at) {
    return static_cast<uint64_t>((at.nanoseconds() - 1) / kTick.nanoseconds()) + 1;
  }

  void Insert(Timer& timer);
  void Cascade();
  bool FireSlot(Core& core, size_t& budget);
  // The first tick after the present at which a slot must be visited.
  uint64_t NextTick();

  uint64_t tick_;  // every slot up to this tick has been visited
  size_t armed_ = 0;
  std::array<uint64_t, kLevels> occupied_{};  // a bit per slot; may be stale, never missing
  std::array<std::array<List, kSlots>, kLevels> slots_;
  List due_;  // armed for the past: fires at the next Advance()
};

}  // namespace sextant
