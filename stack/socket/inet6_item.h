// SPDX-License-Identifier: BSD-3-Clause
// An ancillary data object as the helpers of RFC 2292 get it: a cmsghdr that may
// lie anywhere, and what it claims to have behind it.
// RFC 2292 §6.3 and §8.
// Any thread.
#pragma once

#include <netinet/in.h>

#include <optional>

#include "socket/control.h"

namespace sextant::socket {

// Memory of a caller. The C interfaces take const pointers and give out others, as strchr() does.
inline uint8_t* OctetsAt(const void* at) { return static_cast<uint8_t*>(const_cast<void*>(at)); }

struct Inet6Item {
  int type = 0;
  MutableBytes data = {};

  // What lies there, if its level is IPPROTO_IPV6 and its length can be.
  static std::optional<Inet6Item> At(const cmsghdr* at) {
    if (at == nullptr) return {};
    cmsghdr header{};
    std::memcpy(&header, OctetsAt(at), sizeof header);
    if (header.cmsg_level != IPPROTO_IPV6 || header.cmsg_len < kControlHeader) return {};
    const MutableBytes data(OctetsAt(at) + kControlHeader, header.cmsg_len - kControlHeader);
    return Inet6Item{header.cmsg_type, data};
  }
};

// Writes the header of an item with `size` octets of data.
inline void WriteItemHeader(void* at, int type, size_t size) {
  cmsghdr header{};
  header.cmsg_len = CMSG_LEN(size);
  header.cmsg_level = IPPROTO_IPV6;
  header.cmsg_type = type;
  std::memcpy(OctetsAt(at), &header, sizeof header);
}

}  // namespace sextant::socket
