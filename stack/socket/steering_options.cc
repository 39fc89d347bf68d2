// SPDX-License-Identifier: BSD-3-Clause
// The options that choose a datagram's way: next hop, interface, source and port.
// RFC 3542 §6.1, RFC 5014 §3 (address preferences), ipv6(7), ip6(4).
// Owned by one Core.
#include <arpa/inet.h>
#include <linux/in6.h>

#include "socket/address.h"
#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

bool IsOneOf(uint32_t bits, std::initializer_list<uint32_t> choices) {
  for (const uint32_t choice : choices) {
    if (bits == choice) return true;
  }
  return bits == 0;
}

}  // namespace

Errno SetNextHop(const OptionTarget& target, const Value& value) {
  NextHop& next_hop = target.options.ip6.next_hop;
  if (value.bytes.empty()) {
    next_hop = {};
    return Errno::kOk;
  }
  Destination to;
  const Errno unreadable = ReadAddress(reinterpret_cast<const sockaddr*>(value.bytes.data()),
                                       static_cast<socklen_t>(value.bytes.size()), to);
  if (unreadable != Errno::kOk) return unreadable;
  const Ipv6Address& address = to.endpoint.address;
  if (address.is_unspecified() || address.is_multicast()) return Errno::kInvalid;
  const uint32_t zone = address.needs_zone() ? to.zone : 0;
  if (zone != 0 && target.environment.interfaces.at(zone) == nullptr) {
    return target.environment.profile.packet_info_interface;
  }
  next_hop = {address, zone};
  return Errno::kOk;
}

Errno GetNextHop(const OptionTarget& target, Reply& reply) {
  const NextHop& next_hop = target.options.ip6.next_hop;
  if (!next_hop.is_set()) return Errno::kOk;  // length 0
  sockaddr_in6 address{};
  socklen_t length = sizeof address;
  WriteAddress({next_hop.address, 0}, next_hop.interface, &address, length);
  reply.Put(&address, sizeof address);
  return Errno::kOk;
}

Errno SetUnicastInterface(const OptionTarget& target, const Value& value) {
  if (value.bytes.size() != sizeof(uint32_t)) return Errno::kInvalid;
  uint32_t index = 0;
  std::memcpy(&index, value.bytes.data(), sizeof index);
  index = ntohl(index);
  if (index != 0 && target.environment.interfaces.at(index) == nullptr) {
    return Errno::kAddressNotAvailable;
  }
  const uint32_t device = target.options.socket.device;
  if (index != 0 && device != 0 && device != index) return Errno::kInvalid;
  target.options.ip6.unicast_interface = index;
  return Errno::kOk;
}

Errno GetUnicastInterface(const OptionTarget& target, Reply& reply) {
  reply.PutInt(htonl(target.options.ip6.unicast_interface));
  return Errno::kOk;
}

Errno SetAddressPreferences(const OptionTarget& target, const Value& value) {
  uint32_t bits = 0;
  std::memcpy(&bits, value.bytes.data(), sizeof bits);
  constexpr uint32_t kTemporary =
      IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC | IPV6_PREFER_SRC_PUBTMP_DEFAULT;
  constexpr uint32_t kHome = IPV6_PREFER_SRC_HOME | IPV6_PREFER_SRC_COA;
  constexpr uint32_t kCga = IPV6_PREFER_SRC_CGA | IPV6_PREFER_SRC_NONCGA;
  // RFC 5014 §6: flags that contradict each other.
  const bool sane = IsOneOf(bits & kTemporary, {IPV6_PREFER_SRC_TMP, IPV6_PREFER_SRC_PUBLIC,
                                                IPV6_PREFER_SRC_PUBTMP_DEFAULT}) &&
                    IsOneOf(bits & kHome, {IPV6_PREFER_SRC_HOME, IPV6_PREFER_SRC_COA}) &&
                    IsOneOf(bits & kCga, {IPV6_PREFER_SRC_CGA, IPV6_PREFER_SRC_NONCGA});
  if (!sane) return Errno::kInvalid;
  // What is not mentioned stays.
  uint32_t kept = target.options.ip6.address_preferences;
  if ((bits & kTemporary) != 0) kept = (kept & ~kTemporary) | (bits & kTemporary);
  if ((bits & kHome) != 0) kept = (kept & ~kHome) | (bits & kHome);
  target.options.ip6.address_preferences = static_cast<uint16_t>(kept);
  return Errno::kOk;
}

Errno GetAddressPreferences(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.options.ip6.address_preferences);
  return Errno::kOk;
}

Errno SetTransparent(const OptionTarget& target, const Value& value) {
  const Credentials& caller = target.environment.caller;
  if (value.number != 0 && !caller.net_raw && !caller.net_admin) return Errno::kPermission;
  target.options.ip6.transparent = value.number != 0;
  return Errno::kOk;
}

Errno SetMinHopCount(const OptionTarget& target, const Value& value) {
  target.socket->udp.min_hop_count = static_cast<uint8_t>(value.number);
  return Errno::kOk;
}
Errno GetMinHopCount(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->udp.min_hop_count);
  return Errno::kOk;
}

Errno SetMulticastAll(const OptionTarget& target, const Value& value) {
  target.socket->udp.multicast_all = value.number != 0;
  return Errno::kOk;
}
Errno GetMulticastAll(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->udp.multicast_all ? 1 : 0);
  return Errno::kOk;
}

Errno SetPortRange(const OptionTarget& target, const Value& value) {
  target.socket->udp.port_range = static_cast<udp::PortRange>(value.number);
  return Errno::kOk;
}
Errno GetPortRange(const OptionTarget& target, Reply& reply) {
  reply.PutInt(static_cast<int>(target.socket->udp.port_range));
  return Errno::kOk;
}

}  // namespace sextant::socket
