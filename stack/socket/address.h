// SPDX-License-Identifier: BSD-3-Clause
// Destination: what a struct sockaddr_in6 says, and back.
// RFC 3493 §3.3 and RFC 2553 (which had no sin6_scope_id).
// Any thread.
#pragma once

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/errno.h"
#include "udp/socket.h"

namespace sextant::socket {

struct Destination {
  udp::Endpoint endpoint;
  uint32_t zone = 0;  // sin6_scope_id: an interface index, or 0
};

inline Ipv6Address FromC(const in6_addr& address) {
  return Ipv6Address(std::span(address.s6_addr));
}
inline in6_addr ToC(const Ipv6Address& address) {
  in6_addr out;
  std::memcpy(&out, address.bytes().data(), sizeof out);
  return out;
}

// The family of a socket address that may be shorter than any. AF_UNSPEC when it has none.
inline sa_family_t FamilyOf(const sockaddr* address, socklen_t length) {
  sa_family_t family = AF_UNSPEC;
  if (address != nullptr && length >= sizeof family) {
    std::memcpy(&family, &address->sa_family, sizeof family);
  }
  return family;
}

// kFault for null, kInvalid when too short, kFamilyNoSupport for another family.
inline Errno ReadAddress(const sockaddr* address, socklen_t length, Destination& out) {
  // RFC 2553 §3.3: the older form ends before sin6_scope_id.
  constexpr socklen_t kShortest = offsetof(sockaddr_in6, sin6_scope_id);
  if (length < kShortest) return Errno::kInvalid;
  if (address == nullptr) return Errno::kFault;
  sockaddr_in6 in{};
  if (length >= sizeof in) [[likely]] {
    std::memcpy(&in, address, sizeof in);
  } else {
    std::memcpy(&in, address, length);
  }
  if (in.sin6_family != AF_INET6) return Errno::kFamilyNoSupport;
  out.endpoint = {FromC(in.sin6_addr), ntohs(in.sin6_port)};
  out.zone = in.sin6_scope_id;
  return Errno::kOk;
}

inline sockaddr_in6 MakeAddress(const udp::Endpoint& endpoint, uint32_t interface) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_port = htons(endpoint.port);
  out.sin6_addr = ToC(endpoint.address);
  // RFC 3493 §3.3: zero where the address means the same on every interface.
  out.sin6_scope_id = endpoint.address.needs_zone() ? interface : 0;
  return out;
}

// Copies as much as there is room for; `length` becomes what the whole takes.
inline void WriteAddress(const sockaddr_in6& address, void* out, socklen_t& length) {
  if (length >= sizeof address) [[likely]] {
    std::memcpy(out, &address, sizeof address);
  } else {
    std::memcpy(out, &address, length);
  }
  length = sizeof address;
}

}  // namespace sextant::socket
