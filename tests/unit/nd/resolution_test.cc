// SPDX-License-Identifier: BSD-3-Clause
// Address resolution: from a next hop to a link-layer destination. RFC 4861 §7.2.2, RFC 2464 §7.
// Owned by one Core.
#include "unit/nd/nd_rig.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ResolutionTest : public NdRig {
 protected:
  void Resolve(const char* address = kPeer) {
    Hear(Ip6()
             .From(address)
             .To(kOurLinkLocal)
             .NeighborAdvertisement(address, kSolicitedFlag, kPeerMac));
  }
};

constexpr const char* kSolicitation =
    "fe80::ff:fe00:2 > ff02::1:ff00:1 hl 255 icmp6 ns target fe80::1 slla 02:00:00:00:00:02"
    " => 33:33:ff:00:00:01";

// RFC 2464 §7.
TEST_F(ResolutionTest, GroupNeedsNone) {
  SendTo("ff02::1:2");
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("=> 33:33:00:01:00:02")));
  EXPECT_EQ(discovery.neighbor_count(), 0u);
}

TEST_F(ResolutionTest, AsksHoldsAndSendsInOrder) {
  SendTo(kPeer, kOurLinkLocal, 1);
  SendTo(kPeer, kOurLinkLocal, 2);
  SendTo(kPeer, kOurLinkLocal, 3);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
  Resolve();
  EXPECT_THAT(Sent(),
              ElementsAre("fe80::ff:fe00:2 > fe80::1 hl 64 udp 1 > 1 len 0 => 02:00:00:00:00:01",
                          "fe80::ff:fe00:2 > fe80::1 hl 64 udp 1 > 2 len 0 => 02:00:00:00:00:01",
                          "fe80::ff:fe00:2 > fe80::1 hl 64 udp 1 > 3 len 0 => 02:00:00:00:00:01"));
  SendTo(kPeer, kOurLinkLocal, 4);
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("udp 1 > 4 len 0 => 02:00:00:00:00:01")));
}

// The neighbor asks for us while we ask for it: that answers our question, too.
TEST_F(ResolutionTest, ItsSolicitationReleasesTheQueue) {
  SendTo(kPeer, kOurLinkLocal, 1);
  Sent();
  Hear(Ip6().From(kPeer).To(kOurLinkLocal).NeighborSolicitation(kOurLinkLocal, kPeerMac));
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("udp 1 > 1 len 0 => 02:00:00:00:00:01"),
                                  HasSubstr("icmp6 na target fe80::ff:fe00:2")));
}

// RFC 4861 §7.2.2: three solicitations a second apart, then code 3 for what waits.
TEST_F(ResolutionTest, GivesUp) {
  SendTo(kPeer, kOurLinkLocal, 1);
  SendTo(kPeer, kOurLinkLocal, 2);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
  PassMs(990);
  EXPECT_THAT(Sent(), IsEmpty());
  PassMs(20);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
  PassMs(1'000);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
  PassMs(970);
  EXPECT_TRUE(core.refused().empty());
  PassMs(40);
  EXPECT_THAT(Sent(), IsEmpty());
  ASSERT_EQ(core.refused().size(), 2u);
  const auto want = wire::Icmp6Error::Unreachable(wire::UnreachableCode::kAddress);
  EXPECT_EQ(core.refused().front()->meta().error, want);
  EXPECT_THAT(DescribeIp6(Contents(*core.refused().front())), HasSubstr("udp 1 > 1"));
  EXPECT_EQ(Dropped(DropReason::kNeighborUnresolved), 2u);
  EXPECT_EQ(StateOf(kPeer), "none");
}

TEST_F(ResolutionTest, AsksAgainAfterGivingUp) {
  SendTo(kPeer);
  PassMs(3'100);
  Sent();
  SendTo(kPeer);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
}

TEST_F(ResolutionTest, NewestPacketsStay) {
  for (uint16_t port = 1; port <= 6; ++port) SendTo(kPeer, kOurLinkLocal, port);
  EXPECT_EQ(Dropped(DropReason::kNeighborQueueFull), 2u);
  Sent();
  Resolve();
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("1 > 3"), HasSubstr("1 > 4"), HasSubstr("1 > 5"),
                                  HasSubstr("1 > 6")));
}

TEST_F(ResolutionTest, QueueLongerThanABurst) {
  core.tunables().nd_queue_packets = 64;
  for (uint16_t port = 1; port <= 64; ++port) SendTo(kPeer, kOurLinkLocal, port);
  Sent();
  Resolve();
  EXPECT_THAT(Sent(), SizeIs(64));
}

struct SourceCase {
  const char* name;
  const char* packet_source;
  iface::AddressState global;      // of fd00::2
  iface::AddressState link_local;  // of kOurLinkLocal
  const char* want;                // source of the solicitation; null: none is sent
};

constexpr auto kPreferred = iface::AddressState::kPreferred;
constexpr auto kDeprecated = iface::AddressState::kDeprecated;
constexpr auto kTentative = iface::AddressState::kTentative;
constexpr auto kDuplicate = iface::AddressState::kDuplicate;

// RFC 4861 §7.2.2: the packet's source if it is the interface's; else any address of it.
// clang-format off
const SourceCase kSourceCases[] = {
    {"PacketsOwn",        "fd00::2",     kPreferred,  kPreferred, "fd00::2"},
    {"Deprecated",        "fd00::2",     kDeprecated, kPreferred, "fd00::2"},
    {"Tentative",         "fd00::2",     kTentative,  kPreferred, kOurLinkLocal},
    {"Duplicate",         "fd00::2",     kDuplicate,  kPreferred, kOurLinkLocal},
    {"NotOurs",           "fd00::77",    kPreferred,  kPreferred, kOurLinkLocal},
    {"LinkLocal",         kOurLinkLocal, kPreferred,  kPreferred, kOurLinkLocal},
    {"NoLinkLocal",       "fd00::77",    kPreferred,  kTentative, "fd00::2"},
    {"NothingUsable",     "fd00::2",     kTentative,  kTentative, nullptr},
};
// clang-format on

class ResolutionSourceTest : public ResolutionTest,
                             public testing::WithParamInterface<SourceCase> {};

TEST_P(ResolutionSourceTest, Solicits) {
  AddAddress("fd00::2", GetParam().global);
  lan().SetAddressState(Ip(kOurLinkLocal), GetParam().link_local);
  SendTo("fd00::9", GetParam().packet_source);
  const auto sent_now = Sent();
  if (GetParam().want == nullptr) {
    EXPECT_THAT(sent_now, IsEmpty());
  } else {
    EXPECT_THAT(sent_now, ElementsAre(testing::StartsWith(std::string(GetParam().want) +
                                                          " > ff02::1:ff00:9 hl 255 icmp6 ns")));
  }
  PassMs(3'100);
  EXPECT_EQ(core.refused().size(), 1u) << "it fails in its time, asked or not";
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, ResolutionSourceTest, testing::ValuesIn(kSourceCases), kNameOf);

TEST_F(ResolutionTest, NoSolicitationWithoutBuffers) {
  PacketPtr packet = MakePacket(Ip6().From(kOurLinkLocal).To(kPeer).Udp(1, 7));
  packet->meta().interface = kLan;
  packet->meta().next_hop = Ip(kPeer);
  {
    const Drought drought(*pool, 0);
    outbox.Push(std::move(packet));
    outbox.Flush();
  }
  EXPECT_EQ(Dropped(DropReason::kNoBuffer), 1u);
  PassMs(1'010);
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation)) << "the next one makes up for it";
}

TEST_F(ResolutionTest, InterfaceDown) {
  link_up = false;
  lan().RefreshLinkState();
  SendTo(kPeer);
  EXPECT_EQ(Dropped(DropReason::kOutputInterfaceDown), 1u);
  EXPECT_EQ(discovery.neighbor_count(), 0u);
}

TEST_F(ResolutionTest, NoSuchInterface) {
  PacketPtr packet = MakePacket(Ip6().From(kOurLinkLocal).To(kPeer).Udp(1, 7));
  packet->meta().next_hop = Ip(kPeer);
  outbox.Push(std::move(packet));
  outbox.Flush();
  EXPECT_EQ(Dropped(DropReason::kOutputInterfaceDown), 1u);
}

TEST_F(ResolutionTest, FlushForgetsTheInterface) {
  SendTo(kPeer);
  SendTo("fe80::5");
  Resolve("fe80::5");
  Sent();
  discovery.Flush(7);
  EXPECT_EQ(discovery.neighbor_count(), 2u) << "another interface";
  discovery.Flush(kLan);
  EXPECT_EQ(discovery.neighbor_count(), 0u);
  EXPECT_EQ(Dropped(DropReason::kOutputInterfaceDown), 1u);
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty()) << "no timer is left";
}

TEST_F(ResolutionTest, StopDropsWhatWaits) {
  SendTo(kPeer);
  SendTo(kPeer);
  discovery.Stop();
  EXPECT_EQ(Dropped(DropReason::kHostStopped), 2u);
  SendTo(kPeer);
  EXPECT_EQ(Dropped(DropReason::kHostStopped), 3u) << "what comes later is not held either";
  SendTo("ff02::5");
  EXPECT_THAT(Sent(), testing::Contains(HasSubstr("=> 33:33:00:00:00:05")));
}

// The same address on two links is two neighbors (RFC 4007 §6).
TEST_F(ResolutionTest, InterfacesAreApart) {
  interfaces.Add("lan1", std::make_unique<IdleLink>(link_up));
  interfaces.at(3)->AddAddress({Ip(kOurLinkLocal), 64, kPreferred, true});
  SendTo(kPeer);
  Resolve();
  Sent();
  PacketPtr packet = MakePacket(Ip6().From(kOurLinkLocal).To(kPeer).Udp(1, 7));
  packet->meta().interface = 3;
  packet->meta().next_hop = Ip(kPeer);
  outbox.Push(std::move(packet));
  outbox.Flush();
  EXPECT_THAT(Sent(), ElementsAre(kSolicitation));
  EXPECT_EQ(last_meta.interface, 3);
}

// A whole burst of packets, each of which needs a solicitation: none is lost.
TEST_F(ResolutionTest, BurstOfUnknowns) {
  for (unsigned i = 0; i < kBurstSize; ++i) {
    const Ipv6Address to =
        Ipv6Address::FromGroups({0xfe80, 0, 0, 0, 0, 0, 1, static_cast<uint16_t>(i)});
    PacketPtr packet = MakePacket(Ip6().From(kOurLinkLocal).To(to).Udp(1, 7));
    packet->meta().interface = kLan;
    packet->meta().next_hop = to;
    outbox.Push(std::move(packet));
  }
  EXPECT_THAT(Sent(), SizeIs(kBurstSize));
  EXPECT_EQ(discovery.neighbor_count(), kBurstSize);
}

}  // namespace
}  // namespace sextant::test
