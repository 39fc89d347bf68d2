// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/dad.h"

#include <algorithm>

namespace sextant::nd {

using iface::AddressState;
using iface::Interface;
using iface::InterfaceAddress;

void Dad::Start(Interface& interface, const Ipv6Address& address, int probes) {
  probes_[interface.index()] = probes;
  Abandon(Find(interface, address));
  if (probes <= 0 || interface.is_loopback()) {
    static_cast<void>(interface.Join(address.SolicitedNode()));
    return MakePreferred(interface, address);
  }
  checks_.push_back(std::make_unique<Check>(*this, interface, address, probes));
  // RFC 4862 §5.4.2: neither the join nor the probe may come from all hosts at
  // once when the power returns.
  const Duration longest = Duration::Milliseconds(core_.tunables().dad_delay_ms);
  core_.Arm(checks_.back()->timer, core_.rng().Between(Duration(), longest));
}

void Dad::Restart(Interface& interface) {
  const int probes = probes_[interface.index()];
  for (const InterfaceAddress& entry : interface.addresses()) {
    if (entry.state == AddressState::kDuplicate) continue;
    if (entry.is_usable()) {
      interface.Leave(entry.address.SolicitedNode());
      if (probes > 0) interface.SetAddressState(entry.address, AddressState::kTentative);
    }
    Start(interface, entry.address, probes);
  }
}

void Dad::Forget(Interface& interface, const Ipv6Address& address) {
  const InterfaceAddress* const entry = interface.Find(address);
  if (entry != nullptr && entry->is_usable()) interface.Leave(address.SolicitedNode());
  Abandon(Find(interface, address));
}

Dad::Check* Dad::Find(const Interface& interface, const Ipv6Address& address) {
  const auto found = std::ranges::find_if(checks_, [&](const auto& check) {
    return &check->interface == &interface && check->address == address;
  });
  return found == checks_.end() ? nullptr : found->get();
}

void Dad::Erase(const Check& check) {
  std::erase_if(checks_, [&](const auto& held) { return held.get() == &check; });
}

void Dad::Abandon(Check* check) {
  if (check == nullptr) return;
  Interface& interface = check->interface;
  const Ipv6Address group = check->address.SolicitedNode();
  const bool joined = check->joined;
  Erase(*check);
  if (joined) interface.Leave(group);
}

// The delay is over, or a probe has stayed unanswered for RetransTimer.
void Dad::Step(Check& check) {
  const InterfaceAddress* const entry = check.interface.Find(check.address);
  if (entry == nullptr || entry->state != AddressState::kTentative) return Abandon(&check);
  if (!check.joined) {
    // RFC 4862 §5.4.2: before the probe, so that snooping switches let the answer through.
    check.joined = check.interface.Join(check.address.SolicitedNode()) == Errno::kOk;
  }
  if (check.probes_left == 0 && check.looped) {
    // RFC 7527 §4.1: go on until a whole batch has not come back.
    check.looped = false;
    check.probes_left = static_cast<int>(core_.tunables().nd_multicast_solicits);
  }
  if (check.probes_left == 0) return Finish(check);
  --check.probes_left;
  SendProbe(check);
}

void Dad::SendProbe(Check& check) {
  wire::Nonce nonce;
  const uint64_t drawn = core_.rng().Next64();
  for (size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<uint8_t>(drawn >> (8 * i));
  check.nonces[check.nonce_count++ % check.nonces.size()] = nonce;
  core_.Arm(check.timer, Duration::Milliseconds(core_.tunables().nd_retrans_ms));
  messages_.Probe(check.interface, check.address, nonce);
}

void Dad::Finish(Check& check) {
  Interface& interface = check.interface;
  const Ipv6Address address = check.address;
  Erase(check);
  MakePreferred(interface, address);
}

void Dad::MakePreferred(Interface& interface, const Ipv6Address& address) {
  interface.SetAddressState(address, AddressState::kPreferred);
  if (interface.is_loopback() || address.scope() == Scope::kLinkLocal) return;
  messages_.Announce(interface, address);
}

bool Dad::IsOwn(const Check& check, const wire::Nonce& nonce) {
  const size_t known = std::min(check.nonce_count, check.nonces.size());
  return std::ranges::count(check.nonces.begin(), check.nonces.begin() + known, nonce) != 0;
}

DropReason Dad::OnSolicitation(Interface& interface, const Ipv6Address& target,
                               const std::optional<wire::Nonce>& nonce) {
  Check* const check = Find(interface, target);
  // RFC 7527 §4.2: only the sender can know the nonce.
  if (check != nullptr && nonce && IsOwn(*check, *nonce)) {
    check->looped = true;
    return DropReason::kNdOwnProbe;
  }
  // RFC 4862 §5.4.3: two nodes probe for one address; neither may have it.
  Conflict(interface, target);
  return DropReason::kNone;
}

void Dad::OnAdvertisement(Interface& interface, const Ipv6Address& target) {
  Conflict(interface, target);
}

void Dad::Conflict(Interface& interface, const Ipv6Address& address) {
  Abandon(Find(interface, address));
  const InterfaceAddress* const entry = interface.Find(address);
  if (entry == nullptr) return;
  // RFC 4862 §5.4.5: a duplicate of the hardware-derived link-local address
  // means a duplicate hardware address; nothing on this interface can work.
  if (entry->from_hardware && address.is_link_local()) {
    while (Check* const other = AnyOn(interface)) Abandon(other);
    return interface.Disable();
  }
  interface.SetAddressState(address, AddressState::kDuplicate);
}

Dad::Check* Dad::AnyOn(const Interface& interface) {
  const auto found = std::ranges::find_if(
      checks_, [&](const auto& check) { return &check->interface == &interface; });
  return found == checks_.end() ? nullptr : found->get();
}

}  // namespace sextant::nd
