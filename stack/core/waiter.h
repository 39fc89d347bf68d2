// SPDX-License-Identifier: BSD-3-Clause
// Waiter: how a Core passes time when there is nothing to do. In programs it
// sleeps on descriptors, in simulations it moves the clock.
// Owned by one Core.
#pragma once

#include "base/time.h"

namespace sextant {

class Waiter {
 public:
  virtual ~Waiter() = default;
  // Returns at `deadline`, or earlier when there may be something to do. Nothing
  // has happened for `idle_for`: the longer that is, the less likely it ends now.
  virtual void Wait(Instant deadline, Duration idle_for) = 0;
};

}  // namespace sextant
