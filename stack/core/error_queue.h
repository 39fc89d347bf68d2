// SPDX-License-Identifier: BSD-3-Clause
// ErrorQueue: what became of datagrams that a socket has sent, for programs
// that want to know each case (IPV6_RECVERR). The ICMPv6 errors themselves are
// kept, not copies: what they quote is read out of them.
// recv(2) MSG_ERRQUEUE, ipv6(7) IPV6_RECVERR.
// Owned by one Core.
#pragma once

#include <array>

#include "base/errno.h"
#include "base/ipv6_address.h"
#include "packet/packet.h"

namespace sextant {

struct QueuedError {
  // The error as it came in, from its IPv6 header on; null for one that was
  // found in this host before anything was sent.
  PacketPtr packet;
  Errno error = Errno::kOk;
  wire::Icmp6Error cause = {wire::Icmp6Type{0}, 0, 0};  // found here: its value is the MTU
  // The datagram that it is about: whom it went to, and what is quoted of its payload.
  Ipv6Address destination;
  uint16_t port = 0;
  uint16_t interface = 0;  // by which the error came; the zone of both addresses
  uint32_t flow_info = 0;  // traffic class and flow label
  uint16_t payload_offset = 0;
  uint16_t payload_length = 0;
};

class ErrorQueue {
 public:
  // LIMIT: whoever sends errors faster than the program reads them loses them;
  // the oldest tell the most.
  static constexpr size_t kCapacity = 64;

  ErrorQueue() = default;
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
  ~ErrorQueue();

  // Takes the error; or leaves it, when kCapacity are there or their packet
  // buffers would cost more than `limit`.
  bool Push(QueuedError& error, size_t limit);
  // REQUIRES: !empty().
  QueuedError Pop();

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  size_t bytes() const { return bytes_; }
  // REQUIRES: !empty().
  const QueuedError& front() const { return ring_[first_]; }
  uint64_t dropped_full() const { return dropped_full_; }

 private:
  static size_t CostOf(const QueuedError& error);

  std::array<QueuedError, kCapacity> ring_;
  size_t first_ = 0;
  size_t size_ = 0;
  size_t bytes_ = 0;
  uint64_t dropped_full_ = 0;
};

}  // namespace sextant
