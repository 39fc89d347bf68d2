// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/input.h"

namespace sextant::ip6 {
namespace {

// Where the IPv6 header names what follows it; errors point there.
constexpr uint32_t kNextHeaderPointer = wire::Ipv6View::kNextHeaderOffset;

}  // namespace

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
      return DropReason::kIp6ExtensionHeader;
    default:
      // RFC 8200 §4: an unrecognised next header is told to the sender.
      return Verdict<Next>::Refuse(
          DropReason::kIp6UnknownNextHeader,
          wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownNextHeader,
                                             kNextHeaderPointer));
  }
}

}  // namespace sextant::ip6
