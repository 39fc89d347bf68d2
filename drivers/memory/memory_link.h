// SPDX-License-Identifier: BSD-3-Clause
// MemoryLink: one endpoint of a MemoryHub.
// Owned by one Core.
#pragma once

#include <vector>

#include "drivers/memory/arrival_queue.h"
#include "drivers/memory/memory_hub.h"

namespace sextant {

class MemoryLink final : public Link {
 public:
  ~MemoryLink() override { hub_.Leave(*this); }

  std::string description() const override { return options_.name; }
  MacAddress mac_address() const override { return options_.mac; }
  LinkCapabilities capabilities() const override { return options_.capabilities; }
  size_t mtu() const override { return options_.mtu; }
  bool SetMtu(size_t mtu) override;
  bool is_up() override { return up_; }
  void Receive(Burst& frames, Core& core) override;
  void Transmit(Burst& frames, Core& core) override;
  void SetGroups(std::span<const MacAddress> groups) override;
  void SetAllGroups(bool all) override { all_groups_ = all; }

  // Pulls the cable, or plugs it in. Frames under way to this endpoint are lost.
  void SetUp(bool up);
  // What happens to the frames that this endpoint sends.
  void set_faults(const LinkFaults& faults) { faults_ = faults; }
  // A frame from nowhere, for this endpoint alone; no filter, no faults.
  void Inject(Bytes frame, Instant now);
  Instant NextArrival() const { return arrivals_.next(); }
  std::span<const MacAddress> groups() const { return groups_; }

 private:
  friend class MemoryHub;

  MemoryLink(MemoryHub& hub, MemoryLinkOptions options);

  // Whether the filter lets a frame in.
  bool Hears(Bytes frame) const;
  DropReason Send(PacketPtr& frame, Core& core);

  MemoryHub& hub_;
  MemoryLinkOptions options_;
  ArrivalQueue arrivals_;
  LinkFaults faults_;
  std::vector<MacAddress> groups_;  // sorted
  bool all_groups_ = false;
  std::vector<uint8_t> flat_;  // where a chained frame is made contiguous
  bool up_ = true;
};

}  // namespace sextant
