// SPDX-License-Identifier: BSD-3-Clause
// Filter: which types of ICMPv6 messages a raw socket does not want.
// RFC 3542 §3.2.
// Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sextant::raw {

// As struct icmp6_filter of the C library has it: a set bit blocks.
class Filter {
 public:
  static constexpr size_t kWords = 8;
  static constexpr size_t kTypes = 256;

  // Blocks nothing.
  constexpr Filter() = default;

  constexpr bool Blocks(uint8_t type) const { return (words_[type / 32] >> type % 32 & 1) != 0; }
  // For copying it in and out as it is.
  std::array<uint32_t, kWords>& words() { return words_; }
  const std::array<uint32_t, kWords>& words() const { return words_; }

  constexpr bool operator==(const Filter&) const = default;

 private:
  std::array<uint32_t, kWords> words_{};
};

}  // namespace sextant::raw
