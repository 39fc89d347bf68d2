// SPDX-License-Identifier: BSD-3-Clause
// Messages: the solicitations and advertisements that we send.
// RFC 4861 §4.3, §4.4, §7.2.2, §7.2.4; RFC 4862 §5.4.2; RFC 9131 §6.1.
// Pushing a packet may carry a whole burst, so callers push last.
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "iface/interface.h"
#include "wire/nd.h"

namespace sextant::nd {

class Messages {
 public:
  Messages(Core& core, Outbox& outbox) : core_(core), outbox_(outbox) {}

  // Address resolution: to the target's solicited-node group.
  void SolicitGroup(const iface::Interface& interface, const Ipv6Address& source,
                    const Ipv6Address& target);
  // Unreachability detection: to the target itself.
  void SolicitNeighbor(const iface::Interface& interface, const Ipv6Address& source,
                       const Ipv6Address& target);
  // Duplicate address detection: from ::, without link-layer address.
  void Probe(const iface::Interface& interface, const Ipv6Address& target,
             const wire::Nonce& nonce);
  // Answers the solicitation that `asker` sent for our `target`; :: asks for everybody.
  void Answer(const iface::Interface& interface, const Ipv6Address& target,
              const Ipv6Address& asker);
  // RFC 9131: tells the routers of a new address, so that they need not ask for
  // it when the first packet comes back.
  void Announce(const iface::Interface& interface, const Ipv6Address& target);

 private:
  void Solicit(const iface::Interface& interface, const Ipv6Address& source,
               const Ipv6Address& destination, const Ipv6Address& target);
  void Send(const iface::Interface& interface, const Ipv6Address& source,
            const Ipv6Address& destination, Bytes message);

  Core& core_;
  Outbox& outbox_;
};

}  // namespace sextant::nd
