// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/output.h"

#include "packet/sum.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::udp {
namespace {

constexpr size_t kHeaders = wire::Ipv6View::kSize + wire::UdpView::kSize;

// Headers are summed as values, not as bytes: reading back what was stored a
// moment ago in other sizes stalls.
uint16_t Checksum(const Packet& payload, const Departure& departure, uint16_t length,
                  bool link_finishes) {
  wire::Sum sum;
  if (!link_finishes) {
    sum = SumOf(payload, 0, payload.length());
    sum.AddHost(uint64_t{departure.source.port} + departure.destination.port + length);
  }
  sum.AddPseudoHeader(departure.source.address, departure.destination.address, length,
                      static_cast<uint8_t>(wire::NextHeader::kUdp));
  // The link adds the rest to the pseudo-header's sum.
  return link_finishes ? static_cast<uint16_t>(~sum.Checksum()) : sum.UdpChecksum();
}

}  // namespace

void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core) {
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  const uint16_t checksum = Checksum(*payload, departure, length, path.finishes_checksums);
  const MutableBytes headers = payload->Prepend(kHeaders);
  if (headers.empty()) return core.Drop(std::move(payload), DropReason::kNoBuffer);
  wire::Ipv6Fields::Write(headers.first<wire::Ipv6View::kSize>(), departure.traffic_class,
                          departure.flow_label, length, wire::NextHeader::kUdp, departure.hop_limit,
                          departure.source.address, departure.destination.address);
  wire::UdpFields{departure.source.port, departure.destination.port, length, checksum}.WriteTo(
      headers.subspan<wire::Ipv6View::kSize, wire::UdpView::kSize>());

  Meta& meta = payload->meta();
  meta.checksum = path.finishes_checksums ? ChecksumState::kPartial : ChecksumState::kComplete;
  meta.checksum_offset = wire::UdpView::kChecksumOffset;
  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.upper_offset = wire::Ipv6View::kSize;
  meta.upper_length = length;
  meta.path_mtu = departure.path_mtu;
  meta.upper = static_cast<uint8_t>(wire::NextHeader::kUdp);
  meta.looped =
      path.local || (departure.loop_group && departure.destination.address.is_multicast());
  outbox.Push(std::move(payload));
}

}  // namespace sextant::udp
