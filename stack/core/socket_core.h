// SPDX-License-Identifier: BSD-3-Clause
// SocketCore: what UDP and raw sockets have in common: the packets that wait,
// what went wrong, and the addresses of both ends.
// Owned by one Core.
#pragma once

#include <memory>

#include "base/errno.h"
#include "core/core.h"
#include "core/endpoint.h"
#include "core/error_queue.h"
#include "core/readiness.h"
#include "packet/burst.h"

namespace sextant {

// Which groups a socket has joined; its owner knows.
class Groups {
 public:
  virtual ~Groups() = default;
  virtual bool HasJoined(const Ipv6Address& group, uint32_t interface) const = 0;
};

// Invariants: 1. it is connected exactly when remote() has an address;
// 2. queued_bytes_ is what the queue costs.
class SocketCore {
 public:
  // What one packet buffer costs in a queue. Real memory, not payload: else
  // small datagrams would pin many times the limit.
  static constexpr size_t kBufferCost = kPacketDataRoom + sizeof(rte_mbuf);

  SocketCore(const SocketCore&) = delete;
  SocketCore& operator=(const SocketCore&) = delete;

  const Endpoint& local() const { return local_; }
  const Endpoint& remote() const { return remote_; }
  bool is_connected() const { return !remote_.address.is_unspecified(); }
  // The interface that it is tied to (SO_BINDTODEVICE, or the zone of a
  // link-local address); 0: none.
  uint32_t interface() const { return interface_; }

  // Receive side: takes the packet, or leaves it when the receive buffer is full.
  // The packet's headers stay in front of the data, for ancillary data.
  bool Push(PacketPtr& packet, Core& core) {
    const size_t cost = CostOf(*packet);
    if (queued_bytes_ + cost > receive_limit_ && !queue_.empty()) [[unlikely]] {
      ++dropped_full_;
      return false;
    }
    queued_bytes_ += cost;
    ++received_;
    core.Delivered(*packet);
    queue_.Push(std::move(packet));
    readiness_.Raise(kReadyIn);
    return true;
  }

  // Application side. Null when nothing waits.
  PacketPtr Pop() {
    PacketPtr packet = queue_.Pop();
    if (packet) queued_bytes_ -= CostOf(*packet);
    if (queue_.empty()) readiness_.Lower(kReadyIn);
    return packet;
  }
  Packet* front() const { return queue_.front(); }
  size_t queued() const { return queue_.size(); }
  size_t queued_bytes() const { return queued_bytes_; }

  size_t receive_limit() const { return receive_limit_; }
  void set_receive_limit(size_t bytes) { receive_limit_ = bytes; }

  // SO_ERROR: reading clears it.
  Errno TakeError();
  Errno pending_error() const { return error_; }
  void SetError(Errno error);

  // IPV6_RECVERR: null while it is off.
  const ErrorQueue* errors() const { return errors_.get(); }
  // Switched off, it forgets what is queued.
  void KeepErrors(bool keep);
  // Takes the error, or leaves it when nobody wants it or the queue is full.
  // Errors may cost as much memory as datagrams may: neither takes the other's room.
  bool KeepError(QueuedError& error);
  // REQUIRES: errors() has one. The next one in the queue becomes the pending
  // error, as on Linux.
  QueuedError TakeKeptError();

  Readiness& readiness() { return readiness_; }
  uint64_t received() const { return received_; }
  uint64_t dropped_full() const { return dropped_full_; }
  // Frees what is still queued; before destruction.
  void Stop();

 protected:
  SocketCore() { readiness_.Raise(kReadyOut); }
  ~SocketCore() { SX_CHECK(queue_.empty()); }

  const PacketQueue& queue() const { return queue_; }

 private:
  // POLLERR stays for as long as there is something to ask about.
  void LowerError();
  static size_t CostOf(const Packet& packet) { return packet.mbuf()->nb_segs * kBufferCost; }

  // What a datagram touches, side by side.
  PacketQueue queue_;
  size_t queued_bytes_ = 0;
  size_t receive_limit_ = 0;
  Readiness readiness_;
  uint64_t received_ = 0;
  Errno error_ = Errno::kOk;

 protected:
  // Set by the table that the socket is in.
  uint32_t interface_ = 0;
  Endpoint local_;
  Endpoint remote_;

 private:
  std::unique_ptr<ErrorQueue> errors_;
  uint64_t dropped_full_ = 0;
};

}  // namespace sextant
