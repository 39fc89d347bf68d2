// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "route/route_table.h"

#include <algorithm>

#include "route/source_selection.h"

namespace sextant::route {
namespace {

bool Same(const Route& a, const Route& b) {
  return a.prefix == b.prefix && a.interface == b.interface && a.gateway == b.gateway;
}

Route Normal(const Route& route) { return {route.prefix.Masked(), route.interface, route.gateway}; }

uint32_t ZoneOf(const Ipv6Address& destination, uint32_t interface) {
  return destination.needs_zone() ? interface : 0;
}

}  // namespace

RouteTable::RouteTable(Core& core, const iface::InterfaceTable& interfaces)
    : core_(core), interfaces_(interfaces), path_mtus_(HashKey::Draw(core.rng())) {}

Errno RouteTable::Add(const Route& added) {
  const Route route = Normal(added);
  const bool impossible = route.gateway.is_multicast() || route.gateway.is_loopback() ||
                          route.prefix.address.is_multicast();
  if (impossible || interfaces_.at(route.interface) == nullptr) return Errno::kInvalid;
  if (std::ranges::any_of(routes_, [&](const Route& r) { return Same(r, route); })) {
    return Errno::kExists;
  }
  if (routes_.size() == kMaxRoutes) return Errno::kNoBuffers;
  routes_.push_back(route);
  Index();
  return Errno::kOk;
}

Errno RouteTable::Remove(const Route& removed) {
  const Route route = Normal(removed);
  const auto found = std::ranges::find_if(routes_, [&](const Route& r) { return Same(r, route); });
  if (found == routes_.end()) return Errno::kNoEntry;
  routes_.erase(found);
  Index();
  return Errno::kOk;
}

void RouteTable::Index() {
  ++generation_;
  lengths_.clear();
  for (size_t i = 0; i < routes_.size(); ++i) {
    const Ipv6Prefix& prefix = routes_[i].prefix;
    auto level = std::ranges::find(lengths_, prefix.length, &Length::bits);
    if (level == lengths_.end()) level = lengths_.insert(level, Length{prefix.length, {}});
    level->routes[prefix.address].push_back(static_cast<uint16_t>(i));
  }
  std::ranges::sort(lengths_, std::ranges::greater(), &Length::bits);
}

const Route* RouteTable::LongestMatch(const Ipv6Address& destination, uint32_t interface) const {
  for (const Length& level : lengths_) {
    const auto found = level.routes.find(Ipv6Prefix{destination, level.bits}.Masked().address);
    if (found == level.routes.end()) continue;
    for (const uint16_t i : found->second) {
      const bool fits = interface == 0 || routes_[i].interface == interface;
      if (fits && interfaces_.at(routes_[i].interface)->is_up()) return &routes_[i];
    }
  }
  return nullptr;
}

Path RouteTable::Through(iface::Interface& interface, const Ipv6Address& destination,
                         const Ipv6Address& next_hop) const {
  Path path;
  path.interface = interface.index();
  path.link_mtu = static_cast<uint32_t>(interface.mtu());
  const PathMtu* const known = path_mtus_.Find(destination, ZoneOf(destination, interface.index()));
  path.mtu = known == nullptr ? path.link_mtu : std::min(path.link_mtu, known->mtu);
  path.finishes_checksums = interface.finishes_checksums();
  path.next_hop = next_hop;
  path.source = SelectSource(interface, destination).value_or(Ipv6Address());
  path.generation = generation();
  const bool asks = next_hops_ != nullptr && !next_hop.is_multicast() && !interface.is_loopback();
  const MacAddress* const ready =
      asks && interface.is_up() ? next_hops_->Ready(interface.index(), next_hop) : nullptr;
  if (ready != nullptr) {
    path.straight = &interface;
    wire::EthernetFields{*ready, interface.mac_address()}.WriteTo(path.link_header);
  }
  return path;
}

Resolved RouteTable::ResolveAnew(const Ipv6Address& destination, uint32_t interface) {
  Cached& cached = cache_[SlotOf(destination)];
  const Result<Path> walked = Walk(destination, interface);
  if (!walked) return walked.error();
  cached = {destination, interface, *walked};
  return cached.path;
}

Result<Path> RouteTable::Walk(const Ipv6Address& destination, uint32_t interface) const {
  if (destination.is_multicast()) return WalkGroup(destination, interface);
  iface::Interface* const owner = interfaces_.Owner(destination, interface);
  if (owner != nullptr && interfaces_.Classify(destination, interface) == iface::Locality::kLocal) {
    Path path = Through(*owner, destination, destination);
    path.local = true;
    path.straight = nullptr;
    path.finishes_checksums = false;
    path.source = destination;  // RFC 6724 §5 rule 1
    path.mtu = path.link_mtu = static_cast<uint32_t>(kLoopbackMtu);
    return path;
  }
  if (destination.is_link_local()) {
    if (interface == 0) return Errno::kAddressNotAvailable;
    iface::Interface* const zone = interfaces_.at(interface);
    if (zone == nullptr || zone->is_loopback()) return Errno::kNetworkUnreachable;
    if (!zone->is_up()) return Errno::kNetworkDown;
    return Through(*zone, destination, destination);
  }
  const Route* const route = LongestMatch(destination, interface);
  if (route == nullptr) return Errno::kNetworkUnreachable;
  const Ipv6Address next_hop = route->gateway.is_unspecified() ? destination : route->gateway;
  return Through(*interfaces_.at(route->interface), destination, next_hop);
}

Result<Path> RouteTable::WalkGroup(const Ipv6Address& group, uint32_t interface) const {
  // RFC 4291 §2.7: interface-local groups never leave the node.
  if (interface == 0 && Scope{group.multicast_scope()} == Scope::kInterfaceLocal) {
    interface = iface::InterfaceTable::kLoopbackIndex;
  }
  if (interface != 0) {
    iface::Interface* const chosen = interfaces_.at(interface);
    if (chosen == nullptr) return Errno::kNoDevice;
    if (!chosen->is_up()) return Errno::kNetworkDown;
    return Through(*chosen, group, group);
  }
  // The default multicast interface: the first one that is up and can reach somebody.
  for (const auto& candidate : interfaces_.all()) {
    if (!candidate->is_loopback() && candidate->is_up()) return Through(*candidate, group, group);
  }
  return Errno::kNetworkUnreachable;
}

// Path MTUs.

bool RouteTable::LearnPathMtu(const Ipv6Address& destination, uint32_t interface, uint32_t mtu,
                              Instant now) {
  // The answer of one router may come by another interface than the packet went.
  auto path = Resolve(destination, interface);
  if (!path) path = Resolve(destination, 0);
  if (!path || path->local) return false;
  // RFC 8201 §4: less than the IPv6 minimum cannot be, and RFC 8021 takes away
  // the atomic fragments that once answered it.
  mtu = std::max(mtu, static_cast<uint32_t>(kMinMtu));
  const uint32_t current = path->mtu;
  // RFC 8201 §4: a message never raises the estimate. One that says what the
  // link carries anyway says nothing.
  if (mtu > current || mtu >= path->link_mtu) return false;
  const uint32_t zone = ZoneOf(destination, path->interface);
  if (mtu < current) {
    path_mtus_.Learn(destination, zone, mtu, now,
                     static_cast<size_t>(core_.tunables().path_mtu_entries));
    ++generation_;
    ArmPathMtuExpiry();
  }
  PathMtuObserver* next = nullptr;
  for (PathMtuObserver* at = observers_.front(); at != nullptr; at = next) {
    next = observers_.Next(*at);
    at->OnPathMtu(destination, zone, mtu);
  }
  return mtu < current;
}

// RFC 8201 §5.3: stale values are forgotten, and the link's MTU is tried again.
void RouteTable::ExpirePathMtus(Core& core) {
  const Duration age = Duration::Milliseconds(core.tunables().path_mtu_expiry_ms);
  if (path_mtus_.Forget(core.now() - age) != 0) ++generation_;
  ArmPathMtuExpiry();
}

void RouteTable::ArmPathMtuExpiry() {
  if (path_mtus_.size() == 0) return path_mtu_expiry_.Cancel();
  const Duration age = Duration::Milliseconds(core_.tunables().path_mtu_expiry_ms);
  core_.timers().Arm(path_mtu_expiry_, path_mtus_.oldest() + age);
}

}  // namespace sextant::route
