// SPDX-License-Identifier: BSD-3-Clause
// MakeRoom: room for headers in front of a packet, however little headroom it has.
// Owned by one Core.
#pragma once

#include "packet/pool.h"

namespace sextant {

// `count` writable bytes in front of `packet`; in a buffer of their own, with
// `packet` chained behind it, where the headroom is too short. Empty, and
// `packet` untouched, when there is no buffer or `count` exceeds one.
// REQUIRES: packet->IsOwned().
inline MutableBytes MakeRoom(PacketPtr& packet, size_t count, PacketPool& pool) {
  const MutableBytes room = packet->Prepend(count);
  if (!room.empty()) [[likely]]
    return room;
  PacketPtr head = pool.Take();
  if (!head) return {};
  const MutableBytes fresh = head->Append(count);
  if (fresh.empty()) {
    head.Free();
    return {};
  }
  head->Chain(std::move(packet));
  packet = std::move(head);
  return fresh;
}

}  // namespace sextant
