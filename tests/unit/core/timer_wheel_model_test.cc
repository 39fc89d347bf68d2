// SPDX-License-Identifier: BSD-3-Clause
// TimerWheel against a multimap: random arming, cancelling, jumping, for many seeds.
// Owned by one Core.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "core/timer_wheel.h"
#include "support/core.h"

namespace sextant::test {
namespace {

constexpr Duration kTick = TimerWheel::kTick;

class Model;

// A timer that reports to the model.
struct Member {
  Member(Model& m, size_t n) : model(m), number(n) {}
  void OnTimer(Core& core);
  Model& model;
  const size_t number;
  Timer timer{Timer::Calling<&Member::OnTimer>(this)};
};

// What must be armed, and what must have fired.
class Model {
 public:
  explicit Model(uint64_t seed) : rng_(seed) {
    for (size_t i = 0; i < 64; ++i) members_.push_back(std::make_unique<Member>(*this, i));
  }

  void Step() {
    auto& member = members_[rng_.Below(64)];
    switch (rng_.Below(8)) {
      case 0:
        Disarm(member->number);
        member->timer.Cancel();
        break;
      case 1:
        Disarm(member->number);
        member = std::make_unique<Member>(*this, member->number);  // the old one dies
        break;
      case 2:
      case 3:
        Advance(RandomSpan());
        break;
      case 4:
        SleepUntilNext();
        break;
      default:
        Arm(*member, std::max(Instant(), t_.core.now() + RandomSpan() - RandomSpan() / 8));
    }
    Check();
  }

  void OnTimer(size_t number) {
    const auto entry = Find(number);
    ASSERT_NE(entry, armed_.end()) << "fired without being armed";
    ASSERT_LE(entry->first, t_.core.now()) << "early";
    fired_.push_back(entry->first);
    armed_.erase(entry);
    // Now and then the callback arms something, in the past as well.
    if (rng_.Below(4) == 0) {
      Arm(*members_[rng_.Below(64)], t_.core.now() + RandomSpan() - Duration::Seconds(1));
    }
  }

 private:
  using Armed = std::multimap<Instant, size_t>;

  // From nothing to years, every order of magnitude equally often.
  Duration RandomSpan() {
    return Duration::Nanoseconds(static_cast<int64_t>(rng_.Next64() >> (8 + rng_.Below(55))));
  }
  Armed::iterator Find(size_t number) {
    return std::ranges::find(armed_, number, &Armed::value_type::second);
  }
  void Disarm(size_t number) {
    if (const auto entry = Find(number); entry != armed_.end()) armed_.erase(entry);
  }
  void Arm(Member& member, Instant deadline) {
    Disarm(member.number);
    armed_.emplace(deadline, member.number);
    t_.core.timers().Arm(member.timer, deadline);
  }
  void Advance(Duration by) {
    t_.clock.Advance(by);
    t_.core.Tick();
    fired_.clear();
    const size_t fired = t_.core.timers().Advance(t_.core.now(), t_.core);
    ASSERT_EQ(fired, fired_.size());
    ASSERT_LT(fired, 4096U) << "the test wants no budget here";
    // Nobody is left who is more than a tick late.
    if (!armed_.empty()) {
      ASSERT_GT(armed_.begin()->first + kTick, t_.core.now()) << "late";
    }
  }
  void SleepUntilNext() {
    const Instant next = t_.core.timers().NextDeadline();
    if (next == Instant::Never()) return;
    Advance(std::max(next - t_.core.now(), Duration()));
  }
  void Check() {
    ASSERT_EQ(t_.core.timers().armed(), armed_.size());
    for (const auto& member : members_) {
      const auto entry = Find(member->number);
      ASSERT_EQ(member->timer.is_armed(), entry != armed_.end());
      if (entry != armed_.end()) {
        ASSERT_EQ(member->timer.deadline(), entry->first);
      }
    }
    const Instant next = t_.core.timers().NextDeadline();
    ASSERT_EQ(next == Instant::Never(), armed_.empty());
    if (!armed_.empty()) {
      ASSERT_LT(next, armed_.begin()->first + kTick) << "would oversleep";
    }
  }

  TestCore t_;
  SeededRng rng_;
  Armed armed_;
  std::vector<Instant> fired_;
  std::vector<std::unique_ptr<Member>> members_;
};

void Member::OnTimer(Core&) { model.OnTimer(number); }

TEST(TimerWheelModelTest, AgreesWithAMultimap) {
  for (uint64_t seed = Seed(); seed < Seed() + static_cast<uint64_t>(Rounds(20)); ++seed) {
    const testing::ScopedTrace trace = NameSeed(seed);
    Model model(seed);
    for (int step = 0; step < 2'000; ++step) {
      model.Step();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace sextant::test
