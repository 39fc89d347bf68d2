// SPDX-License-Identifier: BSD-3-Clause
// Socket: one raw socket: a protocol, its addresses, and the packets that wait in it.
// RFC 3542 §3.
// Owned by one Core.
#pragma once

#include "core/socket_core.h"
#include "raw/filter.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::raw {

class Table;

struct ListTag;

inline constexpr auto kIcmp6 = static_cast<uint8_t>(wire::NextHeader::kIcmp6);

// Invariant: an unconnected socket without an address takes whatever its
// protocol brings to this host.
class Socket : public ListNode<ListTag>, public SocketCore {
 public:
  static constexpr int kNoChecksum = -1;

  // `groups` outlives the socket; null: it never joins any.
  explicit Socket(uint8_t protocol, const Groups* groups = nullptr)
      : protocol_(protocol),
        groups_(groups),
        // RFC 3542 §3.1: of ICMPv6 the checksum is always made and verified.
        checksum_offset(protocol == kIcmp6 ? int{wire::Icmp6View::kChecksumOffset} : kNoChecksum) {}
  ~Socket() { SX_CHECK(table_ == nullptr); }

  uint8_t protocol() const { return protocol_; }
  const Filter& filter() const { return filter_; }
  bool has_joined(const Ipv6Address& group, uint32_t interface) const {
    return groups_ != nullptr && groups_->HasJoined(group, interface);
  }

 private:
  friend class Table;

  Filter filter_;
  const uint8_t protocol_;
  const Groups* const groups_;
  Table* table_ = nullptr;

 public:
  // IPV6_CHECKSUM: where the checksum lies in the data; kNoChecksum: there is none.
  int checksum_offset;
  // IPV6_HDRINCL: what is sent begins with its IPv6 header.
  bool header_included = false;
};

// What its reader gets of a received packet: all behind the extension headers.
struct Payload {
  size_t offset = 0;
  size_t length = 0;
};
inline Payload PayloadOf(const Packet& packet) {
  return {packet.meta().upper_offset, packet.meta().upper_length};
}

}  // namespace sextant::raw
