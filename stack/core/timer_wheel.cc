// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "core/timer_wheel.h"

#include <bit>
#include <limits>

namespace sextant {
namespace {

constexpr uint64_t kNoTick = std::numeric_limits<uint64_t>::max();

}  // namespace

void Timer::Cancel() {
  if (wheel_ == nullptr) return;
  --wheel_->armed_;
  wheel_ = nullptr;
  Unlink();
}

TimerWheel::~TimerWheel() {
  while (Timer* const timer = due_.front()) timer->Cancel();
  for (auto& level : slots_) {
    for (List& slot : level) {
      while (Timer* const timer = slot.front()) timer->Cancel();
    }
  }
}

void TimerWheel::Arm(Timer& timer, Instant deadline) {
  timer.Cancel();
  if (deadline == Instant::Never()) return;
  timer.deadline_ = deadline;
  timer.wheel_ = this;
  ++armed_;
  Insert(timer);
}

void TimerWheel::Insert(Timer& timer) {
  const uint64_t tick = CeilTick(timer.deadline_);
  if (timer.deadline_.nanoseconds() <= 0 || tick <= tick_) return due_.PushBack(timer);
  // The highest group of bits in which deadline and present differ.
  const auto level = static_cast<size_t>(std::bit_width(tick ^ tick_) - 1) / kSlotBits;
  const size_t slot = (tick >> (level * kSlotBits)) % kSlots;
  slots_[level][slot].PushBack(timer);
  occupied_[level] |= uint64_t{1} << slot;
}

uint64_t TimerWheel::NextTick() {
  for (size_t level = 0; level < kLevels; ++level) {
    const size_t shift = level * kSlotBits;
    const size_t here = shift < 64 ? (tick_ >> shift) % kSlots : 0;
    // Only slots ahead of the present: the others have been visited.
    uint64_t ahead = here + 1 < kSlots ? occupied_[level] & (~uint64_t{0} << (here + 1)) : 0;
    while (ahead != 0) {
      const auto slot = static_cast<size_t>(std::countr_zero(ahead));
      if (!slots_[level][slot].empty()) {
        const uint64_t above = shift + kSlotBits < 64 ? tick_ >> (shift + kSlotBits) : 0;
        return ((above << kSlotBits) | slot) << shift;
      }
      occupied_[level] &= ~(uint64_t{1} << slot);  // all its timers were cancelled
      ahead &= ahead - 1;
    }
  }
  return kNoTick;
}

// The present has reached the beginning of a slot on some level above 0: its
// timers move down.
void TimerWheel::Cascade() {
  for (size_t level = kLevels - 1; level > 0; --level) {
    const size_t shift = level * kSlotBits;
    if (shift >= 64 || (tick_ & ((uint64_t{1} << shift) - 1)) != 0) continue;
    const size_t slot = (tick_ >> shift) % kSlots;
    if ((occupied_[level] >> slot & 1) == 0) continue;
    occupied_[level] &= ~(uint64_t{1} << slot);
    while (Timer* const timer = slots_[level][slot].PopFront()) Insert(*timer);
  }
}

// Fires due_ until it is empty or the budget is spent; says whether it is empty.
bool TimerWheel::FireSlot(Core& core, size_t& budget) {
  while (Timer* const timer = due_.front()) {
    if (budget == 0) return false;
    --budget;
    timer->Cancel();
    // The callback may destroy the timer: nothing of it is touched afterwards.
    timer->callback_(timer->owner_, core);
  }
  return true;
}

size_t TimerWheel::Advance(Instant now, Core& core, size_t budget) {
  const size_t allowed = budget;
  const uint64_t target = FloorTick(now);
  while (FireSlot(core, budget)) {
    if (target <= tick_) break;
    const uint64_t next = NextTick();
    if (next > target) {
      tick_ = target;
      break;
    }
    tick_ = next;
    Cascade();
    const size_t slot = tick_ % kSlots;
    occupied_[0] &= ~(uint64_t{1} << slot);
    due_.Splice(slots_[0][slot]);
  }
  return allowed - budget;
}

Instant TimerWheel::NextDeadline() {
  if (!due_.empty()) return Instant();
  const uint64_t next = NextTick();
  if (next > FloorTick(Instant::Never())) return Instant::Never();
  return Instant::FromNanoseconds(static_cast<int64_t>(next) * kTick.nanoseconds());
}

}  // namespace sextant
