// SPDX-License-Identifier: BSD-3-Clause
// IPv6 input as a table: one row per rule of RFC 8200 §3, §4 and RFC 4291 §2.
#include "ip6/input.h"

#include "nd/rig.h"

namespace sextant {
namespace {

using test::Cut;
using test::Frame;
using test::Ip6;
using test::Poke;
using Next = ip6::Input::Next;
using Verdict = Verdict<Next>;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kTentative = "fd00:6::3";
constexpr const char* kPeer = "fd00:6::1";
constexpr uint8_t kTestProtocol = 253;

enum class Way { kWire, kLinkMulticast, kLooped };

struct InputCase {
  const char* name;
  const char* section;
  Frame packet;
  Verdict want;
  Way way = Way::kWire;
};

Ip6 Good() { return Ip6().From(kPeer).To(kHost).Udp(1000, 7, "hello"); }
std::vector<InputCase> Cases() {
  const Frame good = Good();
  // clang-format off
  return {
    {"PlainUdp",            "RFC 8200 §3",     good,                                                    Next::kUdp},
    {"PlainIcmp6",          "RFC 8200 §3",     Ip6().From(kPeer).To(kHost).Icmp6Echo(1, 1, "x"),        Next::kIcmp6},
    {"TrailingBytes",       "RFC 8200 §3",     test::Pad(good, 7),                                      Next::kUdp},
    {"HopLimitZero",        "RFC 8200 §3",     Good().HopLimit(0),                                      Next::kUdp},
    {"OneByteOfHeader",     "RFC 8200 §3",     Cut(good, 1),                                            DropReason::kIp6Truncated},
    {"HeaderOneByteShort",  "RFC 8200 §3",     Cut(good, 39),                                           DropReason::kIp6Truncated},
    {"PayloadOneByteShort", "RFC 8200 §3",     Cut(good, good.size() - 1),                              DropReason::kIp6Truncated},
    {"Version4",            "RFC 8200 §3",     Poke(good, 0, 0x40),                                     DropReason::kIp6BadVersion},
    {"Version7",            "RFC 8200 §3",     Poke(good, 0, 0x70),                                     DropReason::kIp6BadVersion},
    {"MulticastSource",     "RFC 4291 §2.7",   Good().From("ff02::1"),                                  DropReason::kIp6MulticastSource},
    {"LoopbackSource",      "RFC 4291 §2.5.3", Good().From("::1"),                                      DropReason::kIp6LoopbackFromWire},
    {"LoopbackDestination", "RFC 4291 §2.5.3", Good().To("::1"),                                        DropReason::kIp6LoopbackFromWire},
    {"MappedSource",        "RFC 4942 §2.2",   Good().From("::ffff:192.0.2.1"),                         DropReason::kIp6MappedFromWire},
    {"MappedDestination",   "RFC 4942 §2.2",   Good().To("::ffff:192.0.2.1"),                           DropReason::kIp6MappedFromWire},
    {"AlmostMappedSource",  "RFC 4942 §2.2",   Good().From("::fffe:192.0.2.1"),                         Next::kUdp},
    {"LoopbackLooped",      "RFC 4291 §2.5.3", Ip6().Udp(1, 7),                                         Next::kUdp, Way::kLooped},
    {"SomebodyElses",       "RFC 8200 §3",     Good().To("fd00:6::9"),                                  DropReason::kIp6NotForUs},
    {"OtherLinksLocal",     "RFC 4007 §6",     Good().To("fe80::9"),                                    DropReason::kIp6NotForUs},
    {"Tentative",           "RFC 4862 §5.4",   Good().To(kTentative),                                   DropReason::kIp6Tentative},
    {"LinkMulticastFrame",  "RFC 1122 §3.2.2", good,                                                    Next::kUdp, Way::kLinkMulticast},
    {"JoinedGroup",         "RFC 4291 §2.7",   Good().To("ff02::1"),                                    Next::kUdp},
    {"ForeignGroup",        "RFC 4291 §2.7",   Good().To("ff02::fb"),                                   DropReason::kIp6NotMember},
    {"ScopeZero",           "RFC 4291 §2.7",   Good().To("ff00::1"),                                    DropReason::kIp6MulticastScope},
    {"NodeScopeFromWire",   "RFC 4291 §2.7",   Good().To("ff01::1"),                                    DropReason::kIp6MulticastScope},
    {"NoNextHeader",        "RFC 8200 §4.7",   Ip6().From(kPeer).To(kHost),                             DropReason::kIp6NoNextHeader},
    {"HopByHop",            "RFC 8200 §4.3",   Good().Extension(0, {1, 4, 0, 0, 0, 0}),                 Next::kExtension},
    {"Routing",             "RFC 8200 §4.4",   Good().Extension(43, {0, 0, 0, 0, 0, 0}),                Next::kExtension},
    {"Fragment",            "RFC 8200 §4.5",   Good().Extension(44, {0, 0, 0, 0, 0, 0}),                Next::kExtension},
    {"DestinationOptions",  "RFC 8200 §4.6",   Good().Extension(60, {1, 4, 0, 0, 0, 0}),                Next::kExtension},
    {"UnknownUpperLayer",   "RFC 8200 §4",     Ip6().From(kPeer).To(kHost).Upper(kTestProtocol, "x"),   Next::kOther},
    {"TcpIsUnknownYet",     "RFC 8200 §4",     Ip6().From(kPeer).To(kHost).Upper(6, "x"),               Next::kOther},
  };
  // clang-format on
}

class Ip6InputTest : public test::Rig, public testing::WithParamInterface<InputCase> {
 protected:
  Ip6InputTest() {
    AddAddress(kHost, iface::AddressState::kPreferred);
    AddAddress(kTentative, iface::AddressState::kTentative);
    EXPECT_EQ(interfaces.loopback().AddAddress(
                  {Ipv6Address::Loopback(), 128, iface::AddressState::kPreferred}),
              Errno::kOk);
    EXPECT_EQ(lan().Join(Ipv6Address::AllNodes()), Errno::kOk);
  }
  Verdict JudgeIt(const InputCase& c) {
    PacketPtr packet = MakePacket(c.packet);
    Meta& meta = packet->meta();
    meta.interface = c.way == Way::kLooped ? uint16_t{1} : test::kLan;
    meta.looped = c.way == Way::kLooped;
    meta.link_multicast = c.way == Way::kLinkMulticast;
    const Verdict verdict = ip6::Input(interfaces, core.tunables()).Judge(*packet, meta);
    packet.Free();
    return verdict;
  }
};

TEST_P(Ip6InputTest, Judges) {
  const Verdict got = JudgeIt(GetParam());
  EXPECT_EQ(Describe(got.reason()).name, Describe(GetParam().want.reason()).name)
      << GetParam().section;
  EXPECT_EQ(got, GetParam().want) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, Ip6InputTest, testing::ValuesIn(Cases()), test::kNameOf);

TEST_F(Ip6InputTest, TellsAllNextHeadersApart) {
  for (int next = 0; next < 256; ++next) {
    Verdict want = Next::kOther;
    if (next == 17) want = Next::kUdp;
    if (next == 58) want = Next::kIcmp6;
    if (next == 59) want = DropReason::kIp6NoNextHeader;
    if (next == 0 || next == 43 || next == 44 || next == 60) want = Next::kExtension;
    const Ip6 packet = Ip6().From(kPeer).To(kHost).Upper(static_cast<uint8_t>(next), Frame(24));
    EXPECT_EQ(JudgeIt({"", "", packet, want}), want) << next;
  }
}

TEST_F(Ip6InputTest, DropsUnicastInLinkMulticastWhenTold) {
  core.tunables().ip6_accept_link_multicast = 0;
  const InputCase c{"", "", Good(), DropReason::kIp6LinkMulticast, Way::kLinkMulticast};
  EXPECT_EQ(JudgeIt(c), c.want);
}

TEST_F(Ip6InputTest, RecordsWhereTheUpperLayerLies) {
  PacketPtr packet = MakePacket(test::Pad(Good(), 9));
  Meta& meta = packet->meta();
  meta.interface = test::kLan;
  EXPECT_TRUE(ip6::Input(interfaces, core.tunables()).Judge(*packet, meta).passed());
  EXPECT_EQ(meta.upper_offset, 40);
  EXPECT_EQ(meta.upper_length, 8 + 5) << "bytes behind the payload are not ours";
  EXPECT_EQ(meta.upper, 17);
  packet.Free();
}

}  // namespace
}  // namespace sextant
