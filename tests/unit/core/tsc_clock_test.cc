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

// Between two readings of the other clock, within one in a hundred, however busy the machine is.
TEST(TscClockTest, KeepsPace) {
  using Theirs = std::chrono::steady_clock;
  TscClock clock;
  const auto before_start = Theirs::now();
  const Instant start = clock.Now();
  const auto after_start = Theirs::now();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const auto before_end = Theirs::now();
  const Instant end = clock.Now();
  const auto after_end = Theirs::now();
  const std::chrono::nanoseconds least = before_end - after_start;
  const std::chrono::nanoseconds most = after_end - before_start;
  EXPECT_GE((end - start).nanoseconds(), least.count() * 99 / 100);
  EXPECT_LE((end - start).nanoseconds(), most.count() * 101 / 100);
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
