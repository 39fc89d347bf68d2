// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "mld/listener.h"

#include <algorithm>
#include <vector>

#include "iface/control_packet.h"
#include "wire/ipv6.h"

namespace sextant::mld {
namespace {

using iface::Interface;
using wire::MldRecordType;

// RFC 3810 §6: ff02::1 is never reported, nor what cannot leave this node
// (scopes 0 and 1).
bool IsReported(const Interface& interface, const Ipv6Address& group) {
  return !interface.is_loopback() && group != Ipv6Address::AllNodes() &&
         group.multicast_scope() >= static_cast<uint8_t>(Scope::kLinkLocal);
}

}  // namespace

void Listener::OnJoin(Interface& interface, const Ipv6Address& group) {
  OnChange(interface, group, MldRecordType::kChangeToExclude);
}

void Listener::OnLeave(Interface& interface, const Ipv6Address& group) {
  OnChange(interface, group, MldRecordType::kChangeToInclude);
}

void Listener::OnAddressChange(Interface& interface, const iface::InterfaceAddress&) {
  // RFC 3590 §4: what went out from :: may have been ignored.
  bool& owed = unsigned_[interface.index()];
  if (!owed || interface.LinkLocal() == nullptr) return;
  owed = false;
  ReportAll(interface);
}

void Listener::ReportAll(const Interface& interface) {
  // In an order that does not depend on where the table lies in memory, so that
  // equal seeds give equal runs.
  std::vector<Ipv6Address> groups;
  for (const auto& [group, members] : interface.groups()) {
    if (IsReported(interface, group)) groups.push_back(group);
  }
  std::ranges::sort(groups);
  for (const Ipv6Address& group : groups) {
    Schedule({interface.index(), group}, MldRecordType::kChangeToExclude,
             core_.tunables().mld_robustness);
  }
}

void Listener::OnChange(const Interface& interface, const Ipv6Address& group,
                        MldRecordType record) {
  if (!IsReported(interface, group)) return;
  // RFC 3810 §6.1: at once, and Robustness Variable - 1 times more.
  Schedule({interface.index(), group}, record, core_.tunables().mld_robustness - 1);
  Report(interface, group, record);
}

// A newer change of the same group takes the place of the older one.
void Listener::Schedule(const Key& key, MldRecordType record, int64_t reports) {
  changes_.erase(key);
  if (reports <= 0 || changes_.size() >= kMaxChanges) return;
  auto& change = changes_[key];
  change = std::make_unique<Change>(*this, key, record, reports);
  core_.Arm(change->timer, RandomInterval());
}

void Listener::Repeat(Change& change) {
  const auto [index, group] = change.key;
  const MldRecordType record = change.record;
  if (--change.reports_left > 0) {
    core_.Arm(change.timer, RandomInterval());
  } else {
    changes_.erase(Key(index, group));
  }
  Report(*interfaces_.at(index), group, record);
}

void Listener::Report(const Interface& interface, const Ipv6Address& group, MldRecordType record) {
  // RFC 3810 §5.2.13: a link-local source, or :: while there is none.
  const auto* const source = interface.LinkLocal();
  if (source == nullptr) unsigned_[interface.index()] = true;
  std::array<uint8_t, wire::kMldHopByHopSize> hop_by_hop;
  wire::WriteMldHopByHop(hop_by_hop, static_cast<uint8_t>(wire::NextHeader::kIcmp6));
  std::array<uint8_t, wire::MldReportFields::kSize> message;
  wire::MldReportFields{record, group}.WriteTo(message);
  PacketPtr packet =
      iface::MakeControlPacket(core_,
                               {.interface = interface.index(),
                                .source = source == nullptr ? Ipv6Address() : source->address,
                                .destination = wire::AllMldV2Routers(),
                                .hop_limit = 1,
                                .hop_by_hop = hop_by_hop},
                               message);
  if (packet) outbox_.Push(std::move(packet));
}

// RFC 3810 §6.1: from (0, Unsolicited Report Interval].
Duration Listener::RandomInterval() {
  const Duration longest = Duration::Milliseconds(core_.tunables().mld_unsolicited_interval_ms);
  return core_.rng().Between(Duration(), longest) + Duration::Nanoseconds(1);
}

}  // namespace sextant::mld
