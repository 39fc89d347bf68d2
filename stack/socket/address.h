// SPDX-License-Identifier: BSD-3-Clause
// Destination: what a struct sockaddr_in6 says, and back.
// RFC 3493 §3.3 and RFC 2553 (which had no sin6_scope_id).
// Any thread.
#pragma once

#include <netinet/in.h>

#include <cstddef>
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

// Fields are read and written where they lie: a copy of the structure, made in
// other sizes than it is read in, stalls the processor on every datagram.
template <typename T>
T LoadField(const void* from, size_t offset) {
  T value;
  std::memcpy(&value, static_cast<const uint8_t*>(from) + offset, sizeof value);
  return value;
}
template <typename T>
void StoreField(void* to, size_t offset, const T& value) {
  std::memcpy(static_cast<uint8_t*>(to) + offset, &value, sizeof value);
}

// kFault for null, kInvalid when too short, kFamilyNoSupport for another family.
inline Errno ReadAddress(const sockaddr* address, socklen_t length, Destination& out) {
  // RFC 2553 §3.3: the older form ends before sin6_scope_id.
  constexpr socklen_t kShortest = offsetof(sockaddr_in6, sin6_scope_id);
  if (length < kShortest) return Errno::kInvalid;
  if (address == nullptr) return Errno::kFault;
  if (LoadField<sa_family_t>(address, offsetof(sockaddr_in6, sin6_family)) != AF_INET6) {
    return Errno::kFamilyNoSupport;
  }
  out.endpoint = {FromC(LoadField<in6_addr>(address, offsetof(sockaddr_in6, sin6_addr))),
                  ntohs(LoadField<in_port_t>(address, offsetof(sockaddr_in6, sin6_port)))};
  out.zone = length >= sizeof(sockaddr_in6) ? LoadField<uint32_t>(address, kShortest) : 0;
  return Errno::kOk;
}

// Copies as much as there is room for; `length` becomes what the whole takes.
// RFC 3493 §3.3: sin6_scope_id is zero where the address means the same on
// every interface.
inline void WriteAddress(const udp::Endpoint& endpoint, uint32_t interface, void* out,
                         socklen_t& length) {
  sockaddr_in6 cut;
  void* const at = length >= sizeof cut ? out : &cut;
  StoreField<sa_family_t>(at, offsetof(sockaddr_in6, sin6_family), AF_INET6);
  StoreField<in_port_t>(at, offsetof(sockaddr_in6, sin6_port), htons(endpoint.port));
  StoreField<uint32_t>(at, offsetof(sockaddr_in6, sin6_flowinfo), 0);
  StoreField<in6_addr>(at, offsetof(sockaddr_in6, sin6_addr), ToC(endpoint.address));
  StoreField<uint32_t>(at, offsetof(sockaddr_in6, sin6_scope_id),
                       endpoint.address.needs_zone() ? interface : 0);
  if (at == &cut) [[unlikely]]
    std::memcpy(out, &cut, length);
  length = sizeof cut;
}

}  // namespace sextant::socket
