// SPDX-License-Identifier: BSD-3-Clause
// Resolve: everything that is decided about a datagram before it is written.
// The only place where options meet addresses and routes.
// RFC 3542 §6.7 and requirement C-11 (precedence), RFC 6724 (source), RFC 4007 (zones).
// Owned by one Core.
#pragma once

#include "route/route_table.h"
#include "socket/address.h"
#include "socket/environment.h"
#include "socket/options.h"
#include "udp/output.h"

namespace sextant::socket {

class OpenSocket;

enum class Purpose : uint8_t { kSend, kConnect };

struct Journey {
  udp::Departure departure;           // without the source port, which bind() may still choose
  const route::Path* path = nullptr;  // good until the next look at the routes
};

// `options` are the socket's own, or a copy with ancillary data applied.
// Errors: kInvalid (port 0, an address or interface that contradicts another),
// kNetworkUnreachable, kNetworkDown, kAddressNotAvailable, and what the profile says.
Errno Resolve(Environment& environment, const OpenSocket& socket, const Ip6Options& options,
              const Destination& to, Purpose purpose, Journey& journey);

// Whether a payload of this length may go that way: kOk or kMessageSize.
Errno FitsPath(const Journey& journey, size_t payload_length);

}  // namespace sextant::socket
