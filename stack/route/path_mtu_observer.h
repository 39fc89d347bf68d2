// SPDX-License-Identifier: BSD-3-Clause
// PathMtuObserver: who wants to know that a path carries less than was sent
// along it. The protocols that send find out, as only they can tell a forged
// Packet Too Big from a true one.
// RFC 8201 §4, RFC 8200 §5.
// Owned by one Core.
#pragma once

#include "base/ipv6_address.h"

namespace sextant::route {

class PathMtuObserver {
 public:
  virtual ~PathMtuObserver() = default;
  // A packet of ours to `destination` was longer than `mtu`, which is at least
  // kMinMtu. `interface` is where the error came in.
  virtual void OnPacketTooBig(const Ipv6Address& destination, uint16_t interface,
                              uint32_t mtu) = 0;
};

}  // namespace sextant::route
