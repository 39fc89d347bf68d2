// SPDX-License-Identifier: BSD-3-Clause
// What takes more than one frame: sockets, resolution, duplicate addresses, limits.
// RFC 4443 §2.4, RFC 4861 §7.2, RFC 4862 §5.4.
// Owned by one Core.
#include "packet/host_rig.h"

namespace sextant::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

const Ip6 kFrom = Ip6().From(kPeer).To(kHost);

// Errors about what our own sockets have sent.

struct ErrorCase {
  const char* name;
  const char* section;
  uint8_t type;
  uint8_t code;
  Errno want;  // of the connected socket
};

// clang-format off
const ErrorCase kErrorCases[] = {
    {"NoRoute",      "RFC 4443 §3.1", 1,   0, Errno::kOk},
    {"Prohibited",   "RFC 4443 §3.1", 1,   1, Errno::kAccess},
    {"BeyondScope",  "RFC 4443 §3.1", 1,   2, Errno::kOk},
    {"Address",      "RFC 4443 §3.1", 1,   3, Errno::kOk},
    {"Port",         "RFC 4443 §3.1", 1,   4, Errno::kConnectionRefused},
    {"Policy",       "RFC 4443 §3.1", 1,   5, Errno::kAccess},
    {"RejectRoute",  "RFC 4443 §3.1", 1,   6, Errno::kAccess},
    {"TooBig",       "RFC 4443 §3.2", 2,   0, Errno::kOk},
    {"LaterCode",    "RFC 4443 §3.1", 1,   9, Errno::kProtocol},
    {"HopLimit",     "RFC 4443 §3.3", 3,   0, Errno::kOk},
    {"NextHeader",   "RFC 4443 §3.4", 4,   1, Errno::kProtocol},
    {"UnknownError", "RFC 4443 §2.4", 100, 0, Errno::kOk},
};
// clang-format on

class ErrorTest : public testing::TestWithParam<ErrorCase> {
 protected:
  // The peer's answer to a datagram of ours.
  void Answer(TestSocket& socket) {
    socket.Send(kPeer, 53, Pattern(1300));
    rig_.Poll();
    const std::vector<Frame> sent = rig_.SentFrames();
    ASSERT_THAT(sent, SizeIs(1));
    const Frame question(sent[0].begin() + 14, sent[0].begin() + 14 + 1232);
    rig_.Hear(OnWire(kFrom.Icmp6(GetParam().type, GetParam().code, 1280, question)));
    EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
    EXPECT_THAT(rig_.Sent(), IsEmpty()) << "never an error about an error";
  }

  HostRig rig_;
};

TEST_P(ErrorTest, ReachesTheConnectedSocket) {
  SCOPED_TRACE(GetParam().section);
  TestSocket socket(rig_, 5000);
  socket.Connect(kPeer, 53);
  Answer(socket);
  EXPECT_EQ(socket->TakeError(), GetParam().want);
}

TEST_P(ErrorTest, MeansNothingToAnUnconnectedOne) {
  TestSocket socket(rig_, 5000);
  Answer(socket);
  EXPECT_EQ(socket->TakeError(), Errno::kOk);
}
INSTANTIATE_TEST_SUITE_P(Rfc4443, ErrorTest, testing::ValuesIn(kErrorCases), kNameOf);

// A sent datagram of this size, as far as an error quotes it.
Frame SendAndQuote(HostRig& rig, TestSocket& socket, size_t size) {
  socket.Send(kPeer, 53, Pattern(size));
  rig.Poll();
  const std::vector<Frame> sent = rig.SentFrames();
  SX_CHECK(sent.size() == 1);
  const size_t quoted = std::min<size_t>(sent[0].size() - 14, 1232);
  return Frame(sent[0].begin() + 14, sent[0].begin() + 14 + static_cast<ptrdiff_t>(quoted));
}

struct TooBigCase {
  const char* name;
  const char* section;
  size_t size;   // of the datagram
  uint32_t mtu;  // as reported
  const char* fate;
  uint32_t want;  // the path MTU
};

// clang-format off
constexpr TooBigCase kTooBigCases[] = {
    {"Smaller",        "RFC 8201 §4", 1452, 1400,  "delivered",       1400},
    {"Minimum",        "RFC 8201 §4", 1452, 1280,  "delivered",       1280},
    // CVE-2016-10142: such a message made hosts send atomic fragments, which others dropped.
    {"BelowMinimum",   "RFC 8201 §4", 1452, 1279,  "icmp6-error-mtu", 1500},
    {"Cve201610142",   "RFC 8021 §3", 1452, 68,    "icmp6-error-mtu", 1500},
    {"Zero",           "RFC 8201 §4", 1452, 0,     "icmp6-error-mtu", 1500},
    {"FitsAlready",    "RFC 8201 §4", 1352, 1400,  "icmp6-error-mtu", 1500},
    {"ForgedAboutOne", "RFC 8201 §4",    1, 1280,  "icmp6-error-mtu", 1500},
    {"Larger",         "RFC 8201 §4", 1452, 9000,  "icmp6-error-mtu", 1500},
};
// clang-format on

class TooBigTest : public testing::TestWithParam<TooBigCase> {};

TEST_P(TooBigTest, IsBelievedOrNot) {
  const TooBigCase& c = GetParam();
  HostRig rig;
  TestSocket socket(rig, 5000);
  const Frame quote = SendAndQuote(rig, socket, c.size);
  rig.Hear(OnWire(kFrom.From("2001:db8::ff").Icmp6(2, 0, c.mtu, quote)));
  EXPECT_THAT(rig.Fates(), ElementsAre(c.fate)) << c.section;
  EXPECT_EQ(rig.graph().routes().Resolve(Ip(kPeer), 0)->mtu, c.want) << c.section;
  EXPECT_THAT(rig.Sent(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Rfc8201, TooBigTest, testing::ValuesIn(kTooBigCases), kNameOf);

// Nobody who has not seen our packets knows from which of our ports they came.
TEST(TooBigForgedTest, AboutAnotherSocket) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  socket.Connect(kPeer, 53);
  for (const auto& [from, to] : {std::pair(5001, 53), std::pair(5000, 54)}) {
    const Frame forged = Ip6().From(kHost).To(kPeer).Udp(static_cast<uint16_t>(from),
                                                         static_cast<uint16_t>(to), Pattern(1452));
    rig.Hear(OnWire(kFrom.Icmp6(2, 0, 1280, Cut(forged, 1232))));
    EXPECT_THAT(rig.Fates(), ElementsAre("icmp6-error-not-ours"));
  }
  EXPECT_EQ(rig.graph().routes().Resolve(Ip(kPeer), 0)->mtu, 1500U);
}

// Errors about our own pings.

TEST(PingErrorTest, ReachesThePinger) {
  HostRig rig;
  icmp6::EchoClient client;
  rig.graph().pinger().Add(client);
  EXPECT_EQ(rig.graph().pinger().Send(client, Ip(kPeer), 0, 1300), Errno::kOk);
  rig.graph().Transmit();
  const std::vector<Frame> sent = rig.SentFrames();
  ASSERT_THAT(sent, SizeIs(1));
  const Frame request(sent[0].begin() + 14, sent[0].begin() + 14 + 1232);
  const Ip6 router = kFrom.From("2001:db8::ff").HopLimit(61);

  rig.Hear(OnWire(router.Icmp6(1, 4, 0, request)));
  const auto unreachable = client.Take();
  ASSERT_TRUE(unreachable && unreachable->error);
  EXPECT_EQ(*unreachable->error, wire::Icmp6Error::Unreachable(wire::UnreachableCode::kPort));
  EXPECT_EQ(unreachable->from, Ip("2001:db8::ff"));
  EXPECT_EQ(unreachable->sequence, 1);
  EXPECT_EQ(unreachable->hop_limit, 61);

  // Someone who guesses identifier and sequence number, but not the data.
  rig.Hear(OnWire(router.Icmp6(2, 0, 1280, Poke(request, 48, request[48] ^ 1))));
  EXPECT_FALSE(client.Take());
  rig.Hear(OnWire(router.Icmp6(2, 0, 1280, Cut(request, 48))));
  EXPECT_TRUE(client.Take()) << "no data is quoted";
  EXPECT_EQ(rig.graph().routes().Resolve(Ip(kPeer), 0)->mtu, 1500U) << "nor believed";
  rig.Hear(OnWire(router.Icmp6(2, 0, 1280, request)));
  EXPECT_TRUE(client.Take());
  EXPECT_EQ(rig.graph().routes().Resolve(Ip(kPeer), 0)->mtu, 1280U);
  EXPECT_THAT(rig.Fates(),
              ElementsAre("delivered", "delivered", "delivered", "icmp6-error-not-ours"));
}

// RFC 4861 §7.2.2: address resolution.

constexpr const char* kSolicitation =
    "fd00:6::2 > ff02::1:ff00:77 hl 255 icmp6 ns target fd00:6::77 slla 02:00:00:00:00:02";
const Frame kAnswer = OnWire(
    Ip6()
        .From(kUnknownPeer)
        .To(kHost)
        .NeighborAdvertisement(kUnknownPeer, kSolicitedFlag | kOverrideFlag, "02:00:00:00:00:77"));

TEST(ResolutionTest, WhatWaitsLeavesInOrder) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  for (const char* word : {"one", "two", "three"}) socket.Send(kUnknownPeer, 7, word);
  rig.Poll();
  EXPECT_THAT(rig.Sent(), ElementsAre(kSolicitation));
  rig.Hear(kAnswer);
  const std::vector<Frame> sent = rig.SentFrames();
  ASSERT_THAT(sent, SizeIs(3));
  const char* const words[] = {"\"one\"", "\"two\"", "\"three\""};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(DescribeLink(sent[i]),
              std::string("02:00:00:00:00:02 > 02:00:00:00:00:77 | fd00:6::2 > fd00:6::77 hl 64 "
                          "udp 5000 > 7 ") +
                  words[i]);
  }
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered"));
}

TEST(ResolutionTest, TheOldestGivesWay) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  for (const char* word : {"1", "2", "3", "4", "5"}) socket.Send(kUnknownPeer, 7, word);
  rig.Poll();
  EXPECT_THAT(rig.Fates(), ElementsAre("made neighbor-queue-full"));
  rig.Sent();
  rig.Hear(kAnswer);
  const Lines sent = rig.Sent();
  ASSERT_THAT(sent, SizeIs(4));
  EXPECT_THAT(sent[0], testing::EndsWith("\"2\""));
}

TEST(ResolutionTest, NobodyAnswers) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  socket.Connect(kUnknownPeer, 7);
  socket.Send(kUnknownPeer, 7, "anybody?");
  rig.Pass(Duration::Milliseconds(2'900));
  EXPECT_THAT(rig.Sent(), ElementsAre(kSolicitation, kSolicitation, kSolicitation));
  EXPECT_THAT(rig.Fates(), IsEmpty());
  rig.Pass(Duration::Milliseconds(200));
  // Unreachable code 3 goes to ourselves over the loopback interface; it is no fatal one.
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered", "made neighbor-unresolved"));
  EXPECT_EQ(socket->pending_error(), Errno::kOk);
  EXPECT_THAT(rig.Sent(), IsEmpty());
  EXPECT_EQ(rig.graph().errors().statistics().sent, 1U);
}

// Who reads the queue learns that nobody is there.
TEST(ResolutionTest, NobodyAnswersTheQueueSaysSo) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  socket->KeepErrors(true);
  // Whatever others have made us say before: this goes to ourselves.
  for (int i = 0; i < 30; ++i) rig.Inject(OnWire(kFrom.From("fd00:6::5").Udp(1000, 9)));
  socket.Send(kUnknownPeer, 7, "anybody?");
  rig.Pass(Duration::Seconds(4));
  EXPECT_EQ(socket->TakeError(), Errno::kHostUnreachable);
  ASSERT_EQ(socket->errors()->size(), 1U);
  QueuedError error = socket->TakeKeptError();
  EXPECT_EQ(error.cause, wire::Icmp6Error::Unreachable(wire::UnreachableCode::kAddress));
  EXPECT_EQ(error.destination, Ip(kUnknownPeer));
  EXPECT_EQ(error.port, 7);
  EXPECT_EQ(error.payload_length, 8);
  error.packet.Free();
}

// RFC 4443 §2.4(e.1): our error waits for a neighbor that never answers; that is not told again.
TEST(ResolutionTest, NoErrorAboutAnError) {
  HostRig rig;
  rig.Hear(OnWire(kFrom.From(kUnknownPeer).Udp(1000, 9)));
  EXPECT_THAT(rig.Sent(), ElementsAre(kSolicitation));
  rig.Pass(Duration::Seconds(10));
  EXPECT_THAT(rig.Fates(), ElementsAre("refused udp-no-socket", "made neighbor-unresolved"));
  EXPECT_EQ(rig.graph().errors().statistics().sent, 1U);
  EXPECT_EQ(rig.graph().errors().statistics().not_allowed, 1U);
}

TEST(ResolutionTest, EndsWithItsHost) {
  HostRig rig;
  TestSocket socket(rig, 5000);
  socket.Send(kUnknownPeer, 7, "too late");
  rig.Poll();
  rig.Hear(OnWire(kFrom.From(kUnknownPeer).Icmp6Echo(1, 1)));
  EXPECT_THAT(rig.Sent(), ElementsAre(kSolicitation));
}

// RFC 4862 §5.4: duplicate address detection.

constexpr const char* kDadProbe = ":: > ff02::1:ff00:2 hl 255 icmp6 ns target fd00:6::2 nonce";

class TentativeTest : public testing::Test {
 protected:
  TentativeTest() { rig_.Pass(Duration::Milliseconds(500)); }  // all probes are out
  std::string StateOf(const char* address) {
    const iface::InterfaceAddress* const found = rig_.lan().Find(Ip(address));
    return found == nullptr ? "none" : std::string(Name(found->state));
  }

  HostRig rig_{HostRig::Options{.probes = 1, .knows_peer = false}};
};

TEST_F(TentativeTest, IsSilent) {
  const Lines sent = rig_.Sent();
  EXPECT_THAT(sent, Contains(kDadProbe));
  // RFC 4862 §5.4.2: the group is joined before the first probe.
  const auto join =
      std::ranges::find(sent,
                        ":: > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report "
                        "to-exclude ff02::1:ff00:2");
  EXPECT_LT(join, std::ranges::find(sent, kDadProbe));
  rig_.Hear(OnWire(kFrom.Icmp6Echo(1, 1)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("ip6-tentative"));
  rig_.Hear(OnWire(
      Ip6().From(kPeerLinkLocal).To("ff02::1:ff00:2").NeighborSolicitation(kHost, kPeerMac)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("ip6-tentative"));
  EXPECT_THAT(rig_.Sent(), IsEmpty());
}

TEST_F(TentativeTest, BecomesPreferred) {
  rig_.Pass(Duration::Seconds(2));
  EXPECT_EQ(StateOf(kHost), "preferred");
  EXPECT_EQ(StateOf(kHostLinkLocal), "preferred");
  rig_.Sent();
  rig_.Hear(OnWire(kFrom.Icmp6Echo(1, 1)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("delivered"));
}

TEST_F(TentativeTest, AnotherHasIt) {
  rig_.Hear(OnWire(
      Ip6().From(kHost).To("ff02::1").NeighborAdvertisement(kHost, kOverrideFlag, kPeerMac)));
  EXPECT_EQ(StateOf(kHost), "duplicate");
  rig_.Fates();
  rig_.Hear(OnWire(kFrom.Icmp6Echo(1, 1)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("ip6-not-for-us"));
}

TEST_F(TentativeTest, AnotherWantsIt) {
  rig_.Hear(OnWire(Ip6().From("::").To("ff02::1:ff00:2").NeighborSolicitation(kHost)));
  EXPECT_EQ(StateOf(kHost), "duplicate");
}

TEST_F(TentativeTest, OurOwnProbeComesBack) {
  for (const Frame& frame : rig_.SentFrames()) {
    if (Describe(frame) == kDadProbe) rig_.Hear(frame);
  }
  EXPECT_THAT(rig_.Fates(), ElementsAre("nd-own-probe"));
  EXPECT_EQ(StateOf(kHost), "tentative");
}

TEST_F(TentativeTest, DuplicateHardware) {
  rig_.Hear(OnWire(Ip6()
                       .From(kHostLinkLocal)
                       .To("ff02::1")
                       .NeighborAdvertisement(kHostLinkLocal, kOverrideFlag, kPeerMac)));
  EXPECT_TRUE(rig_.lan().is_disabled());
  rig_.Fates();
  rig_.Hear(OnWire(kFrom.Icmp6Echo(1, 1)));
  EXPECT_THAT(rig_.Fates(), ElementsAre("interface-down"));
}

// Sockets.

TEST(DeliveryTest, AGroupsDatagramGoesToAllByReference) {
  HostRig rig;
  TestSocket one(rig, 7);
  TestSocket two(rig, 7);
  TestSocket three(rig, 7);
  rig.Hear(OnWire(kFrom.To("ff02::1").Udp(1000, 7, "all")));
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered"));
  std::vector<const uint8_t*> data;
  for (TestSocket* const socket : {&one, &two, &three}) {
    ASSERT_NE((*socket)->front(), nullptr);
    data.push_back((*socket)->front()->bytes().data());
  }
  EXPECT_THAT(data, Each(data[0])) << "three times the same bytes";
  EXPECT_THAT(one.Received(), ElementsAre("fd00:6::1 1000 all"));
  EXPECT_THAT(two.Received(), ElementsAre("fd00:6::1 1000 all"));
  EXPECT_THAT(three.Received(), ElementsAre("fd00:6::1 1000 all"));
}

TEST(DeliveryTest, OneOfTheGroupIsFull) {
  HostRig rig;
  TestSocket one(rig, 7);
  TestSocket two(rig, 7);
  for (TestSocket* const socket : {&one, &two}) {
    (*socket)->set_receive_limit(udp::Socket::kBufferCost);
    rig.Hear(OnWire(kFrom.To("ff02::1").Udp(1000, 7, "first")));
    EXPECT_THAT(rig.Fates(), Contains("delivered")) << "whoever of them has room gets it";
    socket == &one ? two.Received() : one.Received();
  }
}

TEST(DeliveryTest, TheBufferIsFull) {
  HostRig rig;
  TestSocket socket(rig, 7);
  socket->set_receive_limit(2 * udp::Socket::kBufferCost);
  for (const char* word : {"one", "two", "three"}) rig.Inject(OnWire(kFrom.Udp(1000, 7, word)));
  rig.Poll();
  EXPECT_THAT(rig.Fates(), ElementsAre("delivered", "delivered", "udp-socket-full"));
  EXPECT_THAT(rig.Sent(), IsEmpty()) << "silence: the datagram was well addressed";
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 one", "fd00:6::1 1000 two"));
  rig.Hear(OnWire(kFrom.Udp(1000, 7, "four")));
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 four"));
}

TEST(DeliveryTest, TheMostSpecificSocketGetsIt) {
  HostRig rig;
  TestSocket any(rig, 7);
  TestSocket bound(rig, 7, kHost);
  TestSocket connected(rig, 7, kHost);
  connected.Connect(kPeer, 1000);
  rig.Hear(OnWire(kFrom.Udp(1000, 7, "a")));
  rig.Hear(OnWire(kFrom.Udp(1001, 7, "b")));
  rig.Hear(OnWire(kFrom.From(kPeerLinkLocal).To(kHostLinkLocal).Udp(1000, 7, "c")));
  EXPECT_THAT(connected.Received(), ElementsAre("fd00:6::1 1000 a"));
  EXPECT_THAT(bound.Received(), ElementsAre("fd00:6::1 1001 b"));
  EXPECT_THAT(any.Received(), ElementsAre("fe80::1 1000 c"));
}

TEST(DeliveryTest, ToOurselves) {
  HostRig rig;
  TestSocket server(rig, 7);
  TestSocket client(rig, 5000);
  for (const char* address : {kHost, "::1", kHostLinkLocal}) {
    client.Send(address, 7, "me");
    rig.Poll();
    EXPECT_THAT(server.Received(), ElementsAre(std::string(address) + " 5000 me"));
  }
  client.Connect(kHost, 9);
  client.Send(kHost, 9, "nobody");
  rig.Poll();
  EXPECT_EQ(client->TakeError(), Errno::kConnectionRefused);
  EXPECT_THAT(rig.Sent(), IsEmpty());
}

TEST(DeliveryTest, ThePoolIsDry) {
  HostRig rig(HostRig::Options{.pool_capacity = 255});
  TestSocket socket(rig, 7);
  for (int i = 0; i < 400; ++i) rig.Inject(OnWire(kFrom.Udp(1000, 7, "much")));
  socket->set_receive_limit(SIZE_MAX);
  rig.Poll();
  EXPECT_THAT(rig.Fates(), Each("delivered"));
  EXPECT_LT(rig.lan().link().statistics().rx_no_buffer, 400U);
  EXPECT_GT(rig.lan().link().statistics().rx_no_buffer, 0U);
  socket.Received();
  rig.Hear(OnWire(kFrom.Udp(1000, 7, "again")));
  EXPECT_THAT(socket.Received(), ElementsAre("fd00:6::1 1000 again"));
}

// RFC 4443 §2.4(f): how often.

TEST(LimitTest, ErrorsOfOnePrefix) {
  HostRig rig;
  for (int i = 0; i < 30; ++i) rig.Inject(OnWire(kFrom.Udp(1000, 9)));
  rig.Poll();
  EXPECT_THAT(rig.Sent(), SizeIs(10));
  EXPECT_EQ(rig.graph().errors().statistics().limited, 20U);
  rig.Pass(Duration::Milliseconds(500));
  for (int i = 0; i < 30; ++i) rig.Inject(OnWire(kFrom.Udp(1000, 9)));
  rig.Poll();
  EXPECT_THAT(rig.Sent(), SizeIs(5));
  // Another prefix has a bucket of its own.
  rig.Hear(OnWire(kFrom.From("2001:db8::1").Udp(1000, 9)));
  EXPECT_THAT(rig.Sent(), SizeIs(1));
}

TEST(LimitTest, ErrorsInAll) {
  HostRig rig;
  constexpr uint16_t kPrefixes = 400;
  for (uint16_t i = 0; i < kPrefixes; ++i) {
    rig.Inject(OnWire(
        kFrom.From(Ipv6Address::FromGroups({0x2001, 0xdb8, 0, i, 0, 0, 0, 1})).Udp(1000, 9)));
  }
  rig.Poll();
  // A twentieth of a second's worth at once, spent at none to two per error.
  const size_t sent = rig.Sent().size();
  EXPECT_GE(sent, 25U);
  EXPECT_LT(sent, kPrefixes / 2);
  EXPECT_EQ(rig.graph().errors().statistics().limited, kPrefixes - sent);
}

TEST(LimitTest, NoneAtAll) {
  HostRig rig;
  rig.tunables().icmp6_error_rate = 0;
  rig.Hear(OnWire(kFrom.Udp(1000, 9)));
  EXPECT_THAT(rig.Sent(), IsEmpty());
}

TEST(LimitTest, EchoReplies) {
  HostRig rig;
  rig.tunables().icmp6_echo_reply_rate = 5;
  for (int i = 0; i < 8; ++i) rig.Inject(OnWire(kFrom.Icmp6Echo(1, 1)));
  rig.Poll();
  EXPECT_THAT(rig.Sent(), SizeIs(5));
  Lines fates = rig.Fates();
  EXPECT_EQ(std::ranges::count(fates, "delivered"), 8);
  EXPECT_EQ(std::ranges::count(fates, "made icmp6-echo-limited"), 3);
}

TEST(LimitTest, EchoToGroupsOff) {
  HostRig rig;
  rig.tunables().icmp6_echo_multicast = 0;
  rig.Hear(OnWire(kFrom.To("ff02::1").Icmp6Echo(1, 1)));
  EXPECT_THAT(rig.Fates(), ElementsAre("icmp6-echo-multicast"));
  EXPECT_THAT(rig.Sent(), IsEmpty());
}

}  // namespace
}  // namespace sextant::test
