// SPDX-License-Identifier: BSD-3-Clause
// The chain of extension headers: the shape that its links share, and the way
// through it to the upper layer.
// RFC 8200 §4, RFC 4302 §2 (the length of AH), RFC 7112 (what a first fragment holds).
// Any thread.
#pragma once

#include <algorithm>

#include "wire/ipv6.h"
#include "wire/parsed.h"

namespace sextant::wire {

// A borrowed, bounds-checked view of a hop-by-hop options, destination options
// or routing header: Next Header, the length in units of eight octets without
// the first, and what is its own.
class ExtensionView {
 public:
  static constexpr size_t kUnit = 8;
  static constexpr size_t kMinSize = kUnit;
  static constexpr size_t kMaxSize = 256 * kUnit;
  static constexpr size_t kNextHeaderOffset = 0;
  static constexpr size_t kLengthOffset = 1;
  static constexpr size_t kBodyOffset = 2;

  // `at` begins at the header and ends with what there is of the packet.
  static constexpr Parsed<ExtensionView> Parse(Bytes at) {
    if (at.size() < kMinSize || SizeAt(at) > at.size()) return DropReason::kIp6HeaderTruncated;
    return ExtensionView(at.first(SizeAt(at)));
  }
  // What a header that begins like this claims to be long. REQUIRES: at.size() > kLengthOffset.
  static constexpr size_t SizeAt(Bytes at) { return (size_t{at[kLengthOffset]} + 1) * kUnit; }

  constexpr NextHeader next_header() const { return NextHeader{bytes_[kNextHeaderOffset]}; }
  constexpr size_t size() const { return bytes_.size(); }
  constexpr Bytes bytes() const { return bytes_; }
  constexpr Bytes body() const { return bytes_.subspan(kBodyOffset); }

 private:
  explicit constexpr ExtensionView(Bytes bytes) : bytes_(bytes) {}
  Bytes bytes_;
};

// RFC 8200 §4.5: where the data behind a Fragment header belongs. The reserved
// bits between the two fields are ignored.
struct FragmentPosition {
  static constexpr size_t kHeaderSize = 8;
  static constexpr size_t kFieldOffset = 2;  // of both fields, in the header

  uint16_t offset = 0;  // in octets, a multiple of eight
  bool more = false;

  // REQUIRES: header.size() >= kHeaderSize.
  static constexpr FragmentPosition Of(Bytes header) {
    const uint16_t field = Load16(header, kFieldOffset);
    return {static_cast<uint16_t>(field & 0xfff8), (field & 1) != 0};
  }
  // RFC 6946: a datagram in one fragment.
  constexpr bool is_atomic() const { return offset == 0 && !more; }
};

// How long the extension header `kind` is that `head` begins with, when `left`
// octets of the packet are left for it; `head` may be shorter than that. 0:
// `kind` is no extension header, the chain has ended. Nothing: it is cut short.
// AH is one for whoever only wants to get past it.
constexpr std::optional<size_t> ExtensionSize(NextHeader kind, Bytes head, size_t left) {
  switch (kind) {
    case NextHeader::kHopByHop:
    case NextHeader::kRouting:
    case NextHeader::kFragment:
    case NextHeader::kDestinationOptions:
    case NextHeader::kAuthentication:
      break;
    default:
      return 0;
  }
  if (std::min(head.size(), left) < ExtensionView::kMinSize) return {};
  size_t size = ExtensionView::SizeAt(head);
  if (kind == NextHeader::kFragment) size = FragmentPosition::kHeaderSize;
  // RFC 4302 §2.2: in units of four octets, without the first two.
  if (kind == NextHeader::kAuthentication) {
    size = (size_t{head[ExtensionView::kLengthOffset]} + 2) * 4;
  }
  if (size > left) return {};
  return size;
}

// RFC 7112 §3 and §5: how much of an upper-layer header shows which flow it is of;
// of protocols that Sextant does not know it is anything at all.
constexpr size_t LeastUpperSize(NextHeader upper) {
  switch (upper) {
    case NextHeader::kTcp:
      return 20;
    case NextHeader::kUdp:
    case NextHeader::kIcmp6:
      return 8;
    case NextHeader::kNone:
      return 0;
    default:
      return 1;
  }
}

// Where the chain of a packet ends, all offsets being from its IPv6 header.
struct UpperLayer {
  NextHeader next = NextHeader::kNone;  // what follows: no extension header
  size_t offset = 0;                    // where
  Bytes bytes = {};                     // what there is of it, maybe nothing
  size_t fragment = 0;                  // where the Fragment header lies; 0: there is none
  FragmentPosition position = {};       // what that says

  // What follows belongs to the middle of a datagram: its headers are elsewhere.
  constexpr bool is_later_fragment() const { return position.offset != 0; }
};

// Extension headers that a walk steps over before it gives up: as many as
// ip6_max_headers may allow.
inline constexpr size_t kMaxWalk = 64;

// The end of the chain, or nothing when the bytes do not reach so far. `packet`
// begins at its IPv6 header and may be cut short anywhere, as packets that are
// quoted in errors are. Headers are stepped over, not judged. A later fragment
// ends the walk: `next` is then what its Fragment header says.
constexpr std::optional<UpperLayer> WalkToUpper(Bytes packet) {
  if (packet.size() < Ipv6View::kSize) return {};
  const auto ip = Ipv6View::Trusted(packet);
  // Payload length 0 is a jumbogram's, or nonsense: then there is what there is.
  if (ip.payload_length() != 0) {
    packet = packet.first(std::min(packet.size(), Ipv6View::kSize + ip.payload_length()));
  }
  UpperLayer upper{.next = ip.next_header(), .offset = Ipv6View::kSize};
  for (size_t headers = 0; headers <= kMaxWalk; ++headers) {
    const Bytes at = packet.subspan(upper.offset);
    const std::optional<size_t> size = ExtensionSize(upper.next, at, at.size());
    if (!size) return {};
    upper.bytes = at.subspan(*size);
    if (*size == 0) return upper;
    if (upper.next == NextHeader::kFragment) {
      upper.fragment = upper.offset;
      upper.position = FragmentPosition::Of(at);
    }
    upper.next = NextHeader{at[ExtensionView::kNextHeaderOffset]};
    upper.offset += *size;
    if (upper.is_later_fragment()) return upper;
  }
  return {};
}

}  // namespace sextant::wire
