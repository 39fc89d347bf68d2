// SPDX-License-Identifier: BSD-3-Clause
// Endpoint: one end of a socket's conversation.
// Any thread.
#pragma once

#include "base/ipv6_address.h"

namespace sextant {

struct Endpoint {
  Ipv6Address address;  // ::, any
  uint16_t port = 0;    // 0: none yet, or the protocol has no ports

  constexpr bool operator==(const Endpoint&) const = default;
};

}  // namespace sextant
