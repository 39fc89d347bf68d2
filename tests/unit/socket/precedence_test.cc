// SPDX-License-Identifier: BSD-3-Clause
// Which of several layers decides a field: every subset of the layers that can set it, so that all
// pairs and triples meet.
// RFC 3542 §6.7 and §4.2, requirement C-11: ancillary, sticky, basic, socket address.
// Owned by one Core.
#include "wire_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;

// One place from which a field can come. The value it gives is its own.
struct Layer {
  const char* name;
  Given sticky{};     // set with setsockopt(); type 0: none
  Given ancillary{};  // given to sendmsg()
  uint32_t zone = 0;  // sin6_scope_id
  std::string want;   // how the field reads when this layer decides
};

struct FieldCase {
  const char* name;
  const char* to;
  std::vector<Layer> layers;  // strongest first
  std::string otherwise;      // when no layer says anything; "-": is not sent
  std::string (*read)(const SentPacket& packet);
  std::vector<Given> before{};  // set in any case
};

std::string InterfaceOf(const SentPacket& packet) { return std::to_string(packet.interface); }
std::string HopLimitOf(const SentPacket& packet) { return std::to_string(packet.bytes[7]); }
std::string ClassOf(const SentPacket& packet) {
  return std::to_string((packet.bytes[0] & 15) << 4 | packet.bytes[1] >> 4);
}
std::string SourceOf(const SentPacket& packet) {
  return Ipv6Address(std::span(packet.bytes).subspan<8, 16>()).ToString();
}
std::string NextHopOf(const SentPacket& packet) { return packet.next_hop.ToString(); }
// The first byte of the option in the only header.
std::string HeaderOf(const SentPacket& packet) {
  return packet.upper_offset == 40 ? "none" : std::to_string(packet.bytes[44]);
}

Data Options(uint8_t mark) { return {0, 0, 0x1e, 4, mark, 0, 0, 0}; }
Data Route(uint8_t mark) {
  const in6_addr hop = socket::ToC(Ip(kPeerGlobal));
  Frame out{0, 4, 4, 1, 1, mark, 0, 0};
  out.resize(24);
  out.insert(out.end(), hop.s6_addr, hop.s6_addr + 16);
  return out;
}
std::string RouteFlagsOf(const SentPacket& packet) {
  return packet.upper_offset == 40 ? "none" : std::to_string(packet.bytes[45]);
}

Data StickyInfo(uint32_t interface) { return Info("::", interface); }

// clang-format off
const FieldCase kFields[] = {
    {"GroupInterface", "ff02::7", {
        {"AncillaryInfo",  {}, {IPV6_PKTINFO, StickyInfo(3)}, 0, "3"},
        {"StickyInfo",     {IPV6_PKTINFO, StickyInfo(4)}, {}, 0, "4"},
        {"MulticastIf",    {IPV6_MULTICAST_IF, Number(5)}, {}, 0, "5"},
        {"Zone",           {}, {}, 6, "6"},
     }, "2", InterfaceOf, {{IPV6_NEXTHOP, Neighbor("fe80::9", 7)}, {IPV6_UNICAST_IF, AsData(htonl(7))}}},
    {"UnicastInterface", "fe80::7", {
        {"AncillaryInfo",  {}, {IPV6_PKTINFO, StickyInfo(3)}, 0, "3"},
        {"StickyInfo",     {IPV6_PKTINFO, StickyInfo(4)}, {}, 0, "4"},
        {"UnicastIf",      {IPV6_UNICAST_IF, AsData(htonl(5))}, {}, 0, "5"},
        {"Zone",           {}, {}, 6, "6"},
     }, "-", InterfaceOf, {{IPV6_MULTICAST_IF, Number(7)}}},
    {"NextHopInterface", "fe80::7", {
        {"AncillaryHop",   {}, {IPV6_NEXTHOP, Neighbor("fe80::9", 3)}, 0, "3"},
        {"StickyHop",      {IPV6_NEXTHOP, Neighbor("fe80::9", 4)}, {}, 0, "4"},
        {"UnicastIf",      {IPV6_UNICAST_IF, AsData(htonl(5))}, {}, 0, "5"},
        {"Zone",           {}, {}, 6, "6"},
     }, "-", InterfaceOf},
    {"NextHop", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_NEXTHOP, Neighbor("fd00:6::a")}, 0, "fd00:6::a"},
        {"Sticky",         {IPV6_NEXTHOP, Neighbor("fd00:6::b")}, {}, 0, "fd00:6::b"},
     }, kPeerGlobal, NextHopOf},
    {"HopLimit", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_HOPLIMIT, Number(11)}, 0, "11"},
        {"Sticky",         {IPV6_PKTOPTIONS, ControlItem(IPV6_HOPLIMIT, Number(12))}, {}, 0, "12"},
        {"Basic",          {IPV6_UNICAST_HOPS, Number(13)}, {}, 0, "13"},
     }, "64", HopLimitOf, {{IPV6_MULTICAST_HOPS, Number(99)}}},
    {"GroupHopLimit", "ff02::7", {
        {"Ancillary",      {}, {IPV6_HOPLIMIT, Number(11)}, 0, "11"},
        {"Sticky",         {IPV6_PKTOPTIONS, ControlItem(IPV6_HOPLIMIT, Number(12))}, {}, 0, "12"},
        {"Basic",          {IPV6_MULTICAST_HOPS, Number(13)}, {}, 0, "13"},
     }, "1", HopLimitOf, {{IPV6_UNICAST_HOPS, Number(99)}}},
    {"TrafficClass", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_TCLASS, Number(0xb8)}, 0, "184"},
        {"Sticky",         {IPV6_TCLASS, Number(0x20)}, {}, 0, "32"},
     }, "0", ClassOf},
    {"Source", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_PKTINFO, Info("fd00:6::22", 0)}, 0, "fd00:6::22"},
        {"Sticky",         {IPV6_PKTINFO, Info("fd00:6::23", 0)}, {}, 0, "fd00:6::23"},
     }, kOurGlobal, SourceOf},
    {"HopByHop", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_HOPOPTS, Options(1)}, 0, "1"},
        {"Sticky",         {IPV6_HOPOPTS, Options(2)}, {}, 0, "2"},
     }, "none", HeaderOf},
    {"Destination", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_DSTOPTS, Options(1)}, 0, "1"},
        {"Sticky",         {IPV6_DSTOPTS, Options(2)}, {}, 0, "2"},
     }, "none", HeaderOf},
    {"Routing", kPeerGlobal, {
        {"Ancillary",      {}, {IPV6_RTHDR, Route(1)}, 0, "1"},
        {"Sticky",         {IPV6_RTHDR, Route(2)}, {}, 0, "2"},
     }, "none", RouteFlagsOf},
};
// clang-format on

class PrecedenceTest : public WireRig, public testing::WithParamInterface<FieldCase> {
 protected:
  PrecedenceTest() {
    for (const char* name : {"lan1", "lan2", "lan3", "lan4", "lan5"}) {
      iface::Interface* const added =
          graph().AddInterface(name, std::make_unique<IdleLink>(more_up_));
      SX_CHECK(added->RefreshLinkState() || added->is_up());
      SX_CHECK(graph().AddLinkLocal(*added, 0) == kOk);
    }
    for (const char* more : {"fd00:6::22/64", "fd00:6::23/64"}) {
      SX_CHECK(graph().AddAddress(lan(), *Ipv6Prefix::Parse(more), 0) == kOk);
    }
  }

  // Sends with the layers of `subset`; returns what decided.
  std::string Send(const FieldCase& field, size_t subset) {
    const int fd = OpenWire();
    // Sticky options first that replace all others.
    for (const bool all : {true, false}) {
      for (size_t i = 0; i < field.layers.size(); ++i) {
        const Given& sticky = field.layers[i].sticky;
        if ((subset >> i & 1) == 0 || sticky.type == 0) continue;
        if ((sticky.type == IPV6_PKTOPTIONS) != all) continue;
        EXPECT_EQ(SetWire(fd, sticky.type, sticky.value), kOk) << field.layers[i].name;
      }
    }
    for (const Given& option : field.before) {
      EXPECT_EQ(SetWire(fd, option.type, option.value), kOk);
    }
    std::vector<Given> ancillary;
    uint32_t zone = 0;
    for (size_t i = 0; i < field.layers.size(); ++i) {
      if ((subset >> i & 1) == 0) continue;
      if (field.layers[i].ancillary.type != 0) ancillary.push_back(field.layers[i].ancillary);
      zone = std::max(zone, field.layers[i].zone);
    }
    const Errno error = SendWire(fd, At(field.to, 7, zone), ancillary);
    const auto sent = TakeSent();
    EXPECT_EQ(wire().Close(fd), kOk);
    return error == kOk && sent.size() == 1 ? field.read(sent[0]) : "-";
  }

 private:
  bool more_up_ = true;
};

TEST_P(PrecedenceTest, StrongestOfEverySubsetDecides) {
  const FieldCase& field = GetParam();
  for (size_t subset = 0; subset < size_t{1} << field.layers.size(); ++subset) {
    std::string want = field.otherwise;
    std::string names;
    for (size_t i = field.layers.size(); i-- > 0;) {
      if ((subset >> i & 1) == 0) continue;
      want = field.layers[i].want;
      names = std::string(field.layers[i].name) + " " + names;
    }
    EXPECT_EQ(Send(field, subset), want) << names;
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, PrecedenceTest, testing::ValuesIn(kFields), kNameOf);

// Where a datagram goes with IPV6_NEXTHOP and SO_DONTROUTE.
struct SteerCase {
  const char* name;
  const char* section;
  const char* to;
  std::vector<Given> given;
  bool dont_route;
  Errno want;
  const char* next_hop;
};
// clang-format off
const SteerCase kSteerCases[] = {
    {"Routed",            "RFC 4861 §5.2", kPeerGlobal,     {}, false, kOk, kPeerGlobal},
    {"DontRouteNeighbor", "POSIX",         kPeerGlobal,     {}, true, kOk, kPeerGlobal},
    {"DontRouteBeyond",   "POSIX",         "2001:db8::1",   {}, true, Errno::kNetworkUnreachable, ""},
    {"DontRouteSelf",     "POSIX",         kOurGlobal,      {}, true, kOk, kOurGlobal},
    {"DontRouteGroup",    "POSIX",         "ff02::7",       {}, true, kOk, "ff02::7"},
    {"Neighbor",          "RFC 3542 §6.1", "2001:db8::1",   {{IPV6_NEXTHOP, Neighbor("fd00:6::a")}}, false, kOk, "fd00:6::a"},
    {"NoNeighbor",        "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("2001:db8::1")}}, false, Errno::kHostUnreachable, ""},
    {"Ourselves",         "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor(kOurGlobal)}}, false, Errno::kHostUnreachable, ""},
    {"Equal",             "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor(kPeerGlobal)}}, false, kOk, kPeerGlobal},
    {"EqualBeyond",       "RFC 3542 §6.1", "2001:db8::1",   {{IPV6_NEXTHOP, Neighbor("2001:db8::1")}}, false, Errno::kHostUnreachable, ""},
    {"NoZone",            "RFC 4007 §6",   kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("fe80::9")}}, false, Errno::kHostUnreachable, ""},
    {"Zone",              "RFC 4007 §6",   kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("fe80::9", kLan)}}, false, kOk, "fe80::9"},
    {"OtherThanInfo",     "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("fe80::9", kLan)}, {IPV6_PKTINFO, Info("::", 1)}}, false,
                          Errno::kHostUnreachable, ""},
    {"SameAsInfo",        "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("fe80::9", kLan)}, {IPV6_PKTINFO, Info("::", kLan)}}, false,
                          kOk, "fe80::9"},
    {"GroupIgnores",      "RFC 3542 §6.1", "ff02::7",       {{IPV6_NEXTHOP, Neighbor("fd00:6::a")}}, false, kOk, "ff02::7"},
    {"Cleared",           "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, {}}}, false, kOk, kPeerGlobal},
    {"Unspecified",       "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("::")}}, false, Errno::kInvalid, ""},
    {"Group",             "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Neighbor("ff02::7")}}, false, Errno::kInvalid, ""},
    {"Short",             "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Cut(Neighbor(kPeerGlobal), 23)}}, false, Errno::kInvalid, ""},
    {"Family",            "RFC 3542 §6.1", kPeerGlobal,     {{IPV6_NEXTHOP, Frame(28)}}, false, Errno::kFamilyNoSupport, ""},
    {"FreeSource",        "ipv6(7)",       kPeerGlobal,     {{IPV6_PKTINFO, Info("2001:db8::5", 0)}}, false, Errno::kAddressNotAvailable, ""},
};
// clang-format on

class SteerTest : public WireRig, public testing::WithParamInterface<SteerCase> {};

TEST_P(SteerTest, Goes) {
  const SteerCase& row = GetParam();
  for (const bool sticky : {false, true}) {
    const int fd = OpenWire();
    if (row.dont_route) {
      ASSERT_EQ(SetWire(fd, SO_DONTROUTE, Number(1), SOL_SOCKET), kOk);
    }
    Errno error = kOk;
    for (const Given& option : row.given) {
      if (sticky && error == kOk) error = SetWire(fd, option.type, option.value);
    }
    if (error == kOk) {
      error = SendWire(fd, At(row.to, 7), sticky ? std::vector<Given>() : row.given);
    }
    EXPECT_EQ(error, row.want) << row.section << (sticky ? " sticky" : " ancillary");
    const auto sent = TakeSent();
    if (row.want != kOk || sent.size() != 1) continue;
    EXPECT_EQ(sent[0].next_hop.ToString(), row.next_hop);
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, SteerTest, testing::ValuesIn(kSteerCases), kNameOf);

using SteeringTest = WireRig;

TEST_F(SteeringTest, FreeBindAndTransparentNeedNoAddressOfOurs) {
  for (const int option : {IPV6_FREEBIND, IPV6_TRANSPARENT}) {
    const int fd = OpenWire();
    EXPECT_EQ(SendWire(fd, At(kPeerGlobal, 7), {{IPV6_PKTINFO, Info("2001:db8::5", 0)}}),
              Errno::kAddressNotAvailable);
    const int free = OpenWire();
    EXPECT_EQ(SetWire(free, option, Number(1)), kOk);
    EXPECT_EQ(SendWire(free, At(kPeerGlobal, 7), {{IPV6_PKTINFO, Info("2001:db8::5", 0)}}), kOk);
    const auto sent = TakeSent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(SourceOf(sent[0]), "2001:db8::5");
    const int bound = OpenWire();
    const sockaddr_in6 foreign = At("2001:db8::5", 99);
    EXPECT_EQ(wire().Bind(bound, Cast(foreign), sizeof foreign), Errno::kAddressNotAvailable);
    EXPECT_EQ(SetWire(bound, option, Number(1)), kOk);
    EXPECT_EQ(wire().Bind(bound, Cast(foreign), sizeof foreign), kOk);
    EXPECT_EQ(wire().Close(bound), kOk);
  }
}

TEST_F(SteeringTest, PortRangesAreKept) {
  const int low = OpenWire();
  EXPECT_EQ(SetWire(low, IPV6_PORTRANGE, Number(IPV6_PORTRANGE_LOW)), kOk);
  EXPECT_EQ(SendWire(low, At(kPeerGlobal, 7)), kOk);
  EXPECT_EQ(PortOf(low), 1023);
  const int next = OpenWire();
  EXPECT_EQ(SetWire(next, IPV6_PORTRANGE, Number(IPV6_PORTRANGE_LOW)), kOk);
  EXPECT_EQ(SendWire(next, At(kPeerGlobal, 7)), kOk);
  EXPECT_EQ(PortOf(next), 1022);
  const int high = OpenWire();
  EXPECT_EQ(SetWire(high, IPV6_PORTRANGE, Number(IPV6_PORTRANGE_HIGH)), kOk);
  EXPECT_EQ(SendWire(high, At(kPeerGlobal, 7)), kOk);
  EXPECT_GE(PortOf(high), 49152);
  socket::Credentials caller;
  caller.net_bind = false;
  wire().set_caller(caller);
  const int refused = OpenWire();
  EXPECT_EQ(SetWire(refused, IPV6_PORTRANGE, Number(IPV6_PORTRANGE_LOW)), kOk);
  EXPECT_EQ(SendWire(refused, At(kPeerGlobal, 7)), Errno::kAccess);
  const sockaddr_in6 any = At("::", 0);
  EXPECT_EQ(wire().Bind(refused, Cast(any), sizeof any), Errno::kAccess);
}

TEST_F(SteeringTest, PreferencesThatContradict) {
  const int fd = OpenWire();
  EXPECT_EQ(GetWire(fd, IPV6_ADDR_PREFERENCES), Number(0x500));
  for (const int wrong : {0x1 | 0x2, 0x4 | 0x400, 0x8 | 0x800, 0x1 | 0x100}) {
    EXPECT_EQ(SetWire(fd, IPV6_ADDR_PREFERENCES, Number(wrong)), Errno::kInvalid) << wrong;
  }
  EXPECT_EQ(SetWire(fd, IPV6_ADDR_PREFERENCES, Number(0x2)), kOk);
  EXPECT_EQ(GetWire(fd, IPV6_ADDR_PREFERENCES), Number(0x402));
  EXPECT_EQ(SetWire(fd, IPV6_UNICAST_IF, Number(2)), Errno::kAddressNotAvailable);  // host order
  EXPECT_EQ(SetWire(fd, IPV6_UNICAST_IF, Pad(AsData(htonl(2)), 1)), Errno::kInvalid);
  EXPECT_EQ(SetWire(fd, IPV6_UNICAST_IF, AsData(htonl(2))), kOk);
  EXPECT_EQ(GetWire(fd, IPV6_UNICAST_IF), AsData(htonl(2)));
}

}  // namespace
}  // namespace sextant::test
