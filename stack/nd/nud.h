// SPDX-License-Identifier: BSD-3-Clause
// Nud: neighbor unreachability detection, the state machine of the cache.
// RFC 4861 §7.2.5 and §7.3.3, Appendix C.
//
//   state       leaves by                                       to
//   INCOMPLETE  advertisement S=1 / S=0, solicitation heard     REACHABLE / STALE
//               nd_multicast_solicits unanswered                (gone)
//   REACHABLE   its time is over                                STALE
//               O=0 with another address, O=1 S=0 with one      STALE
//   STALE       a packet is sent                                DELAY
//   DELAY       nd_delay_first_probe_ms                         PROBE
//   PROBE       nd_unicast_solicits unanswered                  (gone)
//   any but INCOMPLETE: S=1 (O=1, same address or none) or upper layer   REACHABLE
//
// Owned by one Core.
#pragma once

#include "iface/interface_table.h"
#include "nd/messages.h"
#include "nd/neighbor_cache.h"

namespace sextant::nd {

// What an advertisement says about its target, whatever its options.
struct Advertisement {
  Ipv6Address target;
  bool router = false;
  bool solicited = false;
  bool override_flag = false;
  std::optional<MacAddress> link_address = {};
};

class Nud final : public NeighborTimerHandler {
 public:
  Nud(Core& core, const iface::InterfaceTable& interfaces, Outbox& outbox)
      : core_(core),
        interfaces_(interfaces),
        outbox_(outbox),
        messages_(core, outbox),
        cache_(core, *this) {}

  NeighborCache& cache() { return cache_; }

  // A new INCOMPLETE entry, its first packet already waiting: solicits.
  void Begin(Neighbor& neighbor);
  // A packet is on its way to a neighbor whose address is known.
  void Use(Neighbor& neighbor);
  // Somebody said himself where he is (a source link-layer address option).
  // Makes an entry if need be and there is room. REQUIRES: !link_address.is_zero().
  void Learn(uint16_t interface, const Ipv6Address& address, const MacAddress& link_address);
  // Returns why the advertisement was of no use, or kNone.
  DropReason Hear(uint16_t interface, const Advertisement& heard);
  // Upper-layer confirmation: the neighbor has taken packets from us just now.
  void Confirm(uint16_t interface, const Ipv6Address& address);
  // Forgets neighbors: all of them when `interface` is 0. What waits is dropped.
  void Flush(uint16_t interface, DropReason reason);

  void OnNeighborTimer(Neighbor& neighbor) override;

 private:
  void HearIncomplete(Neighbor& neighbor, const Advertisement& heard);
  void HearKnown(Neighbor& neighbor, const Advertisement& heard);

  void OnRetransmit(Neighbor& neighbor);
  void OnReachableTime(Neighbor& neighbor);
  void OnDelayOver(Neighbor& neighbor);
  void OnProbeUnanswered(Neighbor& neighbor);

  void EnterReachable(Neighbor& neighbor);
  void EnterStale(Neighbor& neighbor);
  // Sends what waits. The neighbor may be gone afterwards.
  void Release(Neighbor& neighbor);
  // Gives up: tells the senders of what waits, and forgets the neighbor.
  void Fail(Neighbor& neighbor);
  // One more solicitation, and the timer for the next. Pushes last.
  void Solicit(Neighbor& neighbor);
  std::optional<Ipv6Address> SolicitationSource(const iface::Interface& interface,
                                                const Neighbor& neighbor) const;

  Core& core_;
  const iface::InterfaceTable& interfaces_;
  Outbox& outbox_;
  Messages messages_;
  NeighborCache cache_;
};

}  // namespace sextant::nd
