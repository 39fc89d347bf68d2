// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "mld/input.h"

#include <array>

#include "wire/ipv6.h"

namespace sextant::mld {
namespace {

using wire::Icmp6Type;

// LIMIT: sources of one query that are looked at. Beyond it, all of the group's
// are reported, which answers the question, too.
constexpr size_t kMaxSources = 128;
constexpr size_t kSize = Ipv6Address::kSize;

// RFC 3810 §6.2: Router Alert, in the hop-by-hop header.
bool HasRouterAlert(const Packet& packet) {
  if (!packet.meta().has_extensions) return false;
  const size_t offset = packet.extensions().hop_by_hop;
  const Bytes bytes = packet.bytes();
  if (offset == 0 || offset + 2 > bytes.size()) return false;
  const size_t length = (size_t{bytes[offset + 1]} + 1) * 8;
  return wire::HasMldRouterAlert(bytes.subspan(offset, std::min(length, bytes.size() - offset)));
}

// What queries and reports have in common.
DropReason JudgeEnvelope(const Packet& packet) {
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  if (ip.hop_limit() != 1) return DropReason::kMldHopLimit;
  if (!HasRouterAlert(packet)) return DropReason::kMldNoRouterAlert;
  // RFC 3810 §5.1.14, RFC 2710 §3; a report from :: is for snooping switches only (RFC 3590 §4).
  return ip.source().is_link_local() ? DropReason::kNone : DropReason::kMldSource;
}

// The first bytes of the message, as many as a query's fixed part has.
struct Head {
  std::array<uint8_t, wire::MldQuery::kV2Size> bytes{};
  size_t size = 0;

  explicit Head(const Packet& packet)
      : size(std::min<size_t>(bytes.size(), packet.meta().upper_length)) {
    if (!packet.CopyOut(packet.meta().upper_offset, MutableBytes(bytes).first(size))) size = 0;
  }
  Bytes read() const { return Bytes(bytes).first(size); }
};

}  // namespace

Verdict<Input::Next> Input::Take(PacketPtr& packet, Core& core) {
  const DropReason reason = Process(*packet);
  if (reason != DropReason::kNone) return reason;
  core.Consume(std::move(packet));
  return Verdict<Next>::Held();
}

DropReason Input::Process(const Packet& packet) {
  const iface::Interface* const interface = interfaces_.at(packet.meta().interface);
  const Bytes message = packet.bytes().subspan(packet.meta().upper_offset);
  if (message.empty()) return DropReason::kMldTruncated;
  const auto type = Icmp6Type{message[0]};
  const bool concerns_us = type == Icmp6Type::kMldQuery || type == Icmp6Type::kMldReport;
  // Done and MLDv2 reports are for routers; ourselves we need not ask.
  if (!concerns_us || interface == nullptr || interface->is_loopback()) {
    return DropReason::kMldNotForHosts;
  }
  const DropReason refused = JudgeEnvelope(packet);
  if (refused != DropReason::kNone) return refused;
  return type == Icmp6Type::kMldQuery ? Query(packet, *interface) : Report(packet, *interface);
}

DropReason Input::Query(const Packet& packet, const iface::Interface& interface) {
  const Head head(packet);
  const auto query = wire::MldQuery::Parse(head.read(), packet.meta().upper_length);
  if (!query) return query.reason();
  const size_t count = query->source_count <= kMaxSources ? query->source_count : 0;
  std::array<uint8_t, kMaxSources * kSize> bytes;
  const MutableBytes named = MutableBytes(bytes).first(count * kSize);
  const size_t offset = packet.meta().upper_offset + wire::MldQuery::kV2Size;
  if (count != 0 && !packet.CopyOut(offset, named)) return DropReason::kMldSources;
  std::array<Ipv6Address, kMaxSources> sources;
  for (size_t i = 0; i < count; ++i) {
    sources[i] = Ipv6Address(std::span<const uint8_t, kSize>(&bytes[i * kSize], kSize));
  }
  listener_.Hear(interface, *query, std::span(sources).first(count));
  return DropReason::kNone;
}

DropReason Input::Report(const Packet& packet, const iface::Interface& interface) {
  const Head head(packet);
  // RFC 2710 §3.7: what follows the first 24 octets is ignored.
  if (head.size < wire::MldV1Fields::kSize) return DropReason::kMldTruncated;
  const Ipv6Address group(head.read().subspan<wire::MldQuery::kGroupOffset, kSize>());
  if (!group.is_multicast()) return DropReason::kMldGroup;
  listener_.HearReport(interface, group);
  return DropReason::kNone;
}

}  // namespace sextant::mld
