// SPDX-License-Identifier: BSD-3-Clause
// A type 0 routing header in memory of a caller: eight octets, then addresses.
// RFC 3542 §7; RFC 1883 §4.4 for the flags that RFC 2292 §8 gives each hop.
// Any thread.
#pragma once

#include <algorithm>
#include <optional>

#include "wire/routing.h"

namespace sextant::socket {

class TypeZero {
 public:
  static constexpr size_t kAddressSize = Ipv6Address::kSize;
  // What the length field can say: 254 units, an even number of them.
  static constexpr size_t kMaxAddresses = 127;

  static constexpr size_t SizeFor(size_t addresses) {
    return wire::RoutingView::kAddressesOffset + addresses * kAddressSize;
  }
  // A header in which `left` of `addresses` are left; all else is as it was.
  static void WriteLengths(uint8_t* at, size_t addresses, size_t left) {
    at[wire::ExtensionView::kLengthOffset] = static_cast<uint8_t>(2 * addresses);
    at[wire::RoutingView::kTypeOffset] = static_cast<uint8_t>(wire::RoutingType::kSource);
    at[wire::RoutingView::kSegmentsLeftOffset] = static_cast<uint8_t>(left);
  }

  // What lies there, if it is a well-formed header of this type.
  static std::optional<TypeZero> In(MutableBytes room) {
    const auto header = wire::ExtensionView::Parse(room);
    if (!header) return {};
    const wire::RoutingView routing(*header);
    if (routing.type() != wire::RoutingType::kSource || !routing.IsWellFormed()) return {};
    return TypeZero(room.data(), routing.addresses(), routing.segments_left());
  }

  size_t addresses() const { return addresses_; }
  size_t left() const { return left_; }
  size_t size() const { return SizeFor(addresses_); }
  // REQUIRES, to be read: index < addresses().
  uint8_t* address(size_t index) const { return at_ + SizeFor(index); }

  // RFC 3542 §7.4: the addresses in the opposite order, and all of them left.
  void Reverse() {
    for (size_t i = 0; i < addresses_ / 2; ++i) {
      std::swap_ranges(address(i), address(i + 1), address(addresses_ - 1 - i));
    }
    left_ = addresses_;
    WriteLengths(at_, addresses_, left_);
  }

  // RFC 1883 §4.4: bit n, from the left, says whether hop n is a strict one.
  // REQUIRES: hop < 24.
  bool IsStrict(size_t hop) const { return (at_[kHopsOffset + hop / 8] & BitOf(hop)) != 0; }
  void SetStrict(size_t hop, bool strict) {
    uint8_t& octet = at_[kHopsOffset + hop / 8];
    octet = static_cast<uint8_t>((octet & ~BitOf(hop)) | (strict ? BitOf(hop) : 0));
  }

 private:
  static constexpr size_t kHopsOffset = 5;

  TypeZero(uint8_t* at, size_t addresses, size_t left)
      : at_(at), addresses_(addresses), left_(left) {}
  static constexpr int BitOf(size_t hop) { return 0x80 >> hop % 8; }

  uint8_t* at_;
  size_t addresses_;
  size_t left_;
};

}  // namespace sextant::socket
