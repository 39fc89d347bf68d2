// SPDX-License-Identifier: BSD-3-Clause
// Steer: the way of a datagram whose socket, or user, says more than the routes
// do: IPV6_NEXTHOP and SO_DONTROUTE.
// RFC 3542 §6.1, POSIX (SO_DONTROUTE).
// Owned by one Core.
#pragma once

#include "socket/resolve.h"

namespace sextant::socket {

// REQUIRES: the next hop is set, or dont_route; `hop`, where the datagram goes
// first, is no group. kHostUnreachable: the next hop is no neighbor, or not on
// `interface`; kNetworkUnreachable: SO_DONTROUTE, and `hop` is no neighbor.
Errno Steer(Environment& environment, const NextHop& next_hop, const Ipv6Address& hop,
            uint32_t interface, Journey& journey);

}  // namespace sextant::socket
