// SPDX-License-Identifier: BSD-3-Clause
// Bytes: borrowed memory, and loads and stores in network byte order.
// Any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace sextant {

using Bytes = std::span<const uint8_t>;
using MutableBytes = std::span<uint8_t>;

constexpr uint16_t Load16(Bytes at, size_t offset) {
  return static_cast<uint16_t>(at[offset] << 8 | at[offset + 1]);
}

constexpr uint32_t Load32(Bytes at, size_t offset) {
  return uint32_t{Load16(at, offset)} << 16 | Load16(at, offset + 2);
}

// A value as it is stored, whatever the machine's byte order: its own inverse.
constexpr uint16_t ToWire(uint16_t value) {
  return std::endian::native == std::endian::big ? value : __builtin_bswap16(value);
}
constexpr uint32_t ToWire(uint32_t value) {
  return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
}

// Sixteen bytes as two words that the compiler does not merge.
inline void CopyWords(const uint8_t* from, uint8_t* to) {
  uint64_t low;
  uint64_t high;
  std::memcpy(&low, from, sizeof low);
  std::memcpy(&high, from + sizeof low, sizeof high);
  asm("" : "+r"(low), "+r"(high));
  std::memcpy(to, &low, sizeof low);
  std::memcpy(to + sizeof low, &high, sizeof high);
}

// Copies a fixed number of bytes; one or two moves at run time, and allowed in
// constant expressions, where memcpy() is not.
template <size_t kCount>
constexpr void CopyBytes(std::span<const uint8_t, kCount> from, uint8_t* to) {
  if (std::is_constant_evaluated()) {
    for (size_t i = 0; i < kCount; ++i) to[i] = from[i];
  } else if constexpr (kCount == 2 * sizeof(uint64_t)) {
    // Addresses travel in pairs of registers, so they are often stored as two
    // words a moment before; loading those as one vector stalls for longer
    // than the whole header takes to write.
    CopyWords(from.data(), to);
  } else {
    std::memcpy(to, from.data(), kCount);
  }
}

constexpr void Store16(MutableBytes at, size_t offset, uint16_t value) {
  if (std::is_constant_evaluated()) {
    at[offset] = static_cast<uint8_t>(value >> 8);
    at[offset + 1] = static_cast<uint8_t>(value);
  } else {
    const uint16_t wire = ToWire(value);
    std::memcpy(&at[offset], &wire, sizeof wire);
  }
}

constexpr void Store32(MutableBytes at, size_t offset, uint32_t value) {
  if (std::is_constant_evaluated()) {
    Store16(at, offset, static_cast<uint16_t>(value >> 16));
    Store16(at, offset + 2, static_cast<uint16_t>(value));
  } else {
    const uint32_t wire = ToWire(value);
    std::memcpy(&at[offset], &wire, sizeof wire);
  }
}

// A machine word as it lies in memory; for hashing, comparing and summing,
// where the byte order does not matter or is put right afterwards.
inline uint64_t LoadWord64(const uint8_t* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

inline uint32_t LoadWord32(const uint8_t* at) {
  uint32_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

inline uint16_t LoadWord16(const uint8_t* at) {
  uint16_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace sextant
