// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/output.h"

#include "packet/room.h"

namespace sextant::udp {
namespace {

size_t ExtensionsOf(const Departure& departure) {
  return departure.extensions == nullptr ? 0 : departure.extensions->bytes.size();
}

}  // namespace

namespace headers {

void WriteExtended(MutableBytes out, const Departure& departure, uint16_t length,
                   uint16_t checksum) {
  const wire::HeaderChain& chain = *departure.extensions;
  const size_t size = chain.bytes.size();
  wire::Ipv6Fields::Write(out.first<wire::Ipv6View::kSize>(), departure.traffic_class,
                          departure.flow_label, static_cast<uint16_t>(size + length), chain.first,
                          departure.hop_limit, departure.source.address,
                          departure.wire_destination());
  chain.CopyTo(out.data() + wire::Ipv6View::kSize, departure.destination.address);
  wire::UdpFields{departure.source.port, departure.destination.port, length, checksum}.WriteTo(
      out.subspan(wire::Ipv6View::kSize + size).first<wire::UdpView::kSize>());
}

}  // namespace headers

bool SendStraightExtended(PacketPtr& payload, const Departure& departure, const route::Path& path,
                          Core& core) {
  constexpr size_t kLinkHeader = wire::EthernetView::kSize;
  const size_t extensions = ExtensionsOf(departure);
  const size_t size = payload->length() + headers::kSize + extensions;
  const size_t limit = departure.path_mtu != 0 ? departure.path_mtu : path.mtu;
  const bool whole = size <= path.mtu && size <= limit;
  if (!whole || departure.source.address.high_word() == 0) return false;
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  const uint16_t checksum = headers::Checksum(*payload, departure, length, path.finishes_checksums);
  const MutableBytes out = payload->Prepend(kLinkHeader + headers::kSize + extensions);
  if (out.empty()) return false;
  CopyBytes(std::span(path.link_header), out.data());
  headers::WriteExtended(out.subspan(kLinkHeader), departure, length, checksum);
  Meta& meta = payload->meta();
  meta.checksum = ChecksumState::kComplete;
  if (path.finishes_checksums) headers::LeaveChecksum(meta, length, extensions);
  path.straight->Send(std::move(payload), core);
  return true;
}

void SendByStages(PacketPtr payload, const Departure& departure, const route::Path& path,
                  Outbox& outbox, Core& core) {
  const size_t extensions = ExtensionsOf(departure);
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  const uint16_t checksum = headers::Checksum(*payload, departure, length, path.finishes_checksums);
  const MutableBytes out = MakeRoom(payload, headers::kSize + extensions, core.pool());
  if (out.empty()) return core.Drop(std::move(payload), DropReason::kNoBuffer);
  if (extensions == 0) [[likely]] {
    headers::Write(out.first<headers::kSize>(), departure, length, checksum);
  } else {
    headers::WriteExtended(out, departure, length, checksum);
  }

  Meta& meta = payload->meta();
  headers::LeaveChecksum(meta, length, extensions);
  meta.checksum = path.finishes_checksums ? ChecksumState::kPartial : ChecksumState::kComplete;
  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.path_mtu = departure.path_mtu;
  meta.looped =
      path.local || (departure.loop_group && departure.destination.address.is_multicast());
  outbox.Push(std::move(payload));
}

}  // namespace sextant::udp
