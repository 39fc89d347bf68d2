// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "base/rng.h"

#include <bit>

#include "absl/random/random.h"

namespace sextant {

SeededRng::SeededRng(uint64_t seed) {
  // SplitMix64 spreads the seed over the state, so that seeds 1 and 2 differ everywhere.
  for (uint64_t& word : state_) {
    seed += 0x9e37'79b9'7f4a'7c15;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11eb;
    word = z ^ (z >> 31);
  }
}

uint64_t SeededRng::Next64() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

struct SystemRng::State {
  absl::BitGen generator;
};

SystemRng::SystemRng() : state_(std::make_unique<State>()) {}
SystemRng::~SystemRng() = default;

uint64_t SystemRng::Next64() { return state_->generator(); }

}  // namespace sextant
