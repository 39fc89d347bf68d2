// SPDX-License-Identifier: BSD-3-Clause
// EthdevLink: any DPDK port as a Link. Asks the port what it can do, uses it,
// and does in software what is missing: checksums, contiguous frames, groups.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/link.h"
#include "drivers/ethdev/group_filter.h"
#include "drivers/ethdev/port.h"
#include "drivers/ethdev/receive_interrupt.h"

namespace sextant {

class EthdevLink final : public Link {
 public:
  static absl::StatusOr<std::unique_ptr<Link>> Create(const std::string& device, size_t mtu,
                                                      PacketPool& pool);
  ~EthdevLink() override;

  std::string description() const override { return port_.device(); }
  MacAddress mac_address() const override { return mac_; }
  LinkCapabilities capabilities() const override { return capabilities_; }
  size_t mtu() const override { return port_.mtu(); }
  bool SetMtu(size_t mtu) override;
  bool is_up() override { return port_.is_up(); }
  void Receive(Burst& frames, Core& core) override;
  void Transmit(Burst& frames, Core& core) override;
  void SetGroups(std::span<const MacAddress> groups) override;
  void SetAllGroups(bool all) override { filter_.SetAll(all); }
  void RefreshStatistics() override;
  int wait_descriptor() const override { return interrupt_.descriptor(); }
  bool PrepareToWait() override;
  void DoneWaiting() override;

 private:
  explicit EthdevLink(Port port);

  void Fetch(Burst& frames);
  // Readies one frame for the device; a reason other than kNone when it cannot.
  DropReason Prepare(PacketPtr& frame, Core& core);
  DropReason PrepareChecksum(PacketPtr& frame, Core& core);
  // Lets the driver look at frames with offloads before it gets them.
  void PrepareInDriver(std::span<rte_mbuf*> frames, Core& core);

  Port port_;
  const MacAddress mac_;
  GroupFilter filter_;
  const LinkCapabilities capabilities_;
  std::vector<MacAddress> groups_;
  ReceiveInterrupt interrupt_;
  // What PrepareToWait() has found; the next Receive() hands it over.
  Burst early_;
};

}  // namespace sextant
