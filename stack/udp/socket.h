// SPDX-License-Identifier: BSD-3-Clause
// Socket: one UDP endpoint: its addresses, and the datagrams that wait in it.
// RFC 768, RFC 8085.
// Owned by one Core.
#pragma once

#include <memory>

#include "base/errno.h"
#include "base/ipv6_address.h"
#include "core/core.h"
#include "core/error_queue.h"
#include "core/readiness.h"
#include "packet/burst.h"

namespace sextant::udp {

struct Endpoint {
  Ipv6Address address;  // ::, any
  uint16_t port = 0;    // 0: none yet

  constexpr bool operator==(const Endpoint&) const = default;
};

class Table;

struct PortTag;

// IPV6_PORTRANGE: where the stack looks for a port when bind() leaves it the choice.
enum class PortRange : uint8_t { kDefault, kHigh, kLow };

// Which groups a socket has joined; its owner knows.
class Groups {
 public:
  virtual ~Groups() = default;
  virtual bool HasJoined(const Ipv6Address& group, uint32_t interface) const = 0;
};

// Invariants: 1. a socket in a Table has a local port; 2. remote().port != 0
// exactly when it is connected; 3. queued_bytes_ is what the queue costs.
class Socket : public ListNode<PortTag> {
 public:
  // What one packet buffer costs in a queue. Real memory, not payload: else
  // small datagrams would pin many times the limit.
  static constexpr size_t kBufferCost = kPacketDataRoom + sizeof(rte_mbuf);

  Socket() { readiness_.Raise(kReadyOut); }
  ~Socket() { SX_CHECK(queue_.empty() && table_ == nullptr); }

  const Endpoint& local() const { return local_; }
  const Endpoint& remote() const { return remote_; }
  bool is_bound() const { return table_ != nullptr; }
  bool is_connected() const { return remote_.port != 0; }
  // The interface that it is tied to (SO_BINDTODEVICE, or the zone of a
  // link-local address); 0: none.
  uint32_t interface() const { return interface_; }
  // Takes whatever comes for its port.
  bool takes_all() const { return local_.address.is_unspecified() && interface_ == 0; }

  // Receive side, called by udp::Input: takes the packet, or says why not.
  // The packet's headers stay in front of the data, for ancillary data.
  DropReason Queue(PacketPtr& packet, Core& core) {
    const size_t cost = CostOf(*packet);
    if (queued_bytes_ + cost > receive_limit_ && !queue_.empty()) [[unlikely]] {
      ++dropped_full_;
      return DropReason::kUdpSocketFull;
    }
    queued_bytes_ += cost;
    ++received_;
    core.Delivered(*packet);
    queue_.Push(std::move(packet));
    readiness_.Raise(kReadyIn);
    return DropReason::kNone;
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

  // For bursts that go to many sockets: what Queue() is about to touch.
  void Prefetch() const {
    __builtin_prefetch(&queue_, 1);
    __builtin_prefetch(&table_, 1);
  }

  Readiness& readiness() { return readiness_; }
  uint64_t received() const { return received_; }
  uint64_t dropped_full() const { return dropped_full_; }
  // Frees what is still queued; before destruction.
  void Stop();

 private:
  friend class Table;

  // POLLERR stays for as long as there is something to ask about.
  void LowerError();
  static size_t CostOf(const Packet& packet) { return packet.mbuf()->nb_segs * kBufferCost; }

  // What a datagram touches, side by side.
  PacketQueue queue_;
  size_t queued_bytes_ = 0;
  size_t receive_limit_ = 0;
  Readiness readiness_;
  uint64_t received_ = 0;
  Table* table_ = nullptr;
  Endpoint local_;
  Endpoint remote_;
  uint32_t interface_ = 0;
  Errno error_ = Errno::kOk;
  std::unique_ptr<ErrorQueue> errors_;
  uint64_t dropped_full_ = 0;

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
