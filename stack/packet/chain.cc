// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "packet/chain.h"

#include <cstring>

namespace sextant {

void PacketChain::Append(PacketPtr tail) {
  rte_mbuf* const head = head_->mbuf();
  const uint32_t length = tail->mbuf()->pkt_len;
  rte_mbuf* segment = tail.release()->mbuf();
  size_t count = segment->nb_segs;
  // What has been stripped to nothing is not carried along.
  while (segment->data_len == 0 && segment->next != nullptr) {
    rte_mbuf* const next = std::exchange(segment->next, nullptr);
    segment->nb_segs = 1;
    rte_pktmbuf_free_seg(segment);
    segment = next;
    --count;
  }
  last_->next = segment;
  last_ = segment->next == nullptr ? segment : rte_pktmbuf_lastseg(segment);
  SX_CHECK(head->nb_segs + count <= RTE_MBUF_MAX_NB_SEGS);
  head->nb_segs = static_cast<uint16_t>(head->nb_segs + count);
  head->pkt_len += length;
}

bool PacketChain::Append(Bytes bytes, PacketPool& pool) {
  rte_mbuf* const head = head_->mbuf();
  const size_t room = size_t{last_->buf_len} - last_->data_off - last_->data_len;
  const bool ours = rte_mbuf_refcnt_read(last_) == 1 && RTE_MBUF_DIRECT(last_);
  if (bytes.size() > room || !ours) {
    PacketPtr more = pool.Take();
    if (!more) return false;
    last_->next = more.release()->mbuf();
    last_ = last_->next;
    ++head->nb_segs;
    SX_CHECK(bytes.size() <= rte_pktmbuf_tailroom(last_));
  }
  std::memcpy(rte_pktmbuf_mtod_offset(last_, uint8_t*, last_->data_len), bytes.data(),
              bytes.size());
  last_->data_len = static_cast<uint16_t>(last_->data_len + bytes.size());
  head->pkt_len += static_cast<uint32_t>(bytes.size());
  return true;
}

size_t Footprint(const Packet& packet) {
  size_t bytes = 0;
  for (const rte_mbuf* segment = packet.mbuf(); segment != nullptr; segment = segment->next) {
    bytes += sizeof(rte_mbuf) + segment->priv_size + segment->buf_len;
  }
  return bytes;
}

}  // namespace sextant
