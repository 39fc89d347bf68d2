// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "iface/link_filter.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"

namespace sextant::iface {
namespace {

MacAddress MacOf(uint32_t bits) {
  std::array<uint8_t, MacAddress::kSize> bytes{0x33, 0x33};
  Store32(bytes, 2, bits);
  return MacAddress(bytes);
}

}  // namespace

void LinkFilter::Remove(const Ipv6Address& group) {
  const auto found = members_.find(BitsOf(group));
  SX_CHECK(found != members_.end());
  if (--found->second != 0) return;
  members_.erase(found);
  stale_ = true;
}

void LinkFilter::Program(Link& link) {
  stale_ = false;
  const bool overflows = members_.size() > kMaxListed;
  if (overflows && !overflowing_) ++overflows_;
  overflowing_ = overflows;
  const bool open = all_ || overflowing_;
  if (open && !open_) link.SetAllGroups(true);
  if (!overflows) {
    std::vector<MacAddress> list;
    list.reserve(members_.size());
    for (const auto& [bits, count] : members_) list.push_back(MacOf(bits));
    std::ranges::sort(list);
    link.SetGroups(list);
  }
  if (!open && open_) link.SetAllGroups(false);
  open_ = open;
}

}  // namespace sextant::iface
