// SPDX-License-Identifier: BSD-3-Clause
// The Fragment header, as received and as a value.
// RFC 8200 §4.5.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "wire/ipv6.h"
#include "wire/parsed.h"

namespace sextant::wire {

class FragmentView {
 public:
  static constexpr size_t kSize = 8;
  static constexpr size_t kOffsetOffset = 2;

  static constexpr Parsed<FragmentView> Parse(Bytes at) {
    if (at.size() < kSize) return DropReason::kIp6HeaderTruncated;
    return FragmentView(at.first<kSize>());
  }
  // For headers that have passed Parse() before. REQUIRES: at.size() >= kSize.
  static constexpr FragmentView Trusted(Bytes at) { return FragmentView(at.first<kSize>()); }

  constexpr NextHeader next_header() const { return NextHeader{at_[0]}; }
  // In octets; on the wire it counts units of eight.
  constexpr uint16_t offset() const { return Load16(at_, kOffsetOffset) & 0xfff8; }
  constexpr bool more() const { return (at_[3] & 1) != 0; }
  constexpr uint32_t identification() const { return Load32(at_, 4); }

 private:
  explicit constexpr FragmentView(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

struct FragmentFields {
  NextHeader next_header = NextHeader::kNone;
  uint16_t offset = 0;  // in octets, a multiple of eight
  bool more = false;
  uint32_t identification = 0;

  constexpr void WriteTo(std::span<uint8_t, FragmentView::kSize> out) const {
    out[0] = static_cast<uint8_t>(next_header);
    out[1] = 0;
    Store16(out, 2, static_cast<uint16_t>(offset | (more ? 1 : 0)));
    Store32(out, 4, identification);
  }
  constexpr bool operator==(const FragmentFields&) const = default;
};

}  // namespace sextant::wire
