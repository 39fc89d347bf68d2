// SPDX-License-Identifier: BSD-3-Clause
// HeaderChain: extension headers as they stand between an IPv6 header and its
// upper layer, ready to be copied there in one piece.
// RFC 8200 §4 (order, Next Header), RFC 8754 §3 (the Segment Routing Header).
// Any thread.
#pragma once

#include <cstring>

#include "wire/ipv6.h"

namespace sextant::wire {

struct HeaderChain {
  Bytes bytes;  // the last Next Header field names the upper layer
  NextHeader first = NextHeader::kNone;
  // A routing header that routes: where in `bytes` the datagram's destination
  // is written, and where it goes first instead. 0: none does.
  uint16_t final_at = 0;
  Ipv6Address first_hop;

  bool routes() const { return final_at != 0; }
  // REQUIRES: `out` has room for `bytes`.
  void CopyTo(uint8_t* out, const Ipv6Address& destination) const {
    std::memcpy(out, bytes.data(), bytes.size());
    if (routes()) CopyBytes(destination.bytes(), out + final_at);
  }
};

}  // namespace sextant::wire
