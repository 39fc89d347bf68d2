// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/messages.h"

#include "iface/control_packet.h"

namespace sextant::nd {

void Messages::Send(const iface::Interface& interface, const Ipv6Address& source,
                    const Ipv6Address& destination, Bytes message) {
  PacketPtr packet = iface::MakeControlPacket(
      core_, {.interface = interface.index(), .source = source, .destination = destination},
      message);
  if (packet) outbox_.Push(std::move(packet));
}

void Messages::Solicit(const iface::Interface& interface, const Ipv6Address& source,
                       const Ipv6Address& destination, const Ipv6Address& target) {
  std::array<uint8_t, wire::NeighborSolicitationFields::kMaxSize> message;
  const wire::NeighborSolicitationFields fields{.target = target,
                                                .source_link_layer = interface.mac_address()};
  const size_t size = fields.WriteTo(message);
  Send(interface, source, destination, Bytes(message).first(size));
}

void Messages::SolicitGroup(const iface::Interface& interface, const Ipv6Address& source,
                            const Ipv6Address& target) {
  Solicit(interface, source, target.SolicitedNode(), target);
}

void Messages::SolicitNeighbor(const iface::Interface& interface, const Ipv6Address& source,
                               const Ipv6Address& target) {
  Solicit(interface, source, target, target);
}

void Messages::Probe(const iface::Interface& interface, const Ipv6Address& target,
                     const wire::Nonce& nonce) {
  std::array<uint8_t, wire::NeighborSolicitationFields::kMaxSize> message;
  const size_t size =
      wire::NeighborSolicitationFields{.target = target, .nonce = nonce}.WriteTo(message);
  Send(interface, Ipv6Address(), target.SolicitedNode(), Bytes(message).first(size));
}

void Messages::Answer(const iface::Interface& interface, const Ipv6Address& target,
                      const Ipv6Address& asker) {
  // RFC 4861 §7.2.4: who asks from :: cannot be told apart from others.
  const bool anonymous = asker.is_unspecified();
  std::array<uint8_t, wire::NeighborAdvertisementFields::kMaxSize> message;
  const wire::NeighborAdvertisementFields fields{.target = target,
                                                 .solicited = !anonymous,
                                                 .override_flag = true,
                                                 .target_link_layer = interface.mac_address()};
  const size_t size = fields.WriteTo(message);
  Send(interface, target, anonymous ? Ipv6Address::AllNodes() : asker, Bytes(message).first(size));
}

void Messages::Announce(const iface::Interface& interface, const Ipv6Address& target) {
  // RFC 9131 §6.1: without Override, so that it makes entries and changes none.
  std::array<uint8_t, wire::NeighborAdvertisementFields::kMaxSize> message;
  const wire::NeighborAdvertisementFields fields{.target = target,
                                                 .target_link_layer = interface.mac_address()};
  const size_t size = fields.WriteTo(message);
  Send(interface, target, Ipv6Address::AllRouters(), Bytes(message).first(size));
}

}  // namespace sextant::nd
