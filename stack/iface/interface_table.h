// SPDX-License-Identifier: BSD-3-Clause
// InterfaceTable: all interfaces of a host, and whether an address is ours.
// RFC 4291 §2.8 (the addresses a node must recognise as itself), RFC 4007 (zones).
// A host follows the weak model: a global address is ours on whatever interface
// the packet arrived; an address that needs a zone only on its own interface.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "iface/interface.h"

namespace sextant::iface {

// What an address is to this host.
enum class Locality : uint8_t { kForeign, kTentative, kLocal };

class InterfaceTable {
 public:
  static constexpr uint16_t kLoopbackIndex = 1;

  InterfaceTable(InterfaceObserver& observer, const Tunables& tunables);

  // Null when kMaxInterfaces are there or the name is taken.
  Interface* Add(std::string name, std::unique_ptr<Link> link);

  Interface& loopback() { return *interfaces_[0]; }
  std::span<const std::unique_ptr<Interface>> all() const { return interfaces_; }
  // Null when there is none.
  Interface* at(uint32_t index) const {
    return index - 1 < interfaces_.size() ? interfaces_[index - 1].get() : nullptr;
  }
  Interface* Find(std::string_view name) const;

  // REQUIRES: !address.is_multicast(). Is it ours when seen on interface `index`
  // (0: on any)?
  Locality Classify(const Ipv6Address& address, uint32_t index) const;
  // The interface that has the address, on `index` if that is not 0; or null.
  Interface* Owner(const Ipv6Address& address, uint32_t index) const;

  // The graph calls this from InterfaceObserver::OnAddressChange.
  void IndexAddresses();
  // Counts every change of addresses, link states and MTUs; whoever caches a
  // decision keeps the generation it was made in.
  uint32_t generation() const { return generation_; }
  void Changed() { ++generation_; }

 private:
  // A small open table: as many slots as hold all addresses half full. Its keys
  // are chosen by the administrator, not by a sender, so a plain hash will do.
  static constexpr size_t kSlots = 2 * kMaxInterfaces * kMaxAddressesPerInterface;
  static_assert((kSlots & (kSlots - 1)) == 0);

  struct Slot {
    Ipv6Address address;
    uint16_t index = 0;  // 0: empty
    Locality locality = Locality::kForeign;
  };

  static size_t SlotOf(const Ipv6Address& address) {
    return address.Spread(std::countr_zero(kSlots));
  }
  const Slot* Lookup(const Ipv6Address& address, uint32_t index) const;

  InterfaceObserver& observer_;
  const Tunables& tunables_;
  std::vector<std::unique_ptr<Interface>> interfaces_;
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
  mutable const Slot* last_ = &slots_[0];  // the one that Lookup() found last
  uint32_t generation_ = 1;
};

inline const InterfaceTable::Slot* InterfaceTable::Lookup(const Ipv6Address& address,
                                                          uint32_t index) const {
  const bool link_local = address.is_link_local();
  // Most of what comes is for the same address as what came before.
  if (last_->address == address && last_->index != 0 && !link_local) [[likely]]
    return last_;
  for (size_t i = 0; i < kSlots; ++i) {
    const Slot& slot = slots_[(SlotOf(address) + i) & (kSlots - 1)];
    if (slot.index == 0) return nullptr;
    if (slot.address != address) continue;
    if (!link_local) return last_ = &slot;
    if (index == 0 || slot.index == index) return &slot;
  }
  return nullptr;
}

inline Locality InterfaceTable::Classify(const Ipv6Address& address, uint32_t index) const {
  const Slot* const slot = Lookup(address, index);
  return slot == nullptr ? Locality::kForeign : slot->locality;
}

}  // namespace sextant::iface
