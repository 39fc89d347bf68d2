// SPDX-License-Identifier: BSD-3-Clause
// Sentences of RFCs that no other test shows, by section; rows.tsv has all of them.
// RFC 8200, RFC 4443, RFC 6946, RFC 6980.
// Owned by one Core.
#include "packet/host_rig.h"

namespace sextant::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kOptions = 60;
const Ip6 kFrom = Ip6().From(kPeer).To(kHost);
const Frame kPadN = {1, 4, 0, 0, 0, 0};
constexpr uint16_t kMore = 1;

// A piece of a packet's payload, offset and length in octets.
Frame Piece(const Frame& whole, size_t offset, size_t length, uint8_t identification = 1) {
  const bool last = 40 + offset + length == whole.size();
  const auto field = static_cast<uint16_t>(offset | (last ? 0 : kMore));
  const Frame body = {
      static_cast<uint8_t>(field >> 8), static_cast<uint8_t>(field), 0, 0, 0, identification};
  const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(40 + offset);
  const Frame data(begin, begin + static_cast<std::ptrdiff_t>(length));
  return OnWire(Poke(kFrom.Extension(kFragment, body).Upper(whole[6], data), 7, whole[7]));
}

// Both halves of a packet, the first one `first` octets long.
void HearInTwo(HostRig& rig, const Frame& whole, size_t first = 8) {
  rig.Hear(Piece(whole, 0, first));
  rig.Hear(Piece(whole, first, whole.size() - 40 - first));
}

// RFC 8200 §4.1: what followed the Fragment header is no hop-by-hop header, though after
// reassembly nothing is before it.
TEST(Rfc8200Section4Test, HopByHopHeaderFromFragments) {
  HostRig rig;
  TestSocket socket(rig, 7);
  HearInTwo(rig, kFrom.Extension(kHopByHop, kPadN).Udp(1000, 7, "hello"), 16);
  EXPECT_THAT(socket.Received(), IsEmpty());
  EXPECT_THAT(rig.Sent(), ElementsAre(HasSubstr("icmp6 parameter-problem next-header pointer 6")));
  HearInTwo(rig, kFrom.Extension(kOptions, kPadN).Udp(1000, 7, "hello"), 16);
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 hello"));
}

// RFC 8200 §4.2: one PadN rather than several Pad1.
TEST(Rfc8200Section4Test, ReportsArePaddedByOnePadN) {
  HostRig rig(HostRig::Options{.probes = 1});
  rig.Pass(Duration::Seconds(5));
  size_t reports = 0;
  for (const Frame& frame : rig.SentFrames()) {
    if (frame[14 + 6] != kHopByHop) continue;
    ++reports;
    const Frame options(frame.begin() + 14 + 42, frame.begin() + 14 + 48);
    EXPECT_EQ(options, (Frame{5, 2, 0, 0, 1, 0}));
  }
  EXPECT_GT(reports, 0U);
}

// RFC 8200 §4.5: sixty seconds, and the first fragment must be there.
TEST(Rfc8200Section4Test, TimeExceededQuotesTheFirstFragment) {
  HostRig rig;
  rig.Pass(Duration::Seconds(5));
  rig.SentFrames();
  const Frame whole = kFrom.Udp(1000, 7, "sixteen octets..");
  rig.Hear(Piece(whole, 8, 16, 2));
  rig.Hear(Piece(whole, 0, 8, 1));
  rig.Pass(Duration::Milliseconds(59'900));
  EXPECT_THAT(rig.Sent(), Not(Contains(HasSubstr("time-exceeded"))));
  // A minute is long for a neighbor that says nothing.
  rig.Hear(OnWire(kFrom.To("ff02::1:ff00:2").NeighborSolicitation(kHost, kPeerMac)));
  rig.Pass(Duration::Milliseconds(200));
  EXPECT_THAT(rig.Sent(), Contains(HasSubstr("icmp6 time-exceeded reassembly")));
}

// RFC 8200 §5: the link's MTU, and 1500 octets in fragments.
TEST(Rfc8200Section5Test, PacketsOfTheLinksMtu) {
  HostRig rig;
  TestSocket socket(rig, 7);
  rig.Hear(OnWire(kFrom.Udp(1000, 7, Pattern(1500 - 48))));
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered"));
  EXPECT_THAT(socket.Received(), SizeIs(1));
}

TEST(Rfc8200Section5Test, ReassemblesFifteenHundredOctets) {
  HostRig rig;
  TestSocket socket(rig, 7);
  HearInTwo(rig, kFrom.Udp(1000, 7, Pattern(1500 - 48)), 1232);
  EXPECT_THAT(rig.Fates(), Each("delivered"));
  EXPECT_THAT(socket.Received(), SizeIs(1));
}

// RFC 4443 §3.1: the field after the checksum is of no use.
TEST(Rfc4443Test, UnusedFieldIsIgnored) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  socket.Connect(kPeer, 53);
  const Frame ours = Ip6().From(kHost).To(kPeer).Udp(5000, 53, "?");
  rig.Hear(OnWire(kFrom.Icmp6(1, 4, 0xffff'ffff, ours)));
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered"));
}

// RFC 4443 §2.4(e.4), (e.5): what comes in a frame to a group is answered only for options of
// action 10.
TEST(Rfc4443Test, OptionsInLinkLayerGroups) {
  HostRig rig;
  for (const char* group : {"33:33:00:00:00:01", "ff:ff:ff:ff:ff:ff"}) {
    const Ip6 asks = kFrom.Extension(kOptions, Frame{0x9e, 0, 1, 2, 0, 0}).Udp(1000, 7);
    rig.Hear(Ethernet(group, kPeerMac, asks));
    EXPECT_THAT(rig.Sent(), ElementsAre(HasSubstr("parameter-problem option pointer 42"))) << group;
    const Ip6 does_not = kFrom.Extension(kOptions, Frame{0xde, 0, 1, 2, 0, 0}).Udp(1000, 7);
    rig.Hear(Ethernet(group, kPeerMac, does_not));
    EXPECT_THAT(rig.Sent(), IsEmpty()) << group;
    rig.Hear(OnWire(does_not));
    EXPECT_THAT(rig.Sent(), SizeIs(1)) << group;
  }
}

// RFC 4443 §3.1: congestion is not told.
TEST(Rfc4443Test, FullBuffersAreNotTold) {
  HostRig rig;
  rig.tunables().udp_receive_buffer = 2304;
  TestSocket socket(rig, 7);
  for (int i = 0; i < 20; ++i) rig.Hear(OnWire(kFrom.Udp(1000, 7, "hello")));
  EXPECT_THAT(rig.Fates(), Contains("udp-socket-full"));
  EXPECT_THAT(rig.Sent(), IsEmpty());
}

// RFC 6946 §4: it neither uses nor disturbs what else has its identification.
TEST(Rfc6946Test, AtomicFragmentBesideAQueue) {
  HostRig rig;
  TestSocket socket(rig, 7);
  const Frame slow = kFrom.Udp(1000, 7, "slow but whole..");
  rig.Hear(Piece(slow, 0, 8));
  const Frame atomic = kFrom.Udp(1000, 7, "atomic");
  rig.Hear(Piece(atomic, 0, atomic.size() - 40));
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 atomic"));
  rig.Hear(Piece(slow, 8, 16));
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 slow but whole.."));
}

// RFC 6980 §5.

struct FragmentedCase {
  const char* name;
  Frame message;  // as a packet of its own
};

// clang-format off
const FragmentedCase kFragmentedCases[] = {
    {"NeighborSolicitation",  kFrom.NeighborSolicitation(kHost, kPeerMac)},
    {"NeighborAdvertisement", kFrom.NeighborAdvertisement(kPeer, kSolicitedFlag | kOverrideFlag, kPeerMac)},
    {"RouterSolicitation",    kFrom.HopLimit(255).Icmp6(133, 0)},
    {"RouterAdvertisement",   kFrom.HopLimit(255).Icmp6(134, 0, 0x4000'0708, Frame(8))},
    {"Redirect",              kFrom.HopLimit(255).Icmp6(137, 0, 0, Frame(32))},
};
// clang-format on

class FragmentedTest : public testing::TestWithParam<FragmentedCase> {};

TEST_P(FragmentedTest, IsIgnored) {
  const Frame& message = GetParam().message;
  HostRig rig;
  rig.Hear(Piece(message, 0, message.size() - 40));
  EXPECT_THAT(rig.Fates(), ElementsAre("nd-fragmented")) << "atomic";
  if (message.size() > 40 + 8) {
    HearInTwo(rig, message);
    EXPECT_THAT(rig.Fates(), Each("nd-fragmented")) << "in two";
  }
  EXPECT_THAT(rig.Sent(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Rfc6980, FragmentedTest, testing::ValuesIn(kFragmentedCases), kNameOf);

}  // namespace
}  // namespace sextant::test
