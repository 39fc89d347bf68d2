// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/memory/memory_link.h"

#include <algorithm>

#include "core/core.h"
#include "drivers/derived_mac.h"
#include "drivers/frame_checksum.h"
#include "wire/ethernet.h"

namespace sextant {

MemoryLink::MemoryLink(MemoryHub& hub, MemoryLinkOptions options)
    : hub_(hub), options_(std::move(options)), arrivals_(options_.queue_limit) {
  if (options_.mac.is_zero()) options_.mac = DeriveMacAddress(options_.name);
}

bool MemoryLink::SetMtu(size_t mtu) {
  if (mtu < kMinMtu || mtu > UINT16_MAX) return false;
  options_.mtu = mtu;
  return true;
}

void MemoryLink::SetUp(bool up) {
  up_ = up;
  if (!up) arrivals_.Clear();
}

void MemoryLink::SetGroups(std::span<const MacAddress> groups) {
  groups_.assign(groups.begin(), groups.end());
  std::ranges::sort(groups_);
}

bool MemoryLink::Hears(Bytes frame) const {
  if (!up_) return false;
  if (!options_.capabilities.group_filter || frame.size() < MacAddress::kSize) return true;
  const MacAddress to(frame.first<MacAddress::kSize>());
  if (!to.is_multicast()) return to == options_.mac;
  return all_groups_ || to == MacAddress::Broadcast() || std::ranges::binary_search(groups_, to);
}

void MemoryLink::Inject(Bytes frame, Instant now) {
  if (!up_ || frame.empty()) return;
  if (arrivals_.full()) {
    ++statistics_.rx_no_buffer;
    return;
  }
  arrivals_.Stage(frame);
  arrivals_.Commit(now);
}

void MemoryLink::Receive(Burst& frames, Core& core) {
  while (!frames.full() && arrivals_.next() <= core.now()) {
    const Bytes bytes = arrivals_.front();
    PacketPtr frame;
    if (bytes.size() > options_.mtu + wire::EthernetView::kSize) {
      ++statistics_.rx_errors;
    } else if (frame = core.pool().Copy(bytes); !frame) {
      ++statistics_.rx_no_buffer;
    } else {
      ++statistics_.rx_packets;
      statistics_.rx_bytes += bytes.size();
      if (options_.capabilities.receive_checksum) frame->meta().checksum = VerifyChecksum(*frame);
      frames.Push(std::move(frame));
    }
    arrivals_.Pop();
  }
}

DropReason MemoryLink::Send(PacketPtr& frame, Core& core) {
  if (!up_) return DropReason::kOutputInterfaceDown;
  if (frame->length() > options_.mtu + wire::EthernetView::kSize) return DropReason::kLinkTooBig;
  if (options_.capabilities.transmit_checksum && !FinishChecksum(frame, core.pool())) {
    return DropReason::kNoBuffer;
  }
  Bytes bytes = frame->bytes();
  if (frame->is_chained()) {
    flat_.resize(frame->length());
    SX_CHECK(frame->CopyOut(0, flat_));
    bytes = flat_;
  }
  const auto fate = hub_.Carry(*this, bytes, core.now());
  return fate == MemoryHub::Fate::kNoRoom ? DropReason::kLinkFull : DropReason::kNone;
}

void MemoryLink::Transmit(Burst& frames, Core& core) {
  frames.Drain([&](PacketPtr frame) {
    const DropReason reason = Send(frame, core);
    if (reason != DropReason::kNone) {
      ++statistics_.tx_dropped;
      return core.Drop(std::move(frame), reason);
    }
    ++statistics_.tx_packets;
    statistics_.tx_bytes += frame->length();
    frame.Free();
  });
}

}  // namespace sextant
