// SPDX-License-Identifier: BSD-3-Clause
// HostileLink: stands between a host and its link, and hands packets over as no kind driver would:
// chained, cut in odd places. GuardedPool: under AddressSanitizer the room behind a received
// packet's end is out of bounds, although it is part of the same buffer.
// Owned by one Core.
#pragma once

#include <rte_mbuf.h>

#include <memory>

#include "base/rng.h"
#include "core/core.h"
#include "core/link.h"
#include "packet/pool.h"

namespace sextant::test {

class GuardedPool final : public PacketPool {
 public:
  static std::unique_ptr<PacketPool> Make(size_t capacity);
  ~GuardedPool() override;
  PacketPtr Take() override;

  // Puts what lies behind the segment's data out of bounds until the buffer is taken again.
  static void Guard(const rte_mbuf& segment);

 private:
  using PacketPool::PacketPool;
};

class HostileLink final : public Link {
 public:
  // `rng` outlives the link. The host's pool is a GuardedPool.
  HostileLink(std::unique_ptr<Link> link, Rng& rng, bool chains)
      : link_(std::move(link)), rng_(rng), chains_(chains) {}

  std::string description() const override { return link_->description(); }
  MacAddress mac_address() const override { return link_->mac_address(); }
  LinkCapabilities capabilities() const override { return link_->capabilities(); }
  size_t mtu() const override { return link_->mtu(); }
  bool SetMtu(size_t mtu) override { return link_->SetMtu(mtu); }
  bool is_up() override { return link_->is_up(); }
  void SetGroups(std::span<const MacAddress> groups) override { link_->SetGroups(groups); }
  void Receive(Burst& frames, Core& core) override;
  void Transmit(Burst& frames, Core& core) override;

 private:
  // The same bytes in up to eight segments.
  PacketPtr Split(PacketPtr frame, Core& core);

  const std::unique_ptr<Link> link_;
  Rng& rng_;
  const bool chains_;
};

}  // namespace sextant::test
