// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "route/source_selection.h"

#include <algorithm>
#include <array>

namespace sextant::route {
namespace {

using iface::AddressState;
using iface::InterfaceAddress;

constexpr Ipv6Prefix Prefix(std::array<uint16_t, 8> groups, int length) {
  return {Ipv6Address::FromGroups(groups), length};
}

// Longest prefixes first, so that the first match is the longest.
constexpr std::array<Policy, 9> kPolicies = {{
    {Prefix({0, 0, 0, 0, 0, 0, 0, 1}, 128), 50, 0},
    {Prefix({0, 0, 0, 0, 0, 0xffff, 0, 0}, 96), 35, 4},
    {Prefix({0, 0, 0, 0, 0, 0, 0, 0}, 96), 1, 3},
    {Prefix({0x2001, 0, 0, 0, 0, 0, 0, 0}, 32), 5, 5},
    {Prefix({0x2002, 0, 0, 0, 0, 0, 0, 0}, 16), 30, 2},
    {Prefix({0x3ffe, 0, 0, 0, 0, 0, 0, 0}, 16), 1, 12},
    {Prefix({0xfec0, 0, 0, 0, 0, 0, 0, 0}, 10), 1, 11},
    {Prefix({0xfc00, 0, 0, 0, 0, 0, 0, 0}, 7), 3, 13},
    {Prefix({0, 0, 0, 0, 0, 0, 0, 0}, 0), 40, 1},
}};

struct Preference {
  bool first = false;  // the candidate beats the best so far
  SourceRule rule = SourceRule::kFirstConfigured;
};

// RFC 6724 §5 rule 2: the smallest scope that still reaches the destination.
bool BetterScope(Scope candidate, Scope best, Scope destination) {
  return candidate < best ? candidate >= destination : best < destination;
}

// RFC 6724 §2.2: only the source's prefix counts.
int CommonPrefix(const InterfaceAddress& source, const Ipv6Address& destination) {
  return std::min<int>(source.address.CommonPrefixLength(destination), source.prefix_length);
}

Preference Compare(const InterfaceAddress& candidate, const InterfaceAddress& best,
                   const Ipv6Address& destination) {
  // Rule 1: prefer the same address.
  if (candidate.address == destination) return {true, SourceRule::kSameAddress};
  if (best.address == destination) return {false, SourceRule::kSameAddress};
  // Rule 2: prefer the appropriate scope.
  const Scope ours = candidate.address.scope();
  const Scope theirs = best.address.scope();
  if (ours != theirs) {
    return {BetterScope(ours, theirs, destination.scope()), SourceRule::kScope};
  }
  // Rule 3: avoid deprecated addresses.
  const bool deprecated = candidate.state == AddressState::kDeprecated;
  if (deprecated != (best.state == AddressState::kDeprecated)) {
    return {!deprecated, SourceRule::kNotDeprecated};
  }
  // Rule 6: prefer the matching label.
  const int label = FindPolicy(destination).label;
  const bool matches = FindPolicy(candidate.address).label == label;
  if (matches != (FindPolicy(best.address).label == label)) return {matches, SourceRule::kLabel};
  // Rule 8: use the longest matching prefix.
  const int ours_common = CommonPrefix(candidate, destination);
  const int theirs_common = CommonPrefix(best, destination);
  if (ours_common != theirs_common) {
    return {ours_common > theirs_common, SourceRule::kLongestPrefix};
  }
  return {false, SourceRule::kFirstConfigured};
}

}  // namespace

const Policy& FindPolicy(const Ipv6Address& address) {
  return *std::ranges::find_if(kPolicies,
                               [&](const Policy& p) { return p.prefix.Contains(address); });
}

std::optional<SourceChoice> ExplainSource(const iface::Interface& interface,
                                          const Ipv6Address& destination) {
  const InterfaceAddress* best = nullptr;
  SourceRule rule = SourceRule::kOnlyCandidate;
  for (const InterfaceAddress& candidate : interface.addresses()) {
    if (!candidate.is_usable()) continue;
    if (best == nullptr) {
      best = &candidate;
      continue;
    }
    const Preference preference = Compare(candidate, *best, destination);
    if (preference.first) best = &candidate;
    rule = preference.rule;
  }
  if (best == nullptr) return {};
  return SourceChoice{best->address, rule};
}

std::optional<Ipv6Address> SelectSource(const iface::Interface& interface,
                                        const Ipv6Address& destination) {
  const auto choice = ExplainSource(interface, destination);
  if (!choice) return {};
  return choice->address;
}

}  // namespace sextant::route
