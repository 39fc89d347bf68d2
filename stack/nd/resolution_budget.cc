// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "nd/resolution_budget.h"

namespace sextant::nd {

bool ResolutionBudget::Spend(const Ipv6Address& destination) {
  TableHasher hasher(key_);
  Slot& slot = slots_[hasher.Finish(destination.high_word()) % kSlots];
  if (core_.now() - slot.began >= kWindow) slot = {core_.now(), 0};
  if (slot.spent >= core_.tunables().nd_new_per_second) return false;
  ++slot.spent;
  return true;
}

}  // namespace sextant::nd
