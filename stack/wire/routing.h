// SPDX-License-Identifier: BSD-3-Clause
// The routing header: what all types share, and whether one is well-formed, for
// those that applications may send.
// RFC 8200 §4.4, RFC 3542 §7 (type 0), RFC 6275 §6.4 (type 2), RFC 8754 §2 (type 4).
// Any thread.
#pragma once

#include "wire/extension_header.h"

namespace sextant::wire {

// RFC 5095 §3 deprecates type 0; other values are legal too.
enum class RoutingType : uint8_t { kSource = 0, kMobile = 2, kSegment = 4 };

class RoutingView {
 public:
  static constexpr size_t kTypeOffset = 2;
  static constexpr size_t kSegmentsLeftOffset = 3;
  static constexpr size_t kAddressesOffset = 8;  // types 0, 2 and 4 agree on that

  explicit constexpr RoutingView(const ExtensionView& header) : bytes_(header.bytes()) {}

  constexpr RoutingType type() const { return RoutingType{bytes_[kTypeOffset]}; }
  constexpr uint8_t segments_left() const { return bytes_[kSegmentsLeftOffset]; }
  // Room for whole addresses. REQUIRES, as for address(): a type that has them.
  constexpr size_t addresses() const {
    return (bytes_.size() - kAddressesOffset) / Ipv6Address::kSize;
  }
  // REQUIRES: index < addresses().
  constexpr Ipv6Address address(size_t index) const {
    return Ipv6Address(
        bytes_.subspan(kAddressesOffset + index * Ipv6Address::kSize).first<Ipv6Address::kSize>());
  }
  // RFC 8754 §2: the index of the last element of a segment list.
  constexpr uint8_t last_entry() const { return bytes_[kLastEntryOffset]; }

  // Do the fields agree with one another, by the rules of the type? Types
  // without rules here are not.
  constexpr bool IsWellFormed() const {
    switch (type()) {
      case RoutingType::kSource:
        // RFC 3542 §7: nothing but addresses.
        return HoldsAddressesOnly() && segments_left() <= addresses();
      case RoutingType::kMobile:
        return HoldsAddressesOnly() && addresses() == 1 && segments_left() == 1;
      case RoutingType::kSegment:
        return IsSegmentList();
      default:
        return false;
    }
  }

 private:
  static constexpr size_t kLastEntryOffset = 4;

  constexpr bool HoldsAddressesOnly() const {
    return (bytes_.size() - kAddressesOffset) % Ipv6Address::kSize == 0;
  }
  constexpr bool IsSegmentList() const {
    const size_t segments = size_t{last_entry()} + 1;
    // RFC 8754 §4.3.1.1: one more than Last Entry is left in a reduced list (§4.1.1).
    return segments <= addresses() && segments_left() <= segments &&
           HoldsObjects(kAddressesOffset + segments * Ipv6Address::kSize);
  }
  // RFC 8754 §2.1: type-length-value objects fill the rest; a lone zero is Pad1.
  constexpr bool HoldsObjects(size_t at) const {
    while (at < bytes_.size()) {
      const size_t left = bytes_.size() - at;
      if (bytes_[at] == 0) {
        ++at;
        continue;
      }
      if (left < 2 || left - 2 < bytes_[at + 1]) return false;
      at += 2 + size_t{bytes_[at + 1]};
    }
    return true;
  }

  Bytes bytes_;
};

}  // namespace sextant::wire
