// SPDX-License-Identifier: BSD-3-Clause
// Interface: a node's attachment to a link (RFC 8200 §2), with its addresses
// and the groups it listens to. The loopback interface has no link.
// Owned by one Core.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/errno.h"
#include "base/ipv6_address.h"
#include "base/mac_address.h"
#include "core/core.h"
#include "core/link.h"
#include "iface/frame_observer.h"
#include "iface/group_members.h"
#include "iface/link_filter.h"

namespace sextant::iface {

// RFC 4862 §2 and §5.4.
enum class AddressState : uint8_t {
  kTentative,   // being checked: not used, not answered for
  kPreferred,   // in use
  kDeprecated,  // still received, not chosen for new flows
  kDuplicate,   // somebody else has it: never used
};
std::string_view Name(AddressState state);

struct InterfaceAddress {
  Ipv6Address address;
  uint8_t prefix_length = 64;
  AddressState state = AddressState::kTentative;
  // RFC 4862 §5.4.5: a duplicate of it means the interface's hardware address is one too.
  bool from_hardware = false;

  bool is_usable() const {
    return state == AddressState::kPreferred || state == AddressState::kDeprecated;
  }
  Ipv6Prefix prefix() const { return Ipv6Prefix{address, prefix_length}.Masked(); }
};

class Interface;

// Who wants to know of changes; the graph connects them.
class InterfaceObserver {
 public:
  virtual ~InterfaceObserver() = default;
  // What the interface wants to hear of `group` has changed.
  virtual void OnGroupChange(Interface& interface, const Ipv6Address& group,
                             const GroupChange& change) = 0;
  // An address was added or removed, or its state has changed.
  virtual void OnAddressChange(Interface& interface, const InterfaceAddress& address) = 0;
};

class Interface {
 public:
  // `index` >= 1; index 1 is the loopback interface, whose `link` is null.
  Interface(uint16_t index, std::string name, std::unique_ptr<Link> link,
            InterfaceObserver& observer, const Tunables& tunables);
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;
  ~Interface() { SX_CHECK(sending_.empty() && looped_.empty()); }

  uint16_t index() const { return index_; }
  const std::string& name() const { return name_; }
  bool is_loopback() const { return link_ == nullptr; }
  // REQUIRES: !is_loopback().
  Link& link() { return *link_; }
  const Link& link() const { return *link_; }
  MacAddress mac_address() const { return mac_address_; }
  size_t mtu() const { return mtu_; }
  // The link finishes UDP and TCP checksums of packets that leave.
  bool finishes_checksums() const { return finishes_checksums_; }
  // False when the link refuses, or below the IPv6 minimum.
  bool SetMtu(size_t mtu);

  // Up: the link is up and IPv6 is not disabled on it.
  bool is_up() const { return link_up_ && !disabled_; }
  bool is_disabled() const { return disabled_; }
  // RFC 4862 §5.4.5: after the hardware-derived address was found a duplicate.
  void Disable();
  // Asks the link; returns whether the answer has changed.
  bool RefreshLinkState();

  std::span<const InterfaceAddress> addresses() const { return addresses_; }
  // kExists when it is there already, kNoBuffers at kMaxAddressesPerInterface.
  Errno AddAddress(const InterfaceAddress& address);
  Errno RemoveAddress(const Ipv6Address& address);
  // Does nothing when the address is not ours.
  void SetAddressState(const Ipv6Address& address, AddressState state);
  const InterfaceAddress* Find(const Ipv6Address& address) const;
  // The first usable link-local address; null while there is none.
  const InterfaceAddress* LinkLocal() const;

  using Groups = absl::flat_hash_map<Ipv6Address, GroupMembers>;

  // A member of `group` that wanted to hear `from` now wants `to`; a new one
  // comes from GroupFilter::None(), and one that leaves goes to it. The link's
  // filter and the observer follow. kNoBuffers at mld_max_groups, and at
  // mld_max_sources; then nothing changes. The group :: stands for every group:
  // it is heard here, and never reported. REQUIRES: `from` is what it had.
  Errno SetFilter(const Ipv6Address& group, const GroupFilter& from, const GroupFilter& to);
  // For members that hear all sources.
  Errno Join(const Ipv6Address& group) {
    return SetFilter(group, GroupFilter::None(), GroupFilter::Any());
  }
  // Does nothing when the group is not there. REQUIRES: else, that Join() was called.
  void Leave(const Ipv6Address& group);
  // Whether somebody here wants to hear the group at all, and this source of it.
  bool IsMember(const Ipv6Address& group) const {
    return groups_.contains(group) || all_groups_ != 0;
  }
  bool Accepts(const Ipv6Address& group, const Ipv6Address& source) const {
    const auto found = groups_.find(group);
    return (found != groups_.end() && found->second.Accepts(source)) || all_groups_ != 0;
  }
  // For bursts: what IsMember() and Accepts() are about to read.
  void PrefetchGroup(const Ipv6Address& group) const { groups_.prefetch(group); }
  const Groups& groups() const { return groups_; }
  // Members of ::.
  uint32_t all_groups() const { return all_groups_; }
  // Tells the link of groups that have come or gone; once per poll.
  void UpdateLink() {
    if (filter_.is_stale() && link_) [[unlikely]]
      filter_.Program(*link_);
  }
  // Times the link was opened to all groups, because they were too many.
  uint64_t filter_overflows() const;

  // Queues a frame for the link, an IPv6 packet for the loopback interface.
  void Send(PacketPtr packet, Core& core) {
    if (is_loopback()) [[unlikely]]
      return SendLooped(std::move(packet), core);
    sending_.Push(std::move(packet));
    if (sending_.full()) Flush(core);
  }
  // Hands what is queued to the link.
  void Flush(Core& core);
  // What comes in: frames from the link, or what was looped. REQUIRES: out.empty().
  void Receive(Burst& out, Core& core);
  bool has_looped() const { return !looped_.empty(); }
  // Shows all frames to `observer`; null ends that.
  void Observe(FrameObserver* observer) { frame_observer_ = observer; }
  // Frees what is still queued; before destruction.
  void Stop(Core& core);

 private:
  void SendLooped(PacketPtr packet, Core& core);
  InterfaceAddress* FindMutable(const Ipv6Address& address);
  Errno SetAllGroups(const GroupFilter& from, const GroupFilter& to);

  const uint16_t index_;
  const std::string name_;
  const std::unique_ptr<Link> link_;
  InterfaceObserver& observer_;
  const Tunables& tunables_;
  const MacAddress mac_address_;
  const bool finishes_checksums_;
  size_t mtu_;
  bool link_up_ = false;
  bool disabled_ = false;
  std::vector<InterfaceAddress> addresses_;
  Groups groups_;
  uint32_t all_groups_ = 0;
  LinkFilter filter_;
  Burst sending_;
  PacketQueue looped_;
  FrameObserver* frame_observer_ = nullptr;
};

}  // namespace sextant::iface
