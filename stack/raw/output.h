// SPDX-License-Identifier: BSD-3-Clause
// Raw output: fills in the checksum and puts the IPv6 header in front.
// RFC 3542 §3.1 (checksums), RFC 8200 §3 and §8.1.
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "raw/socket.h"
#include "route/route_table.h"
#include "wire/header_chain.h"

namespace sextant::raw {

// Everything that is decided about one packet before it is written.
struct Departure {
  Ipv6Address source;
  Ipv6Address destination;
  uint32_t flow_label = 0;
  uint32_t path_mtu = 0;  // longer packets are fragmented to it; 0: the link's
  uint8_t traffic_class = 0;
  uint8_t hop_limit = 64;
  bool loop_group = true;  // IPV6_MULTICAST_LOOP
  uint8_t protocol = 0;
  int checksum_offset = Socket::kNoChecksum;
  const wire::HeaderChain* extensions = nullptr;

  // Where it goes on the wire. RFC 8200 §4.4: a routing header names others first.
  const Ipv6Address& wire_destination() const {
    return extensions != nullptr && extensions->routes() ? extensions->first_hop : destination;
  }
};

// The longest payload of an IPv6 packet.
inline constexpr size_t kMaxPayload = 65'535;

// `payload` holds the data and nothing else; takes it. REQUIRES: its length is
// at most kMaxPayload, the checksum lies within it, it has headroom, and all of
// its segments are owned (as those of fresh packets are).
void Send(PacketPtr payload, const Departure& departure, const route::Path& path, Outbox& outbox,
          Core& core);

// The same for a packet that brings its own IPv6 header, and is sent as it is.
// REQUIRES: it has an IPv6 header's length at least.
void SendWithHeader(PacketPtr packet, const Departure& departure, const route::Path& path,
                    Outbox& outbox);

}  // namespace sextant::raw
