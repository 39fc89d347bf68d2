// SPDX-License-Identifier: BSD-3-Clause
// Counters: the fate of every packet of one Core.
// The identity that every test checks:
//   received == delivered + held + refused + dropped
// where held is a gauge. Packets made here (replies, datagrams of sockets,
// probes) have counters of their own: made == sent + held_made + made_dropped.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>

#include "base/drop_reason.h"

namespace sextant {

using DropCounts = std::array<uint64_t, kDropReasonCount>;

struct Counters {
  uint64_t received = 0;
  uint64_t delivered = 0;
  uint64_t refused = 0;
  uint64_t sent = 0;          // handed to a link, or to ourselves over the loopback interface
  DropCounts dropped{};       // of received packets, refused ones not among them
  DropCounts refused_for{};   // of refused packets, by reason
  DropCounts made_dropped{};  // of packets made here

  static uint64_t Total(const DropCounts& counts) {
    return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  }
  // Received packets whose fate is still open.
  uint64_t held() const { return received - delivered - refused - Total(dropped); }
};

}  // namespace sextant
