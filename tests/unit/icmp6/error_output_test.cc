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

INSTANTIATE_TEST_SUITE_P(Rfc4443, MayAnswerTest, testing::ValuesIn(kMayCases), test::kNameOf);

}  // namespace
}  // namespace sextant
