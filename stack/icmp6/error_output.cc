// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/error_output.h"

#include "packet/sum.h"
#include "wire/extension_header.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::icmp6 {
namespace {

constexpr size_t kErrorOffset = wire::Ipv6View::kSize;
constexpr size_t kQuoteOffset = kErrorOffset + wire::Icmp6View::kErrorSize;

bool IsParameterProblem(const wire::Icmp6Error& error, wire::ParameterCode code) {
  return error.type == wire::Icmp6Type::kParameterProblem &&
         error.code == static_cast<uint8_t>(code);
}

// The two errors that may answer a packet sent to a group (RFC 4443 §2.4(e.3)).
bool MayAnswerGroup(const wire::Icmp6Error& error) {
  if (error.type == wire::Icmp6Type::kPacketTooBig) return true;
  return IsParameterProblem(error, wire::ParameterCode::kUnknownOption);
}

// Of a later fragment nobody sees what it carries. Only what is wrong with the
// fragment itself is told: its header, or the length it arrived with.
bool MayAnswerFragment(const wire::Icmp6Error& error, const wire::UpperLayer& upper) {
  return IsParameterProblem(error, wire::ParameterCode::kErroneousField) &&
         (error.value >= upper.fragment || error.value == wire::Ipv6View::kPayloadLengthOffset);
}

// RFC 4443 §2.4(e.1), (e.2): never about an error or a redirect, nor about what
// might be one.
bool MayAnswerUpper(Bytes packet, const wire::Icmp6Error& error) {
  const std::optional<wire::UpperLayer> upper = wire::WalkToUpper(packet);
  // RFC 7112 §5 wants an answer where the chain is cut; else it is too broken to know.
  const bool cut_off = IsParameterProblem(error, wire::ParameterCode::kIncompleteChain);
  if (!upper) return cut_off;
  if (upper->is_later_fragment()) return MayAnswerFragment(error, *upper);
  if (upper->next != wire::NextHeader::kIcmp6) return true;
  if (upper->bytes.empty()) return cut_off;
  const wire::Icmp6Type type{upper->bytes[0]};
  return !wire::IsError(type) && type != wire::Icmp6Type::kRedirect;
}

// LIMIT: of a packet in several buffers as much is looked at as one buffer
// holds; a chain longer than that counts as too broken to know.
bool MayAnswerChained(const Packet& packet, const wire::Icmp6Error& error) {
  std::array<uint8_t, kPacketDataRoom - kPacketHeadroom> head;
  const MutableBytes part = std::span(head).first(std::min(packet.length(), head.size()));
  return packet.CopyOut(0, part) && MayAnswerUpper(part, error);
}

}  // namespace

bool MayAnswer(const Packet& packet, const wire::Icmp6Error& error) {
  if (packet.bytes().size() < wire::Ipv6View::kSize) return false;
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  const Ipv6Address source = ip.source();
  // RFC 4443 §2.4(e.6): the source must identify a single node.
  if (source.is_unspecified() || source.is_multicast()) return false;
  const bool to_many = ip.destination().is_multicast() || packet.meta().link_multicast;
  if (to_many && !MayAnswerGroup(error)) return false;
  if (packet.is_chained()) return MayAnswerChained(packet, error);
  return MayAnswerUpper(packet.bytes(), error);
}

bool ErrorOutput::Polite(const Packet& packet, Core& core) {
  const Tunables& tunables = core.tunables();
  if (tunables.icmp6_error_rate == 0 || tunables.icmp6_error_rate_total == 0) return false;
  // Loopback is exempt: nobody else pays for it. So is what we tell ourselves
  // about our own packets, which others could keep us from by using it up.
  const Ipv6Address peer = wire::Ipv6View::Trusted(packet.bytes()).source();
  if (routes_.IsLocal(peer, packet.meta().interface)) return true;
  if (!per_prefix_.Take(peer, core.now(), tunables.icmp6_error_rate, tunables.icmp6_error_burst)) {
    return false;
  }
  // The total is spent at none to two tokens an error, at random, so that it
  // cannot serve as a counter of our traffic with others (CVE-2020-25705).
  constexpr int64_t kBurstShare = 20;
  const int64_t burst = std::max<int64_t>(tunables.icmp6_error_rate_total / kBurstShare, 2);
  return total_.Take(core.now(), tunables.icmp6_error_rate_total, burst, core.rng().Below(3));
}

void ErrorOutput::Answer(PacketPtr packet, Core& core) {
  const bool allowed = MayAnswer(*packet, packet->meta().error);
  if (!allowed) {
    ++statistics_.not_allowed;
  } else if (!Polite(*packet, core)) {
    ++statistics_.limited;
  } else if (Send(*packet, core)) {
    ++statistics_.sent;
  } else {
    ++statistics_.no_route;
  }
  packet.Free();
}

namespace {

// What may be quoted: the packet's own length, not the frame's, as a link's
// padding is not part of it.
size_t LengthOf(const Packet& packet, const wire::Ipv6View& ip) {
  // RFC 2675 §2: a jumbogram says its length elsewhere.
  const bool elsewhere =
      ip.payload_length() == 0 && ip.next_header() == wire::NextHeader::kHopByHop;
  return elsewhere ? packet.length()
                   : std::min(packet.length(), wire::Ipv6View::kSize + ip.payload_length());
}

}  // namespace

bool ErrorOutput::Send(const Packet& packet, Core& core) {
  const auto about = wire::Ipv6View::Trusted(packet.bytes());
  const Ipv6Address peer = about.source();
  const bool zoned = peer.needs_zone() || about.destination().needs_zone();
  const auto path = routes_.Resolve(peer, zoned ? packet.meta().interface : 0);
  if (!path) return false;
  // RFC 4443 §2.2: from the address that the packet was sent to, if that is ours.
  const bool ours = !about.destination().is_multicast() &&
                    routes_.IsLocal(about.destination(), packet.meta().interface);
  const Ipv6Address source = ours ? about.destination() : path->source;
  if (source.is_unspecified()) return false;
  PacketPtr error = core.pool().Take();
  if (!error) return false;
  const size_t quoted = std::min(LengthOf(packet, about), kMaxIcmp6ErrorSize - kQuoteOffset);
  // RFC 4443 §2.4(c): as much as fits into the minimum MTU.
  const MutableBytes out = error->Append(kQuoteOffset + quoted);
  SX_CHECK(!out.empty() && packet.CopyOut(0, out.subspan(kQuoteOffset)));

  wire::Ipv6Fields header;
  header.next_header = wire::NextHeader::kIcmp6;
  header.payload_length = static_cast<uint16_t>(wire::Icmp6View::kErrorSize + quoted);
  header.hop_limit = static_cast<uint8_t>(core.tunables().hop_limit);
  header.source = source;
  header.destination = peer;
  header.WriteTo(out.first<wire::Ipv6View::kSize>());
  const MutableBytes message = out.subspan(kErrorOffset);
  packet.meta().error.WriteTo(message.first<wire::Icmp6View::kErrorSize>());

  Meta& meta = error->meta();
  meta.interface = path->interface;
  meta.next_hop = path->next_hop;
  meta.looped = path->local;
  meta.upper_offset = kErrorOffset;
  meta.upper_length = header.payload_length;
  meta.upper = static_cast<uint8_t>(wire::NextHeader::kIcmp6);
  meta.checksum = ChecksumState::kComplete;
  wire::Sum sum;
  sum.Add(message);
  sum.AddPseudoHeader(wire::Ipv6View::Trusted(out).addresses(), meta.upper_length, meta.upper);
  Store16(message, wire::Icmp6View::kChecksumOffset, sum.Checksum());
  outbox_.Push(std::move(error));
  return true;
}

}  // namespace sextant::icmp6
