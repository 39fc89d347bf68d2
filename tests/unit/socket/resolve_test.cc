// SPDX-License-Identifier: BSD-3-Clause
// Which interface, source and header fields a datagram leaves with.
// Owned by one Core.
#include "socket/resolve.h"

#include "socket_rig.h"

namespace sextant::test {
namespace {

using socket::Destination;
using socket::Ip6Options;
using socket::Journey;
using socket::OpenSocket;
using socket::Purpose;

// What is set, and what comes out as "source interface hop-limit class" or the error.
struct ResolveCase {
  const char* name;
  const char* section;
  void (*set)(OpenSocket& socket, Ip6Options& options, Destination& to);
  const char* rfc;
  const char* on_linux;
};

void To(Destination& to, const char* address, uint32_t zone = 0) { to = {{Ip(address), 7}, zone}; }

constexpr const char* kFromLinkLocal = "fe80::ff:fe00:2 2 1 0";

// clang-format off
const ResolveCase kResolveCases[] = {
    {"Plain",              "RFC 6724 §5",      [](OpenSocket&, Ip6Options&, Destination& to) { To(to, kPeerGlobal); },
                           "fd00:6::2 2 64 0", "fd00:6::2 2 64 0"},
    {"Unspecified",        "RFC 3493 §3.8",    [](OpenSocket&, Ip6Options&, Destination& to) { To(to, "::"); },
                           "::1 1 64 0", "::1 1 64 0"},
    {"Zone",               "requirement C-11", [](OpenSocket&, Ip6Options&, Destination& to) { To(to, kPeerLinkLocal, kLan); },
                           "fe80::ff:fe00:2 2 64 0", "fe80::ff:fe00:2 2 64 0"},
    {"NoZone",             "RFC 4007 §6",      [](OpenSocket&, Ip6Options&, Destination& to) { To(to, kPeerLinkLocal); },
                           "ENETUNREACH", "ENETUNREACH"},
    {"ZoneFromInfo",       "requirement C-11", [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerLinkLocal); o.packet_info.interface = kLan; },
                           "fe80::ff:fe00:2 2 64 0", "fe80::ff:fe00:2 2 64 0"},
    {"InfoOverZone",       "requirement C-11", [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerLinkLocal, 1); o.packet_info.interface = kLan; },
                           "fe80::ff:fe00:2 2 64 0", "EINVAL"},
    {"GlobalZoneIgnored",  "RFC 3493 §3.3",    [](OpenSocket&, Ip6Options&, Destination& to) { To(to, kPeerGlobal, 9); },
                           "fd00:6::2 2 64 0", "fd00:6::2 2 64 0"},
    {"GroupDefault",       "RFC 3493 §5.2",    [](OpenSocket&, Ip6Options&, Destination& to) { To(to, "ff02::7"); },
                           kFromLinkLocal, kFromLinkLocal},
    {"GroupInterface",     "RFC 3493 §5.2",    [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, "ff02::7"); o.multicast_interface = 1; },
                           "::1 1 1 0", "::1 1 1 0"},
    {"GroupIfNotUnicast",  "RFC 3493 §5.2",    [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.multicast_interface = 1; },
                           "fd00:6::2 2 64 0", "fd00:6::2 2 64 0"},
    {"GroupIfOverZone",    "requirement C-11", [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, "ff02::7", 1); o.multicast_interface = kLan; },
                           kFromLinkLocal, "EINVAL"},
    {"InfoOverGroupIf",    "RFC 3542 §6.7",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, "ff02::7"); o.multicast_interface = 1; o.packet_info.interface = kLan; },
                           kFromLinkLocal, kFromLinkLocal},
    {"TiedElsewhere",      "socket(7)",
      [](OpenSocket& s, Ip6Options& o, Destination& to) { To(to, "ff02::7"); s.options.socket.device = kLan; o.packet_info.interface = 1; },
                           "EINVAL", "EINVAL"},
    {"TiedNoRoute",        "socket(7)",        [](OpenSocket& s, Ip6Options&, Destination& to) { To(to, kPeerGlobal); s.options.socket.device = 1; },
                           "ENETUNREACH", "ENETUNREACH"},
    {"InfoSource",         "RFC 3542 §6.2",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.packet_info.address = Ip(kOurLinkLocal); o.packet_info.interface = kLan; },
                           "fe80::ff:fe00:2 2 64 0", "fe80::ff:fe00:2 2 64 0"},
    {"InfoForeignSource",  "RFC 3542 §6.2",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.packet_info.address = Ip("fd00:6::9"); },
                           "EADDRNOTAVAIL", "EINVAL"},
    {"InfoZonelessSource", "RFC 3542 §6.2",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.packet_info.address = Ip(kOurLinkLocal); },
                           "EINVAL", "EINVAL"},
    {"LoopbackEscapes",    "RFC 4291 §2.5.3",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.packet_info.address = Ipv6Address::Loopback(); },
                           "EINVAL", "EINVAL"},
    {"UnicastHops",        "RFC 3493 §5.1",
      [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.unicast_hops = 3; o.multicast_hops = 4; },
                           "fd00:6::2 2 3 0", "fd00:6::2 2 3 0"},
    {"MulticastHops",      "RFC 3493 §5.2",    [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, "ff02::7"); o.unicast_hops = 3; o.multicast_hops = 0; },
                           "fe80::ff:fe00:2 2 0 0", "fe80::ff:fe00:2 2 0 0"},
    {"HopLimitOverHops",   "RFC 3542 §6.3",    [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.unicast_hops = 3; o.hop_limit = 0; },
                           "fd00:6::2 2 0 0", "fd00:6::2 2 0 0"},
    {"TrafficClass",       "RFC 3542 §6.5",    [](OpenSocket&, Ip6Options& o, Destination& to) { To(to, kPeerGlobal); o.traffic_class = 0xb8; },
                           "fd00:6::2 2 64 184", "fd00:6::2 2 64 184"},
    {"PortZero",           "Linux",            [](OpenSocket&, Ip6Options&, Destination& to) { to = {{Ip(kPeerGlobal), 0}, 0}; }, "EINVAL", "EINVAL"},
    {"Mapped",             "RFC 3493 §3.7",    [](OpenSocket&, Ip6Options&, Destination& to) { To(to, "::ffff:1.2.3.4"); }, "ENETUNREACH", "ENETUNREACH"},
};
// clang-format on

class ResolveTest : public SocketRig,
                    public testing::WithParamInterface<std::tuple<ResolveCase, ProfileName>> {};

TEST_P(ResolveTest, Decides) {
  const auto& [row, profile] = GetParam();
  socket::Environment environment{
      graph().core(), graph().interfaces(), graph().routes(),          graph().udp(),
      graph().raw(),  graph().outbox(),     socket::ProfileOf(profile)};
  OpenSocket socket;
  Ip6Options options;
  Destination to;
  row.set(socket, options, to);
  Journey journey;
  const Errno error = Resolve(environment, socket, options, to, Purpose::kSend, journey);
  const udp::Departure& departure = journey.departure;
  const route::Path* const path = journey.path;
  const std::string got =
      error != Errno::kOk
          ? strerrorname_np(static_cast<int>(error))
          : departure.source.address.ToString() + " " + std::to_string(path->interface) + " " +
                std::to_string(departure.hop_limit) + " " + std::to_string(departure.traffic_class);
  EXPECT_EQ(got, profile == ProfileName::kLinux ? row.on_linux : row.rfc) << row.section;
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, ResolveTest,
                         testing::Combine(testing::ValuesIn(kResolveCases),
                                          testing::Values(ProfileName::kRfc, ProfileName::kLinux)),
                         kNameOfCall);

TEST_F(SocketRig, TentativeSourceIsRefused) {
  // RFC 4862 §5.4: an address that is being checked is not used.
  EXPECT_EQ(graph().AddAddress(lan(), *Ipv6Prefix::Parse("fd00:6::5/64"), 1), Errno::kOk);
  EXPECT_EQ(Bind(Open(), At("fd00:6::5", 7)), Errno::kAddressNotAvailable);
}

}  // namespace
}  // namespace sextant::test
