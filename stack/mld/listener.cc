// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "mld/listener.h"

namespace sextant::mld {
namespace {

// RFC 3810 §6: ff02::1 is never reported, nor what cannot leave this node
// (scopes 0 and 1).
bool IsReported(const iface::Interface& interface, const Ipv6Address& group) {
  return !interface.is_loopback() && group != Ipv6Address::AllNodes() &&
         group.multicast_scope() >= static_cast<uint8_t>(Scope::kLinkLocal);
}

}  // namespace

void Listener::OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                             const iface::GroupChange& change) {
  if (!IsReported(interface, group)) return;
  std::unique_ptr<LinkState>& link = links_[interface.index()];
  if (!link) link = std::make_unique<LinkState>(core_, outbox_, interface);
  link->OnGroupChange(group, change);
}

void Listener::OnAddressChange(iface::Interface& interface, const iface::InterfaceAddress&) {
  if (links_[interface.index()]) links_[interface.index()]->OnAddress();
}

void Listener::ReportAll(const iface::Interface& interface) {
  if (links_[interface.index()]) links_[interface.index()]->Announce();
}

void Listener::Hear(const iface::Interface& interface, const wire::MldQuery& query,
                    std::span<const Ipv6Address> sources) {
  std::unique_ptr<LinkState>& link = links_[interface.index()];
  // Made even when there is nothing to answer: it remembers the querier's version.
  if (!link) link = std::make_unique<LinkState>(core_, outbox_, *interfaces_.at(interface.index()));
  link->Hear(query, sources);
}

void Listener::HearReport(const iface::Interface& interface, const Ipv6Address& group) {
  if (links_[interface.index()]) links_[interface.index()]->HearReport(group);
}

void Listener::Flush() {
  for (const auto& interface : interfaces_.all()) {
    LinkState* const link = links_[interface->index()].get();
    if (link != nullptr && link->is_busy()) link->Flush();
  }
}

void Listener::Stop() {
  for (auto& link : links_) link.reset();
}

size_t Listener::pending() const {
  size_t count = 0;
  for (const auto& link : links_) count += link ? link->pending() : 0;
  return count;
}

}  // namespace sextant::mld
