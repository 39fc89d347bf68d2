// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/resolution.h"

#include "wire/ipv6.h"

namespace sextant::nd {

Verdict<Resolution::Next> Resolution::TakeSlowly(PacketPtr& packet, Core& core) {
  Meta& meta = packet->meta();
  if (meta.next_hop.is_multicast()) {
    meta.link_address = MacAddress::ForGroup(meta.next_hop);
    return Next::kEthernet;
  }
  Neighbor* const neighbor = nud_.cache().Find(meta.interface, meta.next_hop);
  if (neighbor == nullptr) return TakeUnknown(packet, core);
  return TakeKnown(packet, core, *neighbor);
}

Verdict<Resolution::Next> Resolution::TakeKnown(PacketPtr& packet, Core& core, Neighbor& neighbor) {
  if (neighbor.state != NeighborState::kIncomplete) {
    packet->meta().link_address = neighbor.link_address;
    nud_.Use(neighbor);
    return Next::kEthernet;
  }
  // RFC 4861 §7.2.2: when the queue overflows, the new packet replaces the oldest.
  const auto limit = static_cast<size_t>(core.tunables().nd_queue_packets);
  while (neighbor.waiting.size() >= limit) {
    core.Drop(neighbor.waiting.Pop(), DropReason::kNeighborQueueFull);
  }
  neighbor.waiting.Push(std::move(packet));
  return Verdict<Next>::Held();
}

Verdict<Resolution::Next> Resolution::TakeUnknown(PacketPtr& packet, Core& core) {
  if (stopped_) return DropReason::kHostStopped;
  const Meta& meta = packet->meta();
  const iface::Interface* const interface = interfaces_.at(meta.interface);
  if (interface == nullptr || !interface->is_up()) return DropReason::kOutputInterfaceDown;
  const Ipv6Address destination = wire::Ipv6View::Trusted(packet->bytes()).destination();
  if (!budget_.Spend(destination)) return DropReason::kNeighborRateLimited;
  // RFC 6583 §4: a scan may fill this part of the cache, not the rest of it.
  const auto limit = static_cast<size_t>(core.tunables().nd_incomplete_entries);
  if (nud_.cache().incomplete() >= limit) return DropReason::kNeighborCacheFull;
  Neighbor* const neighbor = nud_.cache().Insert(meta.interface, meta.next_hop);
  if (neighbor == nullptr) return DropReason::kNeighborCacheFull;
  neighbor->waiting.Push(std::move(packet));
  nud_.Begin(*neighbor);
  return Verdict<Next>::Held();
}

}  // namespace sextant::nd
