// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "iface/interface_table.h"

#include <algorithm>

namespace sextant::iface {

InterfaceTable::InterfaceTable(InterfaceObserver& observer, const Tunables& tunables)
    : observer_(observer), tunables_(tunables) {
  interfaces_.reserve(kMaxInterfaces);
}

Interface* InterfaceTable::Add(std::string name, std::unique_ptr<Link> link) {
  if (interfaces_.size() == kMaxInterfaces || Find(name) != nullptr) return nullptr;
  const auto index = static_cast<uint16_t>(interfaces_.size() + 1);
  SX_CHECK((index == kLoopbackIndex) == (link == nullptr));
  interfaces_.push_back(
      std::make_unique<Interface>(index, std::move(name), std::move(link), observer_, tunables_));
  Changed();
  return interfaces_.back().get();
}

Interface* InterfaceTable::Find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      interfaces_, [name](const auto& interface) { return interface->name() == name; });
  return found == interfaces_.end() ? nullptr : found->get();
}

Interface* InterfaceTable::Owner(const Ipv6Address& address, uint32_t index) const {
  const Slot* const slot = Lookup(address, index);
  return slot == nullptr ? nullptr : at(slot->index);
}

void InterfaceTable::IndexAddresses() {
  std::ranges::fill(slots_, Slot());
  for (const auto& interface : interfaces_) {
    for (const InterfaceAddress& entry : interface->addresses()) {
      if (entry.state == AddressState::kDuplicate) continue;
      size_t at = SlotOf(entry.address);
      while (slots_[at].index != 0) at = (at + 1) & (kSlots - 1);
      slots_[at] = {entry.address, interface->index(),
                    entry.is_usable() ? Locality::kLocal : Locality::kTentative};
    }
  }
  Changed();
}

}  // namespace sextant::iface
