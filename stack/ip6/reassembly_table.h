// SPDX-License-Identifier: BSD-3-Clause
// FragmentTable: finds a datagram by the hash of its key. A bucket is one cache
// line of eight 16-bit tags and the handles they stand for; all tags are
// compared at once. A full bucket passes its surplus on to the next and counts
// what it passed, so that a search knows whether to go on. It never goes
// further than kProbes buckets.
// Owned by one Core.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <vector>

#include "ip6/reassembly_slab.h"

namespace sextant::ip6 {

class FragmentTable {
 public:
  // LIMIT: 64 tags are looked at, whatever arrives. With a keyed hash and half
  // the places free, more than three buckets in a row have never been seen full.
  static constexpr size_t kSlots = 8;
  static constexpr size_t kProbes = 8;

  // Memory for this many buckets.
  void Reserve(size_t buckets) {
    buckets_ = std::vector<Bucket>();
    buckets_.reserve(buckets);
  }
  // Uses this many of them, a power of two: as long as there is little to find,
  // it lies in few cache lines. Entries are lost.
  void Resize(size_t buckets) {
    buckets_.assign(buckets, {});
    mask_ = static_cast<uint32_t>(buckets - 1);
  }
  size_t buckets() const { return buckets_.size(); }
  bool can_grow() const { return 2 * buckets_.size() <= buckets_.capacity(); }
  size_t bytes() const { return buckets_.capacity() * sizeof(Bucket); }

  // The handle for which `is_it(handle)` holds, or kNoHandle.
  template <typename F>
  Handle Find(uint32_t hash, F&& is_it) const {
    for (uint32_t at = hash & mask_, probe = 0; probe < kProbes; at = (at + 1) & mask_, ++probe) {
      const Bucket& bucket = buckets_[at];
      for (uint32_t match = bucket.Match(TagOf(hash)); match != 0; match &= match - 1) {
        const Handle handle = bucket.handles[static_cast<size_t>(std::countr_zero(match))];
        if (is_it(handle)) return handle;
      }
      if (bucket.passed_on == 0) [[likely]]
        break;
    }
    return kNoHandle;
  }
  // False when there is no place within kProbes buckets.
  bool Insert(uint32_t hash, Handle handle);
  // REQUIRES: it is there.
  void Erase(uint32_t hash, Handle handle);
  void Prefetch(uint32_t hash) const { __builtin_prefetch(&buckets_[hash & mask_]); }

 private:
  struct alignas(64) Bucket {
    std::array<uint16_t, kSlots> tags{};  // 0: the place is free
    std::array<Handle, kSlots> handles{};
    uint32_t passed_on = 0;

    // A bit for each place whose tag this is.
    uint32_t Match(uint16_t tag) const {
#ifdef __SSE2__
      const __m128i all = _mm_load_si128(reinterpret_cast<const __m128i*>(tags.data()));
      const __m128i same = _mm_cmpeq_epi16(all, _mm_set1_epi16(static_cast<int16_t>(tag)));
      const __m128i bytes = _mm_packs_epi16(same, _mm_setzero_si128());
      return static_cast<uint32_t>(_mm_movemask_epi8(bytes));
#else
      uint32_t match = 0;
      for (uint32_t i = 0; i < kSlots; ++i) match |= uint32_t{tags[i] == tag} << i;
      return match;
#endif
    }
  };

  static uint16_t TagOf(uint32_t hash) { return static_cast<uint16_t>(hash >> 16 | 1); }

  std::vector<Bucket> buckets_;
  uint32_t mask_ = 0;
};

}  // namespace sextant::ip6
