// SPDX-License-Identifier: BSD-3-Clause
// WallClock: what time of day an Instant of a Clock was. Captures need it;
// protocol code does not.
// Owned by one Core.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace sextant {

class WallClock {
 public:
  // Compares the two clocks once.
  explicit WallClock(Clock& clock)
      : offset_(
            std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count() -
            clock.Now().nanoseconds()) {}

  // Nanoseconds since 1970.
  int64_t At(Instant instant) const { return instant.nanoseconds() + offset_; }

 private:
  const int64_t offset_;
};

}  // namespace sextant
