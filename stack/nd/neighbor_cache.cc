// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/neighbor_cache.h"

#include <bit>

namespace sextant::nd {

std::string_view Name(NeighborState state) {
  switch (state) {
    case NeighborState::kIncomplete:
      return "INCOMPLETE";
    case NeighborState::kStale:
      return "STALE";
    case NeighborState::kDelay:
      return "DELAY";
    case NeighborState::kProbe:
      return "PROBE";
    case NeighborState::kReachable:
      return "REACHABLE";
  }
  return "unknown";
}

NeighborCache::NeighborCache(Core& core, NeighborTimerHandler& handler)
    : core_(core), key_(HashKey::Draw(core.rng())), nobody_(handler) {
  front_.fill(&nobody_);
}

void NeighborCache::Allocate() {
  const auto capacity = static_cast<size_t>(core_.tunables().nd_cache_entries);
  buckets_.resize(std::bit_ceil(2 * capacity));
  for (size_t i = 0; i < capacity; ++i) slab_.emplace_back(nobody_.handler);
}

Neighbor*& NeighborCache::BucketOf(uint16_t interface, const Ipv6Address& address) {
  TableHasher hasher(key_);
  hasher.Word(address.high_word());
  hasher.Word(address.low_word());
  return buckets_[hasher.Finish(interface) & (buckets_.size() - 1)];
}

Neighbor* NeighborCache::FindBehind(uint16_t interface, const Ipv6Address& address) {
  if (buckets_.empty()) return nullptr;
  Neighbor* at = BucketOf(interface, address);
  while (at != nullptr && !at->Is(interface, address)) at = at->chained;
  if (at != nullptr) front_[FrontOf(interface, address)] = at;
  return at;
}

Neighbor* NeighborCache::Insert(uint16_t interface, const Ipv6Address& address) {
  if (slab_.empty()) Allocate();
  if (!MakeRoom()) return nullptr;
  Neighbor* const fresh = free_.empty() ? &slab_[used_++] : free_.PopFront();
  fresh->address = address;
  fresh->interface = interface;
  fresh->link_address = MacAddress();
  fresh->is_router = false;
  Neighbor*& bucket = BucketOf(interface, address);
  fresh->chained = bucket;
  bucket = fresh;
  ++size_;
  ++incomplete_count_;
  fresh->state = NeighborState::kIncomplete;
  fresh->solicits = 0;
  fresh->since = core_.now();
  incomplete_.PushBack(*fresh);
  return fresh;
}

// RFC 6583 §4: known and working neighbors are worth more than new ones.
bool NeighborCache::MakeRoom() {
  const auto wanted = static_cast<size_t>(core_.tunables().nd_cache_entries);
  const size_t limit = std::min(slab_.size(), wanted);
  // The limit may have been lowered meanwhile; two per insertion get there, too.
  for (int i = 0; i < 2 && size_ >= limit; ++i) {
    Neighbor* const oldest = idle_.empty() ? incomplete_.front() : idle_.front();
    if (oldest == nullptr) return false;
    Evict(*oldest);
  }
  return size_ < slab_.size();
}

void NeighborCache::Evict(Neighbor& neighbor) {
  while (!neighbor.waiting.empty()) {
    core_.Drop(neighbor.waiting.Pop(), DropReason::kNeighborCacheFull);
  }
  Remove(neighbor);
}

void NeighborCache::Remove(Neighbor& neighbor) {
  SX_CHECK(neighbor.interface != Neighbor::kNowhere && neighbor.waiting.empty());
  neighbor.timer.Cancel();
  neighbor.Unlink();
  if (neighbor.state == NeighborState::kIncomplete) --incomplete_count_;
  if (IsReady(neighbor)) Tell();
  --size_;
  Neighbor** link = &BucketOf(neighbor.interface, neighbor.address);
  while (*link != &neighbor) link = &(*link)->chained;
  *link = neighbor.chained;
  // Front slots that still name the entry find that it is no longer theirs.
  neighbor.interface = Neighbor::kNowhere;
  free_.PushBack(neighbor);
}

void NeighborCache::SetLinkAddress(Neighbor& neighbor, const MacAddress& address) {
  neighbor.link_address = address;
  if (IsReady(neighbor)) Tell();
}

void NeighborCache::SetState(Neighbor& neighbor, NeighborState state) {
  SX_CHECK(state != NeighborState::kIncomplete);
  if (neighbor.state == NeighborState::kIncomplete) --incomplete_count_;
  const bool was_ready = IsReady(neighbor);
  neighbor.state = state;
  if (IsReady(neighbor) != was_ready) Tell();
  neighbor.solicits = 0;
  neighbor.since = core_.now();
  neighbor.Unlink();
  if (state != NeighborState::kReachable) idle_.PushBack(neighbor);
}

}  // namespace sextant::nd
