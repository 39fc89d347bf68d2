// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/ethdev/ethdev_link.h"

#include <rte_ethdev.h>
#include <rte_prefetch.h>

#include "core/core.h"
#include "drivers/derived_mac.h"
#include "drivers/frame_checksum.h"
#include "wire/ethernet.h"
#include "wire/ipv6.h"

namespace sextant {
namespace {

constexpr uint16_t kQueue = 0;
// Frames between the one that is looked at and the one that is fetched.
constexpr size_t kPrefetchAhead = 4;
// What says how the memory of a buffer is held; it must outlive our changes.
constexpr uint64_t kStorageFlags = RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
constexpr uint64_t kOffloadFlags = RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_L4_MASK;
// The width of rte_mbuf::l3_len.
constexpr size_t kMaxHeaderChain = 511;

MacAddress MacOf(const Port& port) {
  // Rings have none, or share the null address.
  const MacAddress mac = port.mac();
  return mac.is_zero() || mac.is_multicast() ? DeriveMacAddress(port.device()) : mac;
}

LinkCapabilities CapabilitiesOf(const Port& port, const GroupFilter& filter) {
  return {.receive_checksum = (port.receive_offloads() & RTE_ETH_RX_OFFLOAD_UDP_CKSUM) != 0,
          .transmit_checksum = (port.transmit_offloads() & RTE_ETH_TX_OFFLOAD_UDP_CKSUM) != 0,
          .group_filter = filter.exists()};
}

ChecksumState StateOf(uint64_t flags) {
  switch (flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) {
    case RTE_MBUF_F_RX_L4_CKSUM_GOOD:
    // The field is unfinished, the data intact: a virtual sender vouches for it.
    case RTE_MBUF_F_RX_L4_CKSUM_NONE:
      return ChecksumState::kGood;
    case RTE_MBUF_F_RX_L4_CKSUM_BAD:
      return ChecksumState::kBad;
    default:
      return ChecksumState::kUnknown;
  }
}

uint64_t OffloadFor(const Meta& meta) {
  if (meta.upper_offset > kMaxHeaderChain) return 0;
  switch (wire::NextHeader{meta.upper}) {
    case wire::NextHeader::kUdp:
      return RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_UDP_CKSUM;
    case wire::NextHeader::kTcp:
      return RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_TCP_CKSUM;
    default:
      return 0;
  }
}

// A frame of one segment with the same bytes, for ports that take no others.
bool Linearize(PacketPtr& frame, PacketPool& pool) {
  PacketPtr flat = pool.Take();
  if (!flat) return false;
  SX_CHECK(frame->CopyOut(0, flat->Append(frame->length())));
  flat->meta() = frame->meta();
  frame.Free();
  frame = std::move(flat);
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Link>> EthdevLink::Create(const std::string& device, size_t mtu,
                                                         PacketPool& pool) {
  auto port = Port::Open(device, pool);
  if (!port.ok()) return port.status();
  if (absl::Status status = port->Start(mtu); !status.ok()) return status;
  return std::unique_ptr<Link>(new EthdevLink(*std::move(port)));
}

EthdevLink::EthdevLink(Port port)
    : port_(std::move(port)),
      mac_(MacOf(port_)),
      filter_(port_.id()),
      capabilities_(CapabilitiesOf(port_, filter_)),
      interrupt_(port_.id()) {}

EthdevLink::~EthdevLink() {
  early_.Drain([](PacketPtr frame) { frame.Free(); });
}

bool EthdevLink::SetMtu(size_t mtu) {
  const bool done = mtu <= UINT16_MAX && port_.SetMtu(mtu).ok();
  // The port may have been restarted, which forgets what it was told.
  SetGroups(groups_);
  interrupt_.Renew();
  return done;
}

void EthdevLink::SetGroups(std::span<const MacAddress> groups) {
  if (groups.data() != groups_.data()) groups_.assign(groups.begin(), groups.end());
  if (filter_.Set(groups_)) ++statistics_.all_multicast_fallbacks;
}

void EthdevLink::RefreshStatistics() {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(port_.id(), &stats) != 0) return;
  statistics_.rx_no_buffer = stats.imissed + stats.rx_nombuf;
  statistics_.rx_errors = stats.ierrors;
}

// ---- Receiving ----

void EthdevLink::Receive(Burst& frames, Core&) {
  if (early_.empty()) [[likely]]
    return Fetch(frames);
  early_.Drain([&](PacketPtr frame) { frames.Push(std::move(frame)); });
}

void EthdevLink::Fetch(Burst& frames) {
  const std::span<Packet*, kBurstSize> slots = frames.slots();
  const size_t count =
      rte_eth_rx_burst(port_.id(), kQueue, reinterpret_cast<rte_mbuf**>(slots.data()), kBurstSize);
  for (size_t i = 0; i < count; ++i) {
    if (i + kPrefetchAhead < count) {
      Packet* const later = slots[i + kPrefetchAhead];
      rte_prefetch0(rte_mbuf_to_priv(later->mbuf()));
      rte_prefetch0(rte_pktmbuf_mtod(later->mbuf(), void*));
    }
    ResetMeta(*slots[i]);
    slots[i]->meta().checksum = StateOf(slots[i]->mbuf()->ol_flags);
    statistics_.rx_bytes += slots[i]->length();
  }
  statistics_.rx_packets += count;
  frames.set_size(count);
}

bool EthdevLink::PrepareToWait() {
  interrupt_.Arm();
  // What came in before the interrupt was armed may not raise it.
  if (early_.empty()) Fetch(early_);
  if (!early_.empty()) interrupt_.Disarm();
  return early_.empty();
}

void EthdevLink::DoneWaiting() { interrupt_.Disarm(); }

// ---- Sending ----

DropReason EthdevLink::PrepareChecksum(PacketPtr& frame, Core& core) {
  const uint64_t offload = capabilities_.transmit_checksum ? OffloadFor(frame->meta()) : 0;
  if (offload == 0) {
    return FinishChecksum(frame, core.pool()) ? DropReason::kNone : DropReason::kNoBuffer;
  }
  rte_mbuf& mbuf = *frame->mbuf();
  mbuf.ol_flags |= offload;
  mbuf.l2_len = wire::EthernetView::kSize;
  mbuf.l3_len = frame->meta().upper_offset & kMaxHeaderChain;
  return DropReason::kNone;
}

DropReason EthdevLink::Prepare(PacketPtr& frame, Core& core) {
  if (frame->length() > port_.mtu() + wire::EthernetView::kSize) return DropReason::kLinkTooBig;
  if (frame->is_chained() && (port_.transmit_offloads() & RTE_ETH_TX_OFFLOAD_MULTI_SEGS) == 0)
      [[unlikely]] {
    if (frame->length() > kPacketDataRoom - kPacketHeadroom) return DropReason::kLinkTooBig;
    if (!Linearize(frame, core.pool())) return DropReason::kNoBuffer;
  }
  frame->mbuf()->ol_flags &= kStorageFlags;
  if (frame->meta().checksum != ChecksumState::kPartial) return DropReason::kNone;
  return PrepareChecksum(frame, core);
}

void EthdevLink::PrepareInDriver(std::span<rte_mbuf*> frames, Core& core) {
  for (size_t done = 0; done < frames.size(); ++done) {
    done += rte_eth_tx_prepare(port_.id(), kQueue, frames.data() + done,
                               static_cast<uint16_t>(frames.size() - done));
    if (done >= frames.size()) return;
    // This one the device cannot do after all.
    PacketPtr frame(Packet::FromMbuf(frames[done]));
    frame->mbuf()->ol_flags &= ~kOffloadFlags;
    // Without a buffer it goes out unfinished, and its receiver drops it.
    static_cast<void>(FinishChecksum(frame, core.pool()));
    frames[done] = frame.release()->mbuf();
  }
}

void EthdevLink::Transmit(Burst& frames, Core& core) {
  std::array<rte_mbuf*, kBurstSize> ready;
  size_t count = 0;
  uint64_t bytes = 0;
  uint64_t flags = 0;
  const auto drop = [&](PacketPtr frame, DropReason reason) {
    ++statistics_.tx_dropped;
    core.Drop(std::move(frame), reason);
  };
  frames.Drain([&](PacketPtr frame) {
    const DropReason reason = Prepare(frame, core);
    if (reason != DropReason::kNone) [[unlikely]]
      return drop(std::move(frame), reason);
    bytes += frame->length();
    ready[count] = frame.release()->mbuf();
    flags |= ready[count++]->ol_flags;
  });
  if ((flags & kOffloadFlags) != 0) PrepareInDriver(std::span(ready).first(count), core);
  const size_t sent =
      rte_eth_tx_burst(port_.id(), kQueue, ready.data(), static_cast<uint16_t>(count));
  for (size_t i = sent; i < count; ++i) {
    bytes -= ready[i]->pkt_len;
    drop(PacketPtr(Packet::FromMbuf(ready[i])), DropReason::kLinkFull);
  }
  statistics_.tx_packets += sent;
  statistics_.tx_bytes += bytes;
}

}  // namespace sextant
