// SPDX-License-Identifier: BSD-3-Clause
// NeighborDiscovery: the parts of this room, put together.
// RFC 4861, RFC 4862 §5.4.
// Owned by one Core.
#pragma once

#include "nd/dad.h"
#include "nd/input.h"
#include "nd/nud.h"
#include "nd/resolution.h"

namespace sextant::nd {

// A neighbor as `show neighbors` and telemetry see it.
struct NeighborInfo {
  uint16_t interface = 0;
  Ipv6Address address;
  MacAddress link_address;  // zero while INCOMPLETE
  NeighborState state = NeighborState::kIncomplete;
  bool is_router = false;
  Duration age;  // since the state was entered
};

class NeighborDiscovery {
 public:
  NeighborDiscovery(Core& core, iface::InterfaceTable& interfaces, Outbox& outbox)
      : core_(core),
        nud_(core, interfaces, outbox),
        dad_(core, outbox),
        resolution_(core, interfaces, nud_),
        input_(core, interfaces, outbox, nud_, dad_) {}

  Resolution& resolution() { return resolution_; }
  Input& input() { return input_; }
  Dad& dad() { return dad_; }

  // Tells `observer` when an answer of ReadyAddress() may have changed.
  void Observe(NeighborObserver& observer) { nud_.cache().Observe(observer); }
  // The link-layer address of a neighbor to which packets may go without
  // further ado; null when something is to be done first.
  const MacAddress* ReadyAddress(uint16_t interface, const Ipv6Address& address) {
    const Neighbor* const neighbor = nud_.cache().Find(interface, address);
    const bool ready = neighbor != nullptr && NeighborCache::IsReady(*neighbor);
    return ready ? &neighbor->link_address : nullptr;
  }

  // Upper-layer reachability confirmation (RFC 4861 §7.3.1).
  void Confirm(uint16_t interface, const Ipv6Address& address) { nud_.Confirm(interface, address); }
  // The link is down: who is behind it when it comes back is another question.
  void Flush(uint16_t interface) { nud_.Flush(interface, DropReason::kOutputInterfaceDown); }
  // Before destruction: ends everything, drops what waits and what would have to.
  void Stop() {
    resolution_.Stop();
    nud_.Flush(0, DropReason::kHostStopped);
    dad_.Stop();
  }

  size_t neighbor_count() { return nud_.cache().size(); }
  // Calls `take(const NeighborInfo&)` for each neighbor, in no order.
  template <typename F>
  void ForEachNeighbor(F&& take) {
    nud_.cache().ForEach([&](const Neighbor& n) {
      take(NeighborInfo{n.interface, n.address, n.link_address, n.state, n.is_router,
                        core_.now() - n.since});
    });
  }

 private:
  Core& core_;
  Nud nud_;
  Dad dad_;
  Resolution resolution_;
  Input input_;
};

}  // namespace sextant::nd
