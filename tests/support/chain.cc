// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "support/chain.h"

#include <gtest/gtest.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <numeric>

namespace sextant::test {

TestPool::TestPool(size_t capacity, const std::string& name)
    : pool_(PacketPool::Create(name, capacity)) {
  SX_CHECK(pool_ != nullptr);
}

TestPool::~TestPool() {
  EXPECT_EQ(pool_->available(), pool_->capacity()) << "packets were lost, or freed twice";
}

Drought::Drought(PacketPool& pool, size_t left) : pool_(pool) {
  SX_CHECK(pool.available() >= left);
  held_.resize(pool.available() - left);
  for (rte_mbuf*& mbuf : held_) mbuf = rte_pktmbuf_alloc(pool.mempool());
}

Drought::~Drought() {
  for (rte_mbuf* mbuf : held_) rte_pktmbuf_free(mbuf);
}

PacketPtr Chain(PacketPool& pool, Bytes contents, std::span<const size_t> sizes) {
  SX_CHECK(std::accumulate(sizes.begin(), sizes.end(), size_t{0}) == contents.size());
  PacketPtr packet = pool.Take();
  rte_mbuf* const first = packet->mbuf();
  rte_mbuf* last = nullptr;
  for (const size_t size : sizes) {
    rte_mbuf* const segment = last == nullptr ? first : rte_pktmbuf_alloc(pool.mempool());
    SX_CHECK(segment != nullptr && size <= rte_pktmbuf_tailroom(segment));
    std::ranges::copy(contents.first(size), rte_pktmbuf_mtod(segment, uint8_t*));
    contents = contents.subspan(size);
    segment->data_len = static_cast<uint16_t>(size);
    first->pkt_len += (first == segment ? 0U : static_cast<uint32_t>(size));
    if (last != nullptr) {
      last->next = segment;
      ++first->nb_segs;
    } else {
      first->pkt_len = static_cast<uint32_t>(size);
    }
    last = segment;
  }
  return packet;
}

Frame Contents(const Packet& packet) {
  Frame all;
  for (const rte_mbuf* segment = packet.mbuf(); segment != nullptr; segment = segment->next) {
    const auto* const at = rte_pktmbuf_mtod(segment, const uint8_t*);
    all.insert(all.end(), at, at + segment->data_len);
  }
  return all;
}

std::vector<size_t> SegmentSizes(const Packet& packet) {
  std::vector<size_t> sizes;
  for (const rte_mbuf* segment = packet.mbuf(); segment != nullptr; segment = segment->next) {
    sizes.push_back(segment->data_len);
  }
  return sizes;
}

bool IsConsistent(const Packet& packet) {
  const std::vector<size_t> sizes = SegmentSizes(packet);
  const char* reason = nullptr;
  return rte_mbuf_check(packet.mbuf(), 1, &reason) == 0 && sizes.size() == packet.mbuf()->nb_segs &&
         std::accumulate(sizes.begin(), sizes.end(), size_t{0}) == packet.length();
}

}  // namespace sextant::test
