// SPDX-License-Identifier: BSD-3-Clause
// Burst: up to kBurstSize packets on their way from one stage to the next. It
// owns them; a burst that dies with a packet inside has lost it, and aborts.
// PacketQueue: packets that wait, linked through Meta::next, without a limit
// of its own; its user has one.
// Owned by one Core.
#pragma once

#include <array>

#include "packet/packet.h"

namespace sextant {

class Burst {
 public:
  Burst() = default;
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;
  ~Burst() { SX_DCHECK(size_ == 0); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == kBurstSize; }

  // REQUIRES: !full().
  void Push(PacketPtr packet) {
    SX_CHECK(size_ < kBurstSize);
    packets_[size_++] = packet.release();
  }

  // Empties the burst: calls `take(PacketPtr)` for each packet, in order.
  template <typename F>
  void Drain(F&& take) {
    const size_t count = std::exchange(size_, 0);
    for (size_t i = 0; i < count; ++i) take(PacketPtr(packets_[i]));
  }

  // For links, which fill and empty bursts with the driver's own calls.
  std::span<Packet*, kBurstSize> slots() { return packets_; }
  std::span<Packet* const> packets() const { return std::span(packets_).first(size_); }
  void set_size(size_t size) {
    SX_CHECK(size <= kBurstSize);
    size_ = size;
  }

 private:
  std::array<Packet*, kBurstSize> packets_;
  size_t size_ = 0;
};

class PacketQueue {
 public:
  PacketQueue() = default;
  PacketQueue(const PacketQueue&) = delete;
  PacketQueue& operator=(const PacketQueue&) = delete;
  ~PacketQueue() { SX_CHECK(size_ == 0); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Packet* front() const { return head_; }

  void Push(PacketPtr packet) {
    Packet* const last = packet.release();
    last->meta().next = nullptr;
    (size_ == 0 ? head_ : tail_->meta().next) = last;
    tail_ = last;
    ++size_;
  }
  // Null when empty.
  PacketPtr Pop() {
    if (size_ == 0) return {};
    Packet* const first = std::exchange(head_, head_->meta().next);
    --size_;
    return PacketPtr(first);
  }

 private:
  Packet* head_ = nullptr;
  Packet* tail_ = nullptr;
  size_t size_ = 0;
};

}  // namespace sextant
