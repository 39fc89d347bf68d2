// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/tap/tap_link.h"

#include <rte_mbuf.h>

#include <cerrno>

#include "core/core.h"
#include "drivers/derived_mac.h"
#include "wire/ethernet.h"

namespace sextant {
namespace {

static_assert(kPacketHeadroom == RTE_PKTMBUF_HEADROOM);

// The kernel drops what does not fit into this queue; its own 500 frames last
// 0.7 ms at full rate, less than a sleeping program needs to wake up.
constexpr int kKernelQueue = 4096;

// IEEE 802.1Q: a tag makes a frame four bytes longer than the MTU says.
constexpr size_t kVlanTag = 4;
constexpr size_t MaxReceived(size_t mtu) { return mtu + wire::EthernetView::kSize + kVlanTag; }

MacAddress OurMac(const std::string& name, const MacAddress& kernel) {
  const MacAddress mac = DeriveMacAddress(name);
  return mac == kernel ? DeriveMacAddress(name + "'") : mac;
}

VnetHeader HeaderFor(const Meta& meta) {
  VnetHeader header;
  if (meta.checksum != ChecksumState::kPartial) return header;
  header.flags = VnetHeader::kNeedsChecksum;
  header.checksum_start = static_cast<uint16_t>(wire::EthernetView::kSize + meta.upper_offset);
  header.checksum_offset = meta.checksum_offset;
  return header;
}

// Needs a checksum: the kernel made the packet itself and vouches for it; its
// field holds the pseudo-header's sum only.
ChecksumState StateOf(const VnetHeader& header) {
  const int vouched = VnetHeader::kNeedsChecksum | VnetHeader::kDataValid;
  return (header.flags & vouched) != 0 ? ChecksumState::kGood : ChecksumState::kUnknown;
}

iovec AsVector(void* at, size_t size) { return {at, size}; }

}  // namespace

absl::StatusOr<std::unique_ptr<Link>> TapLink::Create(const std::string& name, size_t mtu,
                                                      const std::optional<Ipv6Prefix>& peer) {
  auto device = TapDevice::Open(name);
  if (!device.ok()) return device.status();
  if (absl::Status status = device->SetMtu(mtu); !status.ok()) return status;
  const auto kernel_mac = device->KernelMac();
  if (!kernel_mac.ok()) return kernel_mac.status();
  device->RaiseQueueLength(kKernelQueue);
  if (absl::Status status = device->BringUp(); !status.ok()) return status;
  if (peer) {
    if (absl::Status status = device->AddAddress(*peer); !status.ok()) return status;
  }
  return std::unique_ptr<Link>(new TapLink(*std::move(device), OurMac(name, *kernel_mac), mtu));
}

TapLink::TapLink(TapDevice device, MacAddress mac, size_t mtu)
    : device_(std::move(device)), mac_(mac) {
  FitBuffers(mtu);
}

TapLink::~TapLink() { rte_pktmbuf_free_bulk(spares_.data(), static_cast<unsigned>(spare_count_)); }

void TapLink::FitBuffers(size_t mtu) {
  mtu_ = mtu;
  // One byte more than the largest frame, so that a larger one is noticed.
  chain_ = MaxReceived(mtu) / kRoom + 1;
  SX_CHECK(chain_ <= kMaxChain);
}

bool TapLink::SetMtu(size_t mtu) {
  if (mtu > UINT16_MAX || !device_.SetMtu(mtu).ok()) return false;
  FitBuffers(mtu);
  return true;
}

bool TapLink::is_up() { return !gone_ && device_.is_up(); }

void TapLink::NoteError(int error) {
  if (error == EBADFD) gone_ = true;
}

// ---- From the kernel ----

bool TapLink::StockUp(PacketPool& pool) {
  if (spare_count_ >= chain_) [[likely]]
    return true;
  for (const size_t count : {kBurstSize + chain_ - spare_count_, chain_ - spare_count_}) {
    if (rte_pktmbuf_alloc_bulk(pool.mempool(), &spares_[spare_count_],
                               static_cast<unsigned>(count)) == 0) {
      spare_count_ += count;
      return true;
    }
  }
  return false;
}

std::optional<size_t> TapLink::ReadFrame(VnetHeader& header) {
  std::array<iovec, 1 + kMaxChain> parts;
  parts[0] = AsVector(&header, sizeof header);
  for (size_t i = 0; i < chain_; ++i) {
    parts[1 + i] = AsVector(rte_pktmbuf_mtod(spares_[spare_count_ - 1 - i], void*), kRoom);
  }
  const ssize_t got = readv(device_.descriptor(), parts.data(), static_cast<int>(1 + chain_));
  if (got >= static_cast<ssize_t>(sizeof header)) [[likely]] {
    return static_cast<size_t>(got) - sizeof header;
  }
  if (got < 0) NoteError(errno);
  return std::nullopt;
}

bool TapLink::DiscardFrame() {
  VnetHeader header;
  // The kernel cuts off, and forgets, what does not fit.
  const iovec part = AsVector(&header, sizeof header);
  if (readv(device_.descriptor(), &part, 1) < 0) {
    NoteError(errno);
    return false;
  }
  ++statistics_.rx_no_buffer;
  return true;
}

PacketPtr TapLink::TakeFrame(size_t size) {
  rte_mbuf* const first = spares_[--spare_count_];
  first->pkt_len = static_cast<uint32_t>(size);
  first->data_len = static_cast<uint16_t>(std::min(size, kRoom));
  rte_mbuf* last = first;
  for (size_t left = size - first->data_len; left > 0; left -= last->data_len) {
    last->next = spares_[--spare_count_];
    last = last->next;
    last->data_len = static_cast<uint16_t>(std::min(left, kRoom));
    ++first->nb_segs;
  }
  return PacketPtr(Packet::FromMbuf(first));
}

void TapLink::Receive(Burst& frames, Core& core) {
  for (size_t reads = 0; reads < kBurstSize; ++reads) {
    if (!StockUp(core.pool())) [[unlikely]] {
      if (!DiscardFrame()) return;
      continue;
    }
    VnetHeader header;
    const std::optional<size_t> size = ReadFrame(header);
    if (!size) return;
    // Segmentation offload is off, so that no frame exceeds the MTU.
    if (*size > MaxReceived(mtu_) || header.segmentation != VnetHeader::kNoSegmentation)
        [[unlikely]] {
      ++statistics_.rx_errors;
      continue;
    }
    PacketPtr frame = TakeFrame(*size);
    ResetMeta(*frame);
    frame->meta().checksum = StateOf(header);
    ++statistics_.rx_packets;
    statistics_.rx_bytes += *size;
    frames.Push(std::move(frame));
  }
}

// ---- To the kernel ----

DropReason TapLink::WriteFrame(const Packet& frame) {
  if (frame.length() > mtu_ + wire::EthernetView::kSize || frame.mbuf()->nb_segs > kMaxSegments) {
    return DropReason::kLinkTooBig;
  }
  VnetHeader header = HeaderFor(frame.meta());
  std::array<iovec, 1 + kMaxSegments> parts;
  parts[0] = AsVector(&header, sizeof header);
  size_t count = 1;
  frame.ForEachSegment(0, frame.length(), [&](Bytes part) {
    parts[count++] = AsVector(const_cast<uint8_t*>(part.data()), part.size());
  });
  if (writev(device_.descriptor(), parts.data(), static_cast<int>(count)) >= 0) [[likely]] {
    return DropReason::kNone;
  }
  NoteError(errno);
  // EIO: the kernel's side is down. Anything else is a shortage on its side.
  return errno == EIO || gone_ ? DropReason::kOutputInterfaceDown : DropReason::kLinkFull;
}

void TapLink::Transmit(Burst& frames, Core& core) {
  frames.Drain([&](PacketPtr frame) {
    const DropReason reason = WriteFrame(*frame);
    if (reason != DropReason::kNone) [[unlikely]] {
      ++statistics_.tx_dropped;
      return core.Drop(std::move(frame), reason);
    }
    ++statistics_.tx_packets;
    statistics_.tx_bytes += frame->length();
    frame.Free();
  });
}

}  // namespace sextant
