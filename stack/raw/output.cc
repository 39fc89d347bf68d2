// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "raw/output.h"

#include "packet/patch.h"
#include "packet/room.h"
#include "packet/sum.h"

namespace sextant::raw {
namespace {

void FillChecksum(Packet& payload, const Departure& departure) {
  const auto at = static_cast<size_t>(departure.checksum_offset);
  // What the user has left there counts for nothing.
  Patch16(payload, at, 0);
  const size_t length = payload.length();
  wire::Sum sum = SumOf(payload, 0, length);
  sum.AddPseudoHeader(departure.source, departure.destination, static_cast<uint32_t>(length),
                      departure.protocol);
  const bool udp = departure.protocol == static_cast<uint8_t>(wire::NextHeader::kUdp);
  Patch16(payload, at, udp ? sum.UdpChecksum() : sum.Checksum());
}

size_t ExtensionsOf(const Departure& departure) {
  return departure.extensions == nullptr ? 0 : departure.extensions->bytes.size();
}

void Leave(PacketPtr packet, const Departure& departure, const route::Path& path, size_t upper_at,
           Outbox& outbox) {
  Meta& meta = packet->meta();
  meta.checksum = ChecksumState::kComplete;
  meta.upper_offset = static_cast<uint16_t>(upper_at);
  meta.upper_length = static_cast<uint16_t>(packet->length() - upper_at);
  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.path_mtu = departure.path_mtu;
  meta.looped = path.local || (departure.loop_group && departure.destination.is_multicast());
  outbox.Push(std::move(packet));
}

}  // namespace

void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core) {
  if (departure.checksum_offset != Socket::kNoChecksum) FillChecksum(*payload, departure);
  const size_t extensions = ExtensionsOf(departure);
  const size_t headers = wire::Ipv6View::kSize + extensions;
  const auto length = static_cast<uint16_t>(extensions + payload->length());
  const MutableBytes out = MakeRoom(payload, headers, core.pool());
  if (out.empty()) return core.Drop(std::move(payload), DropReason::kNoBuffer);
  const wire::NextHeader first =
      extensions == 0 ? wire::NextHeader{departure.protocol} : departure.extensions->first;
  wire::Ipv6Fields::Write(out.first<wire::Ipv6View::kSize>(), departure.traffic_class,
                          departure.flow_label, length, first, departure.hop_limit,
                          departure.source, departure.wire_destination());
  if (extensions != 0) {
    departure.extensions->CopyTo(out.data() + wire::Ipv6View::kSize, departure.destination);
  }
  payload->meta().upper = departure.protocol;
  Leave(std::move(payload), departure, path, headers, outbox);
}

void SendWithHeader(PacketPtr packet, const Departure& departure, const route::Path& path,
                    Outbox& outbox) {
  const auto ip = wire::Ipv6View::Trusted(packet->bytes());
  packet->meta().upper = static_cast<uint8_t>(ip.next_header());
  Leave(std::move(packet), departure, path, wire::Ipv6View::kSize, outbox);
}

}  // namespace sextant::raw
