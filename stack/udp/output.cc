// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/output.h"

#include "packet/sum.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::udp {
namespace {

constexpr size_t kHeaders = wire::Ipv6View::kSize + wire::UdpView::kSize;

// The checksum field; `sum` is the payload's. Headers are summed as values, not
// as bytes: reading back what was stored a moment ago in other sizes stalls.
uint16_t Checksum(const Departure& departure, uint16_t length, const wire::Sum* payload) {
  wire::Sum sum;
  sum.AddPseudoHeader(departure.source.address, departure.destination.address, length,
                      static_cast<uint8_t>(wire::NextHeader::kUdp));
  // The link adds the rest to the pseudo-header's sum.
  if (payload == nullptr) return static_cast<uint16_t>(~sum.Checksum());
  sum.Add16(departure.source.port);
  sum.Add16(departure.destination.port);
  sum.Add16(length);
  sum.Add(*payload);
  return sum.UdpChecksum();
}

}  // namespace

void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core) {
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  uint16_t checksum = 0;
  if (path.finishes_checksums) {
    checksum = Checksum(departure, length, nullptr);
  } else {
    const wire::Sum sum = SumOf(*payload, 0, payload->length());
    checksum = Checksum(departure, length, &sum);
  }
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
  wire::UdpFields{departure.source.port, departure.destination.port, length, checksum}.WriteTo(
      headers.subspan<wire::Ipv6View::kSize, wire::UdpView::kSize>());

  Meta& meta = payload->meta();
  meta.checksum = path.finishes_checksums ? ChecksumState::kPartial : ChecksumState::kComplete;
  meta.checksum_offset = wire::UdpView::kChecksumOffset;
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
