// SPDX-License-Identifier: BSD-3-Clause
// Meta: what is known about a packet besides its bytes. It lies in the packet
// buffer's private area, so that a stage finds it without another lookup.
// Written once by the stage that finds a thing out, read by later ones.
// Owned by one Core.
#pragma once

#include <cstddef>
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
  bool has_extensions = false;  // received: Packet::extensions() is filled
  bool reassembled = false;     // received: in fragments; one, if the Fragment header was alone
  wire::Icmp6Error error;       // what to tell the sender of a refused packet
  uint32_t path_mtu = 0;        // to send: longer packets are fragmented to it; 0: the link's
};

static_assert(sizeof(Meta) <= 64, "one cache line beside every packet");

// Where the extension headers of a received packet lie, in octets from its IPv6
// header; 0: there is none. Each begins with its Next Header field. It lies
// behind Meta and is filled only when Meta::has_extensions says so, so that
// plain packets do not pay for it.
struct ExtensionPlaces {
  uint16_t hop_by_hop = 0;
  uint16_t destination_first = 0;  // the first of two: in front of a routing header
  uint16_t routing = 0;
  uint16_t fragment = 0;          // an atomic fragment's, or one that waits for reassembly
  uint16_t destination = 0;       // destination options in front of the upper layer
  uint16_t last_next_header = 0;  // of the Next Header field that names Meta::upper
  uint16_t largest_fragment = 0;  // Meta::reassembled: the longest one, IPv6 header included
  // Meta::reassembled: received frames beside this one whose data it carries;
  // they share its fate.
  uint16_t absorbed = 0;
};

// What a packet buffer keeps beside its bytes.
inline constexpr size_t kPrivateRoom = sizeof(Meta) + sizeof(ExtensionPlaces);

}  // namespace sextant
