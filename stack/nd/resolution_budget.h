// SPDX-License-Identifier: BSD-3-Clause
// ResolutionBudget: how many address resolutions one sender may make us start.
// RFC 6583 §4: without it, packets for addresses nobody has fill the cache.
// Who made us send is not known here; but a packet that answers somebody goes
// to that somebody, so the /64 of the packet's destination (not of the next
// hop) stands for the sender. That way a flood of forged neighbors spends the
// budget of their own prefix, and never that of resolving the gateway for others.
// LIMIT: prefixes share 256 budgets by a keyed hash, so that memory is fixed
// and nobody can choose with whom to share.
// Owned by one Core.
#pragma once

#include <array>

#include "base/siphash.h"
#include "core/core.h"

namespace sextant::nd {

class ResolutionBudget {
 public:
  explicit ResolutionBudget(Core& core) : core_(core), key_(HashKey::Draw(core.rng())) {}

  // Whether one more may start now; counts it if so.
  bool Spend(const Ipv6Address& destination);

 private:
  static constexpr size_t kSlots = 256;
  static constexpr Duration kWindow = Duration::Seconds(1);

  struct Slot {
    Instant began;
    int64_t spent = 0;
  };

  Core& core_;
  const HashKey key_;
  std::array<Slot, kSlots> slots_{};
};

}  // namespace sextant::nd
