// SPDX-License-Identifier: BSD-3-Clause
// The IPv6 fixed header, as received and as a value.
// RFC 8200 §3.
// Any thread.
#pragma once

#include "base/ipv6_address.h"
#include "wire/parsed.h"

namespace sextant::wire {

// RFC 8200 §4 and the IANA protocol numbers; other values are legal too.
enum class NextHeader : uint8_t {
  kHopByHop = 0,
  kTcp = 6,
  kUdp = 17,
  kRouting = 43,
  kFragment = 44,
  kEsp = 50,
  kAuthentication = 51,
  kIcmp6 = 58,
  kNone = 59,
  kDestinationOptions = 60,
};

// A borrowed, bounds-checked view. What Parse() has checked, accessors trust.
class Ipv6View {
 public:
  static constexpr size_t kSize = 40;
  static constexpr size_t kPayloadLengthOffset = 4;
  static constexpr size_t kNextHeaderOffset = 6;
  static constexpr size_t kHopLimitOffset = 7;
  static constexpr size_t kSourceOffset = 8;
  static constexpr size_t kDestinationOffset = 24;

  // `head` begins at the header; `packet_length` counts all segments, so that
  // a chained packet is not taken for a truncated one.
  static constexpr Parsed<Ipv6View> Parse(Bytes head, size_t packet_length) {
    if (head.size() < kSize || packet_length < kSize) return DropReason::kIp6Truncated;
    const Ipv6View view(head.first<kSize>());
    if (view.version() != 6) return DropReason::kIp6BadVersion;
    if (view.payload_length() > packet_length - kSize) return DropReason::kIp6Truncated;
    return view;
  }
  // For packets that have passed Parse() before. REQUIRES: at.size() >= kSize.
  static constexpr Ipv6View Trusted(Bytes at) { return Ipv6View(at.first<kSize>()); }

  constexpr uint8_t version() const { return static_cast<uint8_t>(at_[0] >> 4); }
  constexpr uint8_t traffic_class() const { return static_cast<uint8_t>(Load16(at_, 0) >> 4); }
  constexpr uint32_t flow_label() const { return Load32(at_, 0) & 0xf'ffff; }
  constexpr uint16_t payload_length() const { return Load16(at_, kPayloadLengthOffset); }
  constexpr NextHeader next_header() const { return NextHeader{at_[kNextHeaderOffset]}; }
  constexpr uint8_t hop_limit() const { return at_[kHopLimitOffset]; }
  constexpr Ipv6Address source() const { return Ipv6Address(source_bytes()); }
  constexpr Ipv6Address destination() const { return Ipv6Address(destination_bytes()); }
  constexpr std::span<const uint8_t, 16> source_bytes() const {
    return at_.subspan<kSourceOffset, 16>();
  }
  constexpr std::span<const uint8_t, 16> destination_bytes() const {
    return at_.subspan<kDestinationOffset, 16>();
  }
  // Both addresses in wire order, as the pseudo-header has them (RFC 8200 §8.1).
  constexpr std::span<const uint8_t, 32> addresses() const {
    return at_.subspan<kSourceOffset, 32>();
  }

 private:
  explicit constexpr Ipv6View(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

// The same header as a value, in host byte order, ready to be written.
struct Ipv6Fields {
  uint8_t traffic_class = 0;
  uint32_t flow_label = 0;  // 20 bits
  uint16_t payload_length = 0;
  NextHeader next_header = NextHeader::kNone;
  uint8_t hop_limit = 64;
  Ipv6Address source;
  Ipv6Address destination;

  constexpr void WriteTo(std::span<uint8_t, Ipv6View::kSize> out) const {
    Write(out, traffic_class, flow_label, payload_length, next_header, hop_limit, source,
          destination);
  }
  // For the hot path, whose fields lie elsewhere already.
  static constexpr void Write(std::span<uint8_t, Ipv6View::kSize> out, uint8_t traffic_class,
                              uint32_t flow_label, uint16_t payload_length, NextHeader next_header,
                              uint8_t hop_limit, const Ipv6Address& source,
                              const Ipv6Address& destination) {
    Store32(out, 0, 6U << 28 | uint32_t{traffic_class} << 20 | (flow_label & 0xf'ffff));
    Store32(out, Ipv6View::kPayloadLengthOffset,
            uint32_t{payload_length} << 16 | uint32_t{static_cast<uint8_t>(next_header)} << 8 |
                hop_limit);
    CopyBytes(source.bytes(), &out[Ipv6View::kSourceOffset]);
    CopyBytes(destination.bytes(), &out[Ipv6View::kDestinationOffset]);
  }

  static constexpr Ipv6Fields Of(const Ipv6View& view) {
    return {view.traffic_class(), view.flow_label(), view.payload_length(), view.next_header(),
            view.hop_limit(),     view.source(),     view.destination()};
  }
  constexpr bool operator==(const Ipv6Fields&) const = default;
};

}  // namespace sextant::wire
