// SPDX-License-Identifier: BSD-3-Clause
// Tombstones: datagrams that were dropped for an overlap, so that what still
// arrives of them is not taken for a new one. Of fixed number; when all are
// taken the oldest gives way.
// RFC 5722 §4.
// Owned by one Core.
#pragma once

#include <vector>

#include "ip6/reassembly_key.h"

namespace sextant::ip6 {

class Tombstones {
 public:
  // 0 forgets at once. Those that are there are lost.
  void Resize(size_t capacity);
  size_t capacity() const { return stones_.size(); }

  void Add(uint64_t hash, uint32_t identification, Instant expires);
  bool Holds(uint64_t hash, uint32_t identification, Instant now) const;
  bool empty() const { return used_ == 0; }

 private:
  struct Stone {
    uint64_t hash = 0;  // of the whole key: two keys share it once in 2^64
    Instant expires;
    uint32_t identification = 0;
    uint32_t next = kNone;  // of the same list
    uint64_t spare = 0;     // thirty-two octets, two to a cache line
  };
  static_assert(sizeof(Stone) == 32);
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t& Head(uint64_t hash) { return heads_[hash & (heads_.size() - 1)]; }
  void Forget(uint32_t index);

  std::vector<Stone> stones_;  // a ring, in the order of burial
  std::vector<uint32_t> heads_;
  uint32_t place_ = 0;  // of the next one
  size_t used_ = 0;
};

}  // namespace sextant::ip6
