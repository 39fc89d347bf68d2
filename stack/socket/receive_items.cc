// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/receive_items.h"

#include <netinet/in.h>

#include "socket/address.h"
#include "wire/ipv6.h"

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

// clang-format off
constexpr auto kItems = std::to_array<ReceiveItem>({
    {"IPV6_PKTINFO",  IPPROTO_IPV6, IPV6_PKTINFO,  "struct in6_pktinfo", "IPV6_RECVPKTINFO",  &Ip6Options::receive_packet_info,   WritePacketInfo},
    {"IPV6_HOPLIMIT", IPPROTO_IPV6, IPV6_HOPLIMIT, "int",                "IPV6_RECVHOPLIMIT", &Ip6Options::receive_hop_limit,     WriteHopLimit},
    {"IPV6_TCLASS",   IPPROTO_IPV6, IPV6_TCLASS,   "int",                "IPV6_RECVTCLASS",   &Ip6Options::receive_traffic_class, WriteTrafficClass},
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
