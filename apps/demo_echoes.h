// SPDX-License-Identifier: BSD-3-Clause
// DemoEchoes: which datagrams the demo's client may send, which have returned,
// and how long they took; the sockets are somebody else's.
// Any thread.
#pragma once

#include <span>

#include "demo_totals.h"

namespace sextant {

class DemoEchoes {
 public:
  explicit DemoEchoes(DemoTotals& totals)
      : totals_(totals), sent_at_(DemoPlan::kEchoes), returned_(DemoPlan::kEchoes) {}

  // Whether another datagram may go, `elapsed` nanoseconds after the start.
  bool MaySend(int64_t elapsed) const;
  uint64_t next() const { return sent_; }
  void Sent(int64_t now);
  void Returned(std::span<const uint8_t> data, int64_t now);

  bool all_sent() const { return sent_ == DemoPlan::kEchoes; }
  bool all_returned() const { return all_sent() && returned_count_ == sent_; }
  int64_t last_return() const { return last_return_; }
  // Brings the totals up to date.
  void Publish();

 private:
  DemoTotals& totals_;
  std::vector<int64_t> sent_at_;
  std::vector<bool> returned_;
  RoundTrips times_;
  uint64_t sent_ = 0;
  uint64_t returned_count_ = 0;
  uint64_t wrong_ = 0;
  int64_t last_return_ = 0;
};

}  // namespace sextant
