// SPDX-License-Identifier: BSD-3-Clause
// Extension headers: walks the chain between the IPv6 header and the upper
// layer once, judges each header in its order, and records where it lies.
// RFC 8200 §4, RFC 6946 (atomic fragments), RFC 7112 (first fragments), RFC 5095
// (routing type 0), RFC 8504 §5.3 (limits).
// Owned by one Core.
#pragma once

#include "core/core.h"
#include "core/verdict.h"

namespace sextant::ip6 {

class ExtensionHeaders {
 public:
  // kFragment: one of several. Packet::extensions() says where its Fragment
  // header and the Next Header field naming that lie; Meta::upper_offset and
  // upper_length are of the data behind it, upper is what it says of them.
  // kOther: an upper layer that this host does not speak.
  enum class Next : uint8_t { kUdp, kIcmp6, kFragment, kOther };
  static constexpr size_t kEdges = 4;

  explicit ExtensionHeaders(const Tunables& tunables) : tunables_(tunables) {}

  // The packet begins at an IPv6 header that names an extension header, or was
  // reassembled (Meta::reassembled) from fragments that came by here: then it is
  // walked as the whole that it is now, and its own Fragment header counts too.
  Verdict<Next> Take(PacketPtr& packet, Core& core) const;

 private:
  const Tunables& tunables_;
};

}  // namespace sextant::ip6
