// SPDX-License-Identifier: BSD-3-Clause
// Intervals: which parts of a datagram are held. Fragments begin at multiples
// of eight octets, so a datagram has 8192 units, and intervals that do not
// overlap are told by two marks: the units where one begins and those where one
// ends. A few intervals are listed; more are marks in a SpanMap, where the next
// and the previous mark are found in four steps, whatever arrives
// (CVE-2018-5391: tiny fragments that made list walks quadratic).
// Owned by one Core.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "ip6/reassembly_slab.h"

namespace sextant::ip6 {

// First and last unit.
struct Interval {
  uint16_t first = 0;
  uint16_t last = 0;
  constexpr bool operator==(const Interval&) const = default;
};

// A set of units, with a summary of the words that are not empty.
class UnitSet {
 public:
  static constexpr uint32_t kUnits = 8192;
  static constexpr uint32_t kNone = kUnits;

  void Add(uint32_t unit) {
    words_[unit / 64] |= Bit(unit);
    summary_[unit / 4096] |= Bit(unit / 64);
  }
  void Remove(uint32_t unit) {
    words_[unit / 64] &= ~Bit(unit);
    if (words_[unit / 64] == 0) summary_[unit / 4096] &= ~Bit(unit / 64);
  }
  bool Has(uint32_t unit) const { return (words_[unit / 64] & Bit(unit)) != 0; }
  // The first member at `from` or behind it, or kNone.
  uint32_t Next(uint32_t from) const;
  // The last member at `from` or in front of it, or kNone.
  uint32_t Previous(uint32_t from) const;

 private:
  friend class UnitRanks;
  static constexpr uint64_t Bit(uint32_t unit) { return uint64_t{1} << unit % 64; }
  std::array<uint64_t, kUnits / 64> words_{};
  std::array<uint64_t, kUnits / 4096> summary_{};
};

// How many members of a set lie in front of a unit; counted once, told at once.
class UnitRanks {
 public:
  explicit UnitRanks(const UnitSet& set);
  uint32_t operator[](uint32_t unit) const {
    const uint64_t below = set_.words_[unit / 64] & ((uint64_t{1} << unit % 64) - 1);
    return before_[unit / 64] + static_cast<uint32_t>(std::popcount(below));
  }

 private:
  const UnitSet& set_;
  std::array<uint16_t, UnitSet::kUnits / 64> before_;
};

struct SpanMap {
  UnitSet begins;
  UnitSet ends;
};

class Intervals {
 public:
  enum class Fit : uint8_t { kFree, kDuplicate, kOverlap };
  static constexpr size_t kListed = 4;

  size_t size() const { return size_; }
  // True when the next Insert() takes a SpanMap.
  bool is_list_full() const { return size_ == kListed && !mapped_; }
  bool is_mapped() const { return mapped_; }
  // How `wanted` lies to those held.
  Fit Probe(const Slab<SpanMap>& maps, Interval wanted) const {
    return mapped_ ? ProbeMap(maps[map()], wanted) : ProbeList(wanted);
  }
  // REQUIRES: Probe() says kFree.
  void Insert(Slab<SpanMap>& maps, Interval interval);
  // REQUIRES: it is held.
  void Remove(Slab<SpanMap>& maps, Interval interval);
  void Clear(Slab<SpanMap>& maps);
  // One behind the last unit held; 0 when there is none.
  uint32_t End(const Slab<SpanMap>& maps) const;
  // Calls `take` with a function of a unit: how many of those held begin in front of it.
  template <typename F>
  void WithRanks(const Slab<SpanMap>& maps, F&& take) const {
    if (mapped_) {
      const UnitRanks ranks(maps[map()].begins);
      return take([&](uint32_t unit) { return size_t{ranks[unit]}; });
    }
    take([this](uint32_t unit) {
      size_t rank = 0;
      for (size_t i = 0; i < size_; ++i) rank += listed_[i].first < unit ? 1 : 0;
      return rank;
    });
  }

 private:
  static Fit ProbeMap(const SpanMap& map, Interval wanted);
  Fit ProbeList(Interval wanted) const;
  Handle map() const { return uint32_t{listed_[0].first} << 16 | listed_[0].last; }

  // While mapped_, the first of them holds the map's handle.
  std::array<Interval, kListed> listed_{};
  uint16_t size_ = 0;
  bool mapped_ = false;
};

}  // namespace sextant::ip6
