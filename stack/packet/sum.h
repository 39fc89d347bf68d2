// SPDX-License-Identifier: BSD-3-Clause
// SumOf: the Internet checksum's sum over part of a packet, chained or not.
// RFC 1071.
// Owned by one Core.
#pragma once

#include "packet/packet.h"
#include "wire/checksum.h"

namespace sextant {

// The same over any number of segments.
[[gnu::noinline]] inline wire::Sum SumOfChain(const Packet& packet, size_t offset, size_t length) {
  wire::Sum sum;
  bool odd = false;
  packet.ForEachSegment(offset, length, [&](Bytes part) {
    if (odd) {
      sum.AddOdd(part);
    } else {
      sum.Add(part);
    }
    odd ^= part.size() % 2 != 0;
  });
  return sum;
}

inline wire::Sum SumOf(const Packet& packet, size_t offset, size_t length) {
  const Bytes head = packet.bytes();
  if (offset + length > head.size()) [[unlikely]]
    return SumOfChain(packet, offset, length);
  wire::Sum sum;
  sum.Add(head.subspan(offset, length));
  return sum;
}

}  // namespace sextant
