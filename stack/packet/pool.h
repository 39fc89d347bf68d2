// SPDX-License-Identifier: BSD-3-Clause
// PacketPool: where packets come from. A pool may run dry; then Take() returns
// null and its caller counts DropReason::kNoBuffer.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>

#include "packet/burst.h"

struct rte_mempool;

namespace sextant {

class PacketPool {
 public:
  // `capacity` packets of kPacketDataRoom bytes each, Meta beside each.
  // Returns null when memory is short. The EAL must be up.
  static std::unique_ptr<PacketPool> Create(const std::string& name, size_t capacity);
  virtual ~PacketPool();
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;

  // One empty packet of our own making, or null.
  virtual PacketPtr Take();
  // As many packets of one segment as the burst has room for, up to `count`;
  // all or none.
  bool Fill(Burst& burst, size_t count);
  // A packet with `bytes` as contents, chained when they are long; or null.
  PacketPtr Copy(Bytes bytes);
  // `packet` itself when nobody else refers to its first segment, where the
  // headers are; else a copy of it, Meta included, and `packet` is freed. Null,
  // and `packet` untouched, when the pool is dry.
  PacketPtr Own(PacketPtr& packet) {
    if (packet->IsOwned()) [[likely]]
      return std::move(packet);
    return OwnCopy(packet);
  }
  // Another reference to the same bytes with a Meta of its own; or null.
  PacketPtr Share(Packet& packet);
  // Another reference to part of its bytes, with a fresh Meta; or null.
  // REQUIRES: length > 0, offset + length <= packet.length().
  PacketPtr ShareRange(Packet& packet, size_t offset, size_t length);

  size_t capacity() const;
  size_t available() const;
  rte_mempool* mempool() { return pool_; }

 protected:
  explicit PacketPool(rte_mempool* pool) : pool_(pool) {}

 private:
  PacketPtr OwnCopy(PacketPtr& packet);

  rte_mempool* const pool_;
};

// Meta as a fresh packet has it.
inline void ResetMeta(Packet& packet) { std::construct_at(&packet.meta()); }

}  // namespace sextant
