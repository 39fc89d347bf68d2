// SPDX-License-Identifier: BSD-3-Clause
// MacAddress: a 48-bit IEEE 802 address, as a value.
// Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/ipv6_address.h"

namespace sextant {

class MacAddress {
 public:
  static constexpr size_t kSize = 6;

  constexpr MacAddress() = default;
  explicit constexpr MacAddress(std::array<uint8_t, kSize> bytes) : bytes_(bytes) {}
  explicit constexpr MacAddress(std::span<const uint8_t, kSize> bytes) {
    CopyBytes(bytes, bytes_.data());
  }

  static constexpr MacAddress Broadcast() {
    return MacAddress({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  }
  // RFC 2464 §7: 33:33 and the low 32 bits of the group.
  static constexpr MacAddress ForGroup(const Ipv6Address& group) {
    const auto g = group.bytes();
    return MacAddress({0x33, 0x33, g[12], g[13], g[14], g[15]});
  }
  // "aa:bb:cc:dd:ee:ff"; hexadecimal, colons, nothing else.
  static std::optional<MacAddress> Parse(std::string_view text);
  std::string ToString() const;

  constexpr std::span<const uint8_t, kSize> bytes() const { return bytes_; }
  constexpr bool is_multicast() const { return (bytes_[0] & 1) != 0; }
  constexpr bool is_zero() const { return *this == MacAddress(); }
  constexpr auto operator<=>(const MacAddress&) const = default;

  // RFC 4291 Appendix A: the modified EUI-64 interface identifier.
  constexpr std::array<uint8_t, 8> InterfaceIdentifier() const {
    return {static_cast<uint8_t>(bytes_[0] ^ 2),
            bytes_[1],
            bytes_[2],
            0xff,
            0xfe,
            bytes_[3],
            bytes_[4],
            bytes_[5]};
  }
  // RFC 4862 §5.3: fe80::/64 and the interface identifier.
  constexpr Ipv6Address LinkLocal() const {
    std::array<uint8_t, 16> address{0xfe, 0x80};
    const auto id = InterfaceIdentifier();
    for (size_t i = 0; i < id.size(); ++i) address[8 + i] = id[i];
    return Ipv6Address(address);
  }

 private:
  std::array<uint8_t, kSize> bytes_{};
};

}  // namespace sextant
