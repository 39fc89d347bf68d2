// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/input.h"

namespace sextant::nd {
namespace {

using iface::AddressState;
using wire::Icmp6Type;

// RFC 4861 §7.1: only what was sent on this link arrives with hop limit 255.
constexpr uint8_t kHopLimit = 255;

// A group as a neighbor's link-layer address would turn its packets into a
// flood, and nobody has the address zero.
bool IsNobodys(const std::optional<MacAddress>& address) {
  return address && (address->is_multicast() || address->is_zero());
}

}  // namespace

Verdict<Input::Next> Input::Take(PacketPtr& packet, Core& core) {
  const DropReason reason = Process(*packet);
  if (reason != DropReason::kNone) return reason;
  core.Consume(std::move(packet));
  return Verdict<Next>::Held();
}

DropReason Input::Process(Packet& packet) {
  const Meta& meta = packet.meta();
  // RFC 6980 §5: whoever fragments these evades filters; one fragment is enough.
  if (meta.reassembled) return DropReason::kNdFragmented;
  const size_t end = size_t{meta.upper_offset} + meta.upper_length;
  if (meta.upper_length < wire::Icmp6View::kSize || !packet.Pull(end)) {
    return DropReason::kNdTruncated;
  }
  iface::Interface* const interface = interfaces_.at(meta.interface);
  if (interface == nullptr || interface->is_loopback()) return DropReason::kNdNotOurTarget;
  const ReceivedMessage received{wire::Ipv6View::Trusted(packet.bytes()),
                                 packet.bytes().subspan(meta.upper_offset, meta.upper_length),
                                 *interface};
  const auto type = Icmp6Type{received.message[0]};
  if (type != Icmp6Type::kNeighborSolicitation && type != Icmp6Type::kNeighborAdvertisement) {
    return DropReason::kNdNotYet;
  }
  if (received.ip.hop_limit() != kHopLimit) return DropReason::kNdHopLimit;
  if (received.message[1] != 0) return DropReason::kNdBadCode;
  return type == Icmp6Type::kNeighborSolicitation ? Solicitation(received) : Advertised(received);
}

DropReason Input::Solicitation(const ReceivedMessage& received) {
  // RFC 4861 §7.1.1, in its order.
  const auto solicitation = wire::NeighborView::Parse(received.message);
  if (!solicitation) return solicitation.reason();
  const Ipv6Address target = solicitation->target();
  if (target.is_multicast()) return DropReason::kNdBadTarget;
  const auto options = wire::NdOptions::Parse(solicitation->options());
  if (!options) return options.reason();
  if (IsNobodys(options->source_link_layer)) return DropReason::kNdBadOption;
  const bool anonymous = received.ip.source().is_unspecified();
  if (anonymous && !received.ip.destination().is_solicited_node()) {
    return DropReason::kNdBadDestination;
  }
  if (anonymous && options->source_link_layer) return DropReason::kNdUnspecifiedSource;

  // RFC 4861 §7.2.3: an address of the interface it arrived on.
  const iface::InterfaceAddress* const ours = received.interface.Find(target);
  if (ours == nullptr || ours->state == AddressState::kDuplicate) {
    return DropReason::kNdNotOurTarget;
  }
  if (ours->is_usable()) return Answer(received, target, *options);
  // RFC 4862 §5.4.3: a tentative address is not answered for; only another
  // node's probe concerns us.
  if (!anonymous) return DropReason::kIp6Tentative;
  return dad_.OnSolicitation(received.interface, target, options->nonce);
}

DropReason Input::Answer(const ReceivedMessage& received, const Ipv6Address& target,
                         const wire::NdOptions& options) {
  const Ipv6Address asker = received.ip.source();
  // Looped back, forged, or a duplicate that nobody noticed: no answer would reach it.
  if (received.interface.Find(asker) != nullptr) return DropReason::kNdOwnSource;
  if (options.source_link_layer) {
    nud_.Learn(received.interface.index(), asker, *options.source_link_layer);
  }
  messages_.Answer(received.interface, target, asker);
  return DropReason::kNone;
}

DropReason Input::Advertised(const ReceivedMessage& received) {
  // RFC 4861 §7.1.2, in its order.
  const auto view = wire::NeighborView::Parse(received.message);
  if (!view) return view.reason();
  const Ipv6Address target = view->target();
  if (target.is_multicast()) return DropReason::kNdBadTarget;
  if (received.ip.destination().is_multicast() && view->solicited()) {
    return DropReason::kNdBadDestination;
  }
  const auto options = wire::NdOptions::Parse(view->options());
  if (!options) return options.reason();
  if (IsNobodys(options->target_link_layer)) return DropReason::kNdBadOption;

  const iface::InterfaceAddress* const ours = received.interface.Find(target);
  if (ours != nullptr && ours->state == AddressState::kTentative) {
    dad_.OnAdvertisement(received.interface, target);
    return DropReason::kNone;
  }
  // RFC 4862 §5.4.4: somebody claims an address that is ours already. What to
  // do is left open; we keep it, and never have ourselves as a neighbor.
  if (ours != nullptr && ours->is_usable()) return DropReason::kNdUnsolicited;
  return nud_.Hear(received.interface.index(), {.target = target,
                                                .router = view->router(),
                                                .solicited = view->solicited(),
                                                .override_flag = view->override_flag(),
                                                .link_address = options->target_link_layer});
}

}  // namespace sextant::nd
