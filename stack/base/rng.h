// SPDX-License-Identifier: BSD-3-Clause
// Rng: the only source of randomness. Programs hand in SystemRng, tests a
// SeededRng whose seed they print when something fails.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/time.h"

namespace sextant {

class Rng {
 public:
  virtual ~Rng() = default;
  virtual uint64_t Next64() = 0;

  uint32_t Next32() { return static_cast<uint32_t>(Next64() >> 32); }

  // Returns a value in [0, bound). REQUIRES: bound > 0.
  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>((uint64_t{Next32()} * bound) >> 32);
  }

  // Returns a duration in [low, high).
  Duration Between(Duration low, Duration high) {
    const auto span = static_cast<Uint128>((high - low).nanoseconds());
    return low + Duration::Nanoseconds(static_cast<int64_t>((span * Next64()) >> 64));
  }
};

// xoshiro256**: fast, repeatable, predictable. For tests and simulations only.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(uint64_t seed);
  uint64_t Next64() override;

 private:
  std::array<uint64_t, 4> state_{};
};

// Unpredictable to an attacker who has seen earlier output: abseil's Randen
// (AES based, backtracking resistant), seeded by the operating system.
class SystemRng final : public Rng {
 public:
  SystemRng();
  ~SystemRng() override;
  uint64_t Next64() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sextant
