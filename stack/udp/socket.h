// SPDX-License-Identifier: BSD-3-Clause
// Socket: one UDP endpoint: its addresses, and the datagrams that wait in it.
// RFC 768, RFC 8085.
// Owned by one Core.
#pragma once

#include "core/socket_core.h"

namespace sextant::udp {

using sextant::Endpoint;

class Table;

struct PortTag;

// IPV6_PORTRANGE: where the stack looks for a port when bind() leaves it the choice.
enum class PortRange : uint8_t { kDefault, kHigh, kLow };

// Invariants: 1. a socket in a Table has a local port; 2. remote().port != 0
// exactly when it is connected.
class Socket : public ListNode<PortTag>, public SocketCore {
 public:
  Socket() = default;
  ~Socket() { SX_CHECK(table_ == nullptr); }

  bool is_bound() const { return table_ != nullptr; }
  // Takes whatever comes for its port.
  bool takes_all() const { return local_.address.is_unspecified() && interface_ == 0; }

  // Receive side, called by udp::Input: takes the packet, or says why not.
  DropReason Queue(PacketPtr& packet, Core& core) {
    return Push(packet, core) ? DropReason::kNone : DropReason::kUdpSocketFull;
  }

  // For bursts that go to many sockets: what Queue() is about to touch.
  void Prefetch() const {
    __builtin_prefetch(&queue(), 1);
    __builtin_prefetch(&table_, 1);
  }

 private:
  friend class Table;

  Table* table_ = nullptr;

 public:
  // What bind() may share the port with: SO_REUSEADDR, SO_REUSEPORT and the user.
  bool reuse_address = false;
  bool reuse_port = false;
  uint32_t user = 0;
  // IPV6_MULTICAST_ALL: take packets of groups that only others have joined.
  bool multicast_all = true;
  // IPV6_MINHOPCOUNT: packets that have come from farther away are dropped.
  uint8_t min_hop_count = 0;
  PortRange port_range = PortRange::kDefault;
  const Groups* groups = nullptr;

  bool Wants(const Ipv6Address& group, uint32_t interface) const {
    return multicast_all || (groups != nullptr && groups->HasJoined(group, interface));
  }
};

// The UDP payload of a received packet: where it lies and how long it is.
struct Payload {
  size_t offset = 0;
  size_t length = 0;
};
inline Payload PayloadOf(const Packet& packet) {
  constexpr size_t kHeader = 8;
  const Meta& meta = packet.meta();
  return {meta.upper_offset + kHeader, meta.upper_length - kHeader};
}

}  // namespace sextant::udp
