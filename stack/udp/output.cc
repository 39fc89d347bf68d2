// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/output.h"

namespace sextant::udp {

void SendByStages(PacketPtr payload, const Departure& departure, const route::Path& path,
                  Outbox& outbox, Core& core) {
  constexpr size_t kHeaders = headers::kSize;
  const auto length = static_cast<uint16_t>(payload->length() + wire::UdpView::kSize);
  const uint16_t checksum = headers::Checksum(*payload, departure, length, path.finishes_checksums);
  const MutableBytes out = payload->Prepend(kHeaders);
  if (out.empty()) return core.Drop(std::move(payload), DropReason::kNoBuffer);
  headers::Write(out.first<kHeaders>(), departure, length, checksum);

  Meta& meta = payload->meta();
  headers::LeaveChecksum(meta, length);
  meta.checksum = path.finishes_checksums ? ChecksumState::kPartial : ChecksumState::kComplete;
  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.path_mtu = departure.path_mtu;
  meta.looped =
      path.local || (departure.loop_group && departure.destination.address.is_multicast());
  outbox.Push(std::move(payload));
}

}  // namespace sextant::udp
