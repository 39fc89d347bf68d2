// SPDX-License-Identifier: BSD-3-Clause
// PathMtuCache: what the path to a destination carries, where that is known to
// be less than its first link does.
// RFC 8201 §4 (never raised, aged), §5.2 (the destination stands for the path), §5.3 (aging).
// Principle: memory is taken once, with the first entry; the entry learnt
// longest ago goes first, whether its time or the room has run out. All entries
// live equally long, so one list in the order of learning finds both.
// Owned by one Core.
#pragma once

#include <deque>
#include <vector>

#include "base/intrusive_list.h"
#include "base/ipv6_address.h"
#include "base/siphash.h"
#include "base/time.h"

namespace sextant::route {

struct PathMtuTag;

struct PathMtu : ListNode<PathMtuTag> {
  Ipv6Address destination;
  uint32_t zone = 0;  // the interface, where the destination needs one
  uint32_t mtu = 0;   // 0: the entry is free
  Instant learnt;
  PathMtu* chained = nullptr;  // in the same bucket
};

class PathMtuCache {
 public:
  explicit PathMtuCache(const HashKey& key) : key_(key) {}
  PathMtuCache(const PathMtuCache&) = delete;
  PathMtuCache& operator=(const PathMtuCache&) = delete;

  // Null when nothing is known.
  const PathMtu* Find(const Ipv6Address& destination, uint32_t zone) const;
  // Remembers, in place of what was known before. `capacity` counts once, when
  // memory is taken; a smaller one later pushes entries out.
  void Learn(const Ipv6Address& destination, uint32_t zone, uint32_t mtu, Instant now,
             size_t capacity);
  // Forgets what was learnt at `learnt` or before. Returns how many that were.
  size_t Forget(Instant learnt);
  // Instant::Never() when there is none.
  Instant oldest() const;

  size_t size() const { return size_; }
  // Every entry, in no order.
  template <typename F>
  void ForEach(F&& take) const {
    for (const PathMtu& entry : slab_) {
      if (entry.mtu != 0) take(entry);
    }
  }

 private:
  using List = IntrusiveList<PathMtu, PathMtuTag>;

  size_t BucketOf(const Ipv6Address& destination, uint32_t zone) const;
  PathMtu* Take(size_t capacity);
  void Remove(PathMtu& entry);

  const HashKey key_;
  std::vector<PathMtu*> buckets_;
  std::deque<PathMtu> slab_;  // members stay where they are
  size_t size_ = 0;
  List free_;
  mutable List order_;  // the one learnt longest ago first; mutable for reading only
};

}  // namespace sextant::route
