// SPDX-License-Identifier: BSD-3-Clause
// Resolve: everything that is decided about a datagram before it is written.
// The only place where options meet addresses and routes.
// RFC 3542 §6.7 and requirement C-11 (precedence), RFC 6724 (source), RFC 4007 (zones).
// Owned by one Core.
#pragma once

#include <optional>

#include "route/route_table.h"
#include "socket/address.h"
#include "socket/environment.h"
#include "socket/options.h"
#include "udp/output.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::socket {

class OpenSocket;

enum class Purpose : uint8_t { kSend, kConnect };

struct Journey {
  udp::Departure departure;              // without the source port, which bind() may still choose
  const route::Path* path = nullptr;     // good until the next look at the routes
  bool discarded = false;                // too long: is not sent, and nobody is told
  std::optional<route::Path> steered{};  // what `path` is with IPV6_NEXTHOP
};

// `options` are the socket's own, or a copy with ancillary data applied.
// Errors: kInvalid (port 0, an address or interface that contradicts another),
// kNetworkUnreachable, kHostUnreachable, kNetworkDown, kAddressNotAvailable, and what the profile
// says.
Errno Resolve(Environment& environment, const OpenSocket& socket, const Ip6Options& options,
              const Destination& to, Purpose purpose, Journey& journey);

// How a payload of this length goes that way: whole, in fragments of
// departure.path_mtu, not at all (`discarded`), or kMessageSize. Tells a socket
// with IPV6_RECVPATHMTU what does not fit. REQUIRES: Resolve() has succeeded.
Errno FitsPathSlowly(const Environment& environment, OpenSocket& socket, const Ip6Options& options,
                     size_t length, Journey& journey);
inline Errno FitsPath(const Environment& environment, OpenSocket& socket, const Ip6Options& options,
                      size_t payload_length, Journey& journey) {
  constexpr size_t kHeaders = wire::Ipv6View::kSize + wire::UdpView::kSize;
  const wire::HeaderChain* const extensions = journey.departure.extensions;
  const size_t length =
      kHeaders + payload_length + (extensions == nullptr ? 0 : extensions->bytes.size());
  // RFC 8200 §5: every path and link takes this much.
  if (length <= kMinMtu) [[likely]]
    return Errno::kOk;
  return FitsPathSlowly(environment, socket, options, length, journey);
}

}  // namespace sextant::socket
