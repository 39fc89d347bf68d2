// SPDX-License-Identifier: BSD-3-Clause
// UDP output: puts the UDP and IPv6 headers in front of a payload.
// RFC 768, RFC 8200 §3 and §8.1.
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "packet/sum.h"
#include "route/route_table.h"
#include "udp/socket.h"
#include "wire/ethernet.h"
#include "wire/header_chain.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

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
  const wire::HeaderChain* extensions = nullptr;

  // Where it goes on the wire. RFC 8200 §4.4: a routing header names others first.
  const Ipv6Address& wire_destination() const {
    return extensions != nullptr && extensions->routes() ? extensions->first_hop
                                                         : destination.address;
  }
};

// The parts of a datagram's headers.
namespace headers {

inline constexpr size_t kSize = wire::Ipv6View::kSize + wire::UdpView::kSize;

// Headers are summed as values, not as bytes: reading back what was stored a
// moment ago in other sizes stalls.
inline uint16_t Checksum(const Packet& payload, const Departure& departure, uint16_t length,
                         bool link_finishes) {
  wire::Sum sum;
  if (!link_finishes) {
    sum = SumOf(payload, 0, payload.length());
    sum.AddHost(uint64_t{departure.source.port} + departure.destination.port + length);
  }
  sum.AddPseudoHeader(departure.source.address, departure.destination.address, length,
                      static_cast<uint8_t>(wire::NextHeader::kUdp));
  // The link adds the rest to the pseudo-header's sum.
  return link_finishes ? static_cast<uint16_t>(~sum.Checksum()) : sum.UdpChecksum();
}

inline void Write(std::span<uint8_t, kSize> out, const Departure& departure, uint16_t length,
                  uint16_t checksum) {
  wire::Ipv6Fields::Write(out.first<wire::Ipv6View::kSize>(), departure.traffic_class,
                          departure.flow_label, length, wire::NextHeader::kUdp, departure.hop_limit,
                          departure.source.address, departure.destination.address);
  wire::UdpFields{departure.source.port, departure.destination.port, length, checksum}.WriteTo(
      out.subspan<wire::Ipv6View::kSize, wire::UdpView::kSize>());
}

// The same with extension headers in between. REQUIRES: departure.extensions,
// and kSize and their length are the length of `out`.
void WriteExtended(MutableBytes out, const Departure& departure, uint16_t length,
                   uint16_t checksum);

// Where the link finds the checksum that it is to finish.
inline void LeaveChecksum(Meta& meta, uint16_t length, size_t extensions = 0) {
  meta.checksum = ChecksumState::kPartial;
  meta.checksum_offset = wire::UdpView::kChecksumOffset;
  meta.upper_offset = static_cast<uint16_t>(wire::Ipv6View::kSize + extensions);
  meta.upper_length = length;
  meta.upper = static_cast<uint8_t>(wire::NextHeader::kUdp);
}

}  // namespace headers

// Through the output stages, which know every case.
void SendByStages(PacketPtr payload, const Departure& departure, const route::Path& path,
                  Outbox& outbox, Core& core);

// SendStraight() for a datagram with extension headers.
bool SendStraightExtended(PacketPtr& payload, const Departure& departure, const route::Path& path,
                          Core& core);

// For a path that is decided to its end: Ethernet, IPv6 and UDP header in one
// piece. False, and the packet untouched, when it has to go through the stages.
inline bool SendStraight(PacketPtr& payload, const Departure& departure, const route::Path& path,
                         Core& core) {
  if (departure.extensions != nullptr) [[unlikely]]
    return SendStraightExtended(payload, departure, path, core);
  constexpr size_t kLinkHeader = wire::EthernetView::kSize;
  const size_t size = payload->length() + headers::kSize;
  const size_t limit = departure.path_mtu != 0 ? departure.path_mtu : path.mtu;
  const bool whole = size <= path.mtu && size <= limit;
  // What begins with 64 zero bits needs a closer look (RFC 4291 §2.5.3: ::1).
  if (!whole || departure.source.address.high_word() == 0) return false;
  const auto length = static_cast<uint16_t>(size - wire::Ipv6View::kSize);
  const uint16_t checksum = headers::Checksum(*payload, departure, length, path.finishes_checksums);
  const MutableBytes out = payload->Prepend(kLinkHeader + headers::kSize);
  if (out.empty()) return false;
  CopyBytes(std::span(path.link_header), out.data());
  headers::Write(out.subspan<kLinkHeader, headers::kSize>(), departure, length, checksum);
  Meta& meta = payload->meta();
  meta.checksum = ChecksumState::kComplete;
  if (path.finishes_checksums) headers::LeaveChecksum(meta, length);
  path.straight->Send(std::move(payload), core);
  return true;
}

// `payload` holds the data and nothing else; takes it. REQUIRES: its length is
// at most kMaxUdpPayload, and it has headroom and an owned first segment (as
// fresh and received packets have).
inline void Send(PacketPtr payload, const Departure& departure, const route::Path& path,
                 Outbox& outbox, Core& core) {
  // What was sent before and waits in the outbox stays before it.
  const bool straight = path.straight != nullptr && outbox.empty();
  if (straight && SendStraight(payload, departure, path, core)) [[likely]]
    return;
  SendByStages(std::move(payload), departure, path, outbox, core);
}

}  // namespace sextant::udp
