// SPDX-License-Identifier: BSD-3-Clause
// Meta: what is known about a packet besides its bytes. It lies in the packet
// buffer's private area, so that a stage finds it without another lookup.
// Written once by the stage that finds a thing out, read by later ones.
// Owned by one Core.
#pragma once

#include <cstdint>

#include "base/ipv6_address.h"
#include "base/mac_address.h"
#include "base/time.h"
#include "wire/icmpv6.h"

namespace sextant {

// Who made the packet. A received one owes the counters a fate.
enum class Origin : uint8_t { kMade, kReceived };

// What is known of the upper-layer checksum.
enum class ChecksumState : uint8_t {
  kUnknown,   // received: verify it in software
  kGood,      // received: the link or the sender in this host vouches for it
  kBad,       // received: the link has found it wrong
  kPartial,   // to send: the field holds the pseudo-header's sum, the link finishes it
  kComplete,  // to send: nothing left to do
};

class Packet;

struct Meta {
  Packet* next = nullptr;     // the queue this packet waits in; see PacketQueue
  Instant arrived;            // when it was received; the same for a whole poll
  Ipv6Address next_hop;       // to send: the neighbor it goes to
  uint16_t interface = 0;     // index of arrival, or to leave by
  uint16_t upper_offset = 0;  // where the upper layer begins, from the IPv6 header
  uint16_t upper_length = 0;  // how long it is
  uint8_t upper = 0;          // the next header that says what it is
  Origin origin = Origin::kMade;
  ChecksumState checksum = ChecksumState::kUnknown;
  bool link_multicast = false;  // the frame was sent to a link-layer group
  bool looped = false;          // sent by this host to itself
  MacAddress link_address;      // received: the frame's source; to send: its destination
  uint8_t checksum_offset = 0;  // kPartial: of the field, from the upper layer's start
  wire::Icmp6Error error;       // what to tell the sender of a refused packet
};

static_assert(sizeof(Meta) <= 64, "one cache line beside every packet");

}  // namespace sextant
