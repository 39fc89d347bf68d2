// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "core/error_queue.h"

namespace sextant {

ErrorQueue::~ErrorQueue() {
  while (!empty()) {
    QueuedError error = Pop();
    if (error.packet) error.packet.Free();
  }
}

size_t ErrorQueue::CostOf(const QueuedError& error) {
  // Real memory, as in a socket's receive queue.
  return error.packet ? error.packet->mbuf()->nb_segs * (kPacketDataRoom + sizeof(rte_mbuf)) : 0;
}

bool ErrorQueue::Push(QueuedError& error, size_t limit) {
  const size_t cost = CostOf(error);
  if (size_ == kCapacity || (bytes_ + cost > limit && !empty())) {
    ++dropped_full_;
    return false;
  }
  ring_[(first_ + size_++) % kCapacity] = std::move(error);
  bytes_ += cost;
  return true;
}

QueuedError ErrorQueue::Pop() {
  SX_CHECK(!empty());
  QueuedError error = std::move(ring_[first_]);
  first_ = (first_ + 1) % kCapacity;
  --size_;
  bytes_ -= CostOf(error);
  return error;
}

}  // namespace sextant
