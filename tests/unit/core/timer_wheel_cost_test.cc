// SPDX-License-Identifier: BSD-3-Clause
// A million timers cost what a thousand do, per operation: nothing searches, nothing sorts.
// The factors are generous, because a million timers do not fit into a cache and machines that
// run tests are busy; what walks a list would miss them a hundred times over.
// Owned by one Core.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>

#include "core/timer_wheel.h"
#include "support/core.h"

namespace sextant::test {
namespace {

struct Cost {
  double arm = 1e9, move = 1e9, cancel = 1e9, fire = 1e9, next = 1e9;  // nanoseconds each
};

// Fastest of several runs: what the machine does besides only ever adds.
template <typename F>
void Measure(double& best, size_t count, F&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  best = std::min(best, took.count() / static_cast<double>(count));
}

Cost CostOf(size_t count, int runs) {
  Cost cost;
  for (int run = 0; run < runs; ++run) {
    TestCore t;
    TimerWheel& wheel = t.core.timers();
    std::deque<Timer> timers;
    for (size_t i = 0; i < count; ++i) timers.emplace_back([](void*, Core&) {}, nullptr);
    const auto arm_all = [&] {
      for (Timer& timer : timers) {
        t.core.Arm(timer, Duration::Nanoseconds(static_cast<int64_t>(t.rng.Next64() >> 28)));
      }
    };
    Measure(cost.arm, count, arm_all);
    Measure(cost.move, count, arm_all);
    EXPECT_EQ(wheel.armed(), count);
    Measure(cost.next, 1'000, [&] {
      for (int i = 0; i < 1'000; ++i) EXPECT_LT(wheel.NextDeadline(), Instant::Never());
    });
    Measure(cost.cancel, count / 2, [&] {
      for (size_t i = 0; i < count; i += 2) timers[i].Cancel();
    });
    EXPECT_EQ(wheel.armed(), count / 2);
    Measure(cost.fire, count / 2, [&] {
      t.clock.Advance(Duration::Seconds(100));
      t.core.Tick();
      EXPECT_EQ(wheel.Advance(t.core.now(), t.core, count), count / 2);
    });
  }
  return cost;
}

TEST(TimerWheelCostTest, AMillionCostsWhatAThousandDoes) {
  const Cost few = CostOf(1'000, 20);
  const Cost many = CostOf(1'000'000, 1);
  constexpr double kFactor = 40;
  constexpr double kMisses = 500;  // a few cache misses each
  EXPECT_LT(many.arm, few.arm * kFactor + kMisses);
  EXPECT_LT(many.move, few.move * kFactor + kMisses);
  EXPECT_LT(many.cancel, few.cancel * kFactor + kMisses);
  EXPECT_LT(many.fire, few.fire * kFactor + kMisses);
  EXPECT_LT(many.next, few.next * kFactor + kMisses);
  RecordProperty("arm_ns", static_cast<int>(many.arm));
  RecordProperty("fire_ns", static_cast<int>(many.fire));
}

}  // namespace
}  // namespace sextant::test
