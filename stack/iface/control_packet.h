// SPDX-License-Identifier: BSD-3-Clause
// ControlPacket: a small ICMPv6 packet of our own, ready for the Outbox. What
// neighbor discovery and multicast listener discovery send.
// RFC 8200 §3 and §8.1, RFC 4443 §2.3.
// Owned by one Core.
#pragma once

#include "core/core.h"

namespace sextant::iface {

// Where it goes, and how. The destination is on the link: it is its own next hop.
struct ControlEnvelope {
  uint16_t interface = 0;
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t hop_limit = 255;
  // A whole hop-by-hop header that says ICMPv6 comes next, or nothing.
  Bytes hop_by_hop = {};
};

// `message` is the ICMPv6 message with its checksum left zero. Null, and
// counted, when the pool is dry. REQUIRES: it all fits into one packet buffer.
PacketPtr MakeControlPacket(Core& core, const ControlEnvelope& envelope, Bytes message);

}  // namespace sextant::iface
