// SPDX-License-Identifier: BSD-3-Clause
// One frame in: what becomes of it, what is answered, what the socket at port 7 gets.
// RFC 8200, RFC 4443, RFC 4861, RFC 4862, RFC 768, RFC 4291.
// Owned by one Core.
#include "packet/host_rig.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const Ip6 kFrom = Ip6().From(kPeer).To(kHost);
const Ip6 kUdp = kFrom.Udp(1000, 7, "hello");
const Ip6 kClosed = kFrom.Udp(1000, 9, "hello");
const Ip6 kEcho = kFrom.Icmp6Echo(1, 2, "hello");
const Ip6 kAsk =
    Ip6().From(kPeerLinkLocal).To("ff02::1:ff00:2").NeighborSolicitation(kHost, kPeerMac);
const Ip6 kProbe = Ip6().From("::").To("ff02::1:ff00:2").NeighborSolicitation(kHost);
const Frame kOptions = {1, 4, 0, 0, 0, 0};  // PadN, for the body of an extension header

Frame Error(uint8_t type, uint8_t code, const Frame& about) {
  return OnWire(kFrom.Icmp6(type, code, 0, about));
}
// A datagram that some socket here might have sent.
Frame Ours(uint16_t port) { return Ip6().From(kHost).To(kPeer).Udp(port, 53, "?"); }

struct InputCase {
  const char* name;
  const char* section;
  Frame in;
  const char* fate;
  Lines replies = {};
  Lines delivers = {};
};

// clang-format off
const InputCase kEthernetCases[] = {
    {"OtherType",       "RFC 2464 §3",       Ethernet(kHostMac, kPeerMac, kUdp, 0x0800),      "ethernet-unknown-type"},
    {"Vlan",            "RFC 2464 §3",       Ethernet(kHostMac, kPeerMac, kUdp, 0x8100),      "ethernet-unknown-type"},
    {"OtherStation",    "RFC 2464 §3",       Ethernet("02:00:00:00:00:99", kPeerMac, kUdp),   "ethernet-not-for-us"},
    {"UnicastInGroup",  "RFC 1122 §3.2.2",   Ethernet("33:33:00:00:00:01", kPeerMac, kUdp),   "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Broadcast",       "RFC 2464 §7",       Ethernet("ff:ff:ff:ff:ff:ff", kPeerMac, kUdp),   "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"RefusedInGroup",  "RFC 4443 §2.4(e)",  Ethernet("33:33:00:00:00:01", kPeerMac, kClosed), "refused udp-no-socket"},
    {"HeaderAlone",     "RFC 8200 §3",       Ethernet(kHostMac, kPeerMac, {}),                "ip6-truncated"},
};

const InputCase kIp6Cases[] = {
    {"Version4",        "RFC 8200 §3",       OnWire(Poke(kUdp, 0, 0x45)),                     "ip6-bad-version"},
    {"LengthBeyond",    "RFC 8200 §3",       OnWire(kUdp.PayloadLength(14)),                  "ip6-truncated"},
    {"LengthZero",      "RFC 8200 §3",       OnWire(kUdp.PayloadLength(0)),                   "udp-truncated"},
    {"TrailingPadding", "RFC 2464 §3",       OnWire(Pad(kUdp, 9)),                            "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"HopLimitZero",    "RFC 8200 §3",       OnWire(kUdp.HopLimit(0)),                        "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"NotForUs",        "RFC 8200 §3",       OnWire(kUdp.To("fd00:6::99")),                   "ip6-not-for-us"},
    {"ToUnspecified",   "RFC 4291 §2.5.2",   OnWire(kUdp.To("::")),                           "ip6-not-for-us"},
    {"NotMember",       "RFC 4291 §2.7",     OnWire(kUdp.To("ff02::99")),                     "ip6-not-member"},
    {"GroupAsSource",   "RFC 4291 §2.7",     OnWire(kUdp.From("ff02::1")),                    "ip6-multicast-source"},
    {"LoopbackSource",  "RFC 4291 §2.5.3",   OnWire(kUdp.From("::1")),                        "ip6-loopback-from-wire"},
    {"LoopbackTarget",  "RFC 4291 §2.5.3",   OnWire(kUdp.To("::1")),                          "ip6-loopback-from-wire"},
    {"MappedSource",    "RFC 4942 §2.2",     OnWire(kUdp.From("::ffff:192.0.2.1")),           "ip6-mapped-from-wire"},
    {"MappedTarget",    "RFC 4942 §2.2",     OnWire(kUdp.To("::ffff:192.0.2.1")),             "ip6-mapped-from-wire"},
    {"ScopeZero",       "RFC 4291 §2.7",     OnWire(kUdp.To("ff00::1")),                      "ip6-multicast-scope"},
    {"ScopeInterface",  "RFC 4291 §2.7",     OnWire(kUdp.To("ff01::1")),                      "ip6-multicast-scope"},
    {"NothingFollows",  "RFC 8200 §4.7",     OnWire(kFrom.Upper(59, "hello")),                "ip6-no-next-header"},
    {"MldReport",       "RFC 3810 §5.2",     OnWire(Ip6().From(kPeerLinkLocal).MldReport(4, "ff02::99")), "ip6-not-member"},
    {"UnknownNext",     "RFC 8200 §4",       OnWire(kFrom.Upper(253, "hello")),               "refused ip6-unknown-next-header",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem next-header pointer 6 (fd00:6::1 > fd00:6::2 hl 64 next-header 253 len 5)"}},
    {"UnknownInGroup",  "RFC 4443 §2.4(e)",  OnWire(kFrom.To("ff02::1").Upper(253, "hello")), "refused ip6-unknown-next-header"},
    {"UnknownFromNone", "RFC 4443 §2.4(e)",  OnWire(kFrom.From("::").Upper(253, "hello")),    "refused ip6-unknown-next-header"},
};

const Frame kUnknown10 = {0x9e, 0, 1, 2, 0, 0};
const Frame kUnknown11 = {0xde, 0, 1, 2, 0, 0};
const Frame kFirst = {0, 1, 0, 0, 0, 1};   // of a Fragment header: offset 0, more follow
const Frame kLater = {0, 8, 0, 0, 0, 1};   // offset 8, the last
const Frame kAtomic = {0, 0, 0, 0, 0, 1};

// A Parameter Problem that quotes the datagram to port 7 behind these headers.
Lines Told(const std::string& what, const std::string& headers, const std::string& to = kHost) {
  return {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem " + what + " (fd00:6::1 > " + to +
          " hl 64 " + headers + R"( udp 1000 > 7 "hello"))"};
}

const InputCase kExtensionCases[] = {
    {"HopByHop",        "RFC 8200 §4.3",     OnWire(kUdp.Extension(0, kOptions)),             "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Destination",     "RFC 8200 §4.6",     OnWire(kUdp.Extension(60, kOptions)),            "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Routing",         "RFC 8200 §4.4",     OnWire(kUdp.Extension(43, {0, 0, 0, 0, 0, 0})),  "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"AllOfThem",       "RFC 8200 §4.1",
     OnWire(kUdp.Extension(0, kOptions).Extension(60, kOptions).Extension(43, Frame(6)).Extension(44, kAtomic).Extension(60, kOptions)),
     "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Padded",          "RFC 2464 §3",       OnWire(Pad(kUdp.Extension(60, kOptions), 9)),    "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"ToGroup",         "RFC 8200 §4.3",     OnWire(kUdp.To("ff02::1").Extension(0, kOptions)), "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"BadChecksum",     "RFC 8200 §8.1",     OnWire(kUdp.Checksum(1).Extension(60, kOptions)), "udp-bad-checksum"},
    {"Echo",            "RFC 4443 §4.2",     OnWire(kEcho.Extension(0, kOptions).Extension(60, kOptions)), "delivered",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoInAtomic",    "RFC 6946 §4",       OnWire(kEcho.Extension(44, kAtomic)),            "delivered",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoToGroup",     "RFC 4443 §4.2",     OnWire(kEcho.From(kPeerLinkLocal).To("ff02::1").Extension(60, kOptions)), "delivered",
     {R"(fe80::ff:fe00:2 > fe80::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoByRouting",   "RFC 8200 §4.4",     OnWire(kEcho.Extension(43, Join({0, 0, 0, 0, 0, 0}, Frame(32)))), "delivered",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"NsInAtomic",      "RFC 6980 §5",       OnWire(kAsk.Extension(44, kAtomic)),             "nd-fragmented"},
    {"NsBehindOptions", "RFC 4861 §7.1.1",   OnWire(kAsk.Extension(60, kOptions)),            "delivered",
     {"fd00:6::2 > fe80::1 hl 255 icmp6 na target fd00:6::2 R=0 S=1 O=1 tlla 02:00:00:00:00:02"}},
    {"MldBehindAlert",  "RFC 3810 §5.1",     OnWire(kFrom.HopLimit(1).Icmp6(130, 0, 0, Frame(20)).Extension(0, {5, 2, 0, 0, 1, 0})), "mld-source"},
    {"PortClosed",      "RFC 4443 §3.1",     OnWire(kClosed.Extension(60, kOptions)),         "refused udp-no-socket",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 unreachable port (fd00:6::1 > fd00:6::2 hl 64 options udp 1000 > 9 "hello"))"}},
    {"NothingFollows",  "RFC 8200 §4.7",     OnWire(kFrom.Upper(59, "hello").Extension(60, kOptions)), "ip6-no-next-header"},
    {"UnknownNext",     "RFC 8200 §4",       OnWire(kFrom.Upper(253, "hello").Extension(60, kOptions)), "refused ip6-unknown-next-header",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem next-header pointer 40 (fd00:6::1 > fd00:6::2 hl 64 options next-header 253 len 5)"}},
    {"HopByHopSecond",  "RFC 8200 §4.1",     OnWire(kUdp.Extension(60, kOptions).Extension(0, kOptions)), "refused ip6-hop-by-hop-misplaced",
     Told("next-header pointer 40", "options hop-by-hop")},
    {"LengthZero",      "RFC 2675 §3",       OnWire(kUdp.Extension(0, kOptions).PayloadLength(0)), "refused ip6-payload-length-zero",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem field pointer 4 (fd00:6::1 > fd00:6::2 hl 64 hop-by-hop TRUNCATED TRAILING 21)"}},
    {"Option00",        "RFC 8200 §4.2",     OnWire(kUdp.Extension(60, {0x1e, 4, 1, 2, 3, 4})), "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Option01",        "RFC 8200 §4.2",     OnWire(kUdp.Extension(60, {0x5e, 4, 1, 2, 3, 4})), "ip6-unknown-option"},
    {"Option10",        "RFC 8200 §4.2",     OnWire(kUdp.Extension(60, kUnknown10)),          "refused ip6-unknown-option",
     Told("option pointer 42", "options")},
    {"Option11",        "RFC 8200 §4.2",     OnWire(kUdp.Extension(0, kUnknown11)),           "refused ip6-unknown-option",
     Told("option pointer 42", "hop-by-hop")},
    {"Option10ToGroup", "RFC 8200 §4.2",     OnWire(kUdp.To("ff02::1").Extension(0, kUnknown10)), "refused ip6-unknown-option",
     Told("option pointer 42", "hop-by-hop", "ff02::1")},
    {"Option11ToGroup", "RFC 8200 §4.2",     OnWire(kUdp.To("ff02::1").Extension(0, kUnknown11)), "ip6-unknown-option"},
    {"Option10InError", "RFC 4443 §2.4(e)",  OnWire(kFrom.Icmp6(1, 4, 0, Ours(7)).Extension(60, kUnknown10)), "refused ip6-unknown-option"},
    {"Option10InEcho",  "RFC 4443 §2.4(e)",  OnWire(kEcho.Extension(60, kUnknown10)),         "refused ip6-unknown-option",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem option pointer 42 (fd00:6::1 > fd00:6::2 hl 64 options icmp6 echo-request id 1 seq 2 "hello"))"}},
    {"Option10Later",   "RFC 4443 §2.4(e)",  OnWire(kUdp.Extension(60, kUnknown10).Extension(44, kLater)), "refused ip6-unknown-option"},
    {"Jumbo",           "RFC 2675 §3",       OnWire(kUdp.Extension(0, {0xc2, 4, 0, 1, 0, 0})), "refused ip6-jumbo",
     Told("option pointer 42", "hop-by-hop")},
    {"RouterAlertLong", "RFC 2711 §2.1",     OnWire(kUdp.Extension(0, {5, 4, 0, 0, 0, 0})),   "ip6-router-alert"},
    {"Padding",         "RFC 8504 §5.3",     OnWire(kUdp.Extension(60, {1, 4, 0, 0, 0, 1})),  "ip6-padding"},
    {"RoutingLeft",     "RFC 5095 §3",       OnWire(kUdp.Extension(43, {0, 1, 0, 0, 0, 0})),  "refused ip6-routing-type",
     Told("field pointer 42", "routing")},
    {"RoutingToGroup",  "RFC 8200 §4.4",     OnWire(kUdp.To("ff02::1").Extension(43, Frame(6))), "ip6-routing-multicast"},
    {"ThreeOfAKind",    "RFC 8504 §5.3",     OnWire(kUdp.Extension(60, kOptions).Extension(60, kOptions).Extension(60, kOptions)), "ip6-too-many-headers"},
    {"Atomic",          "RFC 6946 §4",       OnWire(kUdp.Extension(44, kAtomic)),             "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"AtomicTwice",     "RFC 8200 §4.5",     OnWire(kUdp.Extension(44, kAtomic).Extension(44, kAtomic)), "refused ip6-fragment-nested",
     Told("field pointer 48", "fragment 0 last fragment 0 last")},
    {"FragmentJumbo",   "RFC 2675 §3",       OnWire(kUdp.Extension(44, kFirst).PayloadLength(0)), "refused ip6-fragment-jumbo",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem field pointer 40 (fd00:6::1 > fd00:6::2 hl 64 fragment TRUNCATED)"}},
    {"FirstIncomplete", "RFC 7112 §5",       OnWire(kFrom.Upper(6, Frame(8)).Extension(44, kFirst)), "refused ip6-fragment-chain",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 parameter-problem chain pointer 0 (fd00:6::1 > fd00:6::2 hl 64 fragment 0 more next-header 6 len 8)"}},
};

const InputCase kIcmp6Cases[] = {
    {"Echo",            "RFC 4443 §4.2",     OnWire(kEcho),                                   "delivered",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoEmpty",       "RFC 4443 §4.2",     OnWire(kFrom.Icmp6Echo(1, 2)),                   "delivered",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 len 0"}},
    {"EchoLinkLocal",   "RFC 4443 §4.2",     OnWire(kEcho.From(kPeerLinkLocal).To(kHostLinkLocal)), "delivered",
     {R"(fe80::ff:fe00:2 > fe80::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoFromAfar",    "RFC 4443 §4.2",     OnWire(kEcho.From("2001:db8::1")),               "delivered",
     {R"(fd00:6::2 > 2001:db8::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoAllNodes",    "RFC 4443 §4.2",     OnWire(kEcho.From(kPeerLinkLocal).To("ff02::1")), "delivered",
     {R"(fe80::ff:fe00:2 > fe80::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoPadded",      "RFC 2464 §3",       OnWire(Pad(kEcho, 9)),                           "delivered",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 "hello")"}},
    {"EchoLargest",     "RFC 2464 §2",       OnWire(kFrom.Icmp6Echo(1, 2, Pattern(1452))),    "delivered",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 echo-reply id 1 seq 2 len 1452"}},
    {"EchoFromNone",    "RFC 4443 §4.2",     OnWire(kEcho.From("::")),                        "icmp6-unspecified-source"},
    {"EchoBadChecksum", "RFC 4443 §2.3",     OnWire(kEcho.Checksum(1)),                       "icmp6-bad-checksum"},
    {"EchoUnasked",     "RFC 4443 §4.2",     OnWire(kFrom.Icmp6EchoReply(1, 2, "hello")),     "icmp6-echo-unsolicited"},
    {"UnknownType",     "RFC 4443 §2.4(b)",  OnWire(kFrom.Icmp6(200, 0)),                     "icmp6-unknown-type"},
    {"UnknownError",    "RFC 4443 §2.4(a)",  Error(100, 0, Ours(7)),                          "delivered"},
    {"ErrorOfNobody",   "RFC 4443 §2.4(d)",  Error(1, 4, Ours(4444)),                         "icmp6-error-not-ours"},
    {"ErrorOfOthers",   "RFC 4443 §2.4(d)",  Error(1, 4, Ip6().From(kPeer).To(kHost).Udp(7, 7)), "icmp6-error-not-ours"},
    {"ErrorAboutEcho",  "RFC 4443 §2.4(d)",  Error(1, 0, Ip6().From(kHost).To(kPeer).Icmp6Echo(1, 2)), "icmp6-error-not-ours"},
    {"ErrorTooShort",   "RFC 4443 §2.4(c)",  Error(1, 4, Cut(Ours(7), 47)),                   "icmp6-error-short"},
    {"ErrorEmpty",      "RFC 4443 §2.4(c)",  Error(1, 4, {}),                                 "icmp6-error-short"},
    {"Redirect",        "RFC 4861 §8",       OnWire(kFrom.HopLimit(255).Icmp6(137, 0, 0, Frame(32))), "nd-not-yet"},
    {"RouterAdvert",    "RFC 4861 §6",       OnWire(kFrom.HopLimit(255).Icmp6(134, 0, 0, Frame(8))),  "nd-not-yet"},
    {"MldQuery",        "RFC 3810 §5.1",     OnWire(kFrom.HopLimit(1).Icmp6(130, 0, 0, Frame(20))),   "mld-no-router-alert"},
};

const InputCase kNeighborCases[] = {
    {"Solicited",       "RFC 4861 §7.2.4",   OnWire(kAsk),                                    "delivered",
     {"fd00:6::2 > fe80::1 hl 255 icmp6 na target fd00:6::2 R=0 S=1 O=1 tlla 02:00:00:00:00:02"}},
    {"ByUnicast",       "RFC 4861 §7.2.4",   OnWire(kAsk.To(kHost)),                          "delivered",
     {"fd00:6::2 > fe80::1 hl 255 icmp6 na target fd00:6::2 R=0 S=1 O=1 tlla 02:00:00:00:00:02"}},
    {"Defended",        "RFC 4862 §5.4.3",   OnWire(kProbe),                                  "delivered",
     {"fd00:6::2 > ff02::1 hl 255 icmp6 na target fd00:6::2 R=0 S=0 O=1 tlla 02:00:00:00:00:02"}},
    {"OfAnother",       "RFC 4861 §7.2.3",   OnWire(kFrom.NeighborSolicitation("fd00:6::99", kPeerMac)), "nd-not-our-target"},
    {"FromBeyond",      "RFC 4861 §7.1.1",   OnWire(kAsk.HopLimit(254)),                      "nd-hop-limit"},
    {"BadChecksum",     "RFC 4861 §7.1.1",   OnWire(kAsk.Checksum(1)),                        "icmp6-bad-checksum"},
    {"ZeroOption",      "RFC 4861 §7.1.1",   OnWire(kAsk.Append({1, 0, 0, 0, 0, 0, 0, 0})),   "nd-bad-option"},
    {"ProbeToUnicast",  "RFC 4861 §7.1.1",   OnWire(kProbe.To(kHost)),                        "nd-bad-destination"},
    {"FromOurselves",   "RFC 4862 §5.4.5",   OnWire(kAsk.From(kHostLinkLocal)),               "nd-own-source"},
    {"Unsolicited",     "RFC 4861 §7.2.5",   OnWire(kFrom.NeighborAdvertisement(kUnknownPeer, kOverrideFlag, kPeerMac)), "nd-unsolicited"},
    {"SolicitedToAll",  "RFC 4861 §7.1.2",   OnWire(kFrom.To("ff02::1").NeighborAdvertisement(kPeer, kSolicitedFlag, kPeerMac)), "nd-bad-destination"},
    {"Confirmed",       "RFC 4861 §7.2.5",   OnWire(kFrom.NeighborAdvertisement(kPeer, kSolicitedFlag, kPeerMac)), "delivered"},
};

const InputCase kUdpCases[] = {
    {"Plain",           "RFC 768",           OnWire(kUdp),                                    "delivered", {}, {"fd00:6::1 1000 hello"}},
    {"Empty",           "RFC 768",           OnWire(kFrom.Udp(1000, 7)),                      "delivered", {}, {"fd00:6::1 1000 "}},
    {"FromPortZero",    "RFC 768",           OnWire(kFrom.Udp(0, 7, "hello")),                "delivered", {}, {"fd00:6::1 0 hello"}},
    {"FromNobody",      "RFC 4291 §2.5.2",   OnWire(kUdp.From("::")),                         "delivered", {}, {":: 1000 hello"}},
    {"BadChecksum",     "RFC 8200 §8.1",     OnWire(kUdp.Checksum(1)),                        "udp-bad-checksum"},
    {"NoChecksum",      "RFC 8200 §8.1",     OnWire(kUdp.Checksum(0)),                        "udp-no-checksum"},
    {"LengthSeven",     "RFC 768",           OnWire(FixChecksum(Poke16(kUdp, 44, 7))),        "udp-truncated"},
    {"LengthZero",      "RFC 2675 §4",       OnWire(FixChecksum(Poke16(kUdp, 44, 0))),        "udp-truncated"},
    {"LengthBeyond",    "RFC 768",           OnWire(FixChecksum(Poke16(kUdp, 44, 14))),       "udp-truncated"},
    {"LengthShorter",   "RFC 768",           OnWire(FixChecksum(Poke16(kUdp, 44, 10))),       "delivered", {}, {"fd00:6::1 1000 he"}},
    {"PortClosed",      "RFC 4443 §3.1",     OnWire(kClosed),                                 "refused udp-no-socket",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 unreachable port (fd00:6::1 > fd00:6::2 hl 64 udp 1000 > 9 "hello"))"}},
    {"ClosedLinkLocal", "RFC 4443 §2.2",     OnWire(kClosed.From(kPeerLinkLocal).To(kHostLinkLocal)), "refused udp-no-socket",
     {R"(fe80::ff:fe00:2 > fe80::1 hl 64 icmp6 unreachable port (fe80::1 > fe80::ff:fe00:2 hl 64 udp 1000 > 9 "hello"))"}},
    {"ClosedPadded",    "RFC 4443 §2.4(c)",  OnWire(Pad(kClosed, 9)),                         "refused udp-no-socket",
     {R"(fd00:6::2 > fd00:6::1 hl 64 icmp6 unreachable port (fd00:6::1 > fd00:6::2 hl 64 udp 1000 > 9 "hello"))"}},
    {"ClosedLargest",   "RFC 4443 §2.4(c)",  OnWire(kFrom.Udp(1000, 9, Pattern(1452))),       "refused udp-no-socket",
     {"fd00:6::2 > fd00:6::1 hl 64 icmp6 unreachable port (fd00:6::1 > fd00:6::2 hl 64 udp 1000 > 9 len 1184)"}},
    {"ClosedFromNobody", "RFC 4443 §2.4(e)", OnWire(kClosed.From("::")),                      "refused udp-no-socket"},
    {"ClosedGroup",     "RFC 4443 §2.4(e)",  OnWire(kClosed.To("ff02::1")),                   "udp-no-socket-multicast"},
    {"Group",           "RFC 4291 §2.7",     OnWire(kUdp.To("ff02::1")),                      "delivered", {}, {"fd00:6::1 1000 hello"}},
};
// clang-format on

class InputTest : public testing::TestWithParam<InputCase> {
 protected:
  void Check(const LinkCapabilities& capabilities) {
    SCOPED_TRACE(GetParam().section);
    HostRig rig(HostRig::Options{.capabilities = capabilities});
    TestSocket socket(rig, 7);
    rig.Hear(GetParam().in);
    EXPECT_THAT(rig.Fates(), ElementsAre(GetParam().fate));
    EXPECT_THAT(rig.Sent(), ElementsAreArray(GetParam().replies));
    EXPECT_THAT(socket.Received(), ElementsAreArray(GetParam().delivers));
  }
};

TEST_P(InputTest, MeetsItsFate) { Check({}); }
// A link that verifies and finishes checksums changes nothing that can be seen.
TEST_P(InputTest, MeetsItWithOffloads) {
  Check({.receive_checksum = true, .transmit_checksum = true});
}
INSTANTIATE_TEST_SUITE_P(Ethernet, InputTest, testing::ValuesIn(kEthernetCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Ip6, InputTest, testing::ValuesIn(kIp6Cases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Extension, InputTest, testing::ValuesIn(kExtensionCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Icmp6, InputTest, testing::ValuesIn(kIcmp6Cases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Neighbor, InputTest, testing::ValuesIn(kNeighborCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Udp, InputTest, testing::ValuesIn(kUdpCases), kNameOf);

// Cut at every length, as the wire would and as the IPv6 header may admit.

struct CutCase {
  const char* name;
  const char* section;
  Frame packet;
  size_t shortest;  // what of it is still a packet of its kind, if the IPv6 header agrees
  const char* fate;
};

// clang-format off
const CutCase kCutCases[] = {
    {"Udp",           "RFC 768",         kUdp,                                 53, "udp-truncated"},
    {"Echo",          "RFC 4443 §4.1",   kEcho,                                48, "icmp6-truncated"},
    {"Error",         "RFC 4443 §2.1",   kFrom.Icmp6(1, 4, 0, Ours(7)),        96, "icmp6-error-short"},
    {"Solicitation",  "RFC 4861 §4.3",   kAsk,                                 64, "nd-truncated"},
    {"Advertisement", "RFC 4861 §4.4",
     kFrom.NeighborAdvertisement(kPeer, kSolicitedFlag, kPeerMac),             64, "nd-truncated"},
};
// clang-format on

class CutTest : public testing::TestWithParam<CutCase> {};

TEST_P(CutTest, OnTheWire) {
  SCOPED_TRACE(GetParam().section);
  HostRig rig;
  TestSocket socket(rig, 7);
  const Frame whole = OnWire(GetParam().packet);
  for (size_t size = 1; size < whole.size(); ++size) {
    rig.Hear(Cut(whole, size));
    EXPECT_THAT(rig.Fates(), ElementsAre(size < 14 ? "ethernet-truncated" : "ip6-truncated"))
        << size;
  }
  EXPECT_THAT(rig.Sent(), IsEmpty());
  EXPECT_THAT(socket.Received(), IsEmpty());
}

TEST_P(CutTest, BeforeItWasSent) {
  SCOPED_TRACE(GetParam().section);
  HostRig rig;
  TestSocket socket(rig, 7);
  for (size_t size = 40; size < GetParam().shortest; ++size) {
    const Frame cut = Poke16(Cut(GetParam().packet, size), 4, static_cast<uint16_t>(size - 40));
    rig.Hear(OnWire(FixChecksum(cut)));
    const Lines fates = rig.Fates();
    ASSERT_EQ(fates.size(), 1U) << size;
    // Below the header that all ICMPv6 messages share it is that which is truncated.
    EXPECT_TRUE(fates[0] == GetParam().fate || (size < 48 && fates[0] == "icmp6-truncated"))
        << size << ' ' << fates[0];
  }
  EXPECT_THAT(rig.Sent(), IsEmpty());
  EXPECT_THAT(socket.Received(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Everywhere, CutTest, testing::ValuesIn(kCutCases), kNameOf);

}  // namespace
}  // namespace sextant::test
