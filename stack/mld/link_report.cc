// SPDX-License-Identifier: BSD-3-Clause
// What a link's reports say, and how many of them go out at a time.
// RFC 3810 §5.2.12, §6.1, §6.2; RFC 2710 §4 while the querier speaks MLDv1.
// Owned by one Core.
#include <algorithm>

#include "mld/link_state.h"

namespace sextant::mld {

using iface::FilterMode;
using iface::GroupFilter;
using wire::MldRecordType;
using wire::MldVersion;

// The last packet is filled up.
bool LinkState::HasRoom(const ReportWriter& writer) {
  const size_t packets = writer.packets();
  return packets < kPacketsPerFlush || (packets == kPacketsPerFlush && !writer.is_full());
}

GroupFilter LinkState::FilterOf(const GroupState& state) const {
  const auto found = interface_.groups().find(state.group);
  return found == interface_.groups().end() ? GroupFilter::None() : found->second.Merged();
}

bool LinkState::Accepts(const GroupState& state, const Ipv6Address& source) const {
  const auto found = interface_.groups().find(state.group);
  return found != interface_.groups().end() && found->second.Accepts(source);
}

void LinkState::Flush() {
  if (!is_busy() || core_.now() < paused_until_) return;
  if (core_.pool().available() == 0) {
    // Nothing is said now, so nothing counts as said.
    core_.NeverMade(DropReason::kNoBuffer);
    return Pause(Duration::Milliseconds(10));
  }
  ReportWriter writer(core_, outbox_, interface_);
  const bool done = SendDue(writer) && SendRound(writer);
  Finish(writer);
  if (!done) Pause(TimerWheel::kTick);
}

void LinkState::Pause(Duration time) {
  paused_until_ = core_.now() + time;
  core_.Arm(pause_, time);
}

void LinkState::Finish(ReportWriter& writer) {
  writer.Finish();
  if (writer.packets() != 0 && writer.is_unspecified()) owes_source_ = true;
}

// Both return whether all is done.
bool LinkState::SendDue(ReportWriter& writer) {
  for (size_t i = 0; i < kGroupsPerFlush && HasRoom(writer); ++i) {
    GroupState* const state = due_.front();
    if (state == nullptr) return true;
    Write(*state, writer);
  }
  return !has_due();
}

bool LinkState::SendRound(ReportWriter& writer) {
  for (size_t i = 0; i < kGroupsPerFlush && HasRoom(writer); ++i) {
    GroupState* const state = is_round_ ? members_.front() : nullptr;
    if (state == nullptr || !TakeTurn(*state, writer)) {
      is_round_ = false;
      return true;
    }
  }
  return !is_round_;
}

void LinkState::StartRound(RoundKind kind) {
  round_kinds_ = static_cast<uint8_t>((is_round_ ? round_kinds_ : 0) | kind);
  is_round_ = true;
  ++round_;
  // Wakes whoever waits for a timer: the turns are taken in Flush().
  if (!pause_.is_armed()) core_.Arm(pause_, Duration());
}

// The group at the front of the list; false when it has had its turn. From
// there on all have: whoever had it went to the back.
bool LinkState::TakeTurn(GroupState& state, ReportWriter& writer) {
  if (state.round == round_) return false;
  state.round = round_;
  state.place().Unlink();
  members_.PushBack(state);
  Freshen(state);
  if ((round_kinds_ & kAnnounce) != 0) {
    state.mode_reports = robustness();
    if (!state.change_due) core_.Arm(state.repeat, RandomInterval());
  }
  if ((round_kinds_ & kAnswer) == 0) return true;
  if (is_v1()) {
    AnswerV1Within(state, round_delay_);
  } else {
    WriteCurrent(state, writer);
  }
  return true;
}

// May destroy `state`.
void LinkState::Write(GroupState& state, ReportWriter& writer) {
  Freshen(state);
  const bool answer = state.answer_due;
  const bool change = state.change_due;
  ClearDue(state);
  if (answer) WriteAnswer(state, writer);
  if (change) is_v1() ? WriteChangeV1(state, writer) : WriteChange(state, writer);
  if (state.owes_change()) {
    if (!state.repeat.is_armed()) core_.Arm(state.repeat, RandomInterval());
  } else if (!state.member) {
    Forget(state);
  }
}

void LinkState::WriteChange(GroupState& state, ReportWriter& writer) {
  if (state.mode_reports != 0) {
    --state.mode_reports;
    const GroupFilter filter = FilterOf(state);
    writer.Add(filter.mode == FilterMode::kInclude ? MldRecordType::kChangeToInclude
                                                   : MldRecordType::kChangeToExclude,
               state.group, filter.sources);
  } else {
    WriteSourceChanges(state, writer);
  }
  // RFC 3810 §6.1: every report of the group counts for each source of its list.
  for (SourceReports& source : state.sources) --source.left;
  std::erase_if(state.sources, [](const SourceReports& source) { return source.left == 0; });
  state.reported = MldVersion::kV2;
}

void LinkState::WriteSourceChanges(GroupState& state, ReportWriter& writer) {
  std::vector<Ipv6Address> allowed;
  std::vector<Ipv6Address> blocked;
  for (const SourceReports& entry : state.sources) {
    (Accepts(state, entry.source) ? allowed : blocked).push_back(entry.source);
  }
  if (!allowed.empty()) writer.Add(MldRecordType::kAllowNewSources, state.group, allowed);
  if (!blocked.empty()) writer.Add(MldRecordType::kBlockOldSources, state.group, blocked);
}

void LinkState::WriteChangeV1(GroupState& state, ReportWriter& writer) {
  --state.mode_reports;
  if (state.member) return ReportV1(state, writer);
  writer.AddV1(wire::Icmp6Type::kMldDone, state.group);
}

void LinkState::ReportV1(GroupState& state, ReportWriter& writer) {
  writer.AddV1(wire::Icmp6Type::kMldReport, state.group);
  state.last_reporter = true;
  state.reported = MldVersion::kV1;
}

void LinkState::WriteAnswer(GroupState& state, ReportWriter& writer) {
  if (is_v1()) return ReportV1(state, writer);
  if (state.queried.empty()) return WriteCurrent(state, writer);
  // RFC 3810 §6.2: of the sources asked for, those that are wanted, whatever the mode.
  std::vector<Ipv6Address> wanted;
  wanted.swap(state.queried);
  std::erase_if(wanted, [&](const Ipv6Address& source) { return !Accepts(state, source); });
  if (wanted.empty()) return;
  writer.Add(MldRecordType::kModeIsInclude, state.group, wanted);
  state.reported = MldVersion::kV2;
}

void LinkState::WriteCurrent(GroupState& state, ReportWriter& writer) {
  const GroupFilter filter = FilterOf(state);
  writer.Add(filter.mode == FilterMode::kInclude ? MldRecordType::kModeIsInclude
                                                 : MldRecordType::kModeIsExclude,
             state.group, filter.sources);
  state.reported = MldVersion::kV2;
}

}  // namespace sextant::mld
