// SPDX-License-Identifier: BSD-3-Clause
// A route as it is written in a configuration: "2001:db8::/32 via fd00:6::9"
// or "2001:db8::/32 on-link".
// Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/ipv6_address.h"

namespace sextant {

struct ConfigRoute {
  Ipv6Prefix prefix;
  Ipv6Address gateway;  // ::, on-link

  static std::optional<ConfigRoute> Parse(std::string_view text);
};

}  // namespace sextant
