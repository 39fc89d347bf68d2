// SPDX-License-Identifier: BSD-3-Clause
// The Ethernet II header, as received and as a value.
// RFC 2464 §3.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "base/mac_address.h"
#include "wire/parsed.h"

namespace sextant::wire {

enum class EtherType : uint16_t { kIp6 = 0x86dd };

// A borrowed, bounds-checked view.
class EthernetView {
 public:
  static constexpr size_t kSize = 14;

  static constexpr Parsed<EthernetView> Parse(Bytes frame) {
    if (frame.size() < kSize) return DropReason::kEthernetTruncated;
    return EthernetView(frame.first<kSize>());
  }

  constexpr MacAddress destination() const { return MacAddress(at_.subspan<0, 6>()); }
  constexpr MacAddress source() const { return MacAddress(at_.subspan<6, 6>()); }
  constexpr EtherType type() const { return EtherType{Load16(at_, 12)}; }

 private:
  explicit constexpr EthernetView(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

struct EthernetFields {
  MacAddress destination;
  MacAddress source;
  EtherType type = EtherType::kIp6;

  constexpr void WriteTo(std::span<uint8_t, EthernetView::kSize> out) const {
    CopyBytes(destination.bytes(), &out[0]);
    CopyBytes(source.bytes(), &out[MacAddress::kSize]);
    Store16(out, 12, static_cast<uint16_t>(type));
  }
};

}  // namespace sextant::wire
