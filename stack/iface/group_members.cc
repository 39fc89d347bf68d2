// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "iface/group_members.h"

#include "base/check.h"

namespace sextant::iface {

GroupFilter GroupMembers::Merged() const {
  GroupFilter merged{mode(), {}};
  if (!sources_) return merged;
  for (const auto& [source, naming] : *sources_) {
    const bool listed = excluding_ == 0 ? naming.including != 0
                                        : naming.including == 0 && naming.excluding == excluding_;
    if (listed) merged.sources.push_back(source);
  }
  std::ranges::sort(merged.sources);
  return merged;
}

size_t GroupMembers::NamedWith(const GroupFilter& to) const {
  if (!sources_) return to.sources.size();
  const auto fresh = std::ranges::count_if(
      to.sources, [&](const Ipv6Address& source) { return !sources_->contains(source); });
  return sources_->size() + static_cast<size_t>(fresh);
}

std::vector<GroupMembers::Opinion> GroupMembers::Opinions(const GroupFilter& from,
                                                          const GroupFilter& to) const {
  std::vector<Opinion> opinions;
  const auto ask = [&](const Ipv6Address& source) {
    opinions.push_back({source, Accepts(source)});
  };
  // A member that comes to EXCLUDE mode, or leaves it, matters for every source.
  if (excluding_ != 0 && from.mode != to.mode && sources_) {
    for (const auto& [source, naming] : *sources_) ask(source);
  } else {
    std::ranges::for_each(from.sources, ask);
  }
  std::ranges::for_each(to.sources, ask);
  std::ranges::sort(opinions, {}, &Opinion::source);
  const auto same = [](const Opinion& a, const Opinion& b) { return a.source == b.source; };
  opinions.erase(std::unique(opinions.begin(), opinions.end(), same), opinions.end());
  return opinions;
}

void GroupMembers::Add(const GroupFilter& filter) {
  if (filter.is_none()) return;
  ++members_;
  if (filter.mode == FilterMode::kExclude) ++excluding_;
  if (filter.sources.empty()) return;
  if (!sources_) sources_ = std::make_unique<Sources>();
  for (const Ipv6Address& source : filter.sources) ++(*sources_)[source].Of(filter.mode);
}

void GroupMembers::Remove(const GroupFilter& filter) {
  if (filter.is_none()) return;
  SX_CHECK(members_ != 0);
  --members_;
  if (filter.mode == FilterMode::kExclude) {
    SX_CHECK(excluding_ != 0);
    --excluding_;
  }
  for (const Ipv6Address& source : filter.sources) {
    const auto found = sources_->find(source);
    SX_CHECK(found != sources_->end() && found->second.Of(filter.mode) != 0);
    --found->second.Of(filter.mode);
    if (found->second.is_idle()) sources_->erase(found);
  }
  if (sources_ && sources_->empty()) sources_.reset();
}

GroupChange GroupMembers::Replace(const GroupFilter& from, const GroupFilter& to) {
  GroupChange change;
  change.before = mode();
  change.joined = members_ == 0;
  const std::vector<Opinion> opinions = Opinions(from, to);
  Add(to);
  Remove(from);
  change.after = mode();
  change.joined = change.joined && members_ != 0;
  change.left = members_ == 0 && !from.is_none();
  if (change.changes_mode()) return change;
  for (const auto& [source, wanted] : opinions) {
    const bool wanted_now = Accepts(source);
    if (wanted_now && !wanted) change.allowed.push_back(source);
    if (!wanted_now && wanted) change.blocked.push_back(source);
  }
  return change;
}

}  // namespace sextant::iface
