// SPDX-License-Identifier: BSD-3-Clause
// The unusual options of IPPROTO_IPV6.
// RFC 3493 §5, RFC 3542 §6.
// Owned by one Core.
#include <netinet/in.h>

#include <algorithm>

#include "socket/address.h"
#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

struct Group {
  Ipv6Address address;
  uint32_t interface = 0;
};

Group ReadGroup(const Value& value) {
  ipv6_mreq request{};
  std::memcpy(&request, value.bytes.data(), sizeof request);
  return {FromC(request.ipv6mr_multiaddr), request.ipv6mr_interface};
}

// The interface to join on. Requirement B-5: 0 is the default multicast interface. Null: none.
iface::Interface* InterfaceFor(const Group& group, Environment& environment) {
  if (group.interface != 0) return environment.interfaces.at(group.interface);
  const auto path = environment.routes.Resolve(group.address, 0);
  return path ? environment.interfaces.at(path->interface) : nullptr;
}

}  // namespace

Errno SetV6Only(const OptionTarget& target, const Value& value) {
  // RFC 3493 §5.3: it decides what bind() takes, so it comes before.
  const OpenSocket& socket = *target.socket;
  if (socket.udp.is_bound() || socket.type() == kRaw) return Errno::kInvalid;
  target.options.ip6.v6_only = value.number != 0;
  return Errno::kOk;
}

Errno GetUnicastHops(const OptionTarget& target, Reply& reply) {
  const int hops = target.options.ip6.unicast_hops;
  reply.PutInt(hops >= 0 ? hops : target.environment.core.tunables().hop_limit);
  return Errno::kOk;
}

Errno GetMulticastHops(const OptionTarget& target, Reply& reply) {
  const int hops = target.options.ip6.multicast_hops;
  reply.PutInt(hops >= 0 ? hops : target.environment.core.tunables().multicast_hop_limit);
  return Errno::kOk;
}

Errno SetMulticastInterface(const OptionTarget& target, const Value& value) {
  const auto index = static_cast<uint32_t>(value.number);
  if (index != 0) {
    if (target.environment.interfaces.at(index) == nullptr) {
      return target.environment.profile.multicast_interface;
    }
    const uint32_t tied = target.socket->interface();
    if (tied != 0 && tied != index) return Errno::kInvalid;
  }
  target.options.ip6.multicast_interface = index;
  return Errno::kOk;
}

Errno JoinGroup(const OptionTarget& target, const Value& value) {
  const Group group = ReadGroup(value);
  if (!group.address.is_multicast()) return Errno::kInvalid;
  iface::Interface* const interface = InterfaceFor(group, target.environment);
  if (interface == nullptr) return target.environment.profile.join_interface;
  const Membership membership{group.address, interface->index()};
  std::vector<Membership>& all = target.socket->memberships;
  // RFC 3493 §5.2: a second join of the same group on the same interface.
  if (std::ranges::find(all, membership) != all.end()) return Errno::kAddressInUse;
  const auto limit = static_cast<size_t>(target.environment.core.tunables().mld_max_socket_groups);
  if (all.size() >= limit) return Errno::kNoBuffers;
  const Errno joined = interface->Join(group.address);
  if (joined != Errno::kOk) return joined;
  all.push_back(membership);
  return Errno::kOk;
}

Errno LeaveGroup(const OptionTarget& target, const Value& value) {
  const Group group = ReadGroup(value);
  if (!group.address.is_multicast()) return Errno::kInvalid;
  if (group.interface != 0 && target.environment.interfaces.at(group.interface) == nullptr) {
    return target.environment.profile.join_interface;
  }
  std::vector<Membership>& all = target.socket->memberships;
  const auto found = std::ranges::find_if(all, [&](const Membership& m) {
    return m.group == group.address && (group.interface == 0 || m.interface == group.interface);
  });
  if (found == all.end()) return Errno::kAddressNotAvailable;
  target.environment.interfaces.at(found->interface)->Leave(found->group);
  all.erase(found);
  return Errno::kOk;
}

void LeaveAllGroups(OpenSocket& socket, Environment& environment) {
  for (const Membership& m : socket.memberships) {
    environment.interfaces.at(m.interface)->Leave(m.group);
  }
  socket.memberships.clear();
}

Errno SetPacketInfo(const OptionTarget& target, const Value& value) {
  in6_pktinfo info{};
  std::memcpy(&info, value.bytes.data(), sizeof info);
  const PacketInfo wanted{FromC(info.ipi6_addr), info.ipi6_ifindex};
  if (wanted.interface != 0 && target.environment.interfaces.at(wanted.interface) == nullptr) {
    return target.environment.profile.packet_info_interface;
  }
  // RFC 3542 §6.2: a source address; whether it is ours is seen when it is used.
  if (wanted.address.is_multicast()) return Errno::kInvalid;
  target.options.ip6.packet_info = wanted;
  return Errno::kOk;
}

Errno GetPacketInfo(const OptionTarget& target, Reply& reply) {
  const PacketInfo& set = target.options.ip6.packet_info;
  const in6_pktinfo info{ToC(set.address), set.interface};
  reply.Put(&info, sizeof info);
  return Errno::kOk;
}

Errno GetTrafficClass(const OptionTarget& target, Reply& reply) {
  reply.PutInt(std::max<int>(target.options.ip6.traffic_class, 0));
  return Errno::kOk;
}

}  // namespace sextant::socket
