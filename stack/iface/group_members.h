// SPDX-License-Identifier: BSD-3-Clause
// GroupMembers: what all members of one group on one interface want together.
// Only counts are kept, so that a member costs nothing here, whatever its
// filter, and a packet's source is judged by one lookup.
// RFC 3810 §4.2: the interface is in EXCLUDE mode when any member is; it then
// refuses what all those exclude and no other includes. Else it takes what any
// member includes.
// Owned by one Core.
#pragma once

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "iface/group_filter.h"

namespace sextant::iface {

class GroupMembers {
 public:
  uint32_t members() const { return members_; }
  FilterMode mode() const { return excluding_ == 0 ? FilterMode::kInclude : FilterMode::kExclude; }
  // Whether any member wants to hear this source.
  bool Accepts(const Ipv6Address& source) const {
    if (!sources_) [[likely]]
      return excluding_ != 0;
    const auto found = sources_->find(source);
    if (found == sources_->end()) return excluding_ != 0;
    return found->second.including != 0 || found->second.excluding < excluding_;
  }
  // The filters of all members, merged.
  GroupFilter Merged() const;
  // Sources that any member names.
  size_t named() const { return sources_ ? sources_->size() : 0; }
  // How many there would be if `to` came.
  size_t NamedWith(const GroupFilter& to) const;

  // A member that wanted `from` now wants `to`.
  GroupChange Replace(const GroupFilter& from, const GroupFilter& to);

 private:
  struct Naming {
    uint32_t including = 0;
    uint32_t excluding = 0;
    uint32_t& Of(FilterMode mode) { return mode == FilterMode::kInclude ? including : excluding; }
    bool is_idle() const { return including == 0 && excluding == 0; }
  };
  using Sources = absl::flat_hash_map<Ipv6Address, Naming>;
  struct Opinion {
    Ipv6Address source;
    bool wanted = false;
  };

  // The sources about which opinions may change, and what they are now.
  std::vector<Opinion> Opinions(const GroupFilter& from, const GroupFilter& to) const;
  void Add(const GroupFilter& filter);
  void Remove(const GroupFilter& filter);

  uint32_t members_ = 0;
  uint32_t excluding_ = 0;  // of them, those in EXCLUDE mode
  std::unique_ptr<Sources> sources_;
};

}  // namespace sextant::iface
