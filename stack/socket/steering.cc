// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/steering.h"

#include <algorithm>

#include "route/source_selection.h"

namespace sextant::socket {
namespace {

// The way to a neighbor of `interface`, as the way to `hop`.
route::Path Through(Environment& environment, const route::Path& neighbor, const Ipv6Address& hop) {
  route::Path path = neighbor;
  const uint32_t zone = hop.needs_zone() ? path.interface : 0U;
  const route::PathMtu* const known = environment.routes.path_mtus().Find(hop, zone);
  path.mtu = known == nullptr ? path.link_mtu : std::min(path.link_mtu, known->mtu);
  const iface::Interface& interface = *environment.interfaces.at(path.interface);
  path.source = route::SelectSource(interface, hop).value_or(Ipv6Address());
  return path;
}

}  // namespace

Errno Steer(Environment& environment, const NextHop& next_hop, const Ipv6Address& hop,
            uint32_t interface, Journey& journey) {
  const bool direct = !next_hop.is_set() || next_hop.address == hop;
  const Errno unreachable =
      next_hop.is_set() ? Errno::kHostUnreachable : Errno::kNetworkUnreachable;
  const Ipv6Address& neighbor = direct ? hop : next_hop.address;
  const auto path = environment.routes.Resolve(neighbor, interface);
  if (!path) return unreachable;
  // RFC 3542 §6.1: a next hop on another interface than IPV6_PKTINFO's.
  const bool elsewhere = next_hop.interface != 0 && path->interface != next_hop.interface;
  const bool is_neighbor = path->next_hop == neighbor && (direct || !path->local);
  if (elsewhere || !is_neighbor) return unreachable;
  if (direct) {
    journey.path = &*path;
  } else {
    journey.path = &journey.steered.emplace(Through(environment, *path, hop));
  }
  return Errno::kOk;
}

}  // namespace sextant::socket
