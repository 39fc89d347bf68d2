// SPDX-License-Identifier: BSD-3-Clause
// LinkFaults: what a memory link does to the frames it carries, and how often
// it has done it. Probabilities are per frame and receiver, 0 to 1.
// Owned by one Core.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace sextant {

struct LinkFaults {
  double loss = 0;
  double duplication = 0;
  // Held back by a time drawn from [0, reorder_delay), so that later ones overtake it.
  double reordering = 0;
  Duration reorder_delay = Duration::Milliseconds(1);
  // One to eight bits flipped, anywhere in the frame.
  double corruption = 0;
  // Cut to a length drawn from [1, its own).
  double truncation = 0;
  // Of every frame: delay plus a time drawn from [0, jitter).
  Duration delay = Duration();
  Duration jitter = Duration();
};

struct FaultCounts {
  uint64_t carried = 0;  // frames times receivers, before any fault
  uint64_t lost = 0;
  uint64_t duplicated = 0;
  uint64_t reordered = 0;
  uint64_t corrupted = 0;
  uint64_t truncated = 0;
};

}  // namespace sextant
