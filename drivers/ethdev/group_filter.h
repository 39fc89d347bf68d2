// SPDX-License-Identifier: BSD-3-Clause
// GroupFilter: which multicast frames a DPDK port lets through. A filter that
// cannot hold all groups is opened for all multicast.
// Owned by one Core.
#pragma once

#include <cstdint>
#include <span>

#include "base/mac_address.h"

namespace sextant {

class GroupFilter {
 public:
  // For a port that runs.
  explicit GroupFilter(uint16_t port);

  // False: the port has no list of groups, only open and perhaps closed.
  bool exists() const { return exists_; }
  // Returns true when the port had to be opened for all multicast, and was not
  // before.
  bool Set(std::span<const MacAddress> groups);
  // Opens the port for all multicast because that is wanted, or no longer.
  void SetAll(bool all);

 private:
  bool SetList(std::span<const MacAddress> groups);
  bool Open();

  const uint16_t port_;
  bool exists_ = false;
  bool open_ = false;  // because the list was too long
  bool all_ = false;   // because it was asked for
};

}  // namespace sextant
