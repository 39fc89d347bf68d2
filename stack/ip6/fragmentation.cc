// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/fragmentation.h"

#include "packet/sum.h"
#include "wire/ipv6.h"

namespace sextant::ip6 {
namespace {

using wire::FragmentView;
using wire::Ipv6View;
using wire::NextHeader;

constexpr size_t kUnit = 8;  // RFC 8200 §4.5: offsets count eight octets
// RFC 7112 §5: as much of the upper layer stays in the first fragment.
constexpr size_t kUpperHeader = 8;

void FreeAll(PacketQueue& packets) {
  while (PacketPtr packet = packets.Pop()) packet.Free();
}

// What the checksum field of `packet` is to hold; so far it holds the pseudo-header's sum.
uint16_t Checksum(const Packet& packet) {
  const Meta& meta = packet.meta();
  const size_t length = packet.length() - meta.upper_offset;
  const wire::Sum sum = SumOf(packet, meta.upper_offset, length);
  const bool udp = meta.upper == static_cast<uint8_t>(NextHeader::kUdp);
  return udp ? sum.UdpChecksum() : sum.Checksum();
}

}  // namespace

Fragmentation::Fragmentation(Core& core, const iface::InterfaceTable& interfaces)
    : interfaces_(interfaces), key_(HashKey::Draw(core.rng())), counters_(kCounters) {
  for (uint32_t& counter : counters_) counter = core.rng().Next32();
}

Verdict<Fragmentation::Next> Fragmentation::Take(PacketPtr& packet, Core& core) {
  const iface::Interface& interface = *interfaces_.at(packet->meta().interface);
  const size_t mtu = LimitOf(packet->meta(), interface);
  if (packet->length() <= mtu) {
    // The link carries more than it did when the packet was held.
    pieces_.Push(std::move(packet));
    return Verdict<Next>::Held();
  }
  const DropReason reason = Split(packet, mtu, pieces_, core);
  if (reason != DropReason::kNone) return reason;
  return Verdict<Next>::Held();
}

DropReason Fragmentation::Split(PacketPtr& packet, size_t mtu, PacketQueue& out, Core& core) {
  Unfragmentable part;
  if (!FindUnfragmentable(*packet, part)) return DropReason::kOutputTooBig;
  const Meta& meta = packet->meta();
  const bool partial = meta.checksum == ChecksumState::kPartial;
  const size_t upper = partial
                           ? std::max<size_t>(kUpperHeader, meta.checksum_offset + sizeof(uint16_t))
                           : kUpperHeader;
  const size_t headers = meta.upper_offset + upper;
  size_t left = packet->length() - part.length;
  if (headers + FragmentView::kSize + kUnit > mtu || headers > packet->length() ||
      left > UINT16_MAX) {
    return DropReason::kOutputTooBig;
  }

  const size_t room = mtu - part.length - FragmentView::kSize;
  const uint32_t identification = Identify(*packet);
  PacketQueue made;
  for (size_t offset = 0; left != 0;) {
    Piece piece{.offset = offset, .length = left};
    // RFC 8200 §4.5: all but the last are a multiple of eight octets long.
    piece.more = left > room;
    if (piece.more) piece.length = room / kUnit * kUnit;
    // The checksum is written into a copy: others may read the original.
    if (offset == 0 && partial) piece.copied = headers - part.length;
    PacketPtr fragment = Make(*packet, part, piece, identification, core);
    if (!fragment) {
      FreeAll(made);
      return DropReason::kNoBuffer;
    }
    if (piece.copied != 0) FinishChecksum(*packet, *fragment);
    made.Push(std::move(fragment));
    offset += piece.length;
    left -= piece.length;
  }
  while (PacketPtr fragment = made.Pop()) out.Push(std::move(fragment));
  packet.Free();
  return DropReason::kNone;
}

// RFC 8200 §4.5: through the last hop-by-hop or routing header; destination
// options belong to it only in front of a routing header.
bool Fragmentation::FindUnfragmentable(const Packet& packet, Unfragmentable& out) {
  const Bytes head = packet.bytes();
  size_t next_header_at = Ipv6View::kNextHeaderOffset;
  size_t at = Ipv6View::kSize;
  out = {at, next_header_at, NextHeader{head[next_header_at]}};
  while (at < packet.meta().upper_offset) {
    const NextHeader type{head[next_header_at]};
    const bool repeated = type == NextHeader::kHopByHop || type == NextHeader::kRouting;
    if (!repeated && type != NextHeader::kDestinationOptions) break;
    if (at + kUnit > head.size()) return false;
    next_header_at = at;
    at += (size_t{head[at + 1]} + 1) * kUnit;
    if (at > head.size()) return false;
    if (repeated) out = {at, next_header_at, NextHeader{head[next_header_at]}};
  }
  return NextHeader{head[next_header_at]} != NextHeader::kFragment;
}

PacketPtr Fragmentation::Make(Packet& packet, const Unfragmentable& part, const Piece& piece,
                              uint32_t identification, Core& core) {
  PacketPtr made = core.pool().Take();
  if (!made) return {};
  const size_t headers = part.length + FragmentView::kSize;
  const MutableBytes head = made->Append(headers + piece.copied);
  const size_t shared = piece.length - piece.copied;
  PacketPtr payload;
  if (shared != 0 && !head.empty()) {
    payload = core.pool().ShareRange(packet, part.length + piece.offset + piece.copied, shared);
  }
  if (head.empty() || (shared != 0 && !payload)) {
    made.Free();
    return {};
  }
  std::ranges::copy(packet.bytes().first(part.length), head.begin());
  Store16(head, Ipv6View::kPayloadLengthOffset,
          static_cast<uint16_t>(headers - Ipv6View::kSize + piece.length));
  head[part.next_header_at] = static_cast<uint8_t>(NextHeader::kFragment);
  wire::FragmentFields{part.next_header, static_cast<uint16_t>(piece.offset), piece.more,
                       identification}
      .WriteTo(head.subspan(part.length).first<FragmentView::kSize>());
  SX_CHECK(packet.CopyOut(part.length + piece.offset, head.subspan(headers)));
  if (payload) made->Chain(std::move(payload));

  Meta& meta = made->meta();
  meta = packet.meta();
  meta.origin = Origin::kMade;
  meta.checksum = ChecksumState::kComplete;
  meta.has_extensions = false;
  meta.path_mtu = 0;
  return made;
}

void Fragmentation::FinishChecksum(const Packet& packet, Packet& first) {
  const Meta& meta = packet.meta();
  const size_t upper = meta.upper_offset + FragmentView::kSize;
  Store16(first.Writable(), upper + meta.checksum_offset, Checksum(packet));
}

uint32_t Fragmentation::Identify(const Packet& packet) {
  const uint64_t hash = Prf(key_, Ipv6View::Trusted(packet.bytes()).addresses());
  return static_cast<uint32_t>(hash >> 32) + counters_[hash % kCounters]++;
}

}  // namespace sextant::ip6
