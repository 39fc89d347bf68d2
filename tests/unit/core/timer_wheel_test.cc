// SPDX-License-Identifier: BSD-3-Clause
// TimerWheel: when timers fire, and what their callbacks may do.
// Owned by one Core.
#include "core/timer_wheel.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "support/core.h"

namespace sextant::test {
namespace {

constexpr Duration kTick = TimerWheel::kTick;

// A timer that does what the test says.
struct Alarm {
  explicit Alarm(std::function<void()> action = [] {}) : act(std::move(action)) {}
  void OnTimer(Core&) {
    ++fired;
    act();
  }
  std::function<void()> act;
  int fired = 0;
  Timer timer{Timer::Calling<&Alarm::OnTimer>(this)};
};

class TimerWheelTest : public testing::Test {
 protected:
  TimerWheel& wheel() { return t_.core.timers(); }
  Instant now() { return t_.core.now(); }
  size_t Advance(Duration by, size_t budget = 4096) {
    t_.clock.Advance(by);
    t_.core.Tick();
    return wheel().Advance(now(), t_.core, budget);
  }

  TestCore t_;
};

struct DelayCase {
  const char* name;
  Duration delay;
};

// Deadlines on and beside the borders of the wheel's levels: 64^n ticks.
// clang-format off
const DelayCase kDelayCases[] = {
    {"OneNanosecond", Duration::Nanoseconds(1)},
    {"AlmostATick",   kTick - Duration::Nanoseconds(1)},
    {"Tick",          kTick},
    {"JustOverATick", kTick + Duration::Nanoseconds(1)},
    {"Ticks63",       kTick * 63},
    {"Ticks64",       kTick * 64},
    {"Ticks65",       kTick * 65},
    {"Second",        Duration::Seconds(1)},
    {"Ticks4095",     kTick * 4'095},
    {"Ticks4096",     kTick * 4'096},
    {"Minute",        Duration::Seconds(60)},
    {"Ticks262143",   kTick * 262'143},
    {"Ticks262144",   kTick * 262'144},
    {"Hour",          Duration::Seconds(3'600)},
    {"Day",           Duration::Seconds(86'400)},
    {"Year",          Duration::Seconds(365 * 86'400)},
    {"Century",       Duration::Seconds(100LL * 365 * 86'400)},
};
// clang-format on

class DelayTest : public testing::TestWithParam<DelayCase> {};

// From many places within the present's tick and slot: never early, at most one tick late.
TEST_P(DelayTest, FiresInItsTick) {
  for (int64_t start = 0; start < 70; ++start) {
    TestCore t;
    const auto offset = kTick * start + Duration::Nanoseconds(start * 31'337);
    t.Pass(offset);
    Alarm alarm;
    t.core.Arm(alarm.timer, GetParam().delay);
    const Instant deadline = alarm.timer.deadline();
    ASSERT_EQ(deadline, t.core.now() + GetParam().delay);

    t.Pass(GetParam().delay - Duration::Nanoseconds(1));
    ASSERT_EQ(alarm.fired, 0) << "early";
    t.Pass(kTick);
    ASSERT_EQ(alarm.fired, 1) << "late";
    ASSERT_FALSE(alarm.timer.is_armed());
    t.Pass(GetParam().delay);
    ASSERT_EQ(alarm.fired, 1);
  }
}

// Sleeping until NextDeadline() again and again gets there, in a step per level at most.
TEST_P(DelayTest, NextDeadlineLeadsThere) {
  TestCore t;
  t.Pass(Duration::Nanoseconds(12'345'678));
  Alarm alarm;
  t.core.Arm(alarm.timer, GetParam().delay);
  int sleeps = 0;
  while (alarm.fired == 0) {
    const Instant next = t.core.timers().NextDeadline();
    ASSERT_LT(next, alarm.timer.deadline() + kTick);
    ASSERT_GT(next, t.core.now()) << "no progress";
    ASSERT_LT(++sleeps, 12);
    t.Pass(next - t.core.now());
  }
  EXPECT_EQ(t.core.timers().NextDeadline(), Instant::Never());
}

INSTANTIATE_TEST_SUITE_P(Levels, DelayTest, testing::ValuesIn(kDelayCases), kNameOf);

TEST_F(TimerWheelTest, NothingArmed) {
  EXPECT_EQ(wheel().NextDeadline(), Instant::Never());
  EXPECT_EQ(Advance(Duration::Seconds(100 * 365 * 86'400LL)), 0U);
  EXPECT_EQ(wheel().armed(), 0U);
}

TEST_F(TimerWheelTest, PastFiresAtTheNextAdvance) {
  Advance(Duration::Seconds(10));
  Alarm past, zero;
  wheel().Arm(past.timer, now() - Duration::Seconds(1));
  wheel().Arm(zero.timer, Instant());
  EXPECT_LE(wheel().NextDeadline(), now());
  EXPECT_EQ(past.fired, 0) << "not while arming";
  EXPECT_EQ(Advance(Duration()), 2U);
  EXPECT_EQ(past.fired + zero.fired, 2);
}

TEST_F(TimerWheelTest, NeverCancels) {
  Alarm alarm;
  wheel().Arm(alarm.timer, now() + kTick);
  wheel().Arm(alarm.timer, Instant::Never());
  EXPECT_FALSE(alarm.timer.is_armed());
  EXPECT_EQ(wheel().armed(), 0U);
  EXPECT_EQ(wheel().NextDeadline(), Instant::Never());
  EXPECT_EQ(Advance(Duration::Seconds(10)), 0U);
}

// A deadline that no clock reaches is none: sleeping until it must not wrap around.
TEST_F(TimerWheelTest, TheEndOfTime) {
  Alarm alarm;
  for (const int64_t before : {1L, 2L, 1L << 20, (1L << 20) + 1, 1L << 21, 1L << 40}) {
    const Instant deadline = Instant::Never() - Duration::Nanoseconds(before);
    wheel().Arm(alarm.timer, deadline);
    EXPECT_GT(wheel().NextDeadline(), now()) << before;
    EXPECT_EQ(Advance(Duration::Seconds(1)), 0U) << before;
  }
}

TEST_F(TimerWheelTest, ArmingAgainMovesIt) {
  Alarm alarm;
  t_.core.Arm(alarm.timer, Duration::Seconds(1));
  t_.core.Arm(alarm.timer, Duration::Seconds(2));
  EXPECT_EQ(wheel().armed(), 1U);
  EXPECT_EQ(Advance(Duration::Milliseconds(1'500)), 0U);
  t_.core.Arm(alarm.timer, Duration::Milliseconds(100));
  EXPECT_EQ(Advance(Duration::Milliseconds(102)), 1U);
  EXPECT_EQ(alarm.fired, 1);
}

TEST_F(TimerWheelTest, CancelledDoesNotFire) {
  Alarm alarm;
  t_.core.Arm(alarm.timer, Duration::Seconds(1));
  alarm.timer.Cancel();
  alarm.timer.Cancel();
  EXPECT_EQ(Advance(Duration::Seconds(2)), 0U);
}

TEST_F(TimerWheelTest, DeadTimersDoNotFire) {
  {
    Alarm brief;
    t_.core.Arm(brief.timer, Duration::Seconds(1));
    EXPECT_EQ(wheel().armed(), 1U);
  }
  EXPECT_EQ(wheel().armed(), 0U);
  EXPECT_EQ(Advance(Duration::Seconds(2)), 0U);
}

TEST_F(TimerWheelTest, TimersOutliveTheirWheel) {
  Alarm alarm, due;
  {
    TimerWheel brief(now());
    brief.Arm(alarm.timer, now() + Duration::Seconds(1));
    brief.Arm(due.timer, Instant());
  }
  EXPECT_FALSE(alarm.timer.is_armed());
  EXPECT_FALSE(due.timer.is_armed());
  t_.core.Arm(alarm.timer, kTick);
  EXPECT_EQ(Advance(kTick * 2), 1U);
}

TEST_F(TimerWheelTest, FiresInOrder) {
  std::vector<int> order;
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 300; ++i) {
    alarms.push_back(std::make_unique<Alarm>([&order, i] { order.push_back(i); }));
    const int64_t place = i * 7 % 300;
    t_.core.Arm(alarms.back()->timer, kTick * (1 + 50 * place));
  }
  EXPECT_EQ(Advance(Duration::Seconds(100)), 300U);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(order[size_t(i * 7 % 300)], i);
}

// Time that seems to go backwards fires nothing and loses nothing.
TEST_F(TimerWheelTest, BackwardsClock) {
  for (int64_t ahead = 1; ahead < 200; ahead += 3) {
    for (int64_t back = 1; back < 200; back += 7) {
      Alarm alarm;
      t_.core.Arm(alarm.timer, kTick * ahead);
      ASSERT_EQ(wheel().Advance(now() - kTick * back, t_.core), 0U);
      ASSERT_EQ(Advance(kTick * (ahead + 1)), 1U) << ahead << ' ' << back;
    }
  }
}

// What is beyond the budget fires with the next calls; NextDeadline() says so.
TEST_F(TimerWheelTest, BudgetBoundsOneCall) {
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 25; ++i) {
    alarms.push_back(std::make_unique<Alarm>());
    t_.core.Arm(alarms.back()->timer, kTick * (1 + i / 5));
  }
  EXPECT_EQ(Advance(Duration::Seconds(1), 10), 10U);
  EXPECT_LE(wheel().NextDeadline(), now());
  EXPECT_EQ(Advance(Duration(), 10), 10U);
  EXPECT_EQ(Advance(Duration(), 0), 0U);
  EXPECT_EQ(wheel().armed(), 5U);
  EXPECT_EQ(Advance(Duration(), 10), 5U);
  EXPECT_EQ(wheel().NextDeadline(), Instant::Never());
}

TEST_F(TimerWheelTest, CallbackArmsItself) {
  Alarm alarm;
  alarm.act = [&] { t_.core.Arm(alarm.timer, Duration::Milliseconds(10)); };
  t_.core.Arm(alarm.timer, Duration::Milliseconds(10));
  for (int i = 0; i < 1'000; ++i) Advance(Duration::Milliseconds(1));
  // Every round may be a tick late, and the next one begins only then.
  EXPECT_LE(alarm.fired, 100);
  EXPECT_GE(alarm.fired, 80);
}

// A timer that arms itself for the past would fire for ever: the budget stops it.
TEST_F(TimerWheelTest, CallbackArmsItselfForThePast) {
  Alarm alarm;
  alarm.act = [&] { wheel().Arm(alarm.timer, Instant()); };
  t_.core.Arm(alarm.timer, kTick);
  EXPECT_EQ(Advance(Duration::Seconds(1), 50), 50U);
  EXPECT_TRUE(alarm.timer.is_armed());
}

TEST_F(TimerWheelTest, CallbackCancelsAnotherThatIsDueToo) {
  Alarm victim;
  Alarm first([&] { victim.timer.Cancel(); });
  t_.core.Arm(first.timer, kTick);
  t_.core.Arm(victim.timer, kTick);
  EXPECT_EQ(Advance(kTick * 3), 1U);
  EXPECT_EQ(victim.fired, 0);
  EXPECT_EQ(wheel().armed(), 0U);
}

TEST_F(TimerWheelTest, CallbackMovesAnotherThatIsDueToo) {
  Alarm other;
  Alarm first([&] { t_.core.Arm(other.timer, Duration::Seconds(1)); });
  t_.core.Arm(first.timer, kTick);
  t_.core.Arm(other.timer, kTick);
  EXPECT_EQ(Advance(kTick * 3), 1U);
  EXPECT_EQ(Advance(Duration::Seconds(1) + kTick), 1U);
  EXPECT_EQ(other.fired, 1);
}

TEST_F(TimerWheelTest, CallbackDestroysItself) {
  int fired = 0;
  std::unique_ptr<Alarm> alarm;
  const auto destroy = [&] {
    ++fired;
    alarm.reset();
  };
  // The function object must outlive its Alarm, so it is only referred to.
  alarm = std::make_unique<Alarm>(std::ref(destroy));
  t_.core.Arm(alarm->timer, kTick);
  EXPECT_EQ(Advance(kTick * 2), 1U);
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(alarm, nullptr);
}

TEST_F(TimerWheelTest, CallbackDestroysAllOthers) {
  std::vector<std::unique_ptr<Alarm>> others;
  Alarm first([&] { others.clear(); });
  t_.core.Arm(first.timer, kTick);
  for (int i = 0; i < 10; ++i) {
    others.push_back(std::make_unique<Alarm>());
    t_.core.Arm(others.back()->timer, kTick * (1 + i));
  }
  EXPECT_EQ(Advance(kTick * 100), 1U);
  EXPECT_EQ(wheel().armed(), 0U);
}

TEST_F(TimerWheelTest, CallbackArmsForALaterPlaceOfTheSameJump) {
  Alarm second;
  const Instant start = now();
  Alarm first([&] { wheel().Arm(second.timer, start + kTick * 500); });
  t_.core.Arm(first.timer, kTick);
  EXPECT_EQ(Advance(kTick * 1'000), 2U) << "the jump goes past both";
}

}  // namespace
}  // namespace sextant::test
