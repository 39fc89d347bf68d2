// SPDX-License-Identifier: BSD-3-Clause
// Members, filters and reports beside a slow model, over whole spaces: every operation from every
// state that three members, two groups and three sources can reach; all short sequences; and
// seeded longer ones. After each operation the interface must want what the model wants, every
// report must be legal, and a router that heard all reports must agree with the interface, as
// must one that heard only some of them once the repetitions are over.
// RFC 3810 §4.2, §6.1, and the router's side of it, §7.4.2.
// SX_LONG=1: everything; else a seeded slice of the two largest spaces.
// Owned by one Core.
#include <cstdlib>
#include <deque>
#include <map>
#include <set>

#include "exhaustive/mld_router.h"
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using iface::FilterMode;
using iface::GroupFilter;

constexpr size_t kMembers = 3;
constexpr size_t kGroups = 2;
constexpr size_t kFilters = 16;  // a mode and a subset of three sources
constexpr size_t kUnlisted = 4;  // a source that no filter names
constexpr size_t kOperations = kMembers * kGroups * kFilters;

const Ipv6Address kSources[] = {Ip("2001:db8::1"), Ip("2001:db8::2"), Ip("2001:db8::3")};
const Ipv6Address kNames[] = {Ip("ff05::1"), Ip("ff05::2")};

bool Long() { return std::getenv("SX_LONG") != nullptr; }

GroupFilter FilterOf(size_t number) {
  std::vector<Ipv6Address> sources;
  for (size_t i = 0; i < std::size(kSources); ++i) {
    if ((number >> i & 1) != 0) sources.push_back(kSources[i]);
  }
  return GroupFilter::Of((number & 8) == 0 ? FilterMode::kInclude : FilterMode::kExclude, sources);
}

// What every member wants of every group: the number of a filter, 0 being none.
using State = std::array<std::array<uint8_t, kGroups>, kMembers>;

// Whether anybody wants that source.
bool Wants(const State& state, size_t group, size_t source) {
  for (const auto& member : state) {
    const bool listed = (member[group] >> source & 1) != 0;
    if (listed == ((member[group] & 8) == 0)) return true;
  }
  return false;
}

struct Operation {
  size_t member = 0;
  size_t group = 0;
  uint8_t filter = 0;

  static Operation Of(size_t number) {
    return {number % kMembers, number / kMembers % kGroups,
            static_cast<uint8_t>(number / kMembers / kGroups)};
  }
};

class MldModelTest : public MldRig {
 protected:
  void Carry(Burst& packets) override {
    packets.Drain([&](PacketPtr packet) {
      const Frame frame = Contents(*packet);
      ASSERT_TRUE(all_.Hear(frame)) << Describe6(frame);
      if (rng.Below(100) >= loss_percent_) {
        ASSERT_TRUE(some_.Hear(frame));
      }
      ++reports_;
      core.Sent(1);
      packet.Free();
    });
  }
  static std::string Describe6(const Frame& frame) { return DescribeIp6(frame); }

  void Do(const Operation& op) {
    uint8_t& now = state_[op.member][op.group];
    ASSERT_EQ(lan().SetFilter(kNames[op.group], FilterOf(now), FilterOf(op.filter)), Errno::kOk);
    now = op.filter;
    listener.Flush();
    outbox.Flush();
  }
  void GoTo(const State& to) {
    for (size_t member = 0; member < kMembers; ++member) {
      for (size_t group = 0; group < kGroups; ++group) Do({member, group, to[member][group]});
    }
  }
  // The interface wants what the model wants, and so does a router that heard everything.
  void Check() {
    for (size_t g = 0; g < kGroups; ++g) {
      bool any = false;
      for (const auto& member : state_) any |= member[g] != 0;
      ASSERT_EQ(lan().IsMember(kNames[g]), any);
      for (size_t s = 0; s < std::size(kSources); ++s) {
        const bool wanted = Wants(state_, g, s);
        ASSERT_EQ(lan().Accepts(kNames[g], kSources[s]), wanted) << g << ' ' << s;
        ASSERT_EQ(all_.Forwards(kNames[g], kSources[s]), wanted) << g << ' ' << s;
      }
      ASSERT_EQ(all_.Forwards(kNames[g], Ip("2001:db8::99")), Wants(state_, g, kUnlisted)) << g;
    }
  }
  void ExpectAgreement(const MldRouter& router) {
    for (const Ipv6Address& group : kNames) {
      for (const Ipv6Address& source : kSources) {
        ASSERT_EQ(router.Forwards(group, source), lan().Accepts(group, source));
      }
    }
  }

  uint32_t loss_percent_ = 0;
  State state_{};
  MldRouter all_;   // hears every report
  MldRouter some_;  // loses some
  uint64_t reports_ = 0;
};

// What one state's interface filter looks like: equal ones behave alike from there on, as far as
// reports go, and members matter by what they want.
State Canonical(State state) {
  std::ranges::sort(state);
  return state;
}

TEST_F(MldModelTest, EveryOperationFromEveryState) {
  std::set<State> known = {State{}};
  std::deque<State> open = {State{}};
  size_t tried = 0;
  while (!open.empty()) {
    const State from = open.front();
    open.pop_front();
    for (size_t i = 0; i < kOperations; ++i) {
      const Operation op = Operation::Of(i);
      State to = from;
      to[op.member][op.group] = op.filter;
      // Groups do not influence each other: the second is explored with the first at rest.
      const bool beside =
          to[0][1] + to[1][1] + to[2][1] != 0 && to[0][0] + to[1][0] + to[2][0] != 0;
      if (!beside && known.insert(Canonical(to)).second) open.push_back(Canonical(to));
      ++tried;
      GoTo(from);
      Do(op);
      Check();
      if (HasFatalFailure()) return;
    }
    if (tried % 64 == 0) PassMs(5);
  }
  RecordProperty("states", static_cast<int>(known.size()));
  RecordProperty("operations", static_cast<int>(tried));
  // 816 = three of sixteen, in any order, with repetition; for each group alone.
  EXPECT_EQ(known.size(), 2 * 816u - 1);
}

// All sequences of up to four operations on one group; in the slice, a part of those of four.
TEST_F(MldModelTest, AllShortSequences) {
  constexpr size_t kOneGroup = kMembers * kFilters;
  const size_t all = kOneGroup * kOneGroup * kOneGroup * kOneGroup;
  const size_t stride = Long() ? 1 : 31;
  for (size_t number = Seed() % stride; number < all; number += stride) {
    GoTo(State{});
    for (size_t rest = number, i = 0; i < 4; ++i, rest /= kOneGroup) {
      Do({rest % kMembers, 0, static_cast<uint8_t>(rest / kMembers % kFilters)});
      Check();
      if (HasFatalFailure()) return;
    }
  }
}

// Long ones, in time, under loss: when it is quiet at last, every report lost in between has been
// made up for, unless all of a change's were.
TEST_F(MldModelTest, LongSequencesInTime) {
  const size_t runs = Long() ? 1'000'000 : 50'000;
  for (size_t run = 0; run < runs; ++run) {
    for (int step = 0; step < 5; ++step) {
      Do(Operation::Of(rng.Below(kOperations)));
      Check();
      if (HasFatalFailure()) return;
      if (rng.Below(3) == 0) PassMs(rng.Below(400));
    }
  }
  PassMs(3'000);
  EXPECT_EQ(listener.pending(), 0u);
  ExpectAgreement(all_);
}

TEST_F(MldModelTest, LossyRouterAgreesAfterAQuery) {
  const size_t runs = Long() ? 100'000 : 5'000;
  for (size_t run = 0; run < runs; ++run) {
    loss_percent_ = 40;
    for (int step = 0; step < 12; ++step) {
      Do(Operation::Of(rng.Below(kOperations)));
      if (rng.Below(2) == 0) PassMs(rng.Below(300));
    }
    PassMs(2'500);
    loss_percent_ = 0;
    some_.BeginQuery();
    Hear(QueryV2({.code = 100}));
    PassMs(220);
    some_.EndQuery();
    ExpectAgreement(some_);
    ASSERT_FALSE(HasFatalFailure()) << "SX_SEED=" << Seed() << " run " << run;
  }
}

// With a robustness variable of seven and four losses in a row, no query is needed.
TEST_F(MldModelTest, RepetitionsMakeUpForLosses) {
  core.tunables().mld_robustness = 7;
  const size_t runs = Long() ? 100'000 : 5'000;
  for (size_t run = 0; run < runs; ++run) {
    loss_percent_ = 100;
    for (int step = 0; step < 6; ++step) Do(Operation::Of(rng.Below(kOperations)));
    loss_percent_ = 0;
    PassMs(7'000);
    ExpectAgreement(some_);
    ASSERT_FALSE(HasFatalFailure()) << "SX_SEED=" << Seed() << " run " << run;
  }
}

}  // namespace
}  // namespace sextant::test
