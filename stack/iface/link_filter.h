// SPDX-License-Identifier: BSD-3-Clause
// LinkFilter: the link-layer groups that a link has to let through. Changes are
// collected and reach the link together, once per poll.
// RFC 2464 §7 (several groups may share one link-layer address).
// Owned by one Core.
#pragma once

#include "absl/container/flat_hash_map.h"
#include "base/mac_address.h"
#include "core/link.h"

namespace sextant::iface {

class LinkFilter {
 public:
  void Add(const Ipv6Address& group) {
    if (++members_[BitsOf(group)] == 1) stale_ = true;
  }
  // REQUIRES: it was added.
  void Remove(const Ipv6Address& group);
  // Every group there is, whatever was added.
  void SetAll(bool all) {
    stale_ |= all != all_;
    all_ = all;
  }

  bool is_stale() const { return stale_; }
  void Program(Link& link);
  // Times there were more groups than a link is told one by one.
  uint64_t overflows() const { return overflows_; }

 private:
  // LIMIT: more than devices have room for, and few enough to be told anew
  // whenever one of them changes.
  static constexpr size_t kMaxListed = 4096;

  // The part of the group that is in its link-layer address.
  static uint32_t BitsOf(const Ipv6Address& group) { return Load32(group.bytes(), 12); }

  absl::flat_hash_map<uint32_t, uint32_t> members_;
  bool stale_ = true;
  bool all_ = false;
  bool overflowing_ = false;
  bool open_ = false;  // the link was told to let all through
  uint64_t overflows_ = 0;
};

}  // namespace sextant::iface
