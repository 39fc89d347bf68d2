// SPDX-License-Identifier: BSD-3-Clause
// What queries ask of a link's listener, and when the answer goes out.
// RFC 3810 §6.2, §8.2.1; RFC 2710 §4 while the querier speaks MLDv1.
// Owned by one Core.
#include <algorithm>
#include <iterator>

#include "mld/link_state.h"

namespace sextant::mld {

using wire::MldVersion;

void LinkState::Hear(const wire::MldQuery& query, std::span<const Ipv6Address> sources) {
  Learn(query);
  if (query.is_general()) return HearGeneral(query.max_response_delay);
  GroupState* const state = FindMember(query.group);
  if (state != nullptr) HearSpecific(*state, query.max_response_delay, sources);
}

void LinkState::Learn(const wire::MldQuery& query) {
  if (query.is_general()) query_response_ = query.max_response_delay;
  if (query.version == MldVersion::kV1) {
    if (core_.tunables().mld_v1_fallback == 0) return;
    SetVersion(MldVersion::kV1);
    core_.Arm(v1_querier_, OlderVersionTimeout());
    return;
  }
  // RFC 3810 §4.1.8, §9.1 and §9.2: what a querier does not tell is as by default.
  told_robustness_ = query.robustness;
  told_interval_ = query.query_interval;
}

// RFC 3810 §9.12.
Duration LinkState::OlderVersionTimeout() const {
  const Duration interval = told_interval_ != Duration()
                                ? told_interval_
                                : Duration::Seconds(core_.tunables().mld_query_interval_s);
  return interval * robustness() + query_response_;
}

void LinkState::SetVersion(MldVersion version) {
  if (std::exchange(version_, version) == version) return;
  // RFC 3810 §8.2.1: all pending responses and retransmissions are cancelled.
  ++epoch_;
  general_.Cancel();
  is_round_ = false;
}

void LinkState::HearGeneral(Duration longest) {
  if (is_v1()) {
    // RFC 2710 §4: every group waits for a time of its own.
    round_delay_ = longest;
    return StartRound(kAnswer);
  }
  Instant when = core_.now() + core_.rng().Between(Duration(), longest + Duration::Nanoseconds(1));
  // RFC 3810 §6.2, rule 1: an answer that goes out sooner will do.
  if (general_.is_armed() && general_.deadline() <= when) return;
  if (has_answered_) when = std::max(when, answered_ + kAnswerGap);
  core_.timers().Arm(general_, when);
}

void LinkState::OnGeneral(Core&) {
  has_answered_ = true;
  answered_ = core_.now();
  StartRound(kAnswer);
}

void LinkState::HearSpecific(GroupState& state, Duration longest,
                             std::span<const Ipv6Address> sources) {
  if (is_v1()) return AnswerV1Within(state, longest);
  const Instant when =
      core_.now() + core_.rng().Between(Duration(), longest + Duration::Nanoseconds(1));
  // RFC 3810 §6.2, rule 1: the answer to a general query says it all.
  if (general_.is_armed() && general_.deadline() <= when) return;
  MergeQuery(state, sources);
  if (state.answer_due) return;
  // Rules 4 and 5: one answer to both, at the earlier of the two times.
  if (!state.answer.is_armed() || when < state.answer.deadline()) {
    core_.timers().Arm(state.answer, when);
  }
}

void LinkState::MergeQuery(GroupState& state, std::span<const Ipv6Address> sources) {
  const bool whole = sources.empty() || (state.awaits_answer() && state.queried.empty());
  if (whole) return state.queried.clear();
  state.queried.insert(state.queried.end(), sources.begin(), sources.end());
  std::ranges::sort(state.queried);
  state.queried.erase(std::unique(state.queried.begin(), state.queried.end()), state.queried.end());
  if (state.queried.size() > kMaxQueriedSources) state.queried.clear();
}

// RFC 2710 §4: a timer that runs is set anew only when it would run too long.
void LinkState::AnswerV1Within(GroupState& state, Duration longest) {
  if (state.answer_due) return;
  if (state.answer.is_armed() && state.answer.deadline() <= core_.now() + longest) return;
  core_.Arm(state.answer, core_.rng().Between(Duration(), longest + Duration::Nanoseconds(1)));
}

void LinkState::HearReport(const Ipv6Address& group) {
  GroupState* const state = is_v1() ? FindMember(group) : nullptr;
  if (state == nullptr) return;
  // RFC 2710 §5: Delaying Listener becomes Idle Listener; Done is the other's to send.
  Forgive(*state);
  state->last_reporter = false;
  state->reported = MldVersion::kV1;
}

}  // namespace sextant::mld
