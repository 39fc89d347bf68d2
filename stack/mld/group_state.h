// SPDX-License-Identifier: BSD-3-Clause
// GroupState: what is still to be said about one group on one link: changes
// that have to be reported again, and a query that waits for its answer.
// RFC 3810 §6.1 (Retransmission List and counters), §6.2 (pending responses);
// RFC 2710 §5 (the flag of the last reporter).
// Owned by one Core.
#pragma once

#include <vector>

#include "core/core.h"
#include "wire/mld.h"

namespace sextant::mld {

class LinkState;

struct PlaceTag;
struct DueTag;

// A source in retransmission state: the reports that will still name it.
struct SourceReports {
  Ipv6Address source;
  uint8_t left = 0;
};

// Invariants: 1. a state is in exactly one of its link's lists of members and
// of leaving groups; 2. it is in the list of due ones exactly when change_due or
// answer_due; 3. one that is leaving and owes nothing is destroyed.
struct GroupState : ListNode<PlaceTag>, ListNode<DueTag> {
  GroupState(LinkState& owner, const Ipv6Address& address) : link(owner), group(address) {}
  void OnRepeat(Core&);
  void OnAnswer(Core&);

  ListNode<PlaceTag>& place() { return *this; }
  ListNode<DueTag>& due() { return *this; }
  bool owes_change() const { return mode_reports != 0 || !sources.empty(); }
  bool awaits_answer() const { return answer_due || answer.is_armed(); }

  LinkState& link;
  const Ipv6Address group;
  bool member = false;
  // Rounds of the link in which it has had its turn, and the version's epoch it belongs to.
  uint32_t round = 0;
  uint32_t epoch = 0;

  // RFC 3810 §6.1: reports that will say the mode, with all its sources; and
  // behind those, reports that will say what became of single sources. While
  // the querier speaks MLDv1, the first counts its reports.
  uint8_t mode_reports = 0;
  std::vector<SourceReports> sources = {};
  bool change_due = false;
  Timer repeat{Timer::Calling<&GroupState::OnRepeat>(this)};

  // RFC 3810 §6.2: the sources that were asked for; none: the whole group.
  std::vector<Ipv6Address> queried = {};
  bool answer_due = false;
  Timer answer{Timer::Calling<&GroupState::OnAnswer>(this)};

  // RFC 2710 §5: nobody has reported it after us, so that Done is ours to send.
  bool last_reporter = false;
  // Of the last report that was sent, or heard from another listener.
  wire::MldVersion reported = wire::MldVersion::kNone;
};

}  // namespace sextant::mld
