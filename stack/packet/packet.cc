// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "packet/packet.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sextant {
namespace {

// Of this segment alone; rte_pktmbuf_tailroom() wants an unchained packet in debug builds.
size_t RoomBehind(const rte_mbuf& segment) {
  return size_t{segment.buf_len} - segment.data_off - segment.data_len;
}

}  // namespace

bool Packet::CopyOut(size_t offset, MutableBytes out) const {
  size_t done = 0;
  ForEachSegment(offset, out.size(), [&](Bytes part) {
    std::ranges::copy(part, out.begin() + static_cast<ptrdiff_t>(done));
    done += part.size();
  });
  return done == out.size();
}

void Packet::TrimEnd(size_t excess) {
  // rte_pktmbuf_trim() works within the last segment; segments that are cut
  // away whole are freed here.
  SX_CHECK(excess <= length());
  rte_mbuf* const first = mbuf();
  size_t keep = first->pkt_len - excess;
  first->pkt_len = static_cast<uint32_t>(keep);
  rte_mbuf* segment = first;
  uint16_t count = 1;
  while (keep > segment->data_len) {
    keep -= segment->data_len;
    segment = segment->next;
    ++count;
  }
  segment->data_len = static_cast<uint16_t>(keep);
  if (segment->next != nullptr) rte_pktmbuf_free(std::exchange(segment->next, nullptr));
  first->nb_segs = count;
}

bool Packet::Pull(size_t count) {
  rte_mbuf* const first = mbuf();
  if (count <= first->data_len) return true;
  if (count > first->pkt_len || !IsOwned()) return false;
  while (first->data_len < count) {
    rte_mbuf* const second = first->next;
    const size_t want = std::min<size_t>(count - first->data_len, second->data_len);
    if (want > RoomBehind(*first)) return false;
    std::memcpy(rte_pktmbuf_mtod_offset(first, uint8_t*, first->data_len),
                rte_pktmbuf_mtod(second, const uint8_t*), want);
    first->data_len = static_cast<uint16_t>(first->data_len + want);
    second->data_len = static_cast<uint16_t>(second->data_len - want);
    second->data_off = static_cast<uint16_t>(second->data_off + want);
    if (second->data_len == 0) {
      first->next = std::exchange(second->next, nullptr);
      second->nb_segs = 1;
      --first->nb_segs;
      rte_pktmbuf_free_seg(second);
    }
  }
  return true;
}

}  // namespace sextant
