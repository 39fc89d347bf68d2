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
