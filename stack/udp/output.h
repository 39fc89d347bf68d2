// SPDX-License-Identifier: BSD-3-Clause
// UDP output: puts the UDP and IPv6 headers in front of a payload.
// RFC 768, RFC 8200 §3 and §8.1.
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "route/route_table.h"
#include "udp/socket.h"

namespace sextant::udp {

// Everything that is decided about one datagram before it is written.
struct Departure {
  Endpoint source;
  Endpoint destination;
  uint32_t flow_label = 0;
  uint32_t path_mtu = 0;  // longer packets are fragmented to it; 0: the link's
  uint8_t traffic_class = 0;
  uint8_t hop_limit = 64;
  bool loop_group = true;  // IPV6_MULTICAST_LOOP
};

// `payload` holds the data and nothing else; takes it. REQUIRES: its length is
// at most kMaxUdpPayload, and it has headroom and an owned first segment (as
// fresh and received packets have).
void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core);

}  // namespace sextant::udp
