// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/input.h"

namespace sextant::ip6 {
DropReason Input::JudgeZeroPrefix(const Ipv6Address& source, const Ipv6Address& to) {
  // RFC 4291 §2.5.3: the loopback address never appears on a wire.
  if (source.is_loopback() || to.is_loopback()) return DropReason::kIp6LoopbackFromWire;
  // RFC 4942 §2.2: IPv4-mapped addresses belong to the sockets API, not to wires.
  if (source.is_v4_mapped() || to.is_v4_mapped()) return DropReason::kIp6MappedFromWire;
  return DropReason::kNone;
}

DropReason Input::JudgeGroup(const Ipv6Address& to, const Meta& meta) const {
  // RFC 4291 §2.7: scope 0 is reserved; interface-local scope stays in the node.
  const uint8_t scope = to.multicast_scope();
  const bool beyond = Scope{scope} == Scope::kInterfaceLocal && !meta.looped;
  if (scope == 0 || beyond) return DropReason::kIp6MulticastScope;
  const iface::Interface* const arrival = interfaces_.at(meta.interface);
  return arrival->IsMember(to) ? DropReason::kNone : DropReason::kIp6NotMember;
}

Verdict<Input::Next> Input::JudgeOther(wire::NextHeader next) {
  switch (next) {
    case wire::NextHeader::kNone:
      return DropReason::kIp6NoNextHeader;
    case wire::NextHeader::kHopByHop:
    case wire::NextHeader::kRouting:
    case wire::NextHeader::kFragment:
    case wire::NextHeader::kDestinationOptions:
      return Next::kExtension;
    default:
      return Next::kOther;
  }
}

}  // namespace sextant::ip6
