// SPDX-License-Identifier: BSD-3-Clause
// A listener and a router's view of it, on a link that loses, repeats and reorders reports.
// RFC 3810 §6.1, §6.2, §9.
// Owned by one Core.
#include <malloc.h>

#include <deque>

#include "exhaustive/mld_router.h"
#include "sim/simulator.h"

namespace sextant::test {
namespace {

using iface::FilterMode;
using iface::GroupFilter;

// Hears what reaches a host, and feeds the reports to a router's model.
class RouterEar final : public iface::FrameObserver {
 public:
  explicit RouterEar(MldRouter& router) : router_(router) {}
  void OnFrames(const iface::Interface&, std::span<Packet* const> frames,
                iface::Direction direction) override {
    if (direction != iface::Direction::kReceived) return;
    for (const Packet* const frame : frames) {
      const Bytes bytes = frame->bytes();
      if (bytes.size() < 14 + 56 || bytes[14 + 6] != 0 || bytes[14 + 48] != 143) continue;
      ++reports_;
      if (!router_.Hear(Frame(bytes.begin() + 14, bytes.end()))) ++illegal_;
    }
  }
  uint64_t reports() const { return reports_; }
  uint64_t illegal() const { return illegal_; }

 private:
  MldRouter& router_;
  uint64_t reports_ = 0;
  uint64_t illegal_ = 0;
};

Ipv6Address GroupOf(uint32_t number) {
  return Ipv6Address::FromGroups(
      {0xff05, 0, 0, 0, 0, 1, static_cast<uint16_t>(number >> 16), static_cast<uint16_t>(number)});
}
Ipv6Address SourceOf(uint32_t number) {
  return Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 0, static_cast<uint16_t>(number)});
}

class MulticastTest : public testing::TestWithParam<uint64_t> {
 protected:
  MulticastTest() {
    router_host_.lan().Observe(&ear_);
    EXPECT_EQ(host_.graph().AddLinkLocal(host_.lan(), 0), Errno::kOk);
    host_.graph().core().tunables().mld_max_groups = 4'096;
    EXPECT_TRUE(simulator_.RunFor(Duration::Seconds(3)));
  }
  ~MulticastTest() override { router_host_.lan().Observe(nullptr); }

  // A general query, ten seconds for the answers, and as much again for late ones.
  void Query() {
    router_.BeginQuery();
    const Frame body(20, 0);
    const Frame query = Ip6()
                            .From("fe80::1")
                            .To("ff02::1")
                            .HopLimit(1)
                            .Extension(0, {5, 2, 0, 0, 1, 0})
                            .Icmp6(130, 0, 10'000U << 16, body);
    simulator_.hub().Inject(Ethernet("33:33:00:00:00:01", "02:00:00:00:00:77", query),
                            simulator_.now());
    EXPECT_TRUE(simulator_.RunFor(Duration::Seconds(11)));
    router_.EndQuery();
  }
  void ExpectAgreement() {
    size_t reported = 0;
    for (const auto& [group, members] : host_.lan().groups()) {
      if (group == Ipv6Address::AllNodes()) continue;
      ++reported;
      ASSERT_TRUE(router_.Knows(group)) << group.ToString();
      for (uint32_t s = 0; s < 5; ++s) {
        ASSERT_EQ(router_.Forwards(group, SourceOf(s)), members.Accepts(SourceOf(s)));
      }
    }
    EXPECT_EQ(router_.groups(), reported);
  }
  void Set(const Ipv6Address& group, GroupFilter& now, const GroupFilter& to) {
    ASSERT_EQ(host_.lan().SetFilter(group, now, to), Errno::kOk);
    now = to;
  }
  // What lost reports have left in the model is the model's own matter: it starts anew.
  size_t HeapWithoutRouter() {
    router_ = MldRouter();
    return mallinfo2().uordblks;
  }
  GroupFilter RandomFilter() {
    std::vector<Ipv6Address> sources;
    for (uint32_t s = 0; s < 4; ++s) {
      if (rng_.Below(2) == 0) sources.push_back(SourceOf(s));
    }
    return GroupFilter::Of(rng_.Below(2) == 0 ? FilterMode::kInclude : FilterMode::kExclude,
                           sources);
  }

  const uint64_t seed_ = Seed() + GetParam();
  const testing::ScopedTrace trace_ = NameSeed(seed_);
  SeededRng rng_{seed_};
  Simulator simulator_{seed_};
  MldRouter router_;
  RouterEar ear_{router_};
  SimHost& host_ = simulator_.Add("host", "02:00:00:00:00:0a");
  SimHost& router_host_ = simulator_.Add("router", "02:00:00:00:00:77");
};
INSTANTIATE_TEST_SUITE_P(Seeded, MulticastTest, testing::Range<uint64_t>(0, 3));

TEST_P(MulticastTest, RouterAgreesAfterTheStorm) {
  std::vector<GroupFilter> members(64);
  simulator_.hub().SetFaults({.loss = 0.4,
                              .duplication = 0.1,
                              .reordering = 0.2,
                              .reorder_delay = Duration::Milliseconds(30),
                              .delay = Duration::Milliseconds(1)});
  for (int step = 0; step < 2'000; ++step) {
    const uint32_t member = rng_.Below(static_cast<uint32_t>(members.size()));
    Set(GroupOf(member % 16), members[member], RandomFilter());
    if (HasFatalFailure()) return;
    if (step % 300 == 7) Query();
    ASSERT_TRUE(simulator_.RunFor(rng_.Between(Duration(), Duration::Milliseconds(50))));
  }
  simulator_.hub().SetFaults({});
  // Repetitions end within two seconds; then one query says all.
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(3)));
  EXPECT_EQ(host_.graph().listener().pending(), 0U);
  Query();
  ExpectAgreement();
  EXPECT_EQ(ear_.illegal(), 0U);
  EXPECT_GT(ear_.reports(), 300U);
}

// The querier's own picture is right without any query when nothing was lost.
TEST_P(MulticastTest, RouterFollowsAtOnce) {
  std::vector<GroupFilter> members(64);
  for (int step = 0; step < 2'000; ++step) {
    const uint32_t member = rng_.Below(static_cast<uint32_t>(members.size()));
    Set(GroupOf(member % 16), members[member], RandomFilter());
    if (HasFatalFailure()) return;
    if (step % 50 != 0) continue;
    ASSERT_TRUE(simulator_.RunFor(Duration::Milliseconds(5)));
    ExpectAgreement();
    if (HasFatalFailure()) return;
  }
}

// Ten thousand joins and leaves per second, for a minute, under loss: nothing grows.
TEST_P(MulticastTest, TenThousandChangesPerSecond) {
  if (GetParam() != 0) GTEST_SKIP() << "one seed is enough";
  simulator_.hub().SetFaults({.loss = 0.3});
  std::vector<GroupFilter> members(1'000);  // who come and go all the time
  std::deque<uint32_t> fresh;               // groups that were never there before
  uint32_t next = 100'000;
  size_t most_states = 0;
  size_t heap_early = 0;
  for (int ms = 0; ms < 60'000; ++ms) {
    for (int i = 0; i < 4; ++i) {
      const uint32_t member = rng_.Below(1'000);
      Set(GroupOf(member), members[member],
          members[member].is_none() ? RandomFilter() : GroupFilter::None());
      if (i == 0) continue;
      GroupFilter none;
      Set(GroupOf(next), none, GroupFilter::Any());
      fresh.push_back(next++);
    }
    for (; fresh.size() > 100; fresh.pop_front()) host_.lan().Leave(GroupOf(fresh.front()));
    if (HasFatalFailure()) return;
    ASSERT_TRUE(simulator_.RunFor(Duration::Milliseconds(1)));
    most_states = std::max(most_states, host_.graph().listener().link(2)->size());
    if (ms == 10'000) heap_early = HeapWithoutRouter();
  }
  const size_t heap_late = HeapWithoutRouter();
  EXPECT_LT(most_states, 8'000U) << "those joined, and those left in the last second";
  EXPECT_LT(heap_late, heap_early + (1U << 20)) << "memory grows";
  EXPECT_EQ(ear_.illegal(), 0U);
  simulator_.hub().SetFaults({});
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(3)));
  EXPECT_EQ(host_.graph().listener().pending(), 0U);
  Query();
  ExpectAgreement();
  EXPECT_EQ(host_.made_dropped(DropReason::kNoBuffer), 0U);
  EXPECT_EQ(host_.made_dropped(DropReason::kLinkFull), 0U);
}

}  // namespace
}  // namespace sextant::test
