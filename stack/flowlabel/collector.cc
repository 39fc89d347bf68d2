// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/collector.h"

#include <algorithm>

namespace sextant::flowlabel {

void Collector::Watch(Entry& entry) {
  if (entry.is_watched) return;  // its time has only grown since
  Push(entry);
  if (!timer_.is_armed() || heap_.front().at < timer_.deadline()) {
    core_.timers().Arm(timer_, heap_.front().at);
  }
}

void Collector::Push(Entry& entry) {
  entry.is_watched = true;
  heap_.push_back({entry.expiry, entry.label});
  std::ranges::push_heap(heap_, std::less<>());
}

void Collector::OnTimer(Core& core) {
  const Instant now = core.now();
  for (int left = kBudget; left > 0 && !heap_.empty() && heap_.front().at <= now; --left) {
    Entry& entry = *table_.Find(heap_.front().label);
    std::ranges::pop_heap(heap_, std::less<>());
    heap_.pop_back();
    entry.is_watched = false;
    if (entry.references > 0) continue;  // its last release brings it back
    if (entry.expiry > now) {
      Push(entry);
    } else {
      handler_.OnLapse(entry);
    }
  }
  if (heap_.empty()) return;
  core.timers().Arm(timer_, std::max(heap_.front().at, now + TimerWheel::kTick));
}

}  // namespace sextant::flowlabel
