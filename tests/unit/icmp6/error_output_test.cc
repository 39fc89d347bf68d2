// SPDX-License-Identifier: BSD-3-Clause
// When not to send an ICMPv6 error, as a table: RFC 4443 §2.4(e).
#include "icmp6/error_output.h"

#include <gtest/gtest.h>

#include "support/core.h"
#include "support/frames.h"
#include "support/seed.h"

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

}  // namespace
}  // namespace sextant
