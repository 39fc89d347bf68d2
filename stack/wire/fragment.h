// SPDX-License-Identifier: BSD-3-Clause
// The Fragment header, as received and as a value.
// RFC 8200 §4.5, RFC 6946.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "wire/ipv6.h"
#include "wire/parsed.h"

namespace sextant::wire {

class FragmentView {
 public:
  static constexpr size_t kSize = 8;
  static constexpr size_t kNextHeaderOffset = 0;
  static constexpr size_t kOffsetOffset = 2;  // of the field that ICMPv6 errors point to
  static constexpr size_t kIdentificationOffset = 4;
  // Offsets count units of eight octets, and lengths are multiples of it.
  static constexpr size_t kUnit = 8;

  // `remaining` is what the packet has left from here on, all segments counted.
  static constexpr Parsed<FragmentView> Parse(Bytes head, size_t remaining) {
    if (head.size() < kSize || remaining < kSize) return DropReason::kIp6HeaderTruncated;
    return FragmentView(head.first<kSize>());
  }
  // For headers that have passed Parse() before. REQUIRES: at.size() >= kSize.
  static constexpr FragmentView Trusted(Bytes at) { return FragmentView(at.first<kSize>()); }

  constexpr NextHeader next_header() const { return NextHeader{at_[kNextHeaderOffset]}; }
  // In octets: 0 to 65528. The reserved bits are ignored, as is the reserved octet.
  constexpr uint16_t offset() const { return Load16(at_, kOffsetOffset) & 0xfff8; }
  constexpr bool more() const { return (at_[kOffsetOffset + 1] & 1) != 0; }
  constexpr uint32_t identification() const { return Load32(at_, kIdentificationOffset); }
  // RFC 6946 §2: the whole datagram in one fragment.
  constexpr bool is_atomic() const { return offset() == 0 && !more(); }

 private:
  explicit constexpr FragmentView(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

// The same header as a value, in host byte order, ready to be written.
struct FragmentFields {
  NextHeader next_header = NextHeader::kNone;
  uint16_t offset = 0;  // in octets, a multiple of FragmentView::kUnit
  bool more = false;
  uint32_t identification = 0;

  constexpr void WriteTo(std::span<uint8_t, FragmentView::kSize> out) const {
    out[FragmentView::kNextHeaderOffset] = static_cast<uint8_t>(next_header);
    out[1] = 0;
    Store16(out, FragmentView::kOffsetOffset,
            static_cast<uint16_t>((offset & 0xfff8) | (more ? 1 : 0)));
    Store32(out, FragmentView::kIdentificationOffset, identification);
  }

  static constexpr FragmentFields Of(const FragmentView& view) {
    return {view.next_header(), view.offset(), view.more(), view.identification()};
  }
  constexpr bool operator==(const FragmentFields&) const = default;
};

}  // namespace sextant::wire
