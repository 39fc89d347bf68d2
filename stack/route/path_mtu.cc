// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "route/path_mtu.h"

#include <algorithm>
#include <bit>

namespace sextant::route {

size_t PathMtuCache::BucketOf(const Ipv6Address& destination, uint32_t zone) const {
  TableHasher hasher(key_);
  hasher.Word(destination.high_word());
  hasher.Word(destination.low_word());
  return hasher.Finish(zone) & (buckets_.size() - 1);
}

const PathMtu* PathMtuCache::Find(const Ipv6Address& destination, uint32_t zone) const {
  if (size_ == 0) return nullptr;
  const PathMtu* at = buckets_[BucketOf(destination, zone)];
  while (at != nullptr && (at->destination != destination || at->zone != zone)) at = at->chained;
  return at;
}

void PathMtuCache::Learn(const Ipv6Address& destination, uint32_t zone, uint32_t mtu, Instant now,
                         size_t capacity) {
  auto* entry = const_cast<PathMtu*>(Find(destination, zone));
  if (entry == nullptr) {
    entry = Take(capacity);
    entry->destination = destination;
    entry->zone = zone;
    PathMtu*& bucket = buckets_[BucketOf(destination, zone)];
    entry->chained = bucket;
    bucket = entry;
    ++size_;
  }
  entry->mtu = mtu;
  entry->learnt = now;
  entry->Unlink();
  order_.PushBack(*entry);
}

// A free entry.
PathMtu* PathMtuCache::Take(size_t capacity) {
  if (slab_.empty()) {
    buckets_.resize(std::bit_ceil(2 * capacity));
    slab_.resize(capacity);
    for (PathMtu& entry : slab_) free_.PushBack(entry);
  }
  // The limit may have been lowered meanwhile; two per entry get there, too.
  const size_t limit = std::min(capacity, slab_.size());
  for (int i = 0; i < 2 && size_ >= limit; ++i) Remove(*order_.front());
  return free_.PopFront();
}

void PathMtuCache::Remove(PathMtu& entry) {
  PathMtu** link = &buckets_[BucketOf(entry.destination, entry.zone)];
  while (*link != &entry) link = &(*link)->chained;
  *link = entry.chained;
  entry.mtu = 0;
  entry.Unlink();
  free_.PushBack(entry);
  --size_;
}

size_t PathMtuCache::Forget(Instant learnt) {
  const size_t before = size_;
  while (size_ != 0 && order_.front()->learnt <= learnt) Remove(*order_.front());
  return before - size_;
}

Instant PathMtuCache::oldest() const {
  return size_ == 0 ? Instant::Never() : order_.front()->learnt;
}

}  // namespace sextant::route
