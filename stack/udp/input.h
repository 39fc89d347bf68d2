// SPDX-License-Identifier: BSD-3-Clause
// UDP input: finds the socket for a datagram and queues it there.
// RFC 768, RFC 8200 §8.1 (the checksum is mandatory), RFC 4443 §3.1 (nobody listens).
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "udp/table.h"

namespace sextant::udp {

class Input {
 public:
  enum class Next : uint8_t { kNone };

  explicit Input(Table& table) : table_(table) {}

  // The packet begins at its IPv6 header; Meta knows the upper layer.
  Verdict<Next> Take(PacketPtr& packet, Core& core);

  // Fetches what Take() will need for a burst, where that pays: with many
  // sockets each datagram finds its own out of the cache.
  void Prefetch(std::span<Packet* const> packets) const;

  // Is the datagram well-formed and intact? Sets Meta::upper_length to what
  // UDP says, which may be less than IPv6 carries. Pure.
  static DropReason Judge(const Packet& packet, Meta& meta);

 private:
  Verdict<Next> TakeByFlow(PacketPtr& packet, Core& core);
  static Verdict<Next> Queue(PacketPtr& packet, Core& core, Socket& socket);
  Verdict<Next> TakeGroup(PacketPtr& packet, Core& core, const Flow& flow);

  Table& table_;
};

}  // namespace sextant::udp
