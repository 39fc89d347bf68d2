// SPDX-License-Identifier: BSD-3-Clause
// TscClock: goes forward, at the pace of the system's clock.
// Owned by one Core.
#include "core/tsc_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace sextant::test {
namespace {

TEST(TscClockTest, NeverGoesBackwards) {
  TscClock clock;
  Instant before = clock.Now();
  EXPECT_GT(before, Instant());
  for (int i = 0; i < 100'000; ++i) {
    const Instant now = clock.Now();
    ASSERT_GE(now, before);
    before = now;
  }
}

// Within a tenth, so that a busy machine does not matter.
TEST(TscClockTest, KeepsPace) {
  TscClock clock;
  const auto their_start = std::chrono::steady_clock::now();
  const Instant start = clock.Now();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const Duration ours = clock.Now() - start;
  const auto theirs = std::chrono::nanoseconds(std::chrono::steady_clock::now() - their_start);
  EXPECT_NEAR(static_cast<double>(ours.nanoseconds()), static_cast<double>(theirs.count()),
              static_cast<double>(theirs.count()) / 10);
}

}  // namespace
}  // namespace sextant::test
