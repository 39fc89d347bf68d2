// SPDX-License-Identifier: BSD-3-Clause
// Labels that outlive the program: what the manager writes down, and how it
// takes up what was written before.
// Owned by one Core.
#include <algorithm>

#include "flowlabel/manager.h"

namespace sextant::flowlabel {

// What must be synced before the caller may believe in the label as it is now;
// null when nothing must.
Ticket Manager::Persist(Entry& entry, bool changed) {
  if (journal_ == nullptr) return nullptr;
  const Duration remaining = entry.expiry - core_.now();
  const Duration longest = Duration::Seconds(policy_.unprivileged_max);
  const bool lives_long = remaining > longest || entry.linger > policy_.unprivileged_max;
  if (!entry.is_journalled && !lives_long) return nullptr;
  // Somebody else's change of it may still be on its way.
  if (!changed) return journal_->is_synced() ? nullptr : journal_->last();
  const SavedLabel saved{.label = entry.label,
                         .share = entry.share,
                         .is_leased = entry.references > 0,
                         .pid = entry.pid,
                         .user = entry.user,
                         .linger = entry.linger,
                         .remaining = remaining,
                         .destination = entry.destination};
  const bool is_new = !entry.is_journalled;
  entry.is_journalled = true;
  const HeaderSpans headers = entry.headers == nullptr ? HeaderSpans() : entry.headers->spans();
  return journal_->Save(saved, headers, is_new);
}

Errno Manager::Finish(SocketLabels& socket, const Grant& grant) {
  const Errno result = grant.ticket->result;
  if (result == Errno::kOk || !grant.is_lease || !socket.Holds(grant.label)) return result;
  socket.Remove(grant.label);
  Entry& entry = *table_.Find(grant.label);
  // What was never granted need not linger.
  if (grant.is_created && entry.references == 1) {
    entry.linger = 0;
    entry.expiry = core_.now();
  }
  Drop(entry);
  return result;
}

void Manager::Restore(const SavedLabel& saved) {
  // The crash has ended its leases, at some time before now.
  const Duration linger = Duration::Seconds(saved.is_leased ? saved.linger : 0);
  const Duration remaining = std::max(saved.remaining, linger);
  if (remaining <= Duration() || table_.labels().Contains(saved.label)) {
    return journal_->Forget(saved.label);
  }
  Entry& entry = table_.Insert(saved.label);
  entry.destination = saved.destination;
  entry.share = saved.share;
  entry.pid = saved.pid;
  entry.user = saved.user;
  entry.linger = saved.linger;
  entry.last_use = core_.now();
  entry.expiry = core_.now() + remaining;
  entry.is_restored = true;
  entry.is_journalled = true;
  if (!saved.headers.empty()) entry.headers = std::make_unique<const HeaderBlock>(saved.headers);
  Count(entry);
  // From now on it is written down as what lingers, so that another crash does not lengthen it.
  if (saved.is_leased) Persist(entry, true);
  collector_.Watch(entry);
}

}  // namespace sextant::flowlabel
