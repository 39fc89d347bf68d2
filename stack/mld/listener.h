// SPDX-License-Identifier: BSD-3-Clause
// Listener: tells multicast routers and snooping switches which groups we are
// in, and which of their sources we want to hear; one LinkState per interface.
// RFC 3810 (MLDv2), RFC 2710 (MLDv1), RFC 3590 (sources of reports).
// Owned by one Core.
#pragma once

#include <array>
#include <memory>

#include "iface/interface_table.h"
#include "mld/link_state.h"

namespace sextant::mld {

class Listener {
 public:
  Listener(Core& core, iface::InterfaceTable& interfaces, Outbox& outbox)
      : core_(core), interfaces_(interfaces), outbox_(outbox) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // These two are what the graph is told as iface::InterfaceObserver.
  void OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                     const iface::GroupChange& change);
  void OnAddressChange(iface::Interface& interface, const iface::InterfaceAddress& address);

  // Reports every group of the interface anew, spread over one interval: the
  // link has come back.
  void ReportAll(const iface::Interface& interface);
  // What mld::Input has found valid.
  void Hear(const iface::Interface& interface, const wire::MldQuery& query,
            std::span<const Ipv6Address> sources);
  void HearReport(const iface::Interface& interface, const Ipv6Address& group);

  // Sends what has become due; once per poll, before the outbox is emptied.
  void Flush();
  // No report will be sent any more.
  void Stop();

  // Null when no group of that interface was ever reported.
  const LinkState* link(uint16_t interface) const { return links_[interface].get(); }
  // Changes that will be reported again.
  size_t pending() const;

 private:
  Core& core_;
  iface::InterfaceTable& interfaces_;
  Outbox& outbox_;
  // By interface index.
  std::array<std::unique_ptr<LinkState>, kMaxInterfaces + 1> links_;
};

}  // namespace sextant::mld
