// SPDX-License-Identifier: BSD-3-Clause
// DemoTotals: how far the demo's client has come. It may lie in memory that two
// processes share: one writes, the other reads.
// Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace sextant {

using Total = std::atomic<uint64_t>;
static_assert(Total::is_always_lock_free);

struct DemoTotals {
  Total pings_sent = 0;
  Total pings_answered = 0;
  Total ping_median_ns = 0;
  Total echoes_sent = 0;
  Total echoes_returned = 0;
  Total echoes_wrong = 0;  // returned, but not as they were sent
  Total echo_median_ns = 0;
  Total echo_p99_ns = 0;
  Total client_failed = 0;  // an errno: the client could not do its work
};

// What the client does, spread over a few seconds so that one can watch it.
struct DemoPlan {
  static constexpr uint64_t kTicks = 50;
  static constexpr int64_t kTick = 100'000'000;  // nanoseconds
  static constexpr uint64_t kEchoesPerTick = 1'000;
  static constexpr uint64_t kEchoes = kTicks * kEchoesPerTick;
  static constexpr uint64_t kOutstanding = 64;
  // Silence this long means that the rest is lost.
  static constexpr int64_t kPatience = 1'000'000'000;
  static constexpr uint16_t kPort = 7;

  // How many ticks have begun, `elapsed` nanoseconds after the start.
  static constexpr uint64_t TicksAt(int64_t elapsed) {
    const auto begun = static_cast<uint64_t>(elapsed / kTick) + 1;
    return begun < kTicks ? begun : kTicks;
  }
};

// Datagram `number`: its number, then bytes that follow from it, of all sizes.
std::vector<uint8_t> DemoPayload(uint64_t number);
// The number of a datagram that came back intact; kEchoes for any other.
uint64_t DemoNumber(const uint8_t* data, size_t size);

// Round trips: remembers all, and tells the median and the like.
class RoundTrips {
 public:
  void Add(int64_t ns) { times_.push_back(ns); }
  // The time that `share` (0 to 1) of all stay below; 0 when there are none.
  uint64_t Below(double share);

 private:
  std::vector<int64_t> times_;
};

}  // namespace sextant
