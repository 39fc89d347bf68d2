// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/memory/arrival_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace sextant {

std::vector<uint8_t>& ArrivalQueue::Stage(Bytes frame) {
  if (!spare_.empty()) {
    staged_ = std::move(spare_.back());
    spare_.pop_back();
  }
  staged_.assign(frame.begin(), frame.end());
  return staged_;
}

void ArrivalQueue::Commit(Instant due) {
  SX_CHECK(!full());
  arrivals_.push_back({due, next_order_++, std::exchange(staged_, {})});
  std::ranges::push_heap(arrivals_, Later);
}

Instant ArrivalQueue::next() const {
  return arrivals_.empty() ? Instant::Never() : arrivals_.front().due;
}

void ArrivalQueue::Pop() {
  std::ranges::pop_heap(arrivals_, Later);
  spare_.push_back(std::move(arrivals_.back().frame));
  arrivals_.pop_back();
}

void ArrivalQueue::Clear() {
  while (!arrivals_.empty()) Pop();
}

}  // namespace sextant
