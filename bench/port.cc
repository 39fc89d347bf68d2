// SPDX-License-Identifier: BSD-3-Clause
// The in-process port. Its cost is part of every figure and is printed as `null`.
// RFC 4861 §7.2.4 for the peers' advertisements.
// Owned by the measuring thread.
#include "port.h"

#include <rte_errno.h>
#include <rte_mempool.h>

#include <algorithm>

namespace sextant::bench {
namespace {

constexpr uint8_t kIcmp6 = 58;
constexpr uint8_t kNeighborSolicitation = 135;
constexpr uint8_t kNeighborAdvertisement = 136;
constexpr uint8_t kTargetLinkLayerAddress = 2;
constexpr size_t kTargetAt = kUpperAt + 8;
constexpr size_t kSmallStride = 128;

// What a NIC with receive checksum offload writes beside a good packet.
constexpr uint64_t kGood = RTE_MBUF_F_RX_IP_CKSUM_NONE | RTE_MBUF_F_RX_L4_CKSUM_GOOD;

void Fill(rte_mbuf* m, const uint8_t* frame, size_t bytes, size_t stride) {
  auto* data = rte_pktmbuf_mtod(m, uint8_t*);
  // A constant length becomes a few vector moves; the stride is padding, not frame.
  if (stride == kSmallStride) {
    std::memcpy(data, frame, kSmallStride);
  } else {
    std::memcpy(data, frame, bytes);
  }
  m->data_len = static_cast<uint16_t>(bytes);
  m->pkt_len = static_cast<uint32_t>(bytes);
}

std::span<const uint8_t> BytesOf(const rte_mbuf* m) {
  return {rte_pktmbuf_mtod(m, const uint8_t*), m->data_len};
}

// Frees like a driver with RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE when every frame allows it.
void Free(std::span<rte_mbuf* const> frames, rte_mempool* pool, bool simple) {
  if (simple) {
    rte_mempool_put_bulk(pool, reinterpret_cast<void* const*>(frames.data()),
                         static_cast<unsigned>(frames.size()));
    return;
  }
  for (rte_mbuf* m : frames) rte_pktmbuf_free(m);
}

}  // namespace

Pool MakePool(const char* name, unsigned count, unsigned cache, uint16_t private_bytes) {
  // rte_pktmbuf_pool_create without hugepages gives each mbuf a page of its own and triples the
  // price of touching it; no device reads these buffers, so IOVA contiguity is not needed.
  const unsigned element =
      static_cast<unsigned>(sizeof(rte_mbuf)) + private_bytes + unsigned{RTE_MBUF_DEFAULT_BUF_SIZE};
  Pool pool(rte_mempool_create_empty(name, count, element, cache, sizeof(rte_pktmbuf_pool_private),
                                     SOCKET_ID_ANY, RTE_MEMPOOL_F_NO_IOVA_CONTIG));
  if (!pool) return nullptr;
  rte_pktmbuf_pool_private shape = {};
  shape.mbuf_data_room_size = RTE_MBUF_DEFAULT_BUF_SIZE;
  shape.mbuf_priv_size = private_bytes;
  rte_pktmbuf_pool_init(pool.get(), &shape);
  if (rte_mempool_populate_default(pool.get()) < 0) return nullptr;
  rte_mempool_obj_iter(pool.get(), rte_pktmbuf_init, nullptr);
  return pool;
}

void Port::Offer(uint64_t frames) {
  left_ = frames;
  tally_ = {};
  complaint_.clear();
}

size_t Port::Receive(std::span<rte_mbuf*> out) {
  if (advertisements_ != 0) [[unlikely]] {
    return ReceiveAdvertisements(out);
  }
  const size_t count =
      std::min({out.size(), kBurst, static_cast<size_t>(left_), frames_.count() - next_});
  if (count == 0) return 0;
  if (rte_pktmbuf_alloc_bulk(pool_, out.data(), static_cast<unsigned>(count)) != 0) return 0;
  const uint8_t* frame = feed_echoes_ ? frames_.reply(next_) : frames_.request(next_);
  const size_t bytes = frames_.frame_bytes();
  const size_t stride = frames_.stride();
  for (size_t i = 0; i < count; ++i, frame += stride) {
    Fill(out[i], frame, bytes, stride);
    if (offload_) out[i]->ol_flags |= kGood;
  }
  next_ = next_ + count == frames_.count() ? 0 : next_ + count;
  left_ -= count;
  tally_.offered += count;
  return count;
}

void Port::Transmit(std::span<rte_mbuf* const> frames) {
  bool simple = true;
  for (const rte_mbuf* m : frames) {
    simple &= m->pool == pool_ && m->nb_segs == 1 && rte_mbuf_refcnt_read(m) == 1;
    if (Accept(m)) [[likely]] {
      ++tally_.answered;
    } else {
      TakeOther(BytesOf(m));
    }
  }
  Free(frames, pool_, simple);
}

bool Port::Accept(const rte_mbuf* m) {
  if (inspect_all_) Inspect(m);
  return m->nb_segs == 1 && frames_.LooksRight(rte_pktmbuf_mtod(m, const uint8_t*), m->data_len);
}

void Port::Inspect(const rte_mbuf* m) {
  const auto frame = BytesOf(m);
  if (!complaint_.empty() || !frames_.LooksRight(frame.data(), frame.size())) return;
  const bool asked = (m->ol_flags & RTE_MBUF_F_TX_L4_MASK) != 0;
  if (asked && !offload_) {
    complaint_ = "asks a port without offload for a checksum";
    return;
  }
  if (asked && (m->l2_len != kIp6At || m->l3_len != kUpperAt - kIp6At)) {
    complaint_ = "asks for a checksum with wrong header lengths";
    return;
  }
  complaint_ = frames_.Inspect(frame, asked ? Checksum::kPseudoHeaderOnly : Checksum::kComplete);
}

const uint8_t* Port::TakeRequest() {
  if (left_ == 0) return nullptr;
  const uint8_t* frame = frames_.request(next_);
  next_ = next_ + 1 == frames_.count() ? 0 : next_ + 1;
  --left_;
  ++tally_.offered;
  return frame;
}

void Port::CountEcho(std::span<const uint8_t> frame, Checksum checksum) {
  if (!frames_.LooksRight(frame.data(), frame.size())) {
    TakeOther(frame);
    return;
  }
  ++tally_.answered;
  if (complaint_.empty()) complaint_ = frames_.Inspect(frame, checksum);
}

void Port::TakeOther(std::span<const uint8_t> frame) {
  const bool icmp6 = frame.size() > kTargetAt && frame[kIp6At + 6] == kIcmp6;
  const bool multicast = !frame.empty() && (frame[0] & 1) != 0;
  if (!icmp6 || frame[kUpperAt] != kNeighborSolicitation) {
    // Listener reports and router solicitations go to groups; a peer is only owed echoes and
    // neighbor discovery.
    ++(multicast || (icmp6 && frame[kUpperAt] >= 130 && frame[kUpperAt] <= 143) ? tally_.other
                                                                                : tally_.wrong);
    return;
  }
  ++tally_.other;
  // RFC 4862 §5.4.3: a solicitation from the unspecified address probes for duplicates. Nobody
  // here uses the address.
  const auto source = frame.subspan(kSourceAt, 16);
  if (std::ranges::all_of(source, [](uint8_t b) { return b == 0; })) return;
  if (frame.size() < kTargetAt + 16) return;
  for (uint32_t peer = 0; peer < kPeers; ++peer) {
    if (std::ranges::equal(frame.subspan(kTargetAt, 16), PeerAddress(peer))) Answer(frame, peer);
  }
}

void Port::Answer(std::span<const uint8_t> solicitation, uint32_t peer) {
  if (advertisements_ == kMaxAdvertisements) return;
  Advertisement& f = advertisement_[advertisements_++];
  f = {};
  std::ranges::copy(solicitation.subspan(6, 6), f.data());
  std::ranges::copy(PeerMac(peer), f.data() + 6);
  f[12] = 0x86;
  f[13] = 0xdd;
  f[kIp6At] = 0x60;
  f[kIp6At + 5] = kAdvertisementBytes - kUpperAt;
  f[kIp6At + 6] = kIcmp6;
  f[kIp6At + 7] = 255;
  std::ranges::copy(PeerAddress(peer), f.data() + kSourceAt);
  std::ranges::copy(solicitation.subspan(kSourceAt, 16), f.data() + kDestinationAt);
  f[kUpperAt] = kNeighborAdvertisement;
  f[kUpperAt + 4] = 0x60;  // RFC 4861 §4.4: Solicited and Override
  std::ranges::copy(PeerAddress(peer), f.data() + kTargetAt);
  f[kTargetAt + 16] = kTargetLinkLayerAddress;
  f[kTargetAt + 17] = 1;
  std::ranges::copy(PeerMac(peer), f.data() + kTargetAt + 18);
  const auto sum = static_cast<uint16_t>(~UpperLayerSum(std::span(f).subspan(kIp6At), false));
  f[kUpperAt + 2] = static_cast<uint8_t>(sum >> 8);
  f[kUpperAt + 3] = static_cast<uint8_t>(sum);
}

size_t Port::ReceiveAdvertisements(std::span<rte_mbuf*> out) {
  const size_t count = std::min(out.size(), advertisements_);
  if (rte_pktmbuf_alloc_bulk(pool_, out.data(), static_cast<unsigned>(count)) != 0) return 0;
  for (size_t i = 0; i < count; ++i) {
    Fill(out[i], advertisement_[--advertisements_].data(), kAdvertisementBytes, 0);
    if (offload_) out[i]->ol_flags |= kGood;
  }
  return count;
}

}  // namespace sextant::bench
