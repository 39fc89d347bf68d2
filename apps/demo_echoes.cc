// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "demo_echoes.h"

namespace sextant {

bool DemoEchoes::MaySend(int64_t elapsed) const {
  return sent_ < DemoPlan::TicksAt(elapsed) * DemoPlan::kEchoesPerTick &&
         sent_ - returned_count_ < DemoPlan::kOutstanding;
}

void DemoEchoes::Sent(int64_t now) {
  sent_at_[sent_++] = now;
  if (last_return_ == 0) last_return_ = now;
}

void DemoEchoes::Returned(std::span<const uint8_t> data, int64_t now) {
  const uint64_t number = DemoNumber(data.data(), data.size());
  if (number >= sent_ || returned_[number]) {
    ++wrong_;
    return;
  }
  returned_[number] = true;
  ++returned_count_;
  times_.Add(now - sent_at_[number]);
  last_return_ = now;
}

void DemoEchoes::Publish() {
  totals_.echoes_sent = sent_;
  totals_.echoes_returned = returned_count_;
  totals_.echoes_wrong = wrong_;
  totals_.echo_median_ns = times_.Below(0.5);
  totals_.echo_p99_ns = times_.Below(0.99);
}

}  // namespace sextant
