// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "packet/pool.h"

#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>

#include <algorithm>

namespace sextant {
namespace {

// Per-core cache of the mempool: as large as DPDK allows, so that bulk takes
// and returns rarely touch the shared ring.
constexpr unsigned kPoolCache = RTE_MEMPOOL_CACHE_MAX_SIZE;
constexpr size_t kMetaRoom = RTE_ALIGN_CEIL(kPrivateRoom, RTE_MBUF_PRIV_ALIGN);

// All that is known about `from` beside its bytes.
void CopyMeta(const Packet& from, Packet& to) {
  to.meta() = from.meta();
  if (from.meta().has_extensions) to.extensions() = from.extensions();
}

bool Populate(rte_mempool* pool) {
  if (rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), nullptr) != 0) return false;
  rte_pktmbuf_pool_private layout{};
  layout.mbuf_data_room_size = kPacketDataRoom;
  layout.mbuf_priv_size = kMetaRoom;
  rte_pktmbuf_pool_init(pool, &layout);
  if (rte_mempool_populate_default(pool) < 0) return false;
  rte_mempool_obj_iter(pool, rte_pktmbuf_init, nullptr);
  return true;
}

}  // namespace

std::unique_ptr<PacketPool> PacketPool::Create(const std::string& name, size_t capacity) {
  const auto element = sizeof(rte_mbuf) + kMetaRoom + kPacketDataRoom;
  const auto cache = static_cast<unsigned>(std::min<size_t>(kPoolCache, capacity / 4));
  // Without NO_IOVA_CONTIG a pool on 4 KiB pages puts every buffer on a page of
  // its own, which costs 36 cycles per packet in TLB misses. No DMA device can
  // be in use without hugepages, so contiguous physical memory is not needed.
  const unsigned flags = rte_eal_has_hugepages() != 0 ? 0 : RTE_MEMPOOL_F_NO_IOVA_CONTIG;
  rte_mempool* const pool = rte_mempool_create_empty(
      name.c_str(), static_cast<unsigned>(capacity), static_cast<unsigned>(element), cache,
      sizeof(rte_pktmbuf_pool_private), SOCKET_ID_ANY, flags);
  if (pool == nullptr) return nullptr;
  if (!Populate(pool)) {
    rte_mempool_free(pool);
    return nullptr;
  }
  return std::unique_ptr<PacketPool>(new PacketPool(pool));
}

PacketPool::~PacketPool() { rte_mempool_free(pool_); }

size_t PacketPool::capacity() const { return pool_->size; }
size_t PacketPool::available() const { return rte_mempool_avail_count(pool_); }

PacketPtr PacketPool::Take() {
  rte_mbuf* const mbuf = rte_pktmbuf_alloc(pool_);
  if (mbuf == nullptr) return {};
  Packet* const packet = Packet::FromMbuf(mbuf);
  ResetMeta(*packet);
  return PacketPtr(packet);
}

bool PacketPool::Fill(Burst& burst, size_t count) {
  std::array<rte_mbuf*, kBurstSize> mbufs;
  count = std::min(count, kBurstSize - burst.size());
  if (count == 0) return true;  // which a pool without a cache would call a failure
  if (rte_pktmbuf_alloc_bulk(pool_, mbufs.data(), static_cast<unsigned>(count)) != 0) return false;
  for (size_t i = 0; i < count; ++i) {
    Packet* const packet = Packet::FromMbuf(mbufs[i]);
    ResetMeta(*packet);
    burst.Push(PacketPtr(packet));
  }
  return true;
}

PacketPtr PacketPool::Copy(Bytes bytes) {
  PacketPtr first = Take();
  if (!first) return {};
  rte_mbuf* last = first->mbuf();
  while (true) {
    const size_t part = std::min<size_t>(bytes.size(), rte_pktmbuf_tailroom(last));
    // Not memcpy(), which must not be given the null pointer of an empty span.
    std::ranges::copy(bytes.first(part), rte_pktmbuf_mtod(last, uint8_t*));
    last->data_len = static_cast<uint16_t>(part);
    first->mbuf()->pkt_len += static_cast<uint32_t>(part);
    bytes = bytes.subspan(part);
    if (bytes.empty()) return first;
    PacketPtr next = Take();
    if (!next) {
      first.Free();
      return {};
    }
    last->next = next.release()->mbuf();
    last = last->next;
    ++first->mbuf()->nb_segs;
  }
}

PacketPtr PacketPool::OwnCopy(PacketPtr& packet) {
  // rte_pktmbuf_copy() takes an empty packet for a mistake.
  rte_mbuf* const copy = packet->length() == 0
                             ? rte_pktmbuf_alloc(pool_)
                             : rte_pktmbuf_copy(packet->mbuf(), pool_, 0, UINT32_MAX);
  if (copy == nullptr) return {};
  Packet* const own = Packet::FromMbuf(copy);
  CopyMeta(*packet, *own);
  packet.Free();
  return PacketPtr(own);
}

PacketPtr PacketPool::Share(Packet& packet) {
  rte_mbuf* const clone = rte_pktmbuf_clone(packet.mbuf(), pool_);
  if (clone == nullptr) return {};
  Packet* const shared = Packet::FromMbuf(clone);
  CopyMeta(packet, *shared);
  return PacketPtr(shared);
}

PacketPtr PacketPool::ShareRange(Packet& packet, size_t offset, size_t length) {
  SX_CHECK(length != 0 && offset + length <= packet.length());
  PacketPtr shared;
  rte_mbuf* last = nullptr;
  for (rte_mbuf* segment = packet.mbuf(); length != 0; segment = segment->next) {
    if (offset >= segment->data_len) {
      offset -= segment->data_len;
      continue;
    }
    const size_t part = std::min(segment->data_len - offset, length);
    PacketPtr piece = Take();
    if (!piece) {
      if (shared) shared.Free();
      return {};
    }
    rte_mbuf* const mbuf = piece->mbuf();
    rte_pktmbuf_attach(mbuf, segment);
    mbuf->data_off = static_cast<uint16_t>(mbuf->data_off + offset);
    mbuf->data_len = static_cast<uint16_t>(part);
    mbuf->pkt_len = static_cast<uint32_t>(part);
    length -= part;
    offset = 0;
    if (!shared) {
      shared = std::move(piece);
    } else {
      last->next = piece.release()->mbuf();
      shared->mbuf()->pkt_len += mbuf->data_len;
      ++shared->mbuf()->nb_segs;
    }
    last = mbuf;
  }
  return shared;
}

}  // namespace sextant
