// SPDX-License-Identifier: BSD-3-Clause
// Listener: tells multicast routers and snooping switches which groups we are
// in. State changes only so far; queries, MLDv1 and source lists are to come.
// RFC 3810 §6.1 (state change reports), §5.2.13 and RFC 3590 §4 (their source).
// Owned by one Core.
#pragma once

#include <array>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "core/outbox.h"
#include "iface/interface_table.h"
#include "wire/mld.h"

namespace sextant::mld {

class Listener {
 public:
  Listener(Core& core, iface::InterfaceTable& interfaces, Outbox& outbox)
      : core_(core), interfaces_(interfaces), outbox_(outbox) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // These three are what the graph is told as iface::InterfaceObserver.
  void OnJoin(iface::Interface& interface, const Ipv6Address& group);
  void OnLeave(iface::Interface& interface, const Ipv6Address& group);
  void OnAddressChange(iface::Interface& interface, const iface::InterfaceAddress& address);

  // Reports every group of the interface anew, spread over one interval: the
  // link has come back, or there is a proper source address at last.
  void ReportAll(const iface::Interface& interface);
  // No report will be sent any more.
  void Stop() { changes_.clear(); }
  // Changes that will be reported again.
  size_t pending() const { return changes_.size(); }

 private:
  // LIMIT: changes that wait for their repetition, as many as groups can be
  // joined. Beyond it a change is reported once only: a program that leaves
  // groups faster than the repetitions go out can make us forget those, not grow.
  static constexpr size_t kMaxChanges = kMaxInterfaces * kMaxGroupsPerInterface;

  using Key = std::pair<uint16_t, Ipv6Address>;  // interface index, group
  // One group whose change is being repeated.
  struct Change {
    Change(Listener& owner, const Key& what, wire::MldRecordType type, int64_t count)
        : listener(owner), key(what), record(type), reports_left(count) {}
    void OnTimer(Core&) { listener.Repeat(*this); }

    Listener& listener;
    const Key key;
    wire::MldRecordType record;
    int64_t reports_left;
    Timer timer{Timer::Calling<&Change::OnTimer>(this)};
  };

  void OnChange(const iface::Interface& interface, const Ipv6Address& group,
                wire::MldRecordType record);
  void Schedule(const Key& key, wire::MldRecordType record, int64_t reports);
  void Repeat(Change& change);
  void Report(const iface::Interface& interface, const Ipv6Address& group,
              wire::MldRecordType record);
  Duration RandomInterval();

  Core& core_;
  iface::InterfaceTable& interfaces_;
  Outbox& outbox_;
  absl::flat_hash_map<Key, std::unique_ptr<Change>> changes_;
  // By interface index: a report had to go out from :: for want of an address.
  std::array<bool, kMaxInterfaces + 1> unsigned_{};
};

}  // namespace sextant::mld
