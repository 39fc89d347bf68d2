// SPDX-License-Identifier: BSD-3-Clause
// Instant, Duration and the clock that a test moves.
// Any thread.
#include "base/time.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace sextant::test {
namespace {

static_assert(Duration::Seconds(1) == Duration::Milliseconds(1'000));
static_assert(Duration::Milliseconds(1) == Duration::Microseconds(1'000));
static_assert(Duration::Microseconds(1) == Duration::Nanoseconds(1'000));
static_assert(Duration::Seconds(-1) < Duration());
static_assert(Duration::Seconds(3) + Duration::Seconds(4) == Duration::Seconds(7));
static_assert(Duration::Seconds(3) - Duration::Seconds(4) == Duration::Seconds(-1));
static_assert(Duration::Seconds(3) * 4 == Duration::Seconds(12));
static_assert(Duration::Seconds(3) / 4 == Duration::Milliseconds(750));
static_assert(Duration::Nanoseconds(1'999'999).milliseconds() == 1);
static_assert(Duration::Nanoseconds(1'999'999).microseconds() == 1'999);
static_assert(Duration::Seconds(100LL * 365 * 86'400) < Duration::Infinite(), "a century fits");

static_assert(Instant::FromNanoseconds(5) + Duration::Nanoseconds(3) ==
              Instant::FromNanoseconds(8));
static_assert(Instant::FromNanoseconds(5) - Duration::Nanoseconds(3) ==
              Instant::FromNanoseconds(2));
static_assert(Instant::FromNanoseconds(5) - Instant::FromNanoseconds(8) ==
              Duration::Nanoseconds(-3));
static_assert(Instant() < Instant::FromNanoseconds(1));
static_assert(Instant::FromNanoseconds(1) < Instant::Never());

TEST(ManualClockTest, StandsStillUntilMoved) {
  ManualClock clock;
  const Instant start = clock.Now();
  EXPECT_GT(start, Instant()) << "a timestamp in use is never zero";
  EXPECT_EQ(clock.Now(), start);
  clock.Advance(Duration::Seconds(2));
  EXPECT_EQ(clock.Now() - start, Duration::Seconds(2));
  clock.JumpTo(Instant::FromNanoseconds(5));
  EXPECT_EQ(clock.Now(), Instant::FromNanoseconds(5));
}

}  // namespace
}  // namespace sextant::test
