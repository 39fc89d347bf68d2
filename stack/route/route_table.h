// SPDX-License-Identifier: BSD-3-Clause
// RouteTable: by which interface, to which neighbor, from which source address,
// and how long a packet may be.
// RFC 4861 §5.2 (next-hop determination), RFC 6724 §5 (source selection), RFC
// 8201 (path MTU).
// Principle: the longest prefix decides; of equal prefixes the one added first.
// Owned by one Core.
#pragma once

#include <array>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/errno.h"
#include "base/ipv6_address.h"
#include "core/core.h"
#include "iface/interface_table.h"
#include "route/path_mtu.h"
#include "wire/ethernet.h"

namespace sextant::route {

struct Route {
  Ipv6Prefix prefix;
  uint16_t interface = 0;
  Ipv6Address gateway;  // ::, on-link: the destination itself is the neighbor
};

// Whom the table asks about neighbors; the graph connects them.
class NextHops {
 public:
  virtual ~NextHops() = default;
  // The link-layer address to which packets for `next_hop` may go as things
  // are, without a probe or a packet more; null: not known well enough.
  virtual const MacAddress* Ready(uint16_t interface, const Ipv6Address& next_hop) = 0;
};

// Where a packet goes: the answer for one destination, to be kept as long as
// its generation is the table's.
struct Path {
  uint16_t interface = 0;           // 0: no path
  bool local = false;               // to ourselves, over the loopback interface
  bool finishes_checksums = false;  // see iface::Interface
  uint32_t mtu = 0;                 // of the path: a longer packet is fragmented
  uint32_t link_mtu = 0;            // of its first link: a longer packet cannot leave
  Ipv6Address next_hop;
  Ipv6Address source;  // what RFC 6724 chooses; :: when there is no candidate
  uint64_t generation = 0;
  // Everything behind the transport is decided: packets within `mtu` go straight
  // to this interface behind this header. Null: through the output stages.
  iface::Interface* straight = nullptr;
  std::array<uint8_t, wire::EthernetView::kSize> link_header{};
};

// A Path, or the Errno why there is none. Refers to the table's cache: good
// until the next Resolve(), so who keeps it copies it.
class Resolved {
 public:
  Resolved(const Path& path) : path_(&path) {}  // NOLINT(google-explicit-constructor)
  Resolved(Errno error) : error_(error) {}      // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return path_ != nullptr; }
  bool ok() const { return path_ != nullptr; }
  Errno error() const { return error_; }
  const Path& operator*() const { return *path_; }
  const Path* operator->() const { return path_; }

 private:
  const Path* path_ = nullptr;
  Errno error_ = Errno::kOk;
};

struct PathMtuObserverTag;

// Who wants to know what the network says about path MTUs. The destructor ends that.
class PathMtuObserver : public ListNode<PathMtuObserverTag> {
 public:
  virtual ~PathMtuObserver() = default;
  // A packet was too big for its path. `mtu` is what the path carries, as far
  // as is known now; `zone` the interface, where the destination needs one.
  virtual void OnPathMtu(const Ipv6Address& destination, uint32_t zone, uint32_t mtu) = 0;
};

class RouteTable {
 public:
  RouteTable(Core& core, const iface::InterfaceTable& interfaces);
  RouteTable(const RouteTable&) = delete;
  RouteTable& operator=(const RouteTable&) = delete;
  // Before the first Resolve(). Without it no path is straight.
  void AskAbout(NextHops& next_hops) { next_hops_ = &next_hops; }

  // kExists for the same prefix on the same interface with the same gateway,
  // kNoBuffers at kMaxRoutes, kInvalid for a gateway or interface that cannot be.
  Errno Add(const Route& route);
  Errno Remove(const Route& route);
  const std::vector<Route>& routes() const { return routes_; }

  // `interface` narrows the choice to one interface; 0 leaves it to the table.
  // Errors: kNetworkUnreachable (no route), kNetworkDown (the interface is down),
  // kAddressNotAvailable (a zoned destination and no interface).
  Resolved Resolve(const Ipv6Address& destination, uint32_t interface);

  // REQUIRES: !address.is_multicast(). See iface::InterfaceTable::Classify().
  bool IsLocal(const Ipv6Address& address, uint32_t interface) const {
    return interfaces_.Classify(address, interface) == iface::Locality::kLocal;
  }

  // A valid Packet Too Big message has come in by `interface` about a packet
  // that we had sent to `destination`. Returns whether the path MTU has changed:
  // it never grows this way. Observers are told when it changed, and when the
  // message only says once more what is known. REQUIRES: `mtu` is the message's.
  bool LearnPathMtu(const Ipv6Address& destination, uint32_t interface, uint32_t mtu, Instant now);
  void Observe(PathMtuObserver& observer) { observers_.PushBack(observer); }
  const PathMtuCache& path_mtus() const { return path_mtus_; }

  // A neighbor has become ready, or is not any more.
  void NeighborChanged() { ++generation_; }
  // Changes whenever an answer of Resolve() might.
  uint64_t generation() const { return generation_ << 32 | interfaces_.generation(); }

 private:
  // Direct-mapped: a miss, provoked or not, costs one walk of the table.
  static constexpr int kCacheBits = 8;
  static constexpr size_t kCacheSlots = size_t{1} << kCacheBits;
  struct alignas(128) Cached {  // two cache lines, found by a shift
    Ipv6Address destination;
    uint32_t interface = 0;
    Path path;
  };

  bool Answers(const Cached& cached, const Ipv6Address& destination, uint32_t interface) const {
    return cached.destination == destination && cached.interface == interface &&
           cached.path.generation == generation();
  }
  Resolved ResolveAnew(const Ipv6Address& destination, uint32_t interface);
  static size_t SlotOf(const Ipv6Address& destination) { return destination.Spread(kCacheBits); }
  Result<Path> Walk(const Ipv6Address& destination, uint32_t interface) const;
  Result<Path> WalkGroup(const Ipv6Address& group, uint32_t interface) const;
  const Route* LongestMatch(const Ipv6Address& destination, uint32_t interface) const;
  Path Through(iface::Interface& interface, const Ipv6Address& destination,
               const Ipv6Address& next_hop) const;
  void Index();
  void ExpirePathMtus(Core& core);
  void ArmPathMtuExpiry();

  Core& core_;
  const iface::InterfaceTable& interfaces_;
  NextHops* next_hops_ = nullptr;
  std::vector<Route> routes_;
  // Masked prefix -> routes_ positions, in the order of their adding, per length.
  struct Length {
    int bits = 0;
    absl::flat_hash_map<Ipv6Address, std::vector<uint16_t>> routes;
  };
  std::vector<Length> lengths_;  // longest first
  uint64_t generation_ = 1;
  std::array<Cached, kCacheSlots> cache_{};
  PathMtuCache path_mtus_;
  Timer path_mtu_expiry_{Timer::Calling<&RouteTable::ExpirePathMtus>(this)};
  IntrusiveList<PathMtuObserver, PathMtuObserverTag> observers_;
};

inline Resolved RouteTable::Resolve(const Ipv6Address& destination, uint32_t interface) {
  const Cached& cached = cache_[SlotOf(destination)];
  if (Answers(cached, destination, interface)) [[likely]]
    return cached.path;
  return ResolveAnew(destination, interface);
}

}  // namespace sextant::route
