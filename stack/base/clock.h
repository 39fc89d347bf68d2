// SPDX-License-Identifier: BSD-3-Clause
// Clock: where time comes from. Protocol code never asks it; Core does, once
// per poll, so that every packet of a poll has the same now.
// Owned by one Core.
#pragma once

#include "base/time.h"

namespace sextant {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() = 0;
};

// Time that stands still until a test or a simulation moves it.
class ManualClock final : public Clock {
 public:
  Instant Now() override { return now_; }
  void Advance(Duration by) { now_ = now_ + by; }
  void JumpTo(Instant to) { now_ = to; }

 private:
  // Not zero, so that a timestamp that was never set is seen to be one.
  Instant now_ = Instant::FromNanoseconds(1'000'000'000);
};

}  // namespace sextant
