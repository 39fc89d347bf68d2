// SPDX-License-Identifier: BSD-3-Clause
// A host that sends more than fits: fragments on the wire, put together by plain code; path MTUs
// that come and go in virtual time.
// RFC 8200 §4.5, RFC 8201.
// Owned by one Core.
#include "packet/host_rig.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFar = "2001:db8::1";
constexpr size_t kEthernet = 14;
constexpr size_t kFragmentData = 40 + 8;

// The packet of which these frames are the fragments, in order. Nothing else is among them.
Frame Joined(const std::vector<Frame>& frames) {
  Frame packet(40);
  for (size_t i = 0; i < frames.size(); ++i) {
    const Bytes fragment = Bytes(frames[i]).subspan(kEthernet);
    EXPECT_EQ(fragment[6], 44);
    EXPECT_EQ(Load16(fragment, 42), (packet.size() - 40) | (i + 1 == frames.size() ? 0U : 1U));
    EXPECT_EQ(Load32(fragment, 44), Load32(Bytes(frames[0]), kEthernet + 44));
    packet.insert(packet.end(), fragment.begin() + kFragmentData, fragment.end());
  }
  const Bytes first = Bytes(frames.front()).subspan(kEthernet);
  std::ranges::copy(first.first(40), packet.begin());
  packet[6] = first[40];
  return Poke16(packet, 4, static_cast<uint16_t>(packet.size() - 40));
}

size_t Longest(const std::vector<Frame>& frames) {
  size_t longest = 0;
  for (const Frame& frame : frames) longest = std::max(longest, frame.size() - kEthernet);
  return longest;
}

class PathMtuTest : public testing::TestWithParam<bool> {
 protected:
  // The link finishes checksums, or the host does.
  PathMtuTest() : rig_(HostRig::Options{.capabilities = {.transmit_checksum = GetParam()}}) {}

  bool Learn(const char* destination, uint32_t mtu) {
    return rig_.graph().routes().LearnPathMtu(Ip(destination), kLan, mtu,
                                              rig_.graph().core().now());
  }
  // What leaves when that much is sent.
  std::vector<Frame> Send(const char* to, size_t size) {
    TestSocket socket(rig_, 5000);
    socket.Send(to, 7, Pattern(size));
    rig_.Poll();
    return rig_.SentFrames();
  }
  static Frame Whole(const char* to, size_t size) {
    return Ip6().From(kHost).To(to).Udp(5000, 7, Pattern(size));
  }

  HostRig rig_;
};

TEST_P(PathMtuTest, TheLongestDatagramLeavesInFragments) {
  const std::vector<Frame> sent = Send(kPeer, 65527);
  EXPECT_THAT(sent, SizeIs(46));  // 65535 octets by 1448
  EXPECT_EQ(Longest(sent), 1496U);
  EXPECT_EQ(Joined(sent), Whole(kPeer, 65527));
  EXPECT_THAT(rig_.Fates(), IsEmpty());
}

TEST_P(PathMtuTest, WhatFitsLeavesWhole) {
  EXPECT_THAT(Send(kPeer, 1452), SizeIs(1));
  const std::vector<Frame> sent = Send(kPeer, 1453);
  EXPECT_THAT(sent, SizeIs(2));
  EXPECT_EQ(Joined(sent), Whole(kPeer, 1453));
}

TEST_P(PathMtuTest, SmallerFragmentsAfterPacketTooBigAndLargerOnesTenMinutesLater) {
  EXPECT_EQ(Longest(Send(kFar, 65527)), 1496U);
  ASSERT_TRUE(Learn(kFar, 1400));
  std::vector<Frame> sent = Send(kFar, 65527);
  EXPECT_EQ(Longest(sent), 1400U);
  EXPECT_EQ(Joined(sent), Whole(kFar, 65527));
  ASSERT_TRUE(Learn(kFar, 600));
  sent = Send(kFar, 65527);
  EXPECT_THAT(sent, SizeIs(54));
  EXPECT_EQ(Longest(sent), 1280U);
  EXPECT_EQ(Joined(sent), Whole(kFar, 65527));
  EXPECT_THAT(Send(kFar, 1232), SizeIs(1)) << "RFC 8021: no atomic fragments";
  EXPECT_THAT(Send(kPeer, 1452), SizeIs(1)) << "another destination";
  rig_.Pass(Duration::Seconds(601));
  rig_.Hear(OnWire(
      Ip6().From(kPeer).To(Ip(kHost).SolicitedNode()).NeighborSolicitation(kHost, kPeerMac)));
  rig_.SentFrames();
  EXPECT_THAT(Send(kFar, 1452), SizeIs(1));
}

TEST_P(PathMtuTest, EchoRepliesAreFragmentedToo) {
  ASSERT_TRUE(Learn(kPeer, 1300));
  rig_.Hear(OnWire(Ip6().From(kPeer).To(kHost).Icmp6Echo(1, 1, Pattern(1400))));
  const std::vector<Frame> sent = rig_.SentFrames();
  EXPECT_THAT(sent, SizeIs(2));
  EXPECT_EQ(Longest(sent), 1296U);
  EXPECT_EQ(Joined(sent), Ip6().From(kHost).To(kPeer).Icmp6EchoReply(1, 1, Pattern(1400)).bytes());
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
}

// Whole, each of them waits as one packet: none of their many fragments is lost to the queue.
TEST_P(PathMtuTest, WaitsForItsNeighborInOnePiece) {
  TestSocket socket(rig_, 5000);
  for (int i = 0; i < 4; ++i) socket.Send(kUnknownPeer, 7, Pattern(20'000));
  rig_.Poll();
  EXPECT_THAT(rig_.SentFrames(), SizeIs(1)) << "a solicitation";
  rig_.Hear(OnWire(Ip6()
                       .From(kUnknownPeer)
                       .To(kHost)
                       .NeighborAdvertisement(kUnknownPeer, kSolicitedFlag | kOverrideFlag,
                                              "02:00:00:00:00:77")));
  const std::vector<Frame> sent = rig_.SentFrames();
  constexpr size_t kPieces = 14;
  ASSERT_THAT(sent, SizeIs(4 * kPieces));
  for (size_t i = 0; i < sent.size(); i += kPieces) {
    const auto begin = sent.begin() + static_cast<ptrdiff_t>(i);
    EXPECT_EQ(Joined({begin, begin + kPieces}), Whole(kUnknownPeer, 20'000));
  }
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
}

TEST_P(PathMtuTest, AnUnknownNeighborIsAnErrorAboutTheWhole) {
  TestSocket socket(rig_, 5000);
  socket.Send(kUnknownPeer, 7, Pattern(20'000));
  rig_.Pass(Duration::Seconds(4));
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered", "made neighbor-unresolved"));
}

TEST_P(PathMtuTest, ThePoolIsDry) {
  TestSocket socket(rig_, 5000);
  socket.Send(kPeer, 7, Pattern(20'000));
  {
    std::vector<PacketPtr> held;
    while (rig_.pool().available() > 5) held.push_back(rig_.pool().Take());
    rig_.Poll();
    for (PacketPtr& packet : held) packet.Free();
  }
  EXPECT_THAT(rig_.SentFrames(), IsEmpty()) << "all of it or nothing";
  EXPECT_THAT(rig_.Fates(), ElementsAre("made no-buffer"));
}

// Beyond the loopback MTU of 65536: two fragments, as on any other interface.
TEST_P(PathMtuTest, ToOurselvesBeyondTheLoopbackMtu) {
  TestSocket server(rig_, 7);
  TestSocket client(rig_, 5000);
  client.Send(kHost, 7, Pattern(65488));
  rig_.Poll();
  EXPECT_THAT(server.Received(), SizeIs(1));
  const uint64_t received = rig_.counters().received;
  client.Send(kHost, 7, Pattern(65489));
  rig_.Poll();
  EXPECT_EQ(rig_.counters().received, received + 2);
}

TEST_P(PathMtuTest, ToAGroupWithAMemberHere) {
  TestSocket member(rig_, 7);
  TestSocket socket(rig_, 5000);
  socket.Send("ff02::1", 7, Pattern(3000));
  rig_.Poll();
  EXPECT_THAT(member.Received(), SizeIs(1));
  const std::vector<Frame> sent = rig_.SentFrames();
  EXPECT_EQ(Joined(sent),
            Ip6().From(kHostLinkLocal).To("ff02::1").Udp(5000, 7, Pattern(3000)).bytes());
}

constexpr auto kNameOfCapability = [](const auto& row) {
  return row.param ? "LinkFinishes" : "HostFinishes";
};
INSTANTIATE_TEST_SUITE_P(Checksums, PathMtuTest, testing::Bool(), kNameOfCapability);

}  // namespace
}  // namespace sextant::test
