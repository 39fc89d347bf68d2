// SPDX-License-Identifier: BSD-3-Clause
// Resolution: the output stage that finds a packet's link-layer destination.
// The packet begins at its IPv6 header; Meta names interface and next hop.
// RFC 4861 §7.2.2, RFC 2464 §7 (groups).
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "nd/nud.h"
#include "nd/resolution_budget.h"

namespace sextant::nd {

class Resolution {
 public:
  enum class Next : uint8_t { kEthernet };
  static constexpr size_t kEdges = 1;

  Resolution(Core& core, const iface::InterfaceTable& interfaces, Nud& nud)
      : interfaces_(interfaces), nud_(nud), budget_(core) {}

  // From now on nothing is held any more.
  void Stop() { stopped_ = true; }

  Verdict<Next> Take(PacketPtr& packet, Core& core) {
    Meta& meta = packet->meta();
    const Neighbor* const neighbor = nud_.cache().FindFront(meta.interface, meta.next_hop);
    if (neighbor != nullptr && NeighborCache::IsReady(*neighbor)) [[likely]] {
      meta.link_address = neighbor->link_address;
      return Next::kEthernet;
    }
    return TakeSlowly(packet, core);
  }

 private:
  // Pushes at most one packet, as stages that run under the Outbox may.
  [[gnu::noinline]] Verdict<Next> TakeSlowly(PacketPtr& packet, Core& core);
  Verdict<Next> TakeKnown(PacketPtr& packet, Core& core, Neighbor& neighbor);
  Verdict<Next> TakeUnknown(PacketPtr& packet, Core& core);

  const iface::InterfaceTable& interfaces_;
  Nud& nud_;
  ResolutionBudget budget_;
  bool stopped_ = false;
};

}  // namespace sextant::nd
