// SPDX-License-Identifier: BSD-3-Clause
// Patch16: writes two bytes anywhere into a packet, chained or not.
// Owned by one Core.
#pragma once

#include "packet/packet.h"

namespace sextant {

// In network byte order. REQUIRES: nobody else refers to the packet's segments,
// and `offset` + 2 bytes are there; they may lie in two segments.
inline void Patch16(Packet& packet, size_t offset, uint16_t value) {
  rte_mbuf* segment = packet.mbuf();
  for (const uint8_t byte : {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)}) {
    while (segment != nullptr && offset >= segment->data_len) {
      offset -= segment->data_len;
      segment = segment->next;
    }
    SX_CHECK(segment != nullptr && RTE_MBUF_DIRECT(segment));
    *rte_pktmbuf_mtod_offset(segment, uint8_t*, offset) = byte;
    ++offset;
  }
}

}  // namespace sextant
