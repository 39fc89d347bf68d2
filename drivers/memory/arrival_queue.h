// SPDX-License-Identifier: BSD-3-Clause
// ArrivalQueue: frames on their way to one endpoint, by time of arrival; equal
// times keep the order of sending. Its buffers are used again, so that a queue
// that has been busy allocates nothing.
// Owned by one Core.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace sextant {

class ArrivalQueue {
 public:
  explicit ArrivalQueue(size_t limit) : limit_(limit) {}

  bool full() const { return arrivals_.size() >= limit_; }
  size_t size() const { return arrivals_.size(); }
  // Copies the frame. REQUIRES: !full(). Returns the copy, for faults to change.
  std::vector<uint8_t>& Stage(Bytes frame);
  // Sends what Stage() returned last on its way.
  void Commit(Instant due);

  // When the next frame arrives; Never() when none is under way.
  Instant next() const;
  // REQUIRES: size() > 0.
  Bytes front() const { return arrivals_.front().frame; }
  void Pop();
  void Clear();

 private:
  struct Arrival {
    Instant due;
    uint64_t order = 0;
    std::vector<uint8_t> frame;
  };
  // The standard heap has the largest in front.
  static bool Later(const Arrival& a, const Arrival& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  const size_t limit_;
  std::vector<Arrival> arrivals_;            // a heap
  std::vector<std::vector<uint8_t>> spare_;  // buffers to use again
  std::vector<uint8_t> staged_;
  uint64_t next_order_ = 0;
};

}  // namespace sextant
