// SPDX-License-Identifier: BSD-3-Clause
// NeighborCache: who is on our links, and at which link-layer address.
// RFC 4861 §5.1 and §7.3.2 (entries and their states), RFC 6583 §4 (limits).
// Principle: memory is taken once, at start; what an attacker on the link can
// create pushes out only what is not REACHABLE, the least recently used first.
// A Neighbor* is good until the next Insert(), Remove() or pushed packet.
// Owned by one Core.
#pragma once

#include <array>
#include <deque>
#include <string_view>
#include <vector>

#include "base/intrusive_list.h"
#include "base/siphash.h"
#include "core/core.h"

namespace sextant::nd {

// Ordered so that "send at once, nothing else to do" is one comparison.
enum class NeighborState : uint8_t { kIncomplete, kStale, kDelay, kProbe, kReachable };
// As the RFC spells them.
std::string_view Name(NeighborState state);

struct Neighbor;
struct NeighborTag;

// What is to be done when a neighbor's timer fires.
class NeighborTimerHandler {
 public:
  virtual ~NeighborTimerHandler() = default;
  virtual void OnNeighborTimer(Neighbor& neighbor) = 0;
};

// Who keeps answers of the cache. Told when a neighbor becomes ready for packets
// (NeighborCache::IsReady), stops being so, or moves to another link-layer address.
class NeighborObserver {
 public:
  virtual ~NeighborObserver() = default;
  virtual void OnNeighborChange() = 0;
};

struct alignas(64) Neighbor : ListNode<NeighborTag> {
  explicit Neighbor(NeighborTimerHandler& timer_handler) : handler(timer_handler) {}

  static constexpr uint16_t kNowhere = UINT16_MAX;  // no interface has this index

  bool Is(uint16_t index, const Ipv6Address& other) const {
    return address == other && interface == index;
  }
  void OnTimer(Core&) { handler.OnNeighborTimer(*this); }

  // What a lookup reads, together in one cache line.
  Ipv6Address address;
  uint16_t interface = kNowhere;  // kNowhere: the entry is free
  NeighborState state = NeighborState::kIncomplete;
  uint8_t solicits = 0;  // sent since the state was entered
  MacAddress link_address;
  bool is_router = false;

  Neighbor* chained = nullptr;  // in the same bucket
  Instant since;                // when the state was entered
  Instant confirmed;            // REACHABLE: when that was last known
  Duration reachable_for;       // REACHABLE: how long that is believed
  PacketQueue waiting;          // INCOMPLETE: for the link-layer address
  NeighborTimerHandler& handler;
  Timer timer{Timer::Calling<&Neighbor::OnTimer>(this)};
};

class NeighborCache {
 public:
  // Takes its memory with the first Insert(), when the configuration is known;
  // a larger tunable takes effect with the next start.
  NeighborCache(Core& core, NeighborTimerHandler& handler);
  NeighborCache(const NeighborCache&) = delete;
  NeighborCache& operator=(const NeighborCache&) = delete;

  // The neighbor if it was looked up lately; else null, and Find() knows more.
  Neighbor* FindFront(uint16_t interface, const Ipv6Address& address) const {
    Neighbor* const front = front_[FrontOf(interface, address)];
    return front->Is(interface, address) ? front : nullptr;
  }
  // Packets may go to it without further ado: REACHABLE, DELAY or PROBE.
  static bool IsReady(const Neighbor& neighbor) { return neighbor.state > NeighborState::kStale; }
  void Observe(NeighborObserver& observer) { observer_ = &observer; }

  // Null when it is not known.
  Neighbor* Find(uint16_t interface, const Ipv6Address& address) {
    Neighbor* const front = FindFront(interface, address);
    return front != nullptr ? front : FindBehind(interface, address);
  }

  // A new entry, INCOMPLETE; may push out an old one, whose waiting packets are
  // dropped. Null when every entry is REACHABLE. REQUIRES: it is not there yet.
  Neighbor* Insert(uint16_t interface, const Ipv6Address& address);
  // REQUIRES: nothing waits for the neighbor any more.
  void Remove(Neighbor& neighbor);
  void SetLinkAddress(Neighbor& neighbor, const MacAddress& address);
  // Also makes the entry the most recently used of those that are not REACHABLE.
  void SetState(Neighbor& neighbor, NeighborState state);

  size_t size() const { return size_; }
  size_t incomplete() const { return incomplete_count_; }
  // Every entry, in no order. `take(Neighbor&)` may remove the one it is given.
  template <typename F>
  void ForEach(F&& take) {
    for (size_t i = 0; i < used_; ++i) {
      if (Neighbor& neighbor = slab_[i]; neighbor.interface != Neighbor::kNowhere) take(neighbor);
    }
  }

 private:
  using List = IntrusiveList<Neighbor, NeighborTag>;
  // Direct-mapped and not keyed: a collision, provoked or not, costs one walk
  // of the keyed table behind it.
  static constexpr int kFrontBits = 8;
  static constexpr size_t kFrontSlots = size_t{1} << kFrontBits;

  static size_t FrontOf(uint16_t interface, const Ipv6Address& address) {
    return (address.Spread(kFrontBits) + interface) % kFrontSlots;
  }
  Neighbor*& BucketOf(uint16_t interface, const Ipv6Address& address);
  Neighbor* FindBehind(uint16_t interface, const Ipv6Address& address);
  void Allocate();
  bool MakeRoom();
  void Evict(Neighbor& neighbor);

  void Tell() const {
    if (observer_ != nullptr) observer_->OnNeighborChange();
  }

  Core& core_;
  NeighborObserver* observer_ = nullptr;
  const HashKey key_;
  Neighbor nobody_;  // what front slots name that name nobody
  std::array<Neighbor*, kFrontSlots> front_;
  std::vector<Neighbor*> buckets_;
  std::deque<Neighbor> slab_;  // members stay where they are
  size_t used_ = 0;            // entries of the slab that were ever in use
  size_t size_ = 0;
  size_t incomplete_count_ = 0;
  List free_;
  List incomplete_;  // both: the least recently used first
  List idle_;        // STALE, DELAY, PROBE
};

}  // namespace sextant::nd
