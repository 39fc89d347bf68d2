// SPDX-License-Identifier: BSD-3-Clause
// When not to send an ICMPv6 error, as a table, and what one says: RFC 4443 §2.2, §2.4.
#include "icmp6/error_output.h"

#include <set>

#include "nd/rig.h"
#include "support/core.h"

namespace sextant {
namespace {

using test::Frame;
using test::Ip6;
using wire::Icmp6Error;

constexpr const char* kPeer = "fd00:6::1";
constexpr const char* kHost = "fd00:6::2";

const Icmp6Error kPort = Icmp6Error::Unreachable(wire::UnreachableCode::kPort);
const Icmp6Error kOption = Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownOption, 42);
const Icmp6Error kField = Icmp6Error::ParameterProblem(wire::ParameterCode::kErroneousField, 4);
const Icmp6Error kChain = Icmp6Error::ParameterProblem(wire::ParameterCode::kIncompleteChain, 0);
const Icmp6Error kTime = Icmp6Error::TimeExceeded(wire::TimeCode::kReassembly);
const Icmp6Error kTooBig = {wire::Icmp6Type::kPacketTooBig, 0, 1280};

struct MayCase {
  const char* name;
  const char* section;
  Frame packet;
  Icmp6Error error;
  bool want;
  bool link_multicast = false;
};

Ip6 Udp() { return Ip6().From(kPeer).To(kHost).Udp(1, 2); }
Ip6 Icmp(uint8_t type) { return Ip6().From(kPeer).To(kHost).Icmp6(type, 0); }
const Frame kPad = {1, 4, 0, 0, 0, 0};
Ip6 Behind(const Ip6& packet) { return packet.Extension(0, kPad).Extension(60, kPad); }
Ip6 First(const Ip6& packet) { return packet.Extension(44, {0, 1, 0, 0, 0, 1}); }
Ip6 Later(const Ip6& packet) { return packet.Extension(0, kPad).Extension(44, {0, 8, 0, 0, 0, 1}); }
Icmp6Error Field(uint32_t pointer) {
  return Icmp6Error::ParameterProblem(wire::ParameterCode::kErroneousField, pointer);
}

// clang-format off
const MayCase kMayCases[] = {
    {"AboutUdp",            "RFC 4443 §3.1",      Udp(),                     kPort,   true},
    {"AboutEcho",           "RFC 4443 §2.4",      Icmp(128),                 kPort,   true},
    {"AboutError",          "RFC 4443 §2.4(e.1)", Icmp(1),                   kPort,   false},
    {"AboutUnknownError",   "RFC 4443 §2.4(e.1)", Icmp(100),                 kPort,   false},
    {"AboutRedirect",       "RFC 4443 §2.4(e.2)", Icmp(137),                 kPort,   false},
    {"AboutCutIcmp6",       "RFC 4443 §2.4(e.1)", test::Cut(Icmp(128), 40),  kPort,   false},
    {"ToGroup",             "RFC 4443 §2.4(e.3)", Udp().To("ff02::1"),       kPort,   false},
    {"ToGroupField",        "RFC 4443 §2.4(e.3)", Udp().To("ff02::1"),       kField,  false},
    {"ToGroupOption",       "RFC 4443 §2.4(e.3)", Udp().To("ff02::1"),       kOption, true},
    {"ToGroupTooBig",       "RFC 4443 §2.4(e.3)", Udp().To("ff02::1"),       kTooBig, true},
    {"LinkMulticast",       "RFC 4443 §2.4(e.4)", Udp(),                     kPort,   false, true},
    {"LinkMulticastOption", "RFC 4443 §2.4(e.4)", Udp(),                     kOption, true,  true},
    {"FromNobody",          "RFC 4443 §2.4(e.6)", Udp().From("::"),          kPort,   false},
    {"FromGroup",           "RFC 4443 §2.4(e.6)", Udp().From("ff02::1"),     kPort,   false},
    {"NoHeader",            "RFC 8200 §3",        test::Cut(Udp(), 39),      kPort,   false},
    {"UdpBehindOptions",    "RFC 4443 §2.4",      Behind(Udp()),             kOption, true},
    {"EchoBehindOptions",   "RFC 4443 §2.4",      Behind(Icmp(128)),         kOption, true},
    {"ErrorBehindOptions",  "RFC 4443 §2.4(e.1)", Behind(Icmp(1)),           kOption, false},
    {"RedirectBehind",      "RFC 4443 §2.4(e.2)", Behind(Icmp(137)),         kOption, false},
    {"ErrorBehindRouting",  "RFC 4443 §2.4(e.1)", Icmp(3).Extension(43, {0, 1, 0, 0, 0, 0}), kField, false},
    {"ErrorInAtomic",       "RFC 4443 §2.4(e.1)", Icmp(4).Extension(44, {0, 0, 0, 0, 0, 1}), kField, false},
    {"ErrorInFirst",        "RFC 4443 §2.4(e.1)", First(Icmp(1)),            kTime,   false},
    {"EchoInFirst",         "RFC 8200 §4.5",      First(Icmp(128)),          kTime,   true},
    {"ErrorBehindAh",       "RFC 4443 §2.4(e.1)", test::Poke(Icmp(1).Extension(51, Frame(22)), 41, 4), kOption, false},
    {"TypeNotThere",        "RFC 4443 §2.4(e.1)", test::Cut(Behind(Icmp(128)), 56), kOption, false},
    {"ChainNotThere",       "RFC 4443 §2.4(e.1)", test::Cut(Behind(Udp()), 55), kOption, false},
    {"ChainTooLong",        "RFC 4443 §2.4(e.1)", test::Poke(Behind(Udp()), 49, 9), kOption, false},
    {"FirstCutShort",       "RFC 7112 §5",        test::Poke(First(Udp()).Extension(60, kPad), 49, 9), kChain, true},
    {"FirstWithoutUpper",   "RFC 7112 §5",        test::Cut(First(Icmp(1)), 48), kChain, true},
    {"FirstWithError",      "RFC 7112 §5",        test::Cut(First(Icmp(1)), 50), kChain, false},
    {"LaterForItsLength",   "RFC 8200 §4.5",      Later(Udp()),              Field(4),  true},
    {"LaterForItsOffset",   "RFC 8200 §4.5",      Later(Udp()),              Field(50), true},
    {"LaterForItself",      "RFC 2675 §3",        Later(Udp()),              Field(48), true},
    {"LaterForRouting",     "RFC 4443 §2.4(e)",   Later(Udp()),              Field(42), false},
    {"LaterForOptions",     "RFC 4443 §2.4(e)",   Later(Udp()),              kOption, false},
    {"LengthZero",          "RFC 2675 §3",        Behind(Udp()).PayloadLength(0),    kField, true},
    {"LengthZeroError",     "RFC 4443 §2.4(e.1)", Behind(Icmp(1)).PayloadLength(0),  kField, false},
};
// clang-format on

class MayAnswerTest : public testing::TestWithParam<MayCase> {};

TEST_P(MayAnswerTest, Decides) {
  const MayCase& c = GetParam();
  test::TestCore core;
  PacketPtr packet = core.pool->Copy(c.packet);
  packet->meta().link_multicast = c.link_multicast;
  EXPECT_EQ(icmp6::MayAnswer(*packet, c.error), c.want) << c.section;
  packet.Free();
}

TEST_P(MayAnswerTest, DecidesTheSameOfTwoSegments) {
  const MayCase& c = GetParam();
  test::TestCore core;
  for (size_t first = 40; first < c.packet.size(); ++first) {
    const std::vector<size_t> sizes = {first, c.packet.size() - first};
    PacketPtr packet = test::Chain(*core.pool, c.packet, sizes);
    packet->meta().link_multicast = c.link_multicast;
    EXPECT_EQ(icmp6::MayAnswer(*packet, c.error), c.want) << c.section << ' ' << first;
    packet.Free();
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, MayAnswerTest, testing::ValuesIn(kMayCases), test::kNameOf);

// What is sent.

using testing::IsEmpty;
using testing::StartsWith;

class ErrorOutputTest : public test::Rig {
 protected:
  ErrorOutputTest() {
    AddAddress(kHost, iface::AddressState::kPreferred);
    EXPECT_EQ(routes.Add({{}, test::kLan, test::Ip(kPeer)}), Errno::kOk);
  }

  // The answer to a packet that was refused; empty when there is none.
  Frame Answer(PacketPtr packet, const Icmp6Error& error = kPort) {
    packet->meta().interface = test::kLan;
    packet->meta().error = error;
    output.Answer(std::move(packet), core);
    last.clear();
    Sent();
    return last;
  }
  Frame Answer(const Frame& packet, const Icmp6Error& error = kPort) {
    return Answer(MakePacket(packet), error);
  }
  static Frame QuoteIn(const Frame& error) { return Frame(error.begin() + 48, error.end()); }

  route::RouteTable routes{core, interfaces};
  icmp6::ErrorOutput output{core, routes, outbox};
};

struct QuoteCase {
  const char* name;
  size_t payload;  // of the UDP datagram that is refused
  size_t quoted;   // of the packet
};

constexpr QuoteCase kQuoteCases[] = {
    {"Empty", 0, 48},           {"Small", 100, 148},          {"JustWhole", 1184, 1232},
    {"OneTooMuch", 1185, 1232}, {"FullEthernet", 1452, 1232}, {"Chained", 9000, 1232},
};

class QuoteTest : public ErrorOutputTest, public testing::WithParamInterface<QuoteCase> {};

TEST_P(QuoteTest, AsMuchAsFits) {
  const QuoteCase& c = GetParam();
  const Frame packet = Ip6().From(kPeer).To(kHost).Udp(1, 2, test::Pattern(c.payload));
  const Frame error = Answer(test::Pad(packet, c.payload < 1500 ? 6 : 0));
  EXPECT_EQ(error.size(), 48 + c.quoted);
  EXPECT_EQ(QuoteIn(error), test::Cut(packet, c.quoted));
  const Frame message(error.begin() + 40, error.end());
  EXPECT_EQ(Load16(message, 2),
            test::UpperChecksum(test::Ip(kHost), test::Ip(kPeer), 58, test::Poke16(message, 2, 0)));
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, QuoteTest, testing::ValuesIn(kQuoteCases), test::kNameOf);

// Wherever a chained packet's segments end, the quote is the same.
TEST_F(ErrorOutputTest, QuotesAcrossSegments) {
  core.tunables().icmp6_error_rate = 1'000'000;
  core.tunables().icmp6_error_burst = 1'000'000;
  core.tunables().icmp6_error_rate_total = 10'000'000;
  const Frame packet = Ip6().From(kPeer).To(kHost).Udp(1, 2, test::Pattern(1400));
  for (size_t first = 48; first < packet.size(); first += 61) {
    const size_t sizes[] = {first, packet.size() - first};
    EXPECT_EQ(QuoteIn(Answer(test::Chain(*pool, packet, sizes))), test::Cut(packet, 1232)) << first;
  }
}

// RFC 2675 §3: nothing but the frame says how long such a packet is.
TEST_F(ErrorOutputTest, QuotesAPacketOfLengthZero) {
  const Frame packet = Udp().Extension(0, {1, 4, 0, 0, 0, 0}).PayloadLength(0);
  EXPECT_EQ(QuoteIn(Answer(packet, kField)), packet);
  const Frame other = Udp().PayloadLength(0);
  EXPECT_EQ(QuoteIn(Answer(other, kField)), test::Cut(other, 40));
}

struct SourceCase {
  const char* name;
  const char* section;
  const char* from;
  const char* to;
  const char* want;  // "source > destination"
};

constexpr SourceCase kSourceCases[] = {
    {"Ours", "RFC 4443 §2.2(a)", kPeer, kHost, "fd00:6::2 > fd00:6::1 "},
    {"OtherOfOurs", "RFC 4443 §2.2(a)", kPeer, "fd00:6::4", "fd00:6::4 > fd00:6::1 "},
    {"Group", "RFC 4443 §2.2(b)", kPeer, "ff02::1", "fd00:6::2 > fd00:6::1 "},
    {"GroupFromLinkLocal", "RFC 4443 §2.2(b)", "fe80::1", "ff02::1", "fe80::ff:fe00:2 > fe80::1 "},
    {"NotOurs", "RFC 4443 §2.2(b)", kPeer, "fd00:6::99", "fd00:6::2 > fd00:6::1 "},
};

class SourceTest : public ErrorOutputTest, public testing::WithParamInterface<SourceCase> {};

TEST_P(SourceTest, IsChosen) {
  AddAddress("fd00:6::4", iface::AddressState::kDeprecated);
  AddAddress(test::kOurLinkLocal, iface::AddressState::kPreferred);
  const SourceCase& c = GetParam();
  const Frame error = Answer(Frame(Udp().From(c.from).To(c.to)), kOption);
  EXPECT_THAT(test::DescribeIp6(error), StartsWith(c.want)) << c.section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, SourceTest, testing::ValuesIn(kSourceCases), test::kNameOf);

// RFC 4862 §5.4: no address may be used yet. An error from :: would help nobody.
TEST_F(ErrorOutputTest, NoAddressToSendFrom) {
  EXPECT_EQ(lan().RemoveAddress(test::Ip(kHost)), Errno::kOk);
  EXPECT_THAT(Answer(Frame(Udp())), IsEmpty());
  EXPECT_EQ(output.statistics().no_route, 1U);
}

TEST_F(ErrorOutputTest, NoRouteAndNoBuffer) {
  EXPECT_EQ(routes.Remove({{}, test::kLan, test::Ip(kPeer)}), Errno::kOk);
  EXPECT_THAT(Answer(Frame(Udp().From("2001:db8::1"))), IsEmpty());
  EXPECT_EQ(routes.Add({{}, test::kLan, test::Ip(kPeer)}), Errno::kOk);
  PacketPtr packet = MakePacket(Udp());
  const test::Drought drought(*pool, 0);
  EXPECT_THAT(Answer(std::move(packet)), IsEmpty());
  EXPECT_EQ(output.statistics().no_route, 2U);
}

// What we tell ourselves costs nobody anything: others cannot keep us from it by using it up.
TEST_F(ErrorOutputTest, ToOurselvesWithoutLimit) {
  for (int i = 0; i < 100; ++i) static_cast<void>(Answer(Frame(Udp())));
  EXPECT_EQ(output.statistics().sent, 10U);
  for (int i = 0; i < 100; ++i) static_cast<void>(Answer(Frame(Udp().From(kHost).To(kPeer))));
  EXPECT_EQ(output.statistics().sent, 110U);
  core.tunables().icmp6_error_rate = 0;
  EXPECT_THAT(Answer(Frame(Udp().From(kHost).To(kPeer))), IsEmpty());
}

// CVE-2020-25705: who sends from many prefixes, its own among them, and counts what comes back,
// learnt how many errors went to others in the meantime. The total is drawn down by a random amount
// each time, so that the same traffic gets different counts.
TEST_F(ErrorOutputTest, Cve202025705) {
  std::set<uint64_t> counts;
  for (int second = 0; second < 20; ++second) {
    const uint64_t before = output.statistics().sent;
    for (uint16_t i = 0; i < 200; ++i) {
      const auto from = Ipv6Address::FromGroups({0x2001, 0xdb8, 0, i, 0, 0, 0, 1});
      static_cast<void>(Answer(Frame(Udp().From(from))));
    }
    counts.insert(output.statistics().sent - before);
    clock.Advance(Duration::Seconds(1));
    core.Tick();
  }
  EXPECT_GE(counts.size(), 5U);
  EXPECT_GE(*counts.begin(), 25U);
  EXPECT_LE(*counts.rbegin(), 100U);
}

}  // namespace
}  // namespace sextant
