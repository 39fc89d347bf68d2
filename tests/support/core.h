// SPDX-License-Identifier: BSD-3-Clause
// TestCore: a Core with everything it needs, on a clock that the test moves.
// Owned by one Core.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "core/core.h"
#include "support/chain.h"
#include "support/seed.h"

namespace sextant::test {

struct TestCore {
  TestPool pool;
  ManualClock clock;
  SeededRng rng{Seed()};
  Core core{clock, rng, *pool};

  // Moves the clock and fires the timers that have become due.
  void Pass(Duration time) {
    clock.Advance(time);
    core.Tick();
    core.timers().Advance(core.now(), core);
  }
  // A packet with these contents that has come in from a link.
  PacketPtr Received(Bytes contents = {}) {
    PacketPtr packet = pool->Copy(contents);
    core.Received(*packet);
    return packet;
  }
  uint64_t dropped(DropReason reason) const {
    return core.counters().dropped[static_cast<size_t>(reason)];
  }
  uint64_t made_dropped(DropReason reason) const {
    return core.counters().made_dropped[static_cast<size_t>(reason)];
  }
};

}  // namespace sextant::test
