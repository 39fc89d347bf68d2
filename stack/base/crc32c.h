// SPDX-License-Identifier: BSD-3-Clause
// CRC-32C: finds damage in what was stored; no defence against intent.
// RFC 3720 §12.1 and its appendix B.4 (polynomial and examples).
// Any thread.
#pragma once

#include <array>

#include "base/bytes.h"

namespace sextant {

inline constexpr auto kCrc32cTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? 0x82f6'3b78 : 0);
    table[i] = value;
  }
  return table;
}();

constexpr uint32_t Crc32c(Bytes bytes) {
  uint32_t value = ~uint32_t{0};
  for (const uint8_t byte : bytes) value = value >> 8 ^ kCrc32cTable[(value ^ byte) & 0xff];
  return ~value;
}

}  // namespace sextant
