// SPDX-License-Identifier: BSD-3-Clause
// ReferenceReassembler: RFC 8200 §4.5 as slowly and as clearly as can be, to
// compare ip6::Reassembly with. It keeps every fragment as it came, looks at
// all of them each time, and shares no code with what it checks. It has no
// limits but the number of fragments of one datagram.
// Any thread.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "support/fragments.h"

namespace sextant::test {

class ReferenceReassembler {
 public:
  // As reassembly_max_fragments and reassembly_tombstones.
  size_t max_fragments = 64;
  bool tombstones = true;

  struct Step {
    FragmentOutcome outcome;
    size_t refused_earlier = 0;  // held ones that a first fragment showed to be too long
  };

  // REQUIRES: not atomic.
  Step Take(const FragmentSpec& spec) {
    using Kind = FragmentOutcome::Kind;
    const uint64_t end = uint64_t{spec.offset} + spec.length;
    if (spec.more && spec.length % 8 != 0) return Refuse(DropReason::kFragmentUnaligned, 4);
    const auto pointer = static_cast<uint32_t>(spec.header() + 2);
    if (end + (spec.offset == 0 ? spec.headers : 0) > 65'535) {
      return Refuse(DropReason::kFragmentTooLong, pointer);
    }
    if (spec.length == 0) return Drop(DropReason::kFragmentEmpty);
    const Key key{spec.from(), spec.destination, spec.identification};
    if (dead_.contains(key)) return Drop(DropReason::kFragmentTombstone);
    std::vector<FragmentSpec>& held = held_[key].held;
    std::set<uint8_t>& ecn = held_[key].ecn;
    const auto first = std::ranges::find(held, 0U, &FragmentSpec::offset);
    if (first != held.end() && spec.offset != 0 && end + first->headers > 65'535) {
      return Refuse(DropReason::kFragmentTooLong, pointer);
    }
    const DropReason reason = Compare(held, spec);
    if (reason == DropReason::kFragmentDuplicate) return Drop(reason);
    if (reason != DropReason::kNone) {
      held_.erase(key);
      if (reason == DropReason::kFragmentOverlap && tombstones) dead_.insert(key);
      return Drop(reason);
    }
    Step step;
    if (spec.offset == 0) {
      step.refused_earlier = std::erase_if(held, [&](const FragmentSpec& other) {
        return uint64_t{other.offset} + other.length + spec.headers > 65'535;
      });
    }
    held.push_back(spec);
    ecn.insert(spec.ecn);
    step.outcome.whole = Join(held);
    if (step.outcome.whole.empty()) return step;
    // RFC 3168 §5.3: Not-ECT among others; congestion experienced by any.
    const bool mixed = ecn.contains(0) && ecn.size() > 1;
    if (ecn.contains(3)) step.outcome.whole[1] |= 0x30;
    held_.erase(key);
    if (mixed) return Drop(DropReason::kFragmentEcn, step.refused_earlier);
    step.outcome.kind = Kind::kWhole;
    return step;
  }

  // The time of all is over. Returns how many sources are told.
  size_t Expire() {
    const auto told = std::ranges::count_if(held_, [](const auto& datagram) {
      return std::ranges::count(datagram.second.held, 0U, &FragmentSpec::offset) != 0;
    });
    held_.clear();
    dead_.clear();
    return static_cast<size_t>(told);
  }

 private:
  struct Key {
    Ipv6Address source;
    Ipv6Address destination;
    uint32_t identification = 0;
    auto operator<=>(const Key&) const = default;
  };

  struct Datagram {
    std::vector<FragmentSpec> held;
    std::set<uint8_t> ecn;  // of all that were accepted
  };

  static Step Drop(DropReason reason, size_t earlier = 0) {
    return {{FragmentOutcome::Kind::kDropped, reason, 0, {}}, earlier};
  }
  static Step Refuse(DropReason reason, uint32_t pointer) {
    return {{FragmentOutcome::Kind::kRefused, reason, pointer, {}}, 0};
  }

  DropReason Compare(const std::vector<FragmentSpec>& held, const FragmentSpec& spec) const {
    const uint64_t end = uint64_t{spec.offset} + spec.length;
    for (const FragmentSpec& other : held) {
      const uint64_t other_end = uint64_t{other.offset} + other.length;
      const bool beyond_other = !other.more && (spec.more ? end > other_end : end != other_end);
      const bool beyond_us = !spec.more && other_end > end;
      if (beyond_other || beyond_us) return DropReason::kFragmentLength;
    }
    for (const FragmentSpec& other : held) {
      if (other.offset == spec.offset && other.length == spec.length && other.more == spec.more) {
        return DropReason::kFragmentDuplicate;
      }
    }
    for (const FragmentSpec& other : held) {
      if (other.offset < end && spec.offset < other.offset + other.length) {
        return DropReason::kFragmentOverlap;
      }
    }
    return held.size() < max_fragments ? DropReason::kNone : DropReason::kFragmentTooMany;
  }

  // The datagram, or nothing while an octet of it is missing.
  static Frame Join(std::vector<FragmentSpec> held) {
    std::ranges::sort(held, {}, &FragmentSpec::offset);
    if (held.empty() || held.front().offset != 0 || held.back().more) return {};
    Frame whole = held.front().bytes();
    const size_t header = held.front().header();
    whole[held.front().next_header_at()] = whole[header];
    whole.resize(header);
    for (const FragmentSpec& part : held) {
      if (whole.size() != header + part.offset) return {};
      const Frame bytes = part.bytes();
      whole.insert(whole.end(), bytes.begin() + static_cast<ptrdiff_t>(part.header() + 8),
                   bytes.end());
    }
    whole[4] = static_cast<uint8_t>((whole.size() - 40) >> 8);
    whole[5] = static_cast<uint8_t>(whole.size() - 40);
    return whole;
  }

  std::map<Key, Datagram> held_;
  std::set<Key> dead_;
};

}  // namespace sextant::test
