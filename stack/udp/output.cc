// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/output.h"

#include "packet/sum.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::udp {
namespace {

constexpr size_t kHeaders = wire::Ipv6View::kSize + wire::UdpView::kSize;

void WriteChecksum(Packet& packet, MutableBytes headers, const route::Path& path) {
  const auto length = static_cast<uint16_t>(packet.length() - wire::Ipv6View::kSize);
  const MutableBytes udp = headers.subspan(wire::Ipv6View::kSize);
  wire::Sum sum;
  sum.AddPseudoHeader(wire::Ipv6View::Trusted(headers).addresses(), length,
                      static_cast<uint8_t>(wire::NextHeader::kUdp));
  if (path.finishes_checksums) {
    // The link adds the rest to the pseudo-header's sum.
    Store16(udp, wire::UdpView::kChecksumOffset, static_cast<uint16_t>(~sum.Checksum()));
    packet.meta().checksum = ChecksumState::kPartial;
    packet.meta().checksum_offset = wire::UdpView::kChecksumOffset;
    return;
  }
  sum.Add(SumOf(packet, wire::Ipv6View::kSize, length));
  Store16(udp, wire::UdpView::kChecksumOffset, sum.UdpChecksum());
  packet.meta().checksum = ChecksumState::kComplete;
}

}  // namespace

void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core) {
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  const MutableBytes headers = payload->Prepend(kHeaders);
  if (headers.empty()) return core.Drop(std::move(payload), DropReason::kNoBuffer);
  wire::Ipv6Fields ip;
  ip.traffic_class = departure.traffic_class;
  ip.flow_label = departure.flow_label;
  ip.payload_length = length;
  ip.next_header = wire::NextHeader::kUdp;
  ip.hop_limit = departure.hop_limit;
  ip.source = departure.source.address;
  ip.destination = departure.destination.address;
  ip.WriteTo(headers.first<wire::Ipv6View::kSize>());
  wire::UdpFields{departure.source.port, departure.destination.port, length, 0}.WriteTo(
      headers.subspan<wire::Ipv6View::kSize, wire::UdpView::kSize>());
  WriteChecksum(*payload, headers, path);

  Meta& meta = payload->meta();
  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.upper_offset = wire::Ipv6View::kSize;
  meta.upper_length = length;
  meta.upper = static_cast<uint8_t>(wire::NextHeader::kUdp);
  meta.looped =
      path.local || (departure.loop_group && departure.destination.address.is_multicast());
  outbox.Push(std::move(payload));
}

}  // namespace sextant::udp
