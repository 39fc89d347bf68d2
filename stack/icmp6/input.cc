// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/input.h"

#include "packet/sum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::icmp6 {
namespace {

using Next = Input::Next;

// RFC 4443 §2.3. Links vouch for UDP and TCP only, so kGood means "looped".
bool IsIntact(const Packet& packet, const Meta& meta) {
  if (meta.looped && meta.checksum == ChecksumState::kGood) return true;
  wire::Sum sum = SumOf(packet, meta.upper_offset, meta.upper_length);
  sum.AddPseudoHeader(wire::Ipv6View::Trusted(packet.bytes()).addresses(), meta.upper_length,
                      meta.upper);
  return sum.Verifies();
}

Verdict<Next> DispatchType(wire::Icmp6Type type, const Meta& meta) {
  using wire::Icmp6Type;
  if (wire::IsError(type)) {
    if (meta.upper_length < wire::Icmp6View::kErrorSize) return DropReason::kIcmp6Truncated;
    return Next::kError;
  }
  switch (type) {
    case Icmp6Type::kEchoRequest:
      if (meta.upper_length < wire::Icmp6View::kErrorSize) return DropReason::kIcmp6Truncated;
      return Next::kEcho;
    case Icmp6Type::kEchoReply:
      if (meta.upper_length < wire::Icmp6View::kErrorSize) return DropReason::kIcmp6Truncated;
      return Next::kEchoReply;
    case Icmp6Type::kRouterSolicitation:
    case Icmp6Type::kRouterAdvertisement:
    case Icmp6Type::kNeighborSolicitation:
    case Icmp6Type::kNeighborAdvertisement:
    case Icmp6Type::kRedirect:
      return Next::kNeighborDiscovery;
    case Icmp6Type::kMldQuery:
    case Icmp6Type::kMldReport:
    case Icmp6Type::kMldDone:
    case Icmp6Type::kMldV2Report:
      return Next::kMld;
    default:
      // RFC 4443 §2.4(b): unknown informational messages are silently discarded.
      return DropReason::kIcmp6UnknownType;
  }
}

}  // namespace

DropReason Input::JudgeIntegrity(const Packet& packet, const Meta& meta) {
  const auto message =
      wire::Icmp6View::Parse(packet.bytes().subspan(meta.upper_offset), meta.upper_length);
  if (!message) return message.reason();
  return IsIntact(packet, meta) ? DropReason::kNone : DropReason::kIcmp6BadChecksum;
}

Verdict<Next> Input::Dispatch(const Packet& packet, const Meta& meta) {
  return DispatchType(wire::Icmp6Type{packet.bytes()[meta.upper_offset]}, meta);
}

Verdict<Next> Input::Judge(const Packet& packet, Meta& meta) const {
  const DropReason broken = JudgeIntegrity(packet, meta);
  if (broken != DropReason::kNone) return broken;
  return Dispatch(packet, meta);
}

}  // namespace sextant::icmp6
