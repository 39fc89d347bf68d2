// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "iface/control_packet.h"

#include "wire/checksum.h"
#include "wire/ipv6.h"

namespace sextant::iface {
namespace {

constexpr auto kIcmp6 = static_cast<uint8_t>(wire::NextHeader::kIcmp6);

// RFC 8200 §8.1: the pseudo-header's next header is the upper layer's, whatever stands between.
uint16_t Checksum(const ControlEnvelope& envelope, Bytes message) {
  wire::Sum sum;
  sum.Add(envelope.source.bytes());
  sum.Add(envelope.destination.bytes());
  sum.Add32(static_cast<uint32_t>(message.size()));
  sum.Add16(kIcmp6);
  sum.Add(message);
  return sum.Checksum();
}

void FillMeta(Meta& meta, const ControlEnvelope& envelope, size_t message_size) {
  meta.interface = envelope.interface;
  meta.next_hop = envelope.destination;
  meta.upper = kIcmp6;
  meta.upper_offset = static_cast<uint16_t>(wire::Ipv6View::kSize + envelope.hop_by_hop.size());
  meta.upper_length = static_cast<uint16_t>(message_size);
  meta.checksum = ChecksumState::kComplete;
}

}  // namespace

PacketPtr MakeControlPacket(Core& core, const ControlEnvelope& envelope, Bytes message) {
  PacketPtr packet = core.pool().Take();
  if (!packet) {
    core.NeverMade(DropReason::kNoBuffer);
    return {};
  }
  const size_t payload = envelope.hop_by_hop.size() + message.size();
  const MutableBytes out = packet->Append(wire::Ipv6View::kSize + payload);
  SX_CHECK(!out.empty());
  wire::Ipv6Fields{
      .payload_length = static_cast<uint16_t>(payload),
      .next_header =
          envelope.hop_by_hop.empty() ? wire::NextHeader::kIcmp6 : wire::NextHeader::kHopByHop,
      .hop_limit = envelope.hop_limit,
      .source = envelope.source,
      .destination = envelope.destination,
  }
      .WriteTo(out.first<wire::Ipv6View::kSize>());
  const MutableBytes behind = out.subspan(wire::Ipv6View::kSize);
  std::ranges::copy(envelope.hop_by_hop, behind.begin());
  const MutableBytes upper = behind.subspan(envelope.hop_by_hop.size());
  std::ranges::copy(message, upper.begin());
  Store16(upper, wire::Icmp6View::kChecksumOffset, Checksum(envelope, message));
  FillMeta(packet->meta(), envelope, message.size());
  return packet;
}

}  // namespace sextant::iface
