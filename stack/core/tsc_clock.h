// SPDX-License-Identifier: BSD-3-Clause
// TscClock: time from the processor's time stamp counter, which costs a few
// nanoseconds to read and never goes backwards.
// Owned by one Core.
#pragma once

#include <rte_cycles.h>

#include "base/clock.h"

namespace sextant {

class TscClock final : public Clock {
 public:
  // The EAL must be up: it measures the counter's frequency.
  TscClock()
      : start_(rte_rdtsc()), scale_((uint64_t{1'000'000'000} << kShift) / rte_get_tsc_hz()) {}

  Instant Now() override {
    const auto elapsed = static_cast<Uint128>(rte_rdtsc() - start_) * scale_;
    // One second ahead, so that no timestamp in use is zero.
    return Instant::FromNanoseconds(static_cast<int64_t>(elapsed >> kShift) + 1'000'000'000);
  }

 private:
  static constexpr int kShift = 32;
  const uint64_t start_;
  const uint64_t scale_;  // nanoseconds per tick, as a 32.32 fixed-point number
};

}  // namespace sextant
