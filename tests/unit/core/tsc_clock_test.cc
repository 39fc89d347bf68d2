// SPDX-License-Identifier: BSD-3-Clause
// TscClock: goes forward, at the pace of the system's clock. WallClock: says what time that was.
// Owned by one Core.
#include "core/tsc_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "core/wall_clock.h"

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

// Whatever the clock's instants mean: the present is the time of day, and seconds are seconds.
TEST(WallClockTest, TellsTheTimeOfDay) {
  ManualClock clock;
  const auto today = [] {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  };
  const int64_t before = today();
  const WallClock wall(clock);
  const int64_t after = today();
  EXPECT_GE(wall.At(clock.Now()), before);
  EXPECT_LE(wall.At(clock.Now()), after);
  EXPECT_EQ(wall.At(clock.Now() + Duration::Seconds(5)) - wall.At(clock.Now()), 5'000'000'000);
}

}  // namespace
}  // namespace sextant::test
