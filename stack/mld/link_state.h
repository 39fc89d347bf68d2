// SPDX-License-Identifier: BSD-3-Clause
// LinkState: the listener on one link.
// RFC 3810 §6 (changes, queries, reports), §8.2.1 (falling back to MLDv1, RFC 2710).
//
//   a member's filter changes ──> GroupState owes changes ──┐ at once, and again after
//   a query names the group   ──> its answer timer ─────────┤ random times
//   a general query           ──> the link's timer ─> round ┴─> due ──Flush()──> reports
//
// What is due goes out together, so that many changes share a report. A round
// gives every group its turn, some at a time.
// Owned by one Core.
#pragma once

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "core/outbox.h"
#include "iface/interface.h"
#include "mld/group_state.h"
#include "mld/report_writer.h"
#include "wire/mld.h"

namespace sextant::mld {

class LinkState {
 public:
  LinkState(Core& core, Outbox& outbox, iface::Interface& interface);
  LinkState(const LinkState&) = delete;
  LinkState& operator=(const LinkState&) = delete;

  // RFC 3810 §6.1.
  void OnGroupChange(const Ipv6Address& group, const iface::GroupChange& change);
  // RFC 3590 §4: there is a proper source now; what went out from :: may have been ignored.
  void OnAddress();
  // Reports every group anew, spread over one interval.
  void Announce() { StartRound(kAnnounce); }
  // RFC 3810 §6.2. `sources`: those the query names; none: all there are.
  void Hear(const wire::MldQuery& query, std::span<const Ipv6Address> sources);
  // RFC 2710 §4: another listener has reported the group.
  void HearReport(const Ipv6Address& group);

  // Sends what is due, a bounded part of it at a time.
  void Flush();
  bool is_busy() const { return is_round_ || has_due(); }

  wire::MldVersion version() const { return version_; }
  // Of the last report of the group, by whomever.
  wire::MldVersion reported(const Ipv6Address& group) const;
  // Groups whose changes will be reported again.
  size_t pending() const;
  // Groups that are remembered: those joined, and those left a moment ago.
  size_t size() const { return groups_.size(); }

 private:
  friend struct GroupState;
  using Groups = absl::flat_hash_map<Ipv6Address, std::unique_ptr<GroupState>>;
  enum RoundKind : uint8_t { kAnswer = 1, kAnnounce = 2 };

  // LIMIT: groups that were left and whose leaving is not yet said often
  // enough. The one left first is forgotten: the router's own timer ends it.
  static constexpr size_t kMaxLeaving = 32'768;
  // LIMIT: sources of one group in retransmission state. Beyond it the whole
  // filter is reported instead, which says the same.
  static constexpr size_t kMaxChangedSources = 256;
  // LIMIT: sources of one group that queries have asked for. Beyond it the
  // whole group is reported, which says that and more.
  static constexpr size_t kMaxQueriedSources = 256;
  // LIMIT: changes that are reported one by one, at the very time they are
  // made, so that the report leaves before whatever the caller sends next.
  static constexpr int kImmediate = 8;
  // LIMIT: what one Flush() sends; the rest waits for a tick.
  static constexpr size_t kPacketsPerFlush = 8;
  static constexpr size_t kGroupsPerFlush = 1024;
  // LIMIT: general queries that want an answer at once are answered this often.
  static constexpr Duration kAnswerGap = Duration::Milliseconds(100);

  bool is_v1() const { return version_ == wire::MldVersion::kV1; }
  bool has_due() const { return due_count_ != 0; }

  // link_state.cc: groups that come and go, and what they owe.
  GroupState& Fetch(const Ipv6Address& group);
  GroupState* FindMember(const Ipv6Address& group);
  void Place(GroupState& state);
  bool Owe(GroupState& state, const iface::GroupChange& change);
  void OweSource(GroupState& state, const Ipv6Address& source);
  void Freshen(GroupState& state);
  void Forgive(GroupState& state);
  void Forget(GroupState& state);
  void SetDue(GroupState& state);
  void ClearDue(GroupState& state);
  void OnRepeat(GroupState& state);
  void OnAnswer(GroupState& state);
  Duration RandomInterval();

  // link_query.cc: what queries ask for.
  void Learn(const wire::MldQuery& query);
  void SetVersion(wire::MldVersion version);
  void HearGeneral(Duration longest);
  void HearSpecific(GroupState& state, Duration longest, std::span<const Ipv6Address> sources);
  void MergeQuery(GroupState& state, std::span<const Ipv6Address> sources);
  void AnswerV1Within(GroupState& state, Duration longest);
  void OnGeneral(Core&);
  void OnV1QuerierGone(Core&) { SetVersion(wire::MldVersion::kV2); }
  Duration OlderVersionTimeout() const;
  uint8_t robustness() const;

  // link_report.cc: what goes into reports.
  void StartRound(RoundKind kind);
  bool TakeTurn(GroupState& state, ReportWriter& writer);
  void Write(GroupState& state, ReportWriter& writer);
  void WriteChange(GroupState& state, ReportWriter& writer);
  void WriteChangeV1(GroupState& state, ReportWriter& writer);
  void WriteSourceChanges(GroupState& state, ReportWriter& writer);
  void WriteAnswer(GroupState& state, ReportWriter& writer);
  void WriteCurrent(GroupState& state, ReportWriter& writer);
  void ReportV1(GroupState& state, ReportWriter& writer);
  static bool HasRoom(const ReportWriter& writer);
  bool SendDue(ReportWriter& writer);
  bool SendRound(ReportWriter& writer);
  void Finish(ReportWriter& writer);
  void Pause(Duration time);
  void OnPause(Core&) {}
  bool Accepts(const GroupState& state, const Ipv6Address& source) const;
  iface::GroupFilter FilterOf(const GroupState& state) const;

  Core& core_;
  Outbox& outbox_;
  iface::Interface& interface_;

  Groups groups_;
  IntrusiveList<GroupState, PlaceTag> members_;
  IntrusiveList<GroupState, PlaceTag> leaving_;
  size_t leaving_count_ = 0;
  IntrusiveList<GroupState, DueTag> due_;
  size_t due_count_ = 0;

  // RFC 3810 §9: what the last querier has told; else the tunables say it.
  wire::MldVersion version_ = wire::MldVersion::kV2;
  uint32_t epoch_ = 0;  // counts changes of version_, which void what is pending
  uint8_t told_robustness_ = 0;
  Duration told_interval_;
  Duration query_response_ = Duration::Seconds(10);
  Timer v1_querier_{Timer::Calling<&LinkState::OnV1QuerierGone>(this)};

  Timer general_{Timer::Calling<&LinkState::OnGeneral>(this)};
  Instant answered_;  // the last general query
  bool has_answered_ = false;
  bool is_round_ = false;
  uint8_t round_kinds_ = 0;
  uint32_t round_ = 0;
  Duration round_delay_;  // MLDv1: the longest delay that the querier allows

  Instant immediate_at_;
  int immediate_left_ = 0;
  Instant paused_until_;
  Timer pause_{Timer::Calling<&LinkState::OnPause>(this)};
  bool owes_source_ = false;  // reports have gone out from ::
};

inline void GroupState::OnRepeat(Core&) { link.OnRepeat(*this); }
inline void GroupState::OnAnswer(Core&) { link.OnAnswer(*this); }

}  // namespace sextant::mld
