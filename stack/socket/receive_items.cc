// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/receive_items.h"

#include <netinet/in.h>

#include "socket/address.h"
#include "wire/extension_header.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::socket {
namespace {

wire::Ipv6View HeaderOf(const Packet& packet) { return wire::Ipv6View::Trusted(packet.bytes()); }

// RFC 3542 §6.2: the address it was sent to and the interface it came in by.
void WritePacketInfo(const Packet& packet, Reply& item) {
  const in6_pktinfo info{ToC(HeaderOf(packet).destination()), packet.meta().interface};
  item.Put(&info, sizeof info);
}

void WriteHopLimit(const Packet& packet, Reply& item) { item.PutInt(HeaderOf(packet).hop_limit()); }

void WriteTrafficClass(const Packet& packet, Reply& item) {
  item.PutInt(HeaderOf(packet).traffic_class());
}

// Nothing for a datagram that came whole.
void WriteFragmentSize(const Packet& packet, Reply& item) {
  const Meta& meta = packet.meta();
  if (meta.reassembled && meta.has_extensions) item.PutInt(packet.extensions().largest_fragment);
}

// RFC 3542 §7 to §9: headers as they stand in the packet. Nothing for 0.
void WriteHeader(const Packet& packet, size_t at, Reply& item) {
  if (at == 0) return;
  const auto header = wire::ExtensionView::Parse(packet.bytes().subspan(at));
  if (header) item.Refer(header->bytes());
}
const ExtensionPlaces& PlacesIn(const Packet& packet) {
  static constexpr ExtensionPlaces kNowhere;
  return packet.meta().has_extensions ? packet.extensions() : kNowhere;
}
void WriteHopByHop(const Packet& packet, Reply& item) {
  WriteHeader(packet, PlacesIn(packet).hop_by_hop, item);
}
void WriteRouting(const Packet& packet, Reply& item) {
  WriteHeader(packet, PlacesIn(packet).routing, item);
}
// Requirement C-6: destination options may be there twice; items are in packet order.
void WriteFirstDestination(const Packet& packet, Reply& item) {
  WriteHeader(packet, PlacesIn(packet).destination_first, item);
}
void WriteMiddleDestination(const Packet& packet, Reply& item) {
  const ExtensionPlaces& places = PlacesIn(packet);
  WriteHeader(packet, places.destination < places.routing ? places.destination : 0, item);
}
void WriteDestination(const Packet& packet, Reply& item) {
  const ExtensionPlaces& places = PlacesIn(packet);
  WriteHeader(packet, places.destination > places.routing ? places.destination : 0, item);
}

// Nothing for what has no ports, as errors have none.
void WriteOriginalDestination(const Packet& packet, Reply& item) {
  if (packet.meta().upper != static_cast<uint8_t>(wire::NextHeader::kUdp)) return;
  const auto udp = wire::UdpView::Trusted(packet.bytes().subspan(packet.meta().upper_offset));
  sockaddr_in6 address{};
  socklen_t length = sizeof address;
  WriteAddress({HeaderOf(packet).destination(), udp.destination_port()}, packet.meta().interface,
               &address, length);
  item.Put(&address, sizeof address);
}

// clang-format off
constexpr auto kItems = std::to_array<ReceiveItem>({
    {"IPV6_PKTINFO",  IPPROTO_IPV6, IPV6_PKTINFO,  "struct in6_pktinfo", "IPV6_RECVPKTINFO",  &Ip6Options::receive_packet_info,   WritePacketInfo},
    {"IPV6_HOPLIMIT", IPPROTO_IPV6, IPV6_HOPLIMIT, "int",                "IPV6_RECVHOPLIMIT", &Ip6Options::receive_hop_limit,     WriteHopLimit},
    {"IPV6_TCLASS",   IPPROTO_IPV6, IPV6_TCLASS,   "int",                "IPV6_RECVTCLASS",   &Ip6Options::receive_traffic_class, WriteTrafficClass},
    {"IPV6_HOPOPTS",  IPPROTO_IPV6, IPV6_HOPOPTS,  "struct ip6_hbh",   "IPV6_RECVHOPOPTS", &Ip6Options::receive_hop_by_hop,  WriteHopByHop},
    {"IPV6_DSTOPTS",  IPPROTO_IPV6, IPV6_DSTOPTS,  "struct ip6_dest, the first of two or the one before a routing header", "IPV6_RECVDSTOPTS",
     &Ip6Options::receive_destination, WriteFirstDestination},
    {"IPV6_DSTOPTS",  IPPROTO_IPV6, IPV6_DSTOPTS,  "struct ip6_dest, the second one before a routing header", "IPV6_RECVDSTOPTS",
     &Ip6Options::receive_destination, WriteMiddleDestination},
    {"IPV6_RTHDR",    IPPROTO_IPV6, IPV6_RTHDR,    "struct ip6_rthdr", "IPV6_RECVRTHDR",   &Ip6Options::receive_routing,     WriteRouting},
    {"IPV6_DSTOPTS",  IPPROTO_IPV6, IPV6_DSTOPTS,  "struct ip6_dest",  "IPV6_RECVDSTOPTS", &Ip6Options::receive_destination, WriteDestination},
    {"IPV6_2292PKTINFO",  IPPROTO_IPV6, IPV6_2292PKTINFO,  "struct in6_pktinfo", "IPV6_2292PKTINFO",
     &Ip6Options::receive_old_packet_info, WritePacketInfo},
    {"IPV6_2292HOPLIMIT", IPPROTO_IPV6, IPV6_2292HOPLIMIT, "int", "IPV6_2292HOPLIMIT",
     &Ip6Options::receive_old_hop_limit,   WriteHopLimit},
    {"IPV6_2292HOPOPTS",  IPPROTO_IPV6, IPV6_2292HOPOPTS,  "struct ip6_hbh", "IPV6_2292HOPOPTS",
     &Ip6Options::receive_old_hop_by_hop,  WriteHopByHop},
    {"IPV6_2292DSTOPTS",  IPPROTO_IPV6, IPV6_2292DSTOPTS,  "struct ip6_dest, in packet order", "IPV6_2292DSTOPTS",
     &Ip6Options::receive_old_destination, WriteFirstDestination},
    {"IPV6_2292DSTOPTS",  IPPROTO_IPV6, IPV6_2292DSTOPTS,  "struct ip6_dest, in packet order", "IPV6_2292DSTOPTS",
     &Ip6Options::receive_old_destination, WriteMiddleDestination},
    {"IPV6_2292RTHDR",    IPPROTO_IPV6, IPV6_2292RTHDR,    "struct ip6_rthdr", "IPV6_2292RTHDR",
     &Ip6Options::receive_old_routing,     WriteRouting},
    {"IPV6_2292DSTOPTS",  IPPROTO_IPV6, IPV6_2292DSTOPTS,  "struct ip6_dest, in packet order", "IPV6_2292DSTOPTS",
     &Ip6Options::receive_old_destination, WriteDestination},
    {"IPV6_ORIGDSTADDR",  IPPROTO_IPV6, IPV6_ORIGDSTADDR,  "struct sockaddr_in6", "IPV6_RECVORIGDSTADDR",
     &Ip6Options::receive_original_destination, WriteOriginalDestination},
    {"IPV6_RECVFRAGSIZE", IPPROTO_IPV6, IPV6_RECVFRAGSIZE, "int",        "IPV6_RECVFRAGSIZE", &Ip6Options::receive_fragment_size, WriteFragmentSize},
});
// clang-format on

}  // namespace

std::span<const ReceiveItem> ReceiveItems() { return kItems; }

void WriteReceiveItems(const Packet& packet, const Ip6Options& options, ControlWriter& out) {
  for (const ReceiveItem& row : kItems) {
    if (!(options.*row.wanted)) continue;
    Reply item;
    row.write(packet, item);
    if (item.bytes().empty()) continue;
    out.Put(row.level, row.type, item.bytes());
  }
}

}  // namespace sextant::socket
