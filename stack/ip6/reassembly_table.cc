// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_table.h"

#include "base/check.h"

namespace sextant::ip6 {

bool FragmentTable::Insert(uint32_t hash, Handle handle) {
  const uint32_t home = hash & mask_;
  for (uint32_t probe = 0; probe < kProbes; ++probe) {
    Bucket& bucket = buckets_[(home + probe) & mask_];
    const uint32_t free = bucket.Match(0);
    if (free == 0) continue;
    const auto place = static_cast<size_t>(std::countr_zero(free));
    bucket.tags[place] = TagOf(hash);
    bucket.handles[place] = handle;
    for (uint32_t i = 0; i < probe; ++i) ++buckets_[(home + i) & mask_].passed_on;
    return true;
  }
  return false;
}

void FragmentTable::Erase(uint32_t hash, Handle handle) {
  const uint32_t home = hash & mask_;
  for (uint32_t probe = 0; probe < kProbes; ++probe) {
    Bucket& bucket = buckets_[(home + probe) & mask_];
    for (uint32_t match = bucket.Match(TagOf(hash)); match != 0; match &= match - 1) {
      const auto place = static_cast<size_t>(std::countr_zero(match));
      if (bucket.handles[place] != handle) continue;
      bucket.tags[place] = 0;
      for (uint32_t i = 0; i < probe; ++i) --buckets_[(home + i) & mask_].passed_on;
      return;
    }
  }
  SX_CHECK(false);
}

}  // namespace sextant::ip6
