// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/nud.h"

#include <algorithm>

#include "wire/ipv6.h"

namespace sextant::nd {

void Nud::Begin(Neighbor& neighbor) { Solicit(neighbor); }

void Nud::Use(Neighbor& neighbor) {
  // RFC 4861 §7.3.3: the first packet to a STALE neighbor starts the delay.
  if (neighbor.state != NeighborState::kStale) return;
  cache_.SetState(neighbor, NeighborState::kDelay);
  core_.Arm(neighbor.timer, Duration::Milliseconds(core_.tunables().nd_delay_first_probe_ms));
}

void Nud::Learn(uint16_t interface, const Ipv6Address& address, const MacAddress& link_address) {
  Neighbor* neighbor = cache_.Find(interface, address);
  if (neighbor == nullptr) neighbor = cache_.Insert(interface, address);
  // RFC 4861 §7.2.3: the same address again says nothing about reachability.
  if (neighbor == nullptr || neighbor->link_address == link_address) return;
  cache_.SetLinkAddress(*neighbor, link_address);
  EnterStale(*neighbor);
  Release(*neighbor);
}

DropReason Nud::Hear(uint16_t interface, const Advertisement& heard) {
  // RFC 4861 §7.2.5: an advertisement never makes an entry.
  Neighbor* const neighbor = cache_.Find(interface, heard.target);
  if (neighbor == nullptr) return DropReason::kNdUnsolicited;
  if (neighbor->state != NeighborState::kIncomplete) {
    HearKnown(*neighbor, heard);
    return DropReason::kNone;
  }
  if (!heard.link_address) return DropReason::kNdNoLinkAddress;
  HearIncomplete(*neighbor, heard);
  return DropReason::kNone;
}

void Nud::HearIncomplete(Neighbor& neighbor, const Advertisement& heard) {
  cache_.SetLinkAddress(neighbor, *heard.link_address);
  neighbor.is_router = heard.router;
  if (heard.solicited) {
    EnterReachable(neighbor);
  } else {
    EnterStale(neighbor);
  }
  Release(neighbor);
}

void Nud::HearKnown(Neighbor& neighbor, const Advertisement& heard) {
  const bool differs = heard.link_address && *heard.link_address != neighbor.link_address;
  if (differs && !heard.override_flag) {
    // RFC 4861 §7.2.5 I: a doubt about what was believed, and nothing more.
    if (neighbor.state == NeighborState::kReachable) EnterStale(neighbor);
    return;
  }
  // RFC 4861 §7.2.5 II.
  if (differs) cache_.SetLinkAddress(neighbor, *heard.link_address);
  neighbor.is_router = heard.router;
  if (heard.solicited) {
    EnterReachable(neighbor);
  } else if (differs) {
    EnterStale(neighbor);
  }
}

void Nud::Confirm(uint16_t interface, const Ipv6Address& address) {
  Neighbor* const neighbor = cache_.Find(interface, address);
  if (neighbor == nullptr || neighbor->state == NeighborState::kIncomplete) return;
  EnterReachable(*neighbor);
}

void Nud::Flush(uint16_t interface, DropReason reason) {
  cache_.ForEach([&](Neighbor& neighbor) {
    if (interface != 0 && neighbor.interface != interface) return;
    while (!neighbor.waiting.empty()) core_.Drop(neighbor.waiting.Pop(), reason);
    cache_.Remove(neighbor);
  });
}

void Nud::OnNeighborTimer(Neighbor& neighbor) {
  switch (neighbor.state) {
    case NeighborState::kIncomplete:
      return OnRetransmit(neighbor);
    case NeighborState::kReachable:
      return OnReachableTime(neighbor);
    case NeighborState::kDelay:
      return OnDelayOver(neighbor);
    case NeighborState::kProbe:
      return OnProbeUnanswered(neighbor);
    case NeighborState::kStale:
      return;
  }
}

void Nud::OnRetransmit(Neighbor& neighbor) {
  if (neighbor.solicits >= core_.tunables().nd_multicast_solicits) return Fail(neighbor);
  Solicit(neighbor);
}

void Nud::OnReachableTime(Neighbor& neighbor) {
  // Confirmations only leave a note: one timer event per period, however many came.
  const Instant end = neighbor.confirmed + neighbor.reachable_for;
  if (core_.now() < end) return core_.timers().Arm(neighbor.timer, end);
  EnterStale(neighbor);
}

void Nud::OnDelayOver(Neighbor& neighbor) {
  cache_.SetState(neighbor, NeighborState::kProbe);
  Solicit(neighbor);
}

void Nud::OnProbeUnanswered(Neighbor& neighbor) {
  // RFC 4861 §7.3.3: the entry goes; the next packet begins with resolution
  // and may choose another next hop.
  if (neighbor.solicits >= core_.tunables().nd_unicast_solicits) return cache_.Remove(neighbor);
  Solicit(neighbor);
}

void Nud::EnterReachable(Neighbor& neighbor) {
  neighbor.confirmed = core_.now();
  if (neighbor.state == NeighborState::kReachable) return;
  // RFC 4861 §6.3.2: between half and one and a half of the base. Drawn each
  // time, so that neither hosts nor neighbors fall into step.
  const Duration base = Duration::Milliseconds(core_.tunables().nd_reachable_ms);
  neighbor.reachable_for = core_.rng().Between(base / 2, base + base / 2);
  cache_.SetState(neighbor, NeighborState::kReachable);
  core_.Arm(neighbor.timer, neighbor.reachable_for);
}

void Nud::EnterStale(Neighbor& neighbor) {
  neighbor.timer.Cancel();
  cache_.SetState(neighbor, NeighborState::kStale);
}

void Nud::Release(Neighbor& neighbor) {
  // The entry may be pushed out while its packets are carried.
  PacketQueue going;
  while (!neighbor.waiting.empty()) going.Push(neighbor.waiting.Pop());
  while (!going.empty()) outbox_.Push(going.Pop());
}

void Nud::Fail(Neighbor& neighbor) {
  PacketQueue failed;
  while (!neighbor.waiting.empty()) failed.Push(neighbor.waiting.Pop());
  cache_.Remove(neighbor);
  // RFC 4861 §7.2.2: code 3, for every packet that waits.
  constexpr auto kError = wire::Icmp6Error::Unreachable(wire::UnreachableCode::kAddress);
  while (!failed.empty()) core_.Refuse(failed.Pop(), DropReason::kNeighborUnresolved, kError);
}

void Nud::Solicit(Neighbor& neighbor) {
  ++neighbor.solicits;
  core_.Arm(neighbor.timer, Duration::Milliseconds(core_.tunables().nd_retrans_ms));
  const iface::Interface& interface = *interfaces_.at(neighbor.interface);
  const auto source = SolicitationSource(interface, neighbor);
  // Without any address of ours there is nobody to answer to: from :: it would
  // be a duplicate address probe. The resolution fails in its time.
  if (!source) return;
  const Ipv6Address target = neighbor.address;
  if (neighbor.state == NeighborState::kIncomplete) {
    messages_.SolicitGroup(interface, *source, target);
  } else {
    messages_.SolicitNeighbor(interface, *source, target);
  }
}

std::optional<Ipv6Address> Nud::SolicitationSource(const iface::Interface& interface,
                                                   const Neighbor& neighbor) const {
  if (const Packet* const first = neighbor.waiting.front()) {
    // RFC 4861 §7.2.2: the source of the packet that asks for it, so that the
    // neighbor need not resolve another address of ours to answer.
    const Ipv6Address source = wire::Ipv6View::Trusted(first->bytes()).source();
    const iface::InterfaceAddress* const ours = interface.Find(source);
    if (ours != nullptr && ours->is_usable()) return source;
  }
  if (const auto* const link_local = interface.LinkLocal()) return link_local->address;
  const auto usable =
      std::ranges::find_if(interface.addresses(), &iface::InterfaceAddress::is_usable);
  if (usable == interface.addresses().end()) return std::nullopt;
  return usable->address;
}

}  // namespace sextant::nd
