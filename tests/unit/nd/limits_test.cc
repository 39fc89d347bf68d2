// SPDX-License-Identifier: BSD-3-Clause
// What a scan may cost us. RFC 6583 §4.
// Owned by one Core.
#include "unit/nd/nd_rig.h"

namespace sextant::test {
namespace {

class NdLimitsTest : public NdRig {
 protected:
  static Ipv6Address Numbered(unsigned prefix, unsigned host) {
    return Ipv6Address::FromGroups({0xfd00, 0, 0, static_cast<uint16_t>(prefix), 0, 0,
                                    static_cast<uint16_t>(host >> 16),
                                    static_cast<uint16_t>(host)});
  }
  void Advertise(const Ipv6Address& from) {
    Hear(Ip6().From(from).To(kOurLinkLocal).NeighborAdvertisement(from, kSolicitedFlag, kPeerMac));
  }
  // A neighbor that has told us about itself: in DELAY, for we have answered.
  void Learn(const Ipv6Address& from) {
    Hear(Ip6().From(from).To(kOurLinkLocal).NeighborSolicitation(kOurLinkLocal, kPeerMac));
    outbox.Flush();
  }
  bool Knows(const Ipv6Address& address) { return Neighbor(address).has_value(); }
  size_t Count(nd::NeighborState state) {
    size_t count = 0;
    discovery.ForEachNeighbor(
        [&](const nd::NeighborInfo& info) { count += info.state == state ? 1 : 0; });
    return count;
  }
  size_t incomplete() { return Count(nd::NeighborState::kIncomplete); }
};

TEST_F(NdLimitsTest, SixtyFourResolutionsPerPrefixAndSecond) {
  for (unsigned host = 1; host <= 100; ++host) SendTo(Numbered(1, host));
  EXPECT_EQ(incomplete(), 64u);
  EXPECT_EQ(Dropped(DropReason::kNeighborRateLimited), 36u);
  SendTo(Numbered(1, 3));
  EXPECT_EQ(Dropped(DropReason::kNeighborRateLimited), 36u) << "one that has begun is free";
  SendTo(Numbered(2, 1));
  EXPECT_EQ(Dropped(DropReason::kNeighborRateLimited), 36u) << "another prefix";
  PassMs(990);
  SendTo(Numbered(1, 101));
  EXPECT_EQ(Dropped(DropReason::kNeighborRateLimited), 37u);
  PassMs(20);
  SendTo(Numbered(1, 102));
  EXPECT_EQ(Dropped(DropReason::kNeighborRateLimited), 37u);
}

// A flood of forged neighbors must not keep others from reaching the gateway.
TEST_F(NdLimitsTest, GatewayHasItsSendersBudget) {
  for (unsigned host = 1; host <= 100; ++host) SendTo(Numbered(1, host));
  PacketPtr packet = MakePacket(Ip6().From(kOurLinkLocal).To("2001:db8::1").Udp(1, 7));
  packet->meta().interface = kLan;
  packet->meta().next_hop = Numbered(1, 500);
  outbox.Push(std::move(packet));
  outbox.Flush();
  EXPECT_TRUE(Knows(Numbered(1, 500)));
}

TEST_F(NdLimitsTest, ResolutionsAtOnce) {
  for (unsigned prefix = 0; prefix < 30; ++prefix) {
    for (unsigned host = 1; host <= 10; ++host) SendTo(Numbered(prefix, host));
  }
  EXPECT_EQ(incomplete(), 256u);
  EXPECT_EQ(Dropped(DropReason::kNeighborCacheFull), 44u);
  Advertise(Numbered(0, 1));
  SendTo(Numbered(40, 1));
  EXPECT_EQ(incomplete(), 256u) << "one has made room";
}

TEST_F(NdLimitsTest, LeastRecentlyUsedGoesFirst) {
  for (unsigned host = 1; host <= 1024; ++host) Learn(Numbered(1, host));
  EXPECT_EQ(discovery.neighbor_count(), 1024u);
  discovery.Confirm(kLan, Numbered(1, 1));
  Learn(Numbered(1, 2000));
  EXPECT_EQ(discovery.neighbor_count(), 1024u);
  EXPECT_TRUE(Knows(Numbered(1, 1))) << "REACHABLE";
  EXPECT_FALSE(Knows(Numbered(1, 2)));
  EXPECT_TRUE(Knows(Numbered(1, 3)));
}

TEST_F(NdLimitsTest, ReachableIsNeverPushedOut) {
  for (unsigned host = 1; host <= 1024; ++host) {
    Learn(Numbered(1, host));
    discovery.Confirm(kLan, Numbered(1, host));
  }
  EXPECT_EQ(Count(nd::NeighborState::kReachable), 1024u);
  Learn(Numbered(1, 2000));
  SendTo(Numbered(1, 2001));
  EXPECT_EQ(Dropped(DropReason::kNeighborCacheFull), 2u) << "our answer, and the packet";
  EXPECT_EQ(Count(nd::NeighborState::kReachable), 1024u);
}

TEST_F(NdLimitsTest, IdleGoesBeforeUnresolved) {
  SendTo(Numbered(2, 1));
  for (unsigned host = 1; host <= 1024; ++host) Learn(Numbered(1, host));
  EXPECT_TRUE(Knows(Numbered(2, 1)));
  EXPECT_FALSE(Knows(Numbered(1, 1)));
}

// Neighbors that wait for an answer go only when nothing else can, with what waits for them.
TEST_F(NdLimitsTest, KnownPushesOutUnknown) {
  SendTo(Numbered(2, 1));
  SendTo(Numbered(2, 1));
  for (unsigned host = 1; host <= 1023; ++host) {
    Learn(Numbered(1, host));
    discovery.Confirm(kLan, Numbered(1, host));
  }
  EXPECT_TRUE(Knows(Numbered(2, 1)));
  Learn(Numbered(1, 2000));
  EXPECT_FALSE(Knows(Numbered(2, 1)));
  EXPECT_TRUE(Knows(Numbered(1, 2000)));
  EXPECT_EQ(Dropped(DropReason::kNeighborCacheFull), 2u);
}

// The configuration is read after the cache is made.
TEST_F(NdLimitsTest, ConfiguredBeforeTheFirstNeighbor) {
  core.tunables().nd_cache_entries = 2'000;
  for (unsigned host = 1; host <= 2'100; ++host) Learn(Numbered(1, host));
  EXPECT_EQ(discovery.neighbor_count(), 2'000u);
}

TEST_F(NdLimitsTest, LoweredLimitIsReached) {
  for (unsigned host = 1; host <= 100; ++host) Learn(Numbered(1, host));
  core.tunables().nd_cache_entries = 16;
  for (unsigned host = 1001; host <= 1100; ++host) Learn(Numbered(1, host));
  EXPECT_EQ(discovery.neighbor_count(), 16u);
}

// Half the cache is a scan, the other half comes and goes: everything adds up.
TEST_F(NdLimitsTest, ScanForHalfAMinute) {
  for (unsigned round = 0; round < 300; ++round) {
    for (unsigned i = 0; i < 20; ++i) {
      const unsigned host = rng.Below(3000);
      const Ipv6Address address = Numbered(rng.Below(8), host);
      SendTo(address);
      if (host % 3 == 0) Advertise(address);
      if (host % 7 == 0) Learn(address);
    }
    ASSERT_LE(discovery.neighbor_count(), 1024u);
    ASSERT_LE(incomplete(), 256u);
    while (!core.refused().empty()) core.refused().Pop().Free();
    PassMs(100);
  }
  EXPECT_GT(Dropped(DropReason::kNeighborUnresolved), 0u);
}

}  // namespace
}  // namespace sextant::test
