// SPDX-License-Identifier: BSD-3-Clause
// The label manager against its model: from every reachable state every step; every short
// sequence; and long ones at random. With SX_LONG all of it, else as much as takes seconds.
// Owned by one Core.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <optional>
#include <unordered_set>
#include <vector>

#include "exhaustive/flowlabel_rig.h"

namespace sextant::test {
namespace {

using flowlabel::Caller;
using flowlabel::Share;
using Kind = LabelStep::Kind;

constexpr uint32_t kLabels[] = {0x11111, 0xeeeee};
constexpr Share kShares[] = {Share::kExclusive, Share::kUser, Share::kAny};
// A process for each socket; the first two have the same user.
constexpr Caller kCallers[] = {{.pid = 1, .user = 7}, {.pid = 2, .user = 7}, {.pid = 3, .user = 8}};

bool IsLong() { return std::getenv("SX_LONG") != nullptr; }

LabelStep Step(Kind kind, size_t socket, uint32_t label = 0) {
  LabelStep step{.kind = kind, .socket = socket, .caller = kCallers[socket]};
  step.request.destination = Ipv6Address::Loopback();
  step.request.label = label;
  return step;
}

// Everything that can happen to three sockets and two labels.
std::vector<LabelStep> AllSteps() {
  std::vector<LabelStep> steps;
  for (size_t socket = 0; socket < LabelPair::kSockets; ++socket) {
    for (const uint32_t label : kLabels) {
      for (const Share share : kShares) {
        for (const uint16_t flags : {uint16_t{0}, uint16_t{1}, uint16_t{3}}) {
          LabelStep& step = steps.emplace_back(Step(Kind::kGet, socket, label));
          step.request.share = share;
          step.request.flags = flags;
        }
      }
      steps.push_back(Step(Kind::kPut, socket, label));
      steps.push_back(Step(Kind::kRenew, socket, label));
      steps.emplace_back(Step(Kind::kRenew, socket, label)).request.linger = 9;
    }
    steps.push_back(Step(Kind::kClose, socket));
  }
  steps.emplace_back(Step(Kind::kPass, 0)).seconds = 3;
  return steps;
}

// Where a state was come by: its model, and the way to it.
struct State {
  LabelModel model;
  std::vector<uint8_t> path;
};

class Explorer {
 public:
  Explorer() { pair_.Reset(); }

  // Every step from this state; `next(model, step)` is told what has changed. False: they differ.
  template <typename F>
  bool Expand(const State& state, F&& next) {
    bool there = false;
    const std::string here = state.model.Key();
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (!IsWithin(state.model, steps_[i])) continue;
      if (!there) GoTo(state);
      if (!pair_.Take(steps_[i])) {
        Explain(state.path, i);
        return false;
      }
      ++taken_;
      there = pair_.model.now == state.model.now && pair_.model.Key() == here;
      if (!there) next(pair_.model, static_cast<uint8_t>(i));
    }
    return true;
  }
  uint64_t taken() const { return taken_; }

 private:
  // Two leases of one kind behave as three do.
  bool IsWithin(const LabelModel& model, const LabelStep& step) const {
    return step.kind != Kind::kGet ||
           std::ranges::count(model.leases[step.socket], step.request.label) < 2;
  }
  void GoTo(const State& state) {
    pair_.Reset();
    for (const uint8_t step : state.path) (void)pair_.TakeAlone(steps_[step]);
    pair_.model = state.model;
  }
  void Explain(const std::vector<uint8_t>& path, size_t last) const {
    for (const uint8_t step : path) ADD_FAILURE() << steps_[step].ToString();
    ADD_FAILURE() << "then " << steps_[last].ToString();
  }

  const std::vector<LabelStep> steps_ = AllSteps();
  LabelPair pair_;
  uint64_t taken_ = 0;
};

LabelModel Beginning() {
  LabelModel model;
  model.now = 0;
  model.leases.resize(LabelPair::kSockets);
  return model;
}

TEST(FlowLabelModelTest, EveryStepFromEveryState) {
  Explorer explorer;
  std::unordered_set<std::string> seen = {Beginning().Key()};
  std::deque<State> open = {{Beginning(), {}}};
  size_t expanded = 0;
  const size_t most = IsLong() ? SIZE_MAX : 100'000;
  for (; !open.empty() && expanded < most; ++expanded) {
    const State state = std::move(open.front());
    open.pop_front();
    const bool same = explorer.Expand(state, [&](const LabelModel& model, uint8_t step) {
      if (!seen.insert(model.Key()).second) return;
      State& found = open.emplace_back(State{model, state.path});
      found.path.push_back(step);
    });
    ASSERT_TRUE(same);
  }
  RecordProperty("states", std::to_string(seen.size()));
  std::printf("%zu states of %zu, %llu steps\n", expanded, seen.size(),
              static_cast<unsigned long long>(explorer.taken()));
}

bool Walk(Explorer& explorer, const State& state, size_t left) {
  return explorer.Expand(state, [&](const LabelModel& model, uint8_t step) {
    if (left == 1) return;
    State next{model, state.path};
    next.path.push_back(step);
    ASSERT_TRUE(Walk(explorer, next, left - 1));
  });
}

// Steps that change nothing are not gone on from: what follows them follows their state.
TEST(FlowLabelModelTest, EverySequenceOfFour) {
  Explorer explorer;
  ASSERT_TRUE(Walk(explorer, {Beginning(), {}}, 4));
  std::printf("%llu steps\n", static_cast<unsigned long long>(explorer.taken()));
}

// More of everything, in any order: whoever has the descriptor, with wrong values among the right.
LabelStep RandomStep(SeededRng& rng) {
  static constexpr Caller kAll[] = {{.pid = 1, .user = 7},
                                    {.pid = 2, .user = 7},
                                    {.pid = 3, .user = 8},
                                    {.pid = 4, .user = 0, .net_admin = true, .net_raw = true}};
  static constexpr uint16_t kSeconds[] = {0, 0, 1, 6, 7, 30, 60, 61, 150, 151, 65535};
  static constexpr uint8_t kRandomShares[] = {255, 255, 255, 3, 3, 2, 2, 1, 0, 4};
  static constexpr Kind kKinds[] = {Kind::kGet,   Kind::kGet,   Kind::kGet,  Kind::kGet,
                                    Kind::kGet,   Kind::kPut,   Kind::kPut,  Kind::kPut,
                                    Kind::kRenew, Kind::kClose, Kind::kPass, Kind::kPass};
  LabelStep step = Step(kKinds[rng.Below(12)], rng.Below(3));
  step.caller = kAll[rng.Below(4)];
  step.request.label = rng.Below(4) == 0 ? 0 : 1 + rng.Below(48);
  if (rng.Below(50) == 0) step.request.label |= 0x10'0000;
  step.request.share = Share{kRandomShares[rng.Below(10)]};
  step.request.flags = static_cast<uint16_t>(rng.Below(3) == 0 ? rng.Below(4) : 1);
  step.request.expires = kSeconds[rng.Below(11)];
  step.request.linger = kSeconds[rng.Below(11)];
  if (rng.Below(2) == 0) step.request.destination = *Ipv6Address::Parse("2001:db8::1");
  if (rng.Below(50) == 0) step.request.destination = Ipv6Address();
  if (step.kind == Kind::kClose && rng.Below(4) != 0) step.kind = Kind::kGet;
  step.seconds = rng.Below(8) == 0 ? 200 : 1 + rng.Below(9);
  return step;
}

TEST(FlowLabelModelTest, LongSequencesAtRandom) {
  std::optional<LabelPair> fresh;
  const uint32_t sequences = IsLong() ? 1'000'000 : 50'000;
  for (uint32_t i = 0; i < sequences; ++i) {
    SeededRng rng(Seed() * 1'000'000 + i);
    if (i % 10'000 == 0) fresh.emplace();  // before virtual time runs out
    LabelPair& pair = *fresh;
    pair.Reset();
    // Small enough that its limits are met.
    if (i % 2 == 1) pair.Limit(34 + rng.Below(20), 32 + rng.Below(10));
    for (int step = 0; step < 100; ++step) {
      ASSERT_TRUE(pair.Take(RandomStep(rng))) << "sequence " << i << ", SX_SEED=" << Seed();
    }
  }
}

}  // namespace
}  // namespace sextant::test
