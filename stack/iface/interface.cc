// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "iface/interface.h"

#include <algorithm>

namespace sextant::iface {
namespace {

// LIMIT: what the host has sent to itself and not yet received. A program that
// sends more than this without polling loses packets, as on a full link.
constexpr size_t kMaxLooped = 4096;

}  // namespace

std::string_view Name(AddressState state) {
  switch (state) {
    case AddressState::kTentative:
      return "tentative";
    case AddressState::kPreferred:
      return "preferred";
    case AddressState::kDeprecated:
      return "deprecated";
    case AddressState::kDuplicate:
      return "duplicate";
  }
  return "unknown";
}

Interface::Interface(uint16_t index, std::string name, std::unique_ptr<Link> link,
                     InterfaceObserver& observer, const Tunables& tunables)
    : index_(index),
      name_(std::move(name)),
      link_(std::move(link)),
      observer_(observer),
      tunables_(tunables),
      mac_address_(link_ ? link_->mac_address() : MacAddress()),
      finishes_checksums_(link_ && link_->capabilities().transmit_checksum),
      mtu_(link_ ? link_->mtu() : kLoopbackMtu) {
  addresses_.reserve(kMaxAddressesPerInterface);
  RefreshLinkState();
}

bool Interface::SetMtu(size_t mtu) {
  if (mtu < kMinMtu) return false;
  if (link_ && !link_->SetMtu(mtu)) return false;
  mtu_ = mtu;
  return true;
}

void Interface::Disable() {
  disabled_ = true;
  for (InterfaceAddress& address : addresses_) {
    address.state = AddressState::kDuplicate;
    observer_.OnAddressChange(*this, address);
  }
}

bool Interface::RefreshLinkState() {
  return std::exchange(link_up_, !link_ || link_->is_up()) != link_up_;
}

Errno Interface::AddAddress(const InterfaceAddress& address) {
  if (Find(address.address) != nullptr) return Errno::kExists;
  if (addresses_.size() == kMaxAddressesPerInterface) return Errno::kNoBuffers;
  addresses_.push_back(address);
  observer_.OnAddressChange(*this, addresses_.back());
  return Errno::kOk;
}

Errno Interface::RemoveAddress(const Ipv6Address& address) {
  const auto found = std::ranges::find(addresses_, address, &InterfaceAddress::address);
  if (found == addresses_.end()) return Errno::kAddressNotAvailable;
  const InterfaceAddress gone = *found;
  addresses_.erase(found);
  observer_.OnAddressChange(*this, gone);
  return Errno::kOk;
}

void Interface::SetAddressState(const Ipv6Address& address, AddressState state) {
  InterfaceAddress* const found = FindMutable(address);
  if (found == nullptr || found->state == state) return;
  found->state = state;
  observer_.OnAddressChange(*this, *found);
}

InterfaceAddress* Interface::FindMutable(const Ipv6Address& address) {
  const auto found = std::ranges::find(addresses_, address, &InterfaceAddress::address);
  return found == addresses_.end() ? nullptr : &*found;
}

const InterfaceAddress* Interface::Find(const Ipv6Address& address) const {
  return const_cast<Interface*>(this)->FindMutable(address);
}

const InterfaceAddress* Interface::LinkLocal() const {
  const auto found = std::ranges::find_if(addresses_, [](const InterfaceAddress& a) {
    return a.address.is_link_local() && a.is_usable();
  });
  return found == addresses_.end() ? nullptr : &*found;
}

Errno Interface::SetFilter(const Ipv6Address& group, const GroupFilter& from,
                           const GroupFilter& to) {
  if (group.is_unspecified()) return SetAllGroups(from, to);
  auto found = groups_.find(group);
  const size_t before = found == groups_.end() ? 0 : found->second.named();
  const size_t named = found == groups_.end() ? to.sources.size() : found->second.NamedWith(to);
  // Whoever names nothing new may go on, however far the limit has been lowered.
  if (named > before && named > static_cast<size_t>(tunables_.mld_max_sources)) {
    return Errno::kNoBuffers;
  }
  if (found == groups_.end()) {
    SX_CHECK(from.is_none());
    if (to.is_none()) return Errno::kOk;
    if (groups_.size() >= static_cast<size_t>(tunables_.mld_max_groups)) return Errno::kNoBuffers;
    found = groups_.try_emplace(group).first;
  }
  const GroupChange change = found->second.Replace(from, to);
  if (change.joined) filter_.Add(group);
  if (change.left) {
    groups_.erase(found);
    filter_.Remove(group);
  }
  if (!change.is_nothing()) observer_.OnGroupChange(*this, group, change);
  return Errno::kOk;
}

// Sources cannot be told apart here: who filters them does so for itself.
Errno Interface::SetAllGroups(const GroupFilter& from, const GroupFilter& to) {
  SX_CHECK(from.is_none() || all_groups_ != 0);
  if (!from.is_none()) --all_groups_;
  if (!to.is_none()) ++all_groups_;
  filter_.SetAll(all_groups_ != 0);
  return Errno::kOk;
}

void Interface::Leave(const Ipv6Address& group) {
  const bool joined = group.is_unspecified() ? all_groups_ != 0 : groups_.contains(group);
  if (!joined) return;
  SX_CHECK(SetFilter(group, GroupFilter::Any(), GroupFilter::None()) == Errno::kOk);
}

uint64_t Interface::filter_overflows() const {
  return filter_.overflows() + (link_ ? link_->statistics().all_multicast_fallbacks : 0);
}

void Interface::SendLooped(PacketPtr packet, Core& core) {
  if (looped_.size() >= kMaxLooped) return core.Drop(std::move(packet), DropReason::kLinkFull);
  if (frame_observer_ != nullptr) {
    Packet* const sent = packet.get();
    frame_observer_->OnFrames(*this, {&sent, 1}, Direction::kSent);
  }
  core.Sent(1);
  // It may have come in before; its chain is walked anew.
  packet->meta().has_extensions = packet->meta().reassembled = false;
  looped_.Push(std::move(packet));
}

void Interface::Flush(Core& core) {
  if (sending_.empty()) return;
  if (frame_observer_ != nullptr) {
    frame_observer_->OnFrames(*this, sending_.packets(), Direction::kSent);
  }
  // What the link could not take it has dropped, and counted as that.
  const uint64_t before = link_->statistics().tx_packets;
  link_->Transmit(sending_, core);
  core.Sent(link_->statistics().tx_packets - before);
}

void Interface::Receive(Burst& out, Core& core) {
  if (link_) {
    link_->Receive(out, core);
    if (frame_observer_ != nullptr && !out.empty()) {
      frame_observer_->OnFrames(*this, out.packets(), Direction::kReceived);
    }
    return;
  }
  // Looped packets were seen when they were sent.
  while (!out.full() && !looped_.empty()) out.Push(looped_.Pop());
}

void Interface::Stop(Core& core) {
  sending_.Drain([&](PacketPtr p) { core.Drop(std::move(p), DropReason::kHostStopped); });
  while (!looped_.empty()) looped_.Pop().Free();
}

}  // namespace sextant::iface
