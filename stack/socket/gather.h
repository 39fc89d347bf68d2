// SPDX-License-Identifier: BSD-3-Clause
// Gather and Scatter: the one copy on the way out, the one copy on the way in.
// POSIX (struct iovec).
// Owned by one Core.
#pragma once

#include <sys/socket.h>

#include "core/core.h"
#include "packet/burst.h"
#include "udp/socket.h"

namespace sextant::socket {

using Parts = std::span<const iovec>;

// kMessageSize for more than kMaxIoVectors parts, kFault for a part at null.
Errno CheckParts(const msghdr& message);
inline Parts PartsOf(const msghdr& message) { return {message.msg_iov, message.msg_iovlen}; }

// All parts together; saturates instead of wrapping.
size_t LengthOf(Parts parts);

// Packets for one call, taken from the pool together. What is not used goes back.
class PacketSupply {
 public:
  // `expected` is how many the call may need; they are taken a burst at a time.
  PacketSupply(PacketPool& pool, size_t expected) : pool_(pool), expected_(expected) {}
  PacketSupply(const PacketSupply&) = delete;
  PacketSupply& operator=(const PacketSupply&) = delete;
  ~PacketSupply();

  // Null when the pool is dry.
  PacketPtr Take() {
    if (next_ == burst_.size()) [[unlikely]] {
      if (expected_ <= 1 || !Refill()) return pool_.Take();
    }
    --expected_;
    return PacketPtr(burst_.slots()[next_++]);
  }

 private:
  bool Refill();

  PacketPool& pool_;
  size_t expected_;
  Burst burst_;
  size_t next_ = 0;
};

// A packet that holds the parts' bytes; chained when they are long. Null when
// the pool is dry. REQUIRES: LengthOf(parts) == length.
PacketPtr Gather(Parts parts, size_t length, PacketSupply& supply);

// Copies `payload` of the packet into the parts, as far as they reach. Returns
// how much was copied.
size_t Scatter(const Packet& packet, const udp::Payload& payload, Parts parts);

}  // namespace sextant::socket
