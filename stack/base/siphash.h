// SPDX-License-Identifier: BSD-3-Clause
// SipHash: the keyed PRF for everything an attacker may guess or collide.
// Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
// Two strengths: 2-4 where the output is seen on the wire (identifications,
// labels, ports), 1-3 for hash tables, where only collisions matter.
// Any thread.
#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"
#include "base/rng.h"

namespace sextant {

struct HashKey {
  uint64_t k0 = 0;
  uint64_t k1 = 0;
  static HashKey Draw(Rng& rng) { return {rng.Next64(), rng.Next64()}; }
};

template <int kRounds, int kFinalRounds>
class SipHasher {
 public:
  explicit SipHasher(const HashKey& key)
      : v0_(key.k0 ^ 0x736f'6d65'7073'6575),
        v1_(key.k1 ^ 0x646f'7261'6e64'6f6d),
        v2_(key.k0 ^ 0x6c79'6765'6e65'7261),
        v3_(key.k1 ^ 0x7465'6462'7974'6573) {}

  // One 8-byte word of the message.
  void Word(uint64_t m) {
    v3_ ^= m;
    for (int i = 0; i < kRounds; ++i) Round();
    v0_ ^= m;
  }

  // `last` holds the final bytes and, in its top byte, the length modulo 256.
  uint64_t Finish(uint64_t last) {
    Word(last);
    v2_ ^= 0xff;
    for (int i = 0; i < kFinalRounds; ++i) Round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void Round() {
    v0_ += v1_;
    v2_ += v3_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v1_;
    v0_ += v3_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ = std::rotl(v2_, 32);
  }

  uint64_t v0_, v1_, v2_, v3_;
};

template <int kRounds, int kFinalRounds>
uint64_t SipHash(const HashKey& key, Bytes message) {
  SipHasher<kRounds, kFinalRounds> hasher(key);
  size_t at = 0;
  for (; at + 8 <= message.size(); at += 8) hasher.Word(LoadWord64(message.data() + at));
  uint64_t last = uint64_t{message.size()} << 56;
  for (size_t i = 0; at + i < message.size(); ++i) last |= uint64_t{message[at + i]} << (8 * i);
  return hasher.Finish(last);
}

// Output that leaves the host.
inline uint64_t Prf(const HashKey& key, Bytes message) { return SipHash<2, 4>(key, message); }

// Bucket choice only.
using TableHasher = SipHasher<1, 3>;

}  // namespace sextant
