// SPDX-License-Identifier: BSD-3-Clause
// FragmentKey: what the fragments of one datagram have in common, and Fragment:
// what one of them says about its place in it.
// RFC 8200 §4.5.
// Owned by one Core.
#pragma once

#include "packet/packet.h"
#include "wire/fragment.h"

namespace sextant::ip6 {

struct FragmentKey {
  Ipv6Address source;
  Ipv6Address destination;
  uint32_t identification = 0;
  // Of arrival, where the addresses do not say which link they are of; else 0.
  uint16_t interface = 0;

  std::array<uint64_t, 6> words() const {
    return {source.high_word(),     source.low_word(), destination.high_word(),
            destination.low_word(), identification,    interface};
  }
  bool operator==(const FragmentKey& other) const {
    return source == other.source && destination == other.destination &&
           identification == other.identification && interface == other.interface;
  }
};

// Offsets and lengths are in octets, and wide: sums of what a packet claims may
// exceed sixteen bits.
struct Fragment {
  FragmentKey key;
  uint32_t header = 0;  // where the Fragment header begins; the unfragmentable part ends there
  uint32_t start = 0;   // of its data, in the datagram
  uint32_t length = 0;  // of its data
  uint32_t packet_length = 0;
  bool more = false;
  uint8_t ecn = 0;  // RFC 3168 §5: the low bits of the traffic class

  uint32_t data() const { return header + wire::FragmentView::kSize; }
  uint32_t end() const { return start + length; }
  bool is_first() const { return start == 0; }

  // REQUIRES: the packet begins at its IPv6 header, holds what that promises,
  // and extensions().fragment says where the Fragment header is.
  static Fragment Of(const Packet& packet);
};

inline Fragment Fragment::Of(const Packet& packet) {
  const Bytes bytes = packet.bytes();
  const auto ip = wire::Ipv6View::Trusted(bytes);
  Fragment f;
  f.header = packet.extensions().fragment;
  f.packet_length = uint32_t{wire::Ipv6View::kSize} + ip.payload_length();
  const auto view = wire::FragmentView::Parse(bytes.subspan(f.header), f.packet_length - f.header);
  SX_CHECK(view && f.data() <= f.packet_length && f.packet_length <= packet.length());
  f.key.source = ip.source();
  f.key.destination = ip.destination();
  f.key.identification = view->identification();
  const bool zoned = f.key.source.is_link_local() || f.key.destination.is_link_local() ||
                     f.key.destination.is_multicast();
  f.key.interface = zoned ? packet.meta().interface : uint16_t { 0 };
  f.start = view->offset();
  f.length = f.packet_length - f.data();
  f.more = view->more();
  f.ecn = ip.traffic_class() & 3;
  return f;
}

}  // namespace sextant::ip6
