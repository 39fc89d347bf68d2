// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/resolve.h"

#include <netinet/in.h>

#include <algorithm>

#include "socket/open_socket.h"
#include "socket/steering.h"

namespace sextant::socket {
namespace {

// The first interface that is not 0, strongest first.
uint32_t Strongest(std::initializer_list<uint32_t> interfaces) {
  for (const uint32_t interface : interfaces) {
    if (interface != 0) return interface;
  }
  return 0;
}

// The first value that is set (not -1), strongest first.
uint8_t Strongest(int strong, int weak, int64_t otherwise) {
  return static_cast<uint8_t>(strong >= 0 ? strong : weak >= 0 ? weak : otherwise);
}

// RFC 3542 §6.2: the source must be a unicast address of this node, in its zone.
Errno CheckSource(const Environment& environment, const Ip6Options& options, uint32_t interface) {
  const PacketInfo& info = options.packet_info;
  if (info.address.is_link_local() && interface == 0) return Errno::kInvalid;
  // ipv6(7): these two send from where they like.
  if (options.free_bind || options.transparent) return Errno::kOk;
  return environment.routes.IsLocal(info.address, interface)
             ? Errno::kOk
             : environment.profile.packet_info_address;
}

Errno CheckInterface(const Environment& environment, uint32_t tied, const Destination& to,
                     uint32_t interface) {
  // A socket tied to an interface uses no other.
  if (tied != 0 && interface != tied) return Errno::kInvalid;
  const bool lost = to.zone != 0 && to.zone != interface && to.endpoint.address.needs_zone();
  return lost && environment.profile.losing_zone_is_error ? Errno::kInvalid : Errno::kOk;
}

// RFC 8200 §4.5: what stands in front of a Fragment header is in every
// fragment, and some of the datagram must be too. A payload length has 16 bits.
bool HeadersFit(const udp::Departure& departure, size_t length, uint32_t limit) {
  if (departure.extensions == nullptr) return true;
  constexpr size_t kFragmentHeader = 8;
  constexpr size_t kLeast = 8;
  const size_t chain = departure.extensions->bytes.size();
  const size_t headers = wire::Ipv6View::kSize + chain + wire::UdpView::kSize;
  return chain <= kMaxSentChain && length - wire::Ipv6View::kSize <= UINT16_MAX &&
         (length <= limit || headers + kFragmentHeader + kLeast <= limit);
}

// ipv6(7): with these a longer datagram is EMSGSIZE.
bool ForbidsFragments(int mtu_discover) {
  return mtu_discover == IPV6_PMTUDISC_DO || mtu_discover == IPV6_PMTUDISC_PROBE ||
         mtu_discover == IPV6_PMTUDISC_INTERFACE;
}

// How long a packet may be without being split.
uint32_t LimitOf(const Ip6Options& options, const Profile& profile, const Journey& journey) {
  // The path MTU counts for nothing where the link itself is being probed.
  const bool by_link = options.mtu_discover >= IPV6_PMTUDISC_PROBE;
  uint32_t limit = by_link ? journey.path->link_mtu : journey.path->mtu;
  if (options.mtu != 0) limit = std::min(limit, options.mtu);
  // RFC 3542 §11.1: there is no path MTU discovery for groups unless asked for.
  const bool group = options.use_min_mtu < 0 && profile.groups_use_min_mtu &&
                     journey.departure.destination.address.is_multicast();
  if (options.use_min_mtu > 0 || group) limit = std::min(limit, static_cast<uint32_t>(kMinMtu));
  return limit;
}

void TellSocket(OpenSocket& socket, const Journey& journey, uint32_t mtu) {
  if (socket.path_mtu_notices == nullptr) return;
  const Ipv6Address& destination = journey.departure.destination.address;
  socket.path_mtu_notices->Add(
      {destination, destination.needs_zone() ? journey.path->interface : 0U, mtu});
}

}  // namespace

Errno Resolve(Environment& environment, const OpenSocket& socket, const Ip6Options& options,
              const Destination& to, Purpose purpose, Journey& journey) {
  const Tunables& tunables = environment.core.tunables();
  udp::Departure& departure = journey.departure;
  departure.destination = to.endpoint;
  Ipv6Address& destination = departure.destination.address;
  if (to.endpoint.port == 0 && socket.type() == kDatagram) return Errno::kInvalid;
  if (destination.high_word() == 0) [[unlikely]] {
    if (destination.is_v4_mapped()) return Errno::kNetworkUnreachable;
    if (destination.is_unspecified()) destination = Ipv6Address::Loopback();
  }
  departure.extensions = options.chain;
  // A routing header changes where it goes first; the way there is what counts.
  const Ipv6Address& hop = departure.wire_destination();
  const bool to_group = hop.is_multicast();
  if (&hop != &destination && destination.is_multicast()) return Errno::kInvalid;
  // What an earlier connect() has chosen does not bind the next one.
  const bool connecting = purpose == Purpose::kConnect;
  const Ipv6Address bound = connecting ? socket.bound_address : socket.endpoint().local().address;
  const uint32_t tied = connecting ? socket.chosen_interface() : socket.interface();

  // Requirement C-11: ancillary, sticky, basic, socket address. Ancillary data
  // has replaced the sticky option of its name in `options` (RFC 3542 §4.2).
  const uint32_t interface = Strongest({
      options.packet_info.interface,
      to_group ? options.multicast_interface : options.next_hop.interface,
      tied,
      to_group ? 0 : options.unicast_interface,
      hop.needs_zone() ? to.zone : 0,
  });
  departure.hop_limit =
      to_group ? Strongest(options.hop_limit, options.multicast_hops, tunables.multicast_hop_limit)
               : Strongest(options.hop_limit, options.unicast_hops, tunables.hop_limit);
  departure.traffic_class = Strongest(options.traffic_class, 0, 0);
  departure.loop_group = options.multicast_loop;

  const Errno misplaced = CheckInterface(environment, tied, to, interface);
  if (misplaced != Errno::kOk) return misplaced;
  // RFC 4007 §6: a link-local address means nothing without its zone.
  const bool steered = !to_group && (options.next_hop.is_set() || socket.options.socket.dont_route);
  if (hop.is_link_local() && interface == 0) {
    return connecting ? Errno::kInvalid : Errno::kNetworkUnreachable;
  }
  if (steered) [[unlikely]] {
    const Errno astray = Steer(environment, options.next_hop, hop, interface, journey);
    if (astray != Errno::kOk) return astray;
  } else {
    const auto routed = environment.routes.Resolve(hop, interface);
    if (!routed) return routed.error();
    journey.path = &*routed;
  }
  const route::Path* const path = journey.path;

  if (!options.packet_info.address.is_unspecified()) {
    const Errno foreign = CheckSource(environment, options, interface);
    if (foreign != Errno::kOk) return foreign;
    departure.source.address = options.packet_info.address;
  } else {
    const bool usable = !bound.is_unspecified() && !bound.is_multicast();
    departure.source.address = usable ? bound : path->source;
  }
  if (departure.source.address.is_unspecified()) return Errno::kAddressNotAvailable;
  // RFC 4291 §2.5.3: ::1 is not sent to anybody else.
  const bool escapes = departure.source.address.is_loopback() && !path->local &&
                       path->interface != iface::InterfaceTable::kLoopbackIndex;
  return escapes ? Errno::kInvalid : Errno::kOk;
}

Errno FitsPathSlowly(const Environment& environment, OpenSocket& socket, const Ip6Options& options,
                     size_t length, Journey& journey) {
  const Profile& profile = environment.profile;
  const uint32_t limit = LimitOf(options, profile, journey);
  if (!HeadersFit(journey.departure, length, limit)) return Errno::kMessageSize;
  if (options.dont_fragment) {
    const uint32_t bound = profile.dont_fragment_by_path ? limit : journey.path->link_mtu;
    if (length <= bound) return Errno::kOk;
    TellSocket(socket, journey, std::min(limit, journey.path->mtu));
    journey.discarded = !profile.dont_fragment_is_error;
    return profile.dont_fragment_is_error ? Errno::kMessageSize : Errno::kOk;
  }
  if (length <= limit) return Errno::kOk;
  if (ForbidsFragments(options.mtu_discover)) return Errno::kMessageSize;
  journey.departure.path_mtu = limit;
  return Errno::kOk;
}

}  // namespace sextant::socket
