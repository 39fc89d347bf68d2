// SPDX-License-Identifier: BSD-3-Clause
// GroupFilter: which sources of a group somebody wants to hear: only those
// listed (INCLUDE), or all but those listed (EXCLUDE). INCLUDE without sources
// is what somebody has who is not a member.
// RFC 3678 §3, RFC 3810 §4.1.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/ipv6_address.h"

namespace sextant::iface {

enum class FilterMode : uint8_t { kInclude, kExclude };
constexpr std::string_view Name(FilterMode mode) {
  return mode == FilterMode::kInclude ? "include" : "exclude";
}

// Invariant: the sources are sorted, and different from each other.
struct GroupFilter {
  FilterMode mode = FilterMode::kInclude;
  std::vector<Ipv6Address> sources = {};

  static GroupFilter None() { return {}; }
  static GroupFilter Any() { return {FilterMode::kExclude, {}}; }
  // Sorts, and drops what is there twice.
  static GroupFilter Of(FilterMode mode, std::vector<Ipv6Address> sources) {
    std::ranges::sort(sources);
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    return {mode, std::move(sources)};
  }

  bool is_none() const { return mode == FilterMode::kInclude && sources.empty(); }
  bool Lists(const Ipv6Address& source) const {
    return !sources.empty() && std::ranges::binary_search(sources, source);
  }
  bool Accepts(const Ipv6Address& source) const {
    return Lists(source) == (mode == FilterMode::kInclude);
  }
  bool operator==(const GroupFilter&) const = default;
};

// What became of an interface's filter for one group.
struct GroupChange {
  FilterMode before = FilterMode::kInclude;
  FilterMode after = FilterMode::kInclude;
  bool joined = false;  // the first member has come
  bool left = false;    // the last one has gone
  // Sources that are newly wanted, and no longer, while the mode stays.
  std::vector<Ipv6Address> allowed = {};
  std::vector<Ipv6Address> blocked = {};

  bool changes_mode() const { return before != after; }
  bool is_nothing() const {
    return !changes_mode() && !joined && !left && allowed.empty() && blocked.empty();
  }
};

}  // namespace sextant::iface
