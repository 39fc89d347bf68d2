// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/input.h"

#include "packet/sum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::udp {
namespace {

constexpr uint8_t kMulticastByte = 0xff;

Flow FlowOf(const Packet& packet, const Meta& meta) {
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  const auto udp = wire::UdpView::Trusted(packet.bytes().subspan(meta.upper_offset));
  return {
      {ip.destination(), udp.destination_port()}, {ip.source(), udp.source_port()}, meta.interface};
}

bool IsIntact(const Packet& packet, const Meta& meta) {
  if (meta.checksum != ChecksumState::kUnknown) return meta.checksum == ChecksumState::kGood;
  const Bytes head = packet.bytes();
  constexpr size_t kAddresses = 2 * Ipv6Address::kSize;
  // Without extension headers the addresses stand right before the datagram, as
  // they do in the pseudo-header, and are summed in one go with it.
  if (meta.upper_offset == wire::Ipv6View::kSize &&
      wire::Ipv6View::kSize + meta.upper_length <= head.size()) [[likely]] {
    wire::Sum sum;
    sum.Add(head.subspan(wire::Ipv6View::kSourceOffset, kAddresses + meta.upper_length));
    sum.AddHost(uint64_t{meta.upper_length} + static_cast<uint8_t>(wire::NextHeader::kUdp));
    return sum.Verifies();
  }
  wire::Sum sum = SumOf(packet, meta.upper_offset, meta.upper_length);
  sum.AddPseudoHeader(wire::Ipv6View::Trusted(packet.bytes()).addresses(), meta.upper_length,
                      static_cast<uint8_t>(wire::NextHeader::kUdp));
  return sum.Verifies();
}

// RFC 5082 §3: whoever is near sends with hop limit 255, and nobody farther
// away can pretend to.
bool IsFromTooFar(const Packet& packet, const Socket& socket) {
  return socket.min_hop_count != 0 &&
         wire::Ipv6View::Trusted(packet.bytes()).hop_limit() < socket.min_hop_count;
}

}  // namespace

DropReason Input::Judge(const Packet& packet, Meta& meta) {
  const auto udp =
      wire::UdpView::Parse(packet.bytes().subspan(meta.upper_offset), meta.upper_length);
  if (!udp) return udp.reason();
  if (udp->length() != meta.upper_length) [[unlikely]] {
    // What a link sums when UDP is shorter than what carries it, nobody knows.
    meta.upper_length = udp->length();
    meta.checksum = ChecksumState::kUnknown;
  }
  // RFC 8200 §8.1: over IPv6 the checksum is not optional.
  if (udp->checksum() == 0) return DropReason::kUdpNoChecksum;
  return IsIntact(packet, meta) ? DropReason::kNone : DropReason::kUdpBadChecksum;
}

void Input::Prefetch(std::span<Packet* const> packets) const {
  // Fewer than these stay in the cache by themselves.
  constexpr size_t kManySockets = 256;
  if (table_.size() < kManySockets) [[likely]]
    return;
  std::array<uint16_t, kBurstSize> ports{};
  for (size_t i = 0; i < packets.size(); ++i) {
    const Bytes message = packets[i]->bytes().subspan(packets[i]->meta().upper_offset);
    if (message.size() < wire::UdpView::kSize) continue;
    ports[i] = wire::UdpView::Trusted(message).destination_port();
    table_.PrefetchSole(ports[i]);
  }
  // Each pass gives the one before it time to arrive.
  for (size_t i = 0; i < packets.size(); ++i) {
    if (const Socket* const socket = table_.Sole(ports[i])) socket->Prefetch();
  }
  for (size_t i = 0; i < packets.size(); ++i) {
    if (Socket* const socket = table_.Sole(ports[i])) socket->readiness().PrefetchWatcher();
  }
}

Verdict<Input::Next> Input::Take(PacketPtr& packet, Core& core) {
  const DropReason broken = Judge(*packet, packet->meta());
  if (broken != DropReason::kNone) return broken;
  const Bytes head = packet->bytes();
  const auto udp = wire::UdpView::Trusted(head.subspan(packet->meta().upper_offset));
  Socket* const sole = table_.Sole(udp.destination_port());
  const bool group = wire::Ipv6View::Trusted(head).destination_bytes()[0] == kMulticastByte;
  if (sole == nullptr || group) return TakeByFlow(packet, core);
  return Queue(packet, core, *sole);
}

Verdict<Input::Next> Input::Queue(PacketPtr& packet, Core& core, Socket& socket) {
  if (IsFromTooFar(*packet, socket)) [[unlikely]]
    return DropReason::kUdpNoSocket;
  const DropReason full = socket.Queue(packet, core);
  if (full != DropReason::kNone) return full;
  return Verdict<Next>::Held();
}

Verdict<Input::Next> Input::TakeByFlow(PacketPtr& packet, Core& core) {
  const Flow flow = FlowOf(*packet, packet->meta());
  if (flow.local.address.is_multicast()) return TakeGroup(packet, core, flow);
  Socket* const socket = table_.Lookup(flow);
  if (socket == nullptr) {
    return Verdict<Next>::Refuse(DropReason::kUdpNoSocket,
                                 wire::Icmp6Error::Unreachable(wire::UnreachableCode::kPort));
  }
  return Queue(packet, core, *socket);
}

Verdict<Input::Next> Input::TakeGroup(PacketPtr& packet, Core& core, const Flow& flow) {
  // The last match gets the packet itself, the others references to it.
  Socket* last = nullptr;
  bool delivered = false;
  table_.ForEachMember(flow, [&](Socket& socket) {
    if (IsFromTooFar(*packet, socket)) return;
    if (Socket* const previous = std::exchange(last, &socket)) {
      PacketPtr copy = core.pool().Share(*packet);
      if (!copy) return core.NeverMade(DropReason::kNoBuffer);
      copy->meta().origin = Origin::kMade;
      if (previous->Queue(copy, core) == DropReason::kNone) {
        delivered = true;
      } else {
        core.Drop(std::move(copy), DropReason::kUdpSocketFull);
      }
    }
  });
  if (last == nullptr) return DropReason::kUdpNoSocketMulticast;
  if (delivered) core.Delivered(*packet);
  return Queue(packet, core, *last);
}

}  // namespace sextant::udp
