// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/option_table.h"

#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "sextant/socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

using O6 = Ip6Options;
using OS = SocketOptions;
constexpr int kIp6 = IPPROTO_IPV6;
constexpr int kIcmp6 = IPPROTO_ICMPV6;
constexpr auto kNone = Needs::kNothing;
constexpr uint8_t kEveryWay = kSticky | kAncillary;
constexpr uint8_t kUnconnected = kDatagram | kRaw;
constexpr ValueType kGroup = Struct(sizeof(ipv6_mreq), "struct ipv6_mreq");
constexpr ValueType kMtuInfo = Struct(sizeof(ip6_mtuinfo), "struct ip6_mtuinfo");
constexpr ValueType kOptionsHeader = Sized("extension header");
constexpr ValueType kRoutingHeader = Sized("struct ip6_rthdr");
constexpr ValueType kNeighbor = Sized("struct sockaddr_in6");
constexpr ValueType kSwitch = Sized("int, or as by its RFC 3542 name");
constexpr ValueType kItems = Sized("control messages");
constexpr ValueType kBits = Struct(sizeof(int), "int, IPV6_PREFER_SRC_*");
constexpr ValueType kNetIndex = Struct(sizeof(int), "interface index in network order");
constexpr Storage kPlanned = {nullptr, nullptr};
constexpr auto kByRaw = Needs::kNetRaw;
constexpr ValueType kFilter = Struct(0, "struct icmp6_filter");
constexpr ValueType kInfo = Struct(sizeof(in6_pktinfo), "struct in6_pktinfo");

// clang-format off
constexpr auto kRows = std::to_array<OptionRow>({
  // name                  level       id                    value             uses        sockets       needs  stored in
    {"SO_REUSEADDR",        SOL_SOCKET, SO_REUSEADDR,        Flag(),           kProperty,  kAny,         kNone, {SetReuseAddress, GetReuseAddress},
     "bind() may share a port with other sockets that have it set"},
    {"SO_TYPE",             SOL_SOCKET, SO_TYPE,             Int(0, kMaxInt),  kProperty,  kUnconnected, kNone, {nullptr, GetSocketType}, "read only"},
    {"SO_ERROR",            SOL_SOCKET, SO_ERROR,            Int(0, kMaxInt),  kProperty,  kAny,         kNone,
     {nullptr, GetPendingError}, "read only; reading clears it"},
    {"SO_SNDBUF",           SOL_SOCKET, SO_SNDBUF,           Int(0, kMaxInt),  kProperty,  kAny,         kNone, {SetSendBuffer, Store<&OS::send_buffer>().get},
     "the longest datagram that is sent; brought into the range of the tunables"},
    {"SO_RCVBUF",           SOL_SOCKET, SO_RCVBUF,           Int(0, kMaxInt),  kProperty,  kAny,         kNone,
     {SetReceiveBuffer, Store<&OS::receive_buffer>().get},
     "bytes of packet buffers that may wait; brought into the range of the tunables"},
    {"SO_REUSEPORT",        SOL_SOCKET, SO_REUSEPORT,        Flag(),           kProperty,  kAny,         kNone, {SetReusePort, GetReusePort},
     "sockets of one user share a port; each flow stays with one of them"},
    {"SO_RCVTIMEO",         SOL_SOCKET, SO_RCVTIMEO,         Time(),           kProperty,  kAny,         kNone, {SetReceiveTimeout, GetReceiveTimeout}, {}},
    {"SO_SNDTIMEO",         SOL_SOCKET, SO_SNDTIMEO,         Time(),           kProperty,  kAny,         kNone, {SetSendTimeout, GetSendTimeout},
     "kept; sending never waits"},
    {"SO_BINDTODEVICE",     SOL_SOCKET, SO_BINDTODEVICE,     Text(IFNAMSIZ),   kProperty,  kAny,         kNone, {SetDevice, GetDevice},
     "sends and receives by this interface only"},
    {"SO_ACCEPTCONN",       SOL_SOCKET, SO_ACCEPTCONN,       Flag(),           kProperty,  kAny,         kNone, Always<0>(), "read only"},
    {"SO_PROTOCOL",         SOL_SOCKET, SO_PROTOCOL,         Int(0, kMaxInt),  kProperty,  kUnconnected, kNone, {nullptr, GetSocketProtocol}, "read only"},
    {"SO_DOMAIN",           SOL_SOCKET, SO_DOMAIN,           Int(0, kMaxInt),  kProperty,  kAny,         kNone, Always<AF_INET6>(), "read only"},

    {"IPV6_UNICAST_HOPS",   kIp6,       IPV6_UNICAST_HOPS,   Int(-1, 255),     kProperty,  kAny,         kNone,
     {Store<&O6::unicast_hops>().set, GetUnicastHops},
     "-1: the tunable hop_limit"},
    {"IPV6_MULTICAST_IF",   kIp6,       IPV6_MULTICAST_IF,   Index(),          kProperty,  kUnconnected, kNone,
     {SetMulticastInterface, Store<&O6::multicast_interface>().get},
     "0: the first interface that is up"},
    {"IPV6_MULTICAST_HOPS", kIp6,       IPV6_MULTICAST_HOPS, Int(-1, 255),     kProperty,  kUnconnected, kNone,
     {Store<&O6::multicast_hops>().set, GetMulticastHops},
     "-1: the tunable multicast_hop_limit; 0 stays in this host"},
    {"IPV6_MULTICAST_LOOP", kIp6,       IPV6_MULTICAST_LOOP, Byte(),           kProperty,  kAny,         kNone, Store<&O6::multicast_loop>(),
     "members in this host get a copy; set by the sender"},
    {"IPV6_JOIN_GROUP",     kIp6,       IPV6_JOIN_GROUP,     kGroup,           kProperty,  kUnconnected, kNone, {JoinGroup, nullptr},
     "write only; ends with the socket"},
    {"IPV6_LEAVE_GROUP",    kIp6,       IPV6_LEAVE_GROUP,    kGroup,           kProperty,  kUnconnected, kNone, {LeaveGroup, nullptr}, "write only"},
    {"IPV6_V6ONLY",         kIp6,       IPV6_V6ONLY,         Flag(),           kProperty,  kAny,         kNone, {SetV6Only, Store<&O6::v6_only>().get},
     "before bind() only; of raw sockets read only"},
    {"IPV6_RECVPKTINFO",    kIp6,       IPV6_RECVPKTINFO,    Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_packet_info>(), {}},
    {"IPV6_PKTINFO",        kIp6,       IPV6_PKTINFO,        kInfo,            kEveryWay,  kAny,         kNone, {SetPacketInfo, GetPacketInfo},
     "source address and outgoing interface; all zero clears"},
    {"IPV6_RECVHOPLIMIT",   kIp6,       IPV6_RECVHOPLIMIT,   Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_hop_limit>(), {}},
    {"IPV6_HOPLIMIT",       kIp6,       IPV6_HOPLIMIT,       Int(-1, 255),     kAncillary, kUnconnected, kNone, Store<&O6::hop_limit>(),
     "-1: as IPV6_UNICAST_HOPS or IPV6_MULTICAST_HOPS say"},
    {"IPV6_RECVTCLASS",     kIp6,       IPV6_RECVTCLASS,     Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_traffic_class>(), {}},
    {"IPV6_TCLASS",         kIp6,       IPV6_TCLASS,         Int(-1, 255),     kEveryWay,  kAny,         kNone,
     {Store<&O6::traffic_class>().set, GetTrafficClass},
     "-1: 0"},

    {"IPV6_RECVERR",        kIp6,       IPV6_RECVERR,        Flag(),           kProperty,  kAny,         kNone, {SetReceiveErrors, GetReceiveErrors},
     "errors about sent datagrams wait for recvmsg(MSG_ERRQUEUE), and unconnected sockets get them as pending errors too; 0 forgets what waits"},
    {"IPV6_RECVERR_RFC4884",kIp6,       IPV6_RECVERR_RFC4884,Int(0, 1),        kProperty,  kAny,         kNone, Store<&O6::receive_errors_rfc4884>(),
     "ee_rfc4884 then tells where an extension structure lies behind the quoted payload"},
    {"IPV6_MTU_DISCOVER",   kIp6,       IPV6_MTU_DISCOVER,   Int(0, 5),        kProperty,  kAny,         kNone, Store<&O6::mtu_discover>(),
     "0, 1: fragment to the path MTU; 2: EMSGSIZE above it; 3, 4: EMSGSIZE above the link's; 5: fragment to the link's"},
    {"IPV6_MTU",            kIp6,       IPV6_MTU,            Int(0, kMaxInt),  kProperty,  kAny,         kNone, {SetMtu, GetMtu},
     "set: fragments are no longer than this, 0 or 1280 and more; get: the path MTU to the peer, else ENOTCONN"},
    {"IPV6_RECVPATHMTU",    kIp6,       IPV6_RECVPATHMTU,    Flag(),           kProperty,  kUnconnected, kNone,
     {SetReceivePathMtu, GetReceivePathMtu},
     "behind the data that waits, recvmsg() returns 0 bytes and an item IPV6_PATHMTU for each destination whose path MTU became known"},
    {"IPV6_PATHMTU",        kIp6,       IPV6_PATHMTU,        kMtuInfo,         kProperty,  kAny,         kNone, {nullptr, GetPathMtu},
     "read only; ENOTCONN without a peer, EINVAL for a shorter buffer"},
    {"IPV6_DONTFRAG",       kIp6,       IPV6_DONTFRAG,       Flag(),           kEveryWay,  kAny,         kNone, Store<&O6::dont_fragment>(),
     "rfc: what exceeds the link's MTU is dropped and counted; linux: EMSGSIZE above the path MTU"},
    {"IPV6_USE_MIN_MTU",    kIp6,       IPV6_USE_MIN_MTU,    Int(-1, 1),       kEveryWay,  kAny,         kNone, Store<&O6::use_min_mtu>(),
     "1: packets of 1280 bytes at most; -1: only those to groups (linux: as 0); 0: the path MTU"},
    {"IPV6_RECVFRAGSIZE",   kIp6,       IPV6_RECVFRAGSIZE,   Flag(),           kProperty,  kUnconnected, kNone, Store<&O6::receive_fragment_size>(), {}},

    {"SO_DONTROUTE",        SOL_SOCKET, SO_DONTROUTE,        Flag(),           kProperty,  kAny,         kNone, Store<&OS::dont_route>(),
     "to neighbors only, else ENETUNREACH"},
    {"IPV6_NEXTHOP",        kIp6,       IPV6_NEXTHOP,        kNeighbor,        kEveryWay,  kAny,         kByRaw, {SetNextHop, GetNextHop},
     "a neighbor, else EHOSTUNREACH when sending; nothing to groups; the destination itself: as SO_DONTROUTE; length 0 clears"},
    {"IPV6_HOPOPTS",        kIp6,       IPV6_HOPOPTS,        kOptionsHeader,   kEveryWay,  kAny,         kByRaw,
     {SetHopByHop, GetHeader<HeaderPlace::kHopByHop>},
     "length 0 clears, as ancillary data hides the sticky one (linux: EINVAL)"},
    {"IPV6_RTHDRDSTOPTS",   kIp6,       IPV6_RTHDRDSTOPTS,   kOptionsHeader,   kEveryWay,  kAny,         kByRaw,
     {SetFirstDestination, GetHeader<HeaderPlace::kFirstDestination>}, "sent only with a routing header"},
    {"IPV6_RTHDR",          kIp6,       IPV6_RTHDR,          kRoutingHeader,   kEveryWay,  kAny,         kNone,
     {SetRouting, GetHeader<HeaderPlace::kRouting>},
     "type 4 only: RFC 5095 has ended type 0, which is EINVAL against RFC 3542; linux: not as ancillary data"},
    {"IPV6_DSTOPTS",        kIp6,       IPV6_DSTOPTS,        kOptionsHeader,   kEveryWay,  kAny,         kByRaw,
     {SetDestination, GetHeader<HeaderPlace::kDestination>}, {}},
    {"IPV6_RECVHOPOPTS",    kIp6,       IPV6_RECVHOPOPTS,    Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_hop_by_hop>(), {}},
    {"IPV6_RECVDSTOPTS",    kIp6,       IPV6_RECVDSTOPTS,    Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_destination>(), {}},
    {"IPV6_RECVRTHDR",      kIp6,       IPV6_RECVRTHDR,      Flag(),           kProperty,  kAny,         kNone, Store<&O6::receive_routing>(), "of any type"},
    {"IPV6_RECVORIGDSTADDR",kIp6,       IPV6_RECVORIGDSTADDR,Flag(),           kProperty,  kUnconnected, kNone, Store<&O6::receive_original_destination>(), {}},

    {"IPV6_2292PKTINFO",    kIp6,       IPV6_2292PKTINFO,    kSwitch,          kEveryWay,  kAny,         kNone, {SetOldPacketInfo, GetOldPacketInfo},
     "4 bytes switch the received item on or off; else as IPV6_PKTINFO"},
    {"IPV6_2292HOPLIMIT",   kIp6,       IPV6_2292HOPLIMIT,   kSwitch,          kEveryWay,  kAny,         kNone, {SetOldHopLimit, GetOldHopLimit},
     "set: switches the received item; ancillary: as IPV6_HOPLIMIT"},
    {"IPV6_2292HOPOPTS",    kIp6,       IPV6_2292HOPOPTS,    kSwitch,          kEveryWay,  kAny,         kNone, {SetOldHopByHop, GetOldHopByHop},
     "as IPV6_2292PKTINFO; CAP_NET_RAW for both (linux: not for the switch)"},
    {"IPV6_2292DSTOPTS",    kIp6,       IPV6_2292DSTOPTS,    kSwitch,          kEveryWay,  kAny,         kNone, {SetOldDestination, GetOldDestination},
     "the same; given before IPV6_2292RTHDR it is sent before the routing header"},
    {"IPV6_2292RTHDR",      kIp6,       IPV6_2292RTHDR,      kSwitch,          kEveryWay,  kAny,         kNone, {SetOldRouting, GetOldRouting},
     "as IPV6_2292PKTINFO; CAP_NET_RAW for the switch (linux: not)"},
    {"IPV6_PKTOPTIONS",     kIp6,       IPV6_2292PKTOPTIONS, kItems,           kProperty,  kAny,         kNone, {SetPacketOptions, GetPacketOptions},
     "set: all sticky options at once, as for sendmsg(); get: the items of the last packet received (linux: streams only)"},
    {"IPV6_RFC2292",        kIp6,       IPV6_RFC2292,        Flag(),           kProperty,  kAny,         kNone, {SetRfc2292, Store<&O6::rfc2292>().get},
     "any ancillary data hides all sticky options, and repeated options headers are merged; SEXTANT_RFC2292 sets it"},

    {"IPV6_UNICAST_IF",     kIp6,       IPV6_UNICAST_IF,     kNetIndex,        kProperty,  kAny,         kNone,
     {SetUnicastInterface, GetUnicastInterface}, {}},
    {"IPV6_ADDR_PREFERENCES",kIp6,      IPV6_ADDR_PREFERENCES,kBits,           kProperty,  kAny,         kNone, {SetAddressPreferences, GetAddressPreferences},
     "kept; there are no temporary, home or generated addresses to choose from"},
    {"IPV6_MINHOPCOUNT",    kIp6,       IPV6_MINHOPCOUNT,    Int(0, 255),      kProperty,  kUnconnected, kNone, {SetMinHopCount, GetMinHopCount},
     "packets with a lower hop limit are dropped"},
    {"IPV6_FREEBIND",       kIp6,       IPV6_FREEBIND,       Flag(),           kProperty,  kAny,         kNone, Store<&O6::free_bind>(),
     "addresses of bind() and IPV6_PKTINFO need not be this host's"},
    {"IPV6_TRANSPARENT",    kIp6,       IPV6_TRANSPARENT,    Flag(),           kProperty,  kAny,         kNone, {SetTransparent, Store<&O6::transparent>().get},
     "the same; to set it takes CAP_NET_RAW or CAP_NET_ADMIN"},
    {"IPV6_MULTICAST_ALL",  kIp6,       IPV6_MULTICAST_ALL,  Flag(),           kProperty,  kUnconnected, kNone, {SetMulticastAll, GetMulticastAll},
     "0: of groups, only those that this socket has joined"},
    {"IPV6_PORTRANGE",      kIp6,       IPV6_PORTRANGE,      Int(0, 2),        kProperty,  kDatagram | kStream, kNone, {SetPortRange, GetPortRange},
     "where bind() finds a port: 1: 49152 to 65535; 2: 1023 down to 600, which takes CAP_NET_BIND, else EACCES"},

    {"IPV6_FAITH",          kIp6,       IPV6_FAITH,          Flag(),           kProperty,  kStream,      kNone, kPlanned, "planned, with TCP"},
    {"IPV6_AUTH_LEVEL",     kIp6,       IPV6_AUTH_LEVEL,     Flag(),           kProperty,  kAny,         kNone, kPlanned, "planned, with IPsec"},
    {"IPV6_ESP_TRANS_LEVEL",kIp6,       IPV6_ESP_TRANS_LEVEL,Flag(),           kProperty,  kAny,         kNone, kPlanned, "planned, with IPsec"},
    {"IPV6_ESP_NETWORK_LEVEL",kIp6,     IPV6_ESP_NETWORK_LEVEL,Flag(),         kProperty,  kAny,         kNone, kPlanned, "planned, with IPsec"},
    {"IPV6_IPCOMP_LEVEL",   kIp6,       IPV6_IPCOMP_LEVEL,   Flag(),           kProperty,  kAny,         kNone, kPlanned, "planned, with IPsec"},
    {"IPV6_CHECKSUM",       kIp6,       IPV6_CHECKSUM,       Int(INT32_MIN, kMaxInt), kProperty, kRaw,   kNone, {SetChecksumOffset, GetChecksumOffset},
     "even offset of the checksum that is filled in and verified; -1 (linux: any below 0): none; of ICMPv6 always 2"},
    {"IPV6_HDRINCL",        kIp6,       IPV6_HDRINCL,        Flag(),           kProperty,  kRaw,         kNone, {SetHeaderIncluded, GetHeaderIncluded},
     "linux only: what is sent begins with its IPv6 header; 1 for protocol 255"},
    {"ICMP6_FILTER",        kIcmp6,     ICMP6_FILTER,        kFilter,          kProperty,  kRaw,         kNone, {SetIcmp6Filter, GetIcmp6Filter},
     "the types that are not received; length 0 blocks nothing; linux: any length replaces as much; EOPNOTSUPP for other protocols"},
});
// clang-format on

// Row numbers by level and option number, so that a control message costs no search.
constexpr uint8_t kNoRow = 0xff;
static_assert(kRows.size() < kNoRow);
constexpr size_t kNumbers = 256;

constexpr std::array<uint8_t, kNumbers> IndexOf(int level) {
  std::array<uint8_t, kNumbers> index{};
  index.fill(kNoRow);
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].level == level) index[static_cast<size_t>(kRows[i].id)] = static_cast<uint8_t>(i);
  }
  return index;
}
constexpr auto kSocketIndex = IndexOf(SOL_SOCKET);
constexpr auto kIp6Index = IndexOf(kIp6);
constexpr auto kIcmp6Index = IndexOf(kIcmp6);

const std::array<uint8_t, kNumbers>* IndexFor(int level) {
  switch (level) {
    case SOL_SOCKET:
      return &kSocketIndex;
    case kIp6:
      return &kIp6Index;
    case kIcmp6:
      return &kIcmp6Index;
    default:
      return nullptr;
  }
}

}  // namespace

std::span<const OptionRow> OptionRows() { return kRows; }

const OptionRow* FindOption(int level, int id) {
  const std::array<uint8_t, kNumbers>* const index = IndexFor(level);
  if (index == nullptr || id < 0 || id >= static_cast<int>(kNumbers)) return nullptr;
  const uint8_t row = (*index)[static_cast<size_t>(id)];
  return row == kNoRow ? nullptr : &kRows[row];
}

Errno Apply(const OptionTarget& target, int level, int id, Bytes value, Use use, SocketKind kind) {
  const OptionRow* const row = FindOption(level, id);
  const bool known = row != nullptr && (row->uses & use) != 0 && (row->sockets & kind) != 0 &&
                     row->storage.set != nullptr;
  if (!known) return use == kAncillary ? Errno::kInvalid : Errno::kNoProtoOpt;
  const Credentials& caller = target.environment.caller;
  if (row->needs == Needs::kNetRaw && !caller.net_raw) return Errno::kPermission;
  if (row->needs == Needs::kNetAdmin && !caller.net_admin) return Errno::kPermission;
  Value read;
  const Errno refused = ReadValue(row->type, value, use, read);
  if (refused != Errno::kOk) return refused;
  return row->storage.set(target, read);
}

Errno Get(const OptionTarget& target, int level, int id, SocketKind kind, Reply& reply) {
  const OptionRow* const row = FindOption(level, id);
  const bool known = row != nullptr && (row->uses & (kProperty | kSticky)) != 0 &&
                     (row->sockets & kind) != 0 && row->storage.get != nullptr;
  return known ? row->storage.get(target, reply) : Errno::kNoProtoOpt;
}

}  // namespace sextant::socket
