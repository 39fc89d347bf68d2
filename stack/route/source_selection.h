// SPDX-License-Identifier: BSD-3-Clause
// Source address selection: which of our addresses a packet comes from.
// RFC 6724 §5, over the addresses of the outgoing interface (§4); the rules for
// home addresses (4), next-hop prefixes (5.5) and temporary addresses (7) wait
// for mobility, router discovery and RFC 8981.
// Any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ipv6_address.h"
#include "iface/interface.h"

namespace sextant::route {

// Which rule of RFC 6724 §5 prefers one of two addresses; for `explain`.
enum class SourceRule : uint8_t {
  kOnlyCandidate,
  kSameAddress = 1,
  kScope = 2,
  kNotDeprecated = 3,
  kLabel = 6,
  kLongestPrefix = 8,
  kFirstConfigured,
};

struct SourceChoice {
  Ipv6Address address;
  SourceRule rule = SourceRule::kOnlyCandidate;  // what beat the last rival
};

// Nothing when the interface has no usable address.
std::optional<SourceChoice> ExplainSource(const iface::Interface& interface,
                                          const Ipv6Address& destination);
std::optional<Ipv6Address> SelectSource(const iface::Interface& interface,
                                        const Ipv6Address& destination);

// RFC 6724 §2.1: the default policy table.
struct Policy {
  Ipv6Prefix prefix;
  int precedence = 0;
  int label = 0;
};
const Policy& FindPolicy(const Ipv6Address& address);

}  // namespace sextant::route
