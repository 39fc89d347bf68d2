// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/echo.h"

#include "packet/sum.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::icmp6 {
namespace {

// Type and code of a request and a reply, as the 16-bit word that the checksum sees.
constexpr uint16_t kRequestWord = 128 << 8;
constexpr uint16_t kReplyWord = 129 << 8;

constexpr size_t kMessageOffset = wire::Ipv6View::kSize;

// A request's extension headers were meant for us; the reply has none. The IPv6
// header is written right in front of the message afterwards.
void LeaveExtensionsOut(Packet& reply, wire::Ipv6Fields& header) {
  Meta& meta = reply.meta();
  reply.Strip(meta.upper_offset - kMessageOffset);
  meta.upper_offset = kMessageOffset;
  header.payload_length = meta.upper_length;
  header.next_header = wire::NextHeader::kIcmp6;
}

}  // namespace

Verdict<Echo::Next> Echo::Take(PacketPtr& packet, Core& core) {
  const auto ip = wire::Ipv6View::Trusted(packet->bytes());
  const Parties parties{ip.source(), ip.destination()};
  if (parties.from.is_unspecified()) return DropReason::kIcmp6UnspecifiedSource;
  const Tunables& tunables = core.tunables();
  if (parties.to.is_multicast() && tunables.icmp6_echo_multicast == 0) {
    return DropReason::kIcmp6EchoMulticast;
  }
  const int64_t rate = tunables.icmp6_echo_reply_rate;
  const bool limited = rate != 0 && !replies_.Take(core.now(), rate, rate);
  const bool zoned = parties.from.needs_zone() || parties.to.needs_zone();
  const auto path = routes_.Resolve(parties.from, zoned ? packet->meta().interface : 0);
  core.Delivered(*packet);
  if (limited) {
    core.Drop(std::move(packet), DropReason::kIcmp6EchoLimited);
  } else if (!path) {
    core.Drop(std::move(packet), DropReason::kOutputNoRoute);
  } else {
    Reply(std::move(packet), core, parties, *path);
  }
  return Verdict<Next>::Held();
}

void Echo::Reply(PacketPtr packet, Core& core, const Parties& parties, const route::Path& path) {
  PacketPtr reply = core.pool().Own(packet);
  if (!reply) return core.Drop(std::move(packet), DropReason::kNoBuffer);
  Meta& meta = reply->meta();
  reply->Trim(size_t{meta.upper_offset} + meta.upper_length);
  wire::Ipv6Fields header = wire::Ipv6Fields::Of(wire::Ipv6View::Trusted(reply->bytes()));
  if (meta.upper_offset != kMessageOffset) [[unlikely]]
    LeaveExtensionsOut(*reply, header);
  const MutableBytes bytes = reply->Writable();
  const auto ip = wire::Ipv6View::Trusted(bytes);
  const MutableBytes message = bytes.subspan(kMessageOffset);

  // RFC 4443 §4.2: from the address that was asked, or, when that is a group,
  // from one of the interface.
  header.source = parties.to.is_multicast() ? path.source : parties.to;
  header.destination = parties.from;
  header.flow_label = 0;
  header.hop_limit = static_cast<uint8_t>(core.tunables().hop_limit);
  header.WriteTo(bytes.first<wire::Ipv6View::kSize>());

  const uint16_t old_word = Load16(message, 0);
  const uint16_t old_checksum = Load16(message, wire::Icmp6View::kChecksumOffset);
  const auto reply_word = static_cast<uint16_t>(old_word + (kReplyWord - kRequestWord));
  Store16(message, 0, reply_word);
  uint16_t checksum = wire::UpdateChecksum(old_checksum, old_word, reply_word);
  if (parties.to.is_multicast() || meta.looped) {
    // Another source address, or a request whose own checksum was never computed.
    Store16(message, wire::Icmp6View::kChecksumOffset, 0);
    wire::Sum sum = SumOf(*reply, meta.upper_offset, meta.upper_length);
    sum.AddPseudoHeader(ip.addresses(), meta.upper_length, meta.upper);
    checksum = sum.Checksum();
  }
  Store16(message, wire::Icmp6View::kChecksumOffset, checksum);

  meta.interface = path.interface;
  meta.next_hop = path.next_hop;
  meta.path_mtu = path.mtu;
  meta.looped = path.local;
  meta.has_extensions = meta.reassembled = false;
  meta.checksum = ChecksumState::kComplete;
  outbox_.Push(std::move(reply));
}

}  // namespace sextant::icmp6
