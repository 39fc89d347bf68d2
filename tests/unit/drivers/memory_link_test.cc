// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/memory/memory_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "link_host.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using Drops = std::map<DropReason, uint64_t>;

constexpr char kMacA[] = "02:00:00:00:00:0a";
constexpr char kMacB[] = "02:00:00:00:00:0b";
constexpr char kMacC[] = "02:00:00:00:00:0c";
constexpr char kGroup[] = "33:33:00:00:00:07";
const Ip6 kPacket = Ip6().From("fd00::a").To("fd00::b").Udp(1000, 7, Pattern(100));
const Frame kToB = Ethernet(kMacB, kMacA, kPacket);
constexpr LinkCapabilities kAll{true, true, true};

struct Segment {
  Segment() = default;
  explicit Segment(const LinkCapabilities& capabilities, size_t queue = 1024)
      : a(hub.Join({"a", Mac(kMacA), 1500, capabilities, queue})),
        b(hub.Join({"b", Mac(kMacB), 1500, capabilities, queue})) {}

  SeededRng rng{1};
  MemoryHub hub{rng};
  std::unique_ptr<MemoryLink> a = hub.Join({"a", Mac(kMacA), 1500, {}, 1024});
  std::unique_ptr<MemoryLink> b = hub.Join({"b", Mac(kMacB), 1500, {}, 1024});
  LinkHost host_a{"a"};
  LinkHost host_b{"b"};
};

TEST(MemoryLinkTest, CarriesFramesToAllOthersInOrder) {
  Segment s;
  const auto c = s.hub.Join({"c", Mac(kMacC), 1500, {}, 1024});
  std::vector<Frame> sent;
  for (uint8_t i = 0; i < 100; ++i) {
    sent.push_back(Poke(kToB, 60, i));
    s.host_a.Send(*s.a, sent.back());
  }
  EXPECT_EQ(s.host_b.Take(*s.b), sent);
  EXPECT_EQ(s.host_b.Take(*c), sent);
  EXPECT_TRUE(s.host_a.Take(*s.a).empty());
  EXPECT_EQ(s.a->statistics().tx_packets, 100U);
  EXPECT_EQ(s.a->statistics().tx_bytes, 100 * kToB.size());
  EXPECT_EQ(s.b->statistics().rx_packets, 100U);
  EXPECT_EQ(s.b->statistics().rx_bytes, 100 * kToB.size());
}

TEST(MemoryLinkTest, CarriesChainedFrames) {
  Segment s;
  ASSERT_TRUE(s.a->SetMtu(9000));
  ASSERT_TRUE(s.b->SetMtu(9000));
  const Frame jumbo = Ethernet(kMacB, kMacA, Ip6().Udp(1, 2, Pattern(8952)));
  s.host_a.Send(*s.a, s.host_a.Make(jumbo, 1111));
  EXPECT_THAT(s.host_b.Take(*s.b), ElementsAre(jumbo));
}

TEST(MemoryLinkTest, DropsByName) {
  Segment s(LinkCapabilities{}, 2);
  s.host_a.Send(*s.a, Pad(kToB, 1514 + 1 - kToB.size()));
  EXPECT_EQ(s.host_a.Dropped(), (Drops{{DropReason::kLinkTooBig, 1}}));
  for (int i = 0; i < 5; ++i) s.host_a.Send(*s.a, kToB);
  EXPECT_EQ(s.host_a.Dropped(), (Drops{{DropReason::kLinkTooBig, 1}, {DropReason::kLinkFull, 3}}));
  s.a->SetUp(false);
  s.host_a.Send(*s.a, kToB);
  EXPECT_EQ(s.host_a.Dropped()[DropReason::kOutputInterfaceDown], 1U);
  EXPECT_EQ(s.a->statistics().tx_packets, 2U);
  EXPECT_EQ(s.a->statistics().tx_dropped, 5U);
  EXPECT_EQ(s.host_b.Take(*s.b).size(), 2U);
}

TEST(MemoryLinkTest, ReceiverWithoutBuffersLosesFrames) {
  Segment s;
  s.host_a.Send(*s.a, kToB);
  {
    const Drought drought(s.host_b.pool(), 0);
    EXPECT_TRUE(s.host_b.Take(*s.b).empty());
  }
  EXPECT_EQ(s.b->statistics().rx_no_buffer, 1U);
  s.host_a.Send(*s.a, kToB);
  EXPECT_EQ(s.host_b.Take(*s.b).size(), 1U);
}

TEST(MemoryLinkTest, DownLinkHearsNothing) {
  Segment s;
  s.host_a.Send(*s.a, kToB);
  s.b->SetUp(false);
  EXPECT_FALSE(s.b->is_up());
  s.host_a.Send(*s.a, kToB);
  s.b->SetUp(true);
  EXPECT_TRUE(s.host_b.Take(*s.b).empty());
  EXPECT_TRUE(s.host_a.Dropped().empty());
}

struct FilterCase {
  const char* name;
  const char* destination;
  bool filtered;  // with a filter in the device
};

TEST(MemoryLinkTest, FiltersLikeADevice) {
  const FilterCase cases[] = {{"own", kMacB, false},
                              {"other", kMacC, true},
                              {"joined", kGroup, false},
                              {"not joined", "33:33:00:00:00:08", true},
                              {"broadcast", "ff:ff:ff:ff:ff:ff", false}};
  for (const bool filter : {false, true}) {
    Segment s(LinkCapabilities{false, false, filter});
    s.b->SetGroups(std::vector{Mac(kGroup)});
    for (const FilterCase& row : cases) {
      SCOPED_TRACE(row.name);
      s.host_a.Send(*s.a, Ethernet(row.destination, kMacA, kPacket));
      EXPECT_EQ(s.host_b.Take(*s.b).size(), filter && row.filtered ? 0U : 1U);
    }
  }
}

TEST(MemoryLinkTest, OffloadsChecksums) {
  Segment s(kAll);
  s.host_a.Send(*s.a, s.host_a.MakePartial(kToB));
  s.host_a.Send(*s.a, Poke(kToB, 100, 0));
  EXPECT_EQ(s.host_b.TakeStates(*s.b), (std::vector{ChecksumState::kGood, ChecksumState::kBad}));
  s.host_a.Send(*s.a, s.host_a.MakePartial(kToB, 75));
  EXPECT_THAT(s.host_b.Take(*s.b), ElementsAre(kToB));
}

TEST(MemoryLinkTest, WithoutOffloadSaysNothing) {
  Segment s;
  s.host_a.Send(*s.a, kToB);
  EXPECT_EQ(s.host_b.TakeStates(*s.b), std::vector{ChecksumState::kUnknown});
}

TEST(MemoryLinkTest, ShowsAndInjectsFrames) {
  Segment s;
  std::vector<std::string> seen;
  s.hub.SetObserver([&](const MemoryLink* sender, Bytes frame) {
    seen.push_back((sender ? sender->description() : "-") + " " + std::to_string(frame.size()));
  });
  s.host_a.Send(*s.a, kToB);
  s.hub.Inject(kToB, Instant());
  s.b->Inject(Cut(kToB, 3), Instant());
  EXPECT_EQ(seen, (std::vector<std::string>{"a 162", "- 162"}));
  EXPECT_THAT(s.host_a.Take(*s.a), ElementsAre(kToB));
  EXPECT_THAT(s.host_b.Take(*s.b), ElementsAre(kToB, Cut(kToB, 3), kToB));
}

TEST(MemoryLinkTest, DerivesItsMacFromItsName) {
  SeededRng rng(1);
  MemoryHub hub(rng);
  const auto x = hub.Join({"x", {}, 1500, {}, 16});
  const auto y = hub.Join({"y", {}, 1500, {}, 16});
  EXPECT_NE(x->mac_address(), y->mac_address());
  EXPECT_EQ(x->mac_address().bytes()[0] & 3, 2);
}

}  // namespace
}  // namespace sextant::test
