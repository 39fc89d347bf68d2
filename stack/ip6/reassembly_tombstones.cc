// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_tombstones.h"

#include <bit>

namespace sextant::ip6 {

void Tombstones::Resize(size_t capacity) {
  stones_.assign(capacity, {});
  heads_.assign(std::bit_ceil(capacity), kNone);
  place_ = 0;
  used_ = 0;
}

void Tombstones::Add(uint64_t hash, uint32_t identification, Instant expires) {
  if (stones_.empty()) return;
  if (used_ == stones_.size()) {
    Forget(place_);
  } else {
    ++used_;
  }
  stones_[place_] = {hash, expires, identification, std::exchange(Head(hash), place_), 0};
  place_ = place_ + 1 == stones_.size() ? 0 : place_ + 1;
}

void Tombstones::Forget(uint32_t index) {
  uint32_t* at = &Head(stones_[index].hash);
  while (*at != index) at = &stones_[*at].next;
  *at = stones_[index].next;
}

bool Tombstones::Holds(uint64_t hash, uint32_t identification, Instant now) const {
  if (used_ == 0) return false;
  for (uint32_t at = heads_[hash & (heads_.size() - 1)]; at != kNone; at = stones_[at].next) {
    const Stone& stone = stones_[at];
    if (stone.hash == hash && stone.identification == identification) return stone.expires > now;
  }
  return false;
}

}  // namespace sextant::ip6
