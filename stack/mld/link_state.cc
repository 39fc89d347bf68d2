// SPDX-License-Identifier: BSD-3-Clause
// Groups that come and go on a link, and the changes that are owed for them.
// Owned by one Core.
#include "mld/link_state.h"

#include <algorithm>

namespace sextant::mld {

using wire::MldVersion;

LinkState::LinkState(Core& core, Outbox& outbox, iface::Interface& interface)
    : core_(core), outbox_(outbox), interface_(interface) {}

GroupState& LinkState::Fetch(const Ipv6Address& group) {
  std::unique_ptr<GroupState>& state = groups_[group];
  if (!state) {
    state = std::make_unique<GroupState>(*this, group);
    state->epoch = epoch_;
    state->round = round_;
    leaving_.PushBack(*state);
    ++leaving_count_;
  }
  Freshen(*state);
  return *state;
}

GroupState* LinkState::FindMember(const Ipv6Address& group) {
  const auto found = groups_.find(group);
  if (found == groups_.end() || !found->second->member) return nullptr;
  Freshen(*found->second);
  return found->second.get();
}

// RFC 3810 §8.2.1: a change of version cancels all pending responses and
// retransmissions. It is done group by group, when they are met next.
void LinkState::Freshen(GroupState& state) {
  if (std::exchange(state.epoch, epoch_) != epoch_) Forgive(state);
}

void LinkState::Forgive(GroupState& state) {
  state.mode_reports = 0;
  state.sources.clear();
  state.queried.clear();
  state.repeat.Cancel();
  state.answer.Cancel();
  ClearDue(state);
}

void LinkState::Forget(GroupState& state) {
  ClearDue(state);
  if (!state.member) --leaving_count_;
  groups_.erase(state.group);
}

void LinkState::SetDue(GroupState& state) {
  if (state.due().is_linked()) return;
  due_.PushBack(state);
  ++due_count_;
}

void LinkState::ClearDue(GroupState& state) {
  state.change_due = false;
  state.answer_due = false;
  if (!state.due().is_linked()) return;
  state.due().Unlink();
  --due_count_;
}

void LinkState::OnGroupChange(const Ipv6Address& group, const iface::GroupChange& change) {
  GroupState& state = Fetch(group);
  Place(state);
  if (!Owe(state, change)) {
    if (!state.member) Forget(state);
    return;
  }
  state.repeat.Cancel();
  state.change_due = true;
  SetDue(state);
  if (immediate_at_ != core_.now()) immediate_left_ = kImmediate;
  immediate_at_ = core_.now();
  if (immediate_left_ == 0) return;
  --immediate_left_;
  ReportWriter writer(core_, outbox_, interface_);
  Write(state, writer);
  Finish(writer);
}

void LinkState::Place(GroupState& state) {
  const bool member = interface_.groups().contains(state.group);
  if (member == state.member) return;
  state.member = member;
  state.place().Unlink();
  if (member) {
    --leaving_count_;
    members_.PushBack(state);
    state.round = round_;
    return;
  }
  // Nobody is left to be answered for.
  state.answer.Cancel();
  state.answer_due = false;
  state.queried.clear();
  if (leaving_count_ == kMaxLeaving) Forget(*leaving_.front());
  leaving_.PushBack(state);
  ++leaving_count_;
}

// Returns whether there is anything to report at once.
bool LinkState::Owe(GroupState& state, const iface::GroupChange& change) {
  if (is_v1()) {
    // RFC 2710 §5: joining is reported as often; Done is sent once, by the last
    // reporter. Sources are nothing that MLDv1 could speak of.
    if (change.joined) state.mode_reports = robustness();
    if (change.left) state.mode_reports = state.last_reporter ? 1 : 0;
    return (change.joined || change.left) && state.owes_change();
  }
  if (change.changes_mode()) state.mode_reports = robustness();
  for (const Ipv6Address& source : change.allowed) OweSource(state, source);
  for (const Ipv6Address& source : change.blocked) OweSource(state, source);
  return true;
}

// RFC 3810 §6.1: whether the source is allowed or blocked is seen when a report is made.
void LinkState::OweSource(GroupState& state, const Ipv6Address& source) {
  const auto known = std::ranges::lower_bound(state.sources, source, {}, &SourceReports::source);
  if (known != state.sources.end() && known->source == source) {
    known->left = robustness();
  } else if (state.sources.size() < kMaxChangedSources) {
    state.sources.insert(known, {source, robustness()});
  } else {
    state.mode_reports = robustness();
  }
}

void LinkState::OnRepeat(GroupState& state) {
  Freshen(state);
  if (state.owes_change()) {
    state.change_due = true;
    SetDue(state);
  } else if (!state.member) {
    Forget(state);
  }
}

void LinkState::OnAnswer(GroupState& state) {
  if (state.epoch != epoch_) return Freshen(state);
  state.answer_due = true;
  SetDue(state);
}

void LinkState::OnAddress() {
  if (!owes_source_ || interface_.LinkLocal() == nullptr) return;
  owes_source_ = false;
  Announce();
}

uint8_t LinkState::robustness() const {
  return told_robustness_ != 0 ? told_robustness_
                               : static_cast<uint8_t>(core_.tunables().mld_robustness);
}

// RFC 3810 §6.1: from (0, Unsolicited Report Interval].
Duration LinkState::RandomInterval() {
  const Tunables& tunables = core_.tunables();
  const Duration longest = Duration::Milliseconds(is_v1() ? tunables.mld_v1_unsolicited_interval_ms
                                                          : tunables.mld_unsolicited_interval_ms);
  return core_.rng().Between(Duration(), longest) + Duration::Nanoseconds(1);
}

MldVersion LinkState::reported(const Ipv6Address& group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? MldVersion::kNone : found->second->reported;
}

size_t LinkState::pending() const {
  return static_cast<size_t>(std::ranges::count_if(groups_, [this](const auto& entry) {
    return entry.second->epoch == epoch_ && entry.second->owes_change();
  }));
}

}  // namespace sextant::mld
