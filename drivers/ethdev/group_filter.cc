// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/ethdev/group_filter.h"

#include <rte_ethdev.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sextant {

GroupFilter::GroupFilter(uint16_t port) : port_(port), exists_(SetList({})) {}

bool GroupFilter::SetList(std::span<const MacAddress> groups) {
  std::vector<rte_ether_addr> list(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    std::ranges::copy(groups[i].bytes(), list[i].addr_bytes);
  }
  return rte_eth_dev_set_mc_addr_list(port_, list.data(), static_cast<uint32_t>(list.size())) == 0;
}

bool GroupFilter::Open() {
  const bool was_open = std::exchange(open_, true);
  // Where this is not supported either, there is no filter and all frames come.
  return rte_eth_allmulticast_enable(port_) == 0 && !was_open;
}

bool GroupFilter::Set(std::span<const MacAddress> groups) {
  if (!exists_ || !SetList(groups)) return Open();
  if (std::exchange(open_, false) && !all_) rte_eth_allmulticast_disable(port_);
  return false;
}

void GroupFilter::SetAll(bool all) {
  all_ = all;
  if (all) {
    rte_eth_allmulticast_enable(port_);
  } else if (!open_) {
    rte_eth_allmulticast_disable(port_);
  }
}

}  // namespace sextant
