// SPDX-License-Identifier: BSD-3-Clause
// Ipv6Address: 128 bits as a value, with the classes and scopes of RFC 4291,
// parsed and printed as RFC 4291 §2.2 and RFC 5952 §4 say.
// Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace sextant {

// RFC 4291 §2.7, RFC 7346 §2: the four scope bits. Unicast addresses have a
// scope too (RFC 6724 §3.1); they use the same numbers.
enum class Scope : uint8_t {
  kInterfaceLocal = 1,
  kLinkLocal = 2,
  kRealmLocal = 3,
  kAdminLocal = 4,
  kSiteLocal = 5,
  kOrganizationLocal = 8,
  kGlobal = 14,
};

class Ipv6Address {
 public:
  static constexpr size_t kSize = 16;

  constexpr Ipv6Address() = default;  // the unspecified address
  explicit constexpr Ipv6Address(std::array<uint8_t, kSize> bytes) : bytes_(bytes) {}
  explicit constexpr Ipv6Address(std::span<const uint8_t, kSize> bytes) {
    CopyBytes(bytes, bytes_.data());
  }
  // {0x2001, 0xdb8, 0, 0, 0, 0, 0, 1} is 2001:db8::1.
  static constexpr Ipv6Address FromGroups(std::array<uint16_t, 8> groups) {
    Ipv6Address address;
    for (size_t i = 0; i < 8; ++i) Store16(address.bytes_, 2 * i, groups[i]);
    return address;
  }
  // RFC 4291 §2.2, all three forms; no zone, no prefix length, no white space.
  static std::optional<Ipv6Address> Parse(std::string_view text);
  // RFC 5952 §4 (and §5 for IPv4-mapped addresses).
  std::string ToString() const;

  static constexpr Ipv6Address Loopback() { return FromGroups({0, 0, 0, 0, 0, 0, 0, 1}); }
  static constexpr Ipv6Address AllNodes() { return FromGroups({0xff02, 0, 0, 0, 0, 0, 0, 1}); }
  static constexpr Ipv6Address AllRouters() { return FromGroups({0xff02, 0, 0, 0, 0, 0, 0, 2}); }
  // RFC 4291 §2.7.1: ff02::1:ffXX:XXXX with the low 24 bits of the address.
  constexpr Ipv6Address SolicitedNode() const {
    Ipv6Address group = FromGroups({0xff02, 0, 0, 0, 0, 1, 0xff00, 0});
    for (size_t i = 13; i < kSize; ++i) group.bytes_[i] = bytes_[i];
    return group;
  }

  constexpr std::span<const uint8_t, kSize> bytes() const { return bytes_; }
  uint64_t high_word() const { return LoadWord64(bytes_.data()); }
  uint64_t low_word() const { return LoadWord64(bytes_.data() + 8); }

  constexpr bool is_unspecified() const { return *this == Ipv6Address(); }
  constexpr bool is_loopback() const { return *this == Loopback(); }
  constexpr bool is_multicast() const { return bytes_[0] == 0xff; }
  constexpr bool is_link_local() const { return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80; }
  constexpr bool is_site_local() const { return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0xc0; }
  constexpr bool is_unique_local() const { return (bytes_[0] & 0xfe) == 0xfc; }
  constexpr bool is_v4_mapped() const {
    return PrefixMatches(FromGroups({0, 0, 0, 0, 0, 0xffff, 0, 0}), 96);
  }
  // ff02::1:ff00:0/104.
  constexpr bool is_solicited_node() const {
    return PrefixMatches(FromGroups({0xff02, 0, 0, 0, 0, 1, 0xff00, 0}), 104);
  }
  // The address needs a zone (an interface) to mean anything: RFC 4007 §6.
  constexpr bool needs_zone() const {
    return is_link_local() ||
           (is_multicast() && (multicast_scope() == 1 || multicast_scope() == 2));
  }
  // REQUIRES: is_multicast().
  constexpr uint8_t multicast_scope() const { return bytes_[1] & 0x0f; }
  // RFC 6724 §3.1: unicast scopes are mapped onto the multicast ones; ::1 is link-local.
  constexpr Scope scope() const {
    if (is_multicast()) return Scope{multicast_scope()};
    if (is_link_local() || is_loopback()) return Scope::kLinkLocal;
    if (is_site_local()) return Scope::kSiteLocal;
    return Scope::kGlobal;
  }

  // How many leading bits are equal, 0..128.
  constexpr int CommonPrefixLength(const Ipv6Address& other) const {
    for (size_t i = 0; i < kSize; ++i) {
      const auto difference = static_cast<uint8_t>(bytes_[i] ^ other.bytes_[i]);
      if (difference != 0) return static_cast<int>(8 * i) + std::countl_zero(difference);
    }
    return 128;
  }
  constexpr bool PrefixMatches(const Ipv6Address& prefix, int length) const {
    return CommonPrefixLength(prefix) >= length;
  }

  // The address spread over [0, 2^bits), cheaply and without a key: for small
  // caches where a collision costs time, not correctness.
  size_t Spread(int bits) const {
    // The product's top bits depend on all of the factor's bits.
    return static_cast<size_t>((high_word() ^ low_word()) * 0x9e37'79b9'7f4a'7c15 >> (64 - bits));
  }

  template <typename H>
  friend H AbslHashValue(H state, const Ipv6Address& address) {
    return H::combine(std::move(state), address.high_word(), address.low_word());
  }

  constexpr auto operator<=>(const Ipv6Address&) const = default;
  constexpr bool operator==(const Ipv6Address& other) const {
    if (std::is_constant_evaluated()) return bytes_ == other.bytes_;
    return ((high_word() ^ other.high_word()) | (low_word() ^ other.low_word())) == 0;
  }

 private:
  std::array<uint8_t, kSize> bytes_{};
};

struct Ipv6Prefix {
  Ipv6Address address;
  int length = 0;  // 0..128

  constexpr bool Contains(const Ipv6Address& other) const {
    return other.PrefixMatches(address, length);
  }
  // "2001:db8::/32"; the length is required.
  static std::optional<Ipv6Prefix> Parse(std::string_view text);
  std::string ToString() const;
  // The same prefix with every bit behind its length cleared.
  Ipv6Prefix Masked() const;
  constexpr bool operator==(const Ipv6Prefix&) const = default;
};

}  // namespace sextant
