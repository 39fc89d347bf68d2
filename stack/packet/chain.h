// SPDX-License-Identifier: BSD-3-Clause
// PacketChain: puts packets and bytes one behind the other, each in constant
// time, where Packet::Chain() looks for the end again every time.
// Footprint: the memory that a packet keeps from being used otherwise.
// Owned by one Core.
#pragma once

#include "packet/pool.h"

namespace sextant {

class PacketChain {
 public:
  explicit PacketChain(PacketPtr head)
      : head_(std::move(head)), last_(rte_pktmbuf_lastseg(head_->mbuf())) {}

  // All of `tail`. REQUIRES: it is not empty.
  void Append(PacketPtr tail);
  // A copy, in the last segment's free room or in a segment of its own. False,
  // and nothing appended, when the pool is dry. REQUIRES: they fit one packet buffer.
  bool Append(Bytes bytes, PacketPool& pool);

  Packet& head() { return *head_; }
  // Gives the chain away.
  PacketPtr Take() { return std::move(head_); }

 private:
  PacketPtr head_;
  rte_mbuf* last_;
};

// Buffer and private area of every segment; of one that is shared, as a whole.
size_t Footprint(const Packet& packet);

}  // namespace sextant
