// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_intervals.h"

#include <algorithm>

namespace sextant::ip6 {
namespace {

// The bits of a word from `unit` on, and up to it.
constexpr uint64_t From(uint32_t unit) { return ~uint64_t{0} << unit % 64; }
constexpr uint64_t UpTo(uint32_t unit) { return ~uint64_t{0} >> (63 - unit % 64); }
constexpr uint32_t Lowest(uint64_t word) { return static_cast<uint32_t>(std::countr_zero(word)); }
constexpr uint32_t Highest(uint64_t word) {
  return 63 - static_cast<uint32_t>(std::countl_zero(word));
}

}  // namespace

uint32_t UnitSet::Next(uint32_t from) const {
  if (from >= kUnits) return kNone;
  uint32_t word = from / 64;
  const uint64_t here = words_[word] & From(from);
  if (here != 0) return word * 64 + Lowest(here);
  if (++word == words_.size()) return kNone;
  uint32_t half = word / 64;
  uint64_t summary = summary_[half] & From(word);
  if (summary == 0 && half == 0) summary = summary_[half = 1];
  if (summary == 0) return kNone;
  word = half * 64 + Lowest(summary);
  return word * 64 + Lowest(words_[word]);
}

uint32_t UnitSet::Previous(uint32_t from) const {
  uint32_t word = from / 64;
  const uint64_t here = words_[word] & UpTo(from);
  if (here != 0) return word * 64 + Highest(here);
  if (word == 0) return kNone;
  --word;
  uint32_t half = word / 64;
  uint64_t summary = summary_[half] & UpTo(word);
  if (summary == 0 && half == 1) summary = summary_[half = 0];
  if (summary == 0) return kNone;
  word = half * 64 + Highest(summary);
  return word * 64 + Highest(words_[word]);
}

UnitRanks::UnitRanks(const UnitSet& set) : set_(set) {
  uint32_t count = 0;
  for (size_t word = 0; word < before_.size(); ++word) {
    before_[word] = static_cast<uint16_t>(count);
    count += static_cast<uint32_t>(std::popcount(set.words_[word]));
  }
}

Intervals::Fit Intervals::ProbeMap(const SpanMap& map, Interval wanted) {
  const uint32_t before = map.begins.Previous(wanted.first);
  if (before != UnitSet::kNone) {
    const uint32_t end = map.ends.Next(before);
    if (before == wanted.first && end == wanted.last) return Fit::kDuplicate;
    if (end >= wanted.first) return Fit::kOverlap;
  }
  return map.begins.Next(wanted.first) <= wanted.last ? Fit::kOverlap : Fit::kFree;
}

Intervals::Fit Intervals::ProbeList(Interval wanted) const {
  for (size_t i = 0; i < size_; ++i) {
    const Interval held = listed_[i];
    if (held == wanted) return Fit::kDuplicate;
    if (held.first <= wanted.last && wanted.first <= held.last) return Fit::kOverlap;
  }
  return Fit::kFree;
}

void Intervals::Insert(Slab<SpanMap>& maps, Interval interval) {
  if (is_list_full()) {
    const Handle handle = maps.Make();
    for (const Interval held : listed_) {
      maps[handle].begins.Add(held.first);
      maps[handle].ends.Add(held.last);
    }
    listed_[0] = {static_cast<uint16_t>(handle >> 16), static_cast<uint16_t>(handle)};
    mapped_ = true;
  }
  if (mapped_) {
    maps[map()].begins.Add(interval.first);
    maps[map()].ends.Add(interval.last);
  } else {
    listed_[size_] = interval;
  }
  ++size_;
}

void Intervals::Remove(Slab<SpanMap>& maps, Interval interval) {
  if (mapped_) {
    maps[map()].begins.Remove(interval.first);
    maps[map()].ends.Remove(interval.last);
  } else {
    *std::ranges::find(listed_, interval) = listed_[size_ - 1U];
  }
  --size_;
}

void Intervals::Clear(Slab<SpanMap>& maps) {
  if (mapped_) maps.Give(map());
  mapped_ = false;
  size_ = 0;
}

uint32_t Intervals::End(const Slab<SpanMap>& maps) const {
  if (mapped_) {
    const uint32_t last = maps[map()].ends.Previous(UnitSet::kUnits - 1);
    return last == UnitSet::kNone ? 0 : last + 1;
  }
  uint32_t end = 0;
  for (size_t i = 0; i < size_; ++i) end = std::max(end, uint32_t{listed_[i].last} + 1);
  return end;
}

}  // namespace sextant::ip6
