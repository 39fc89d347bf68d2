// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/manager.h"

#include <algorithm>

#include "wire/ipv6.h"

namespace sextant::flowlabel {
namespace {

// Linux's FL_MIN_LINGER: a label is kept this many seconds at least.
constexpr uint16_t kMinSeconds = 6;
// RFC 8200 §4.3: the longest header its length octet can tell.
constexpr size_t kMaxHeader = 2048;

bool IsKnown(Share share) {
  return share == Share::kExclusive || share == Share::kProcess || share == Share::kUser ||
         share == Share::kAny;
}

// Unspecified, or IPv4's. Nearly all others differ in the first word already.
bool IsNoDestination(const Ipv6Address& address) {
  return address.high_word() == 0 && (address.is_unspecified() || address.is_v4_mapped());
}

}  // namespace

Manager::Manager(Core& core, const Policy& policy, Journal* journal,
                 std::span<const SavedLabel> restored)
    : core_(core), policy_(policy), journal_(journal) {
  for (const SavedLabel& saved : restored) Restore(saved);
}

Grant Manager::Set(SocketLabels& socket, const Caller& caller, const Request& request) {
  switch (request.action) {
    case Action::kGet:
      return Get(socket, caller, request);
    case Action::kPut:
      return {.error = Put(socket, request)};
    case Action::kRenew:
      return Renew(socket, caller, request);
  }
  return {.error = Errno::kInvalid};
}

Grant Manager::Get(SocketLabels& socket, const Caller& caller, const Request& request) {
  if ((request.flags & kFlagReflect) != 0) return {.error = Reflect(socket)};
  const uint32_t label = request.label;
  if (label > kLabelMask) return {.error = Errno::kInvalid};
  if (core_.tunables().flowlabel_state_ranges != 0 && (label & kStatelessBit) != 0) {
    return {.error = Errno::kRange};
  }
  Times times;
  if (const Errno error = Validate(caller, request, times); error != Errno::kOk) {
    return {.error = error};
  }
  // Only what is leased, or waits for its owner to come back, is found without CREATE.
  Entry* const entry = label == 0 ? nullptr : table_.Find(label);
  if (entry != nullptr && (entry->references > 0 || entry->is_restored)) {
    return Join(socket, caller, request, times, *entry);
  }
  if ((request.flags & kFlagCreate) == 0) return {.error = Errno::kNoEntry};
  if (const Errno error = HasRoom(socket, caller); error != Errno::kOk) return {.error = error};
  if (entry != nullptr) return Join(socket, caller, request, times, *entry);
  return Create(socket, caller, request, times);
}

Errno Manager::Put(SocketLabels& socket, const Request& request) {
  if ((request.flags & kFlagReflect) != 0) return EndReflecting(socket);
  if (request.label > kLabelMask || !socket.Holds(request.label)) return Errno::kNoProcess;
  socket.Remove(request.label);
  if ((socket.flow_info & kLabelMask) == request.label) socket.flow_info &= ~kLabelMask;
  Drop(*table_.Find(request.label));
  return Errno::kOk;
}

Grant Manager::Renew(SocketLabels& socket, const Caller& caller, const Request& request) {
  if (request.label > kLabelMask) return {.error = Errno::kNoProcess};
  Entry* const entry = table_.Find(request.label);
  const bool foreign = request.share == Share::kNone && caller.net_admin;
  if (entry == nullptr || entry->references == 0 || (!socket.Holds(request.label) && !foreign)) {
    return {.error = Errno::kNoProcess};
  }
  const auto times = Normalize(caller, request);
  if (!times) return {.error = times.error()};
  entry->last_use = core_.now();
  // An expiry never comes before the linger is over, the label's own included.
  const bool raised = Raise(*entry, times->linger, std::max(times->span, entry->linger));
  return {.label = entry->label, .ticket = Persist(*entry, raised)};
}

Errno Manager::Reflect(SocketLabels& socket) const {
  if (core_.tunables().flowlabel_consistency != 0) return Errno::kPermission;
  if (!socket.is_tcp()) return Errno::kNoProtoOpt;
  socket.reflects = true;
  return Errno::kOk;
}

Errno Manager::EndReflecting(SocketLabels& socket) const {
  if (!socket.is_tcp()) return Errno::kNoProtoOpt;
  if (!socket.reflects) return Errno::kNoProcess;
  socket.reflects = false;
  socket.flow_info = 0;
  return Errno::kOk;
}

// The whole request, as if the label were to be made, even if it is there already.
Errno Manager::Validate(const Caller& caller, const Request& request, Times& times) const {
  if (request.options_size > kMaxOptionsSize) return Errno::kInvalid;
  if (request.options_error != Errno::kOk) return request.options_error;
  // RFC 8200 §4.5: what may end up behind a fragment header is not the same in every packet.
  if (request.destination_after_routing) return Errno::kInvalid;
  const HeaderSpans& headers = request.headers;
  if (headers.hop_by_hop.size() > kMaxHeader || headers.destination.size() > kMaxHeader ||
      headers.routing.size() > kMaxHeader) {
    return Errno::kInvalid;
  }
  const auto normal = Normalize(caller, request);
  if (!normal) return normal.error();
  times = *normal;
  if (IsNoDestination(request.destination)) return Errno::kInvalid;
  return IsKnown(request.share) ? Errno::kOk : Errno::kInvalid;
}

Result<Manager::Times> Manager::Normalize(const Caller& caller, const Request& request) const {
  const uint16_t longest = std::max(request.linger, request.expires);
  if (longest > policy_.unprivileged_max && !caller.net_admin) return Errno::kPermission;
  const uint16_t linger = std::max(request.linger, kMinSeconds);
  return Times{.linger = linger, .span = std::max({request.expires, kMinSeconds, linger})};
}

Errno Manager::HasRoom(const SocketLabels& socket, const Caller& caller) const {
  const size_t used = table_.size();
  const auto most = static_cast<size_t>(core_.tunables().flowlabel_entries);
  if (used < kSocketMax) return Errno::kOk;
  if (used >= most) return Errno::kNoBuffers;
  if (caller.net_admin) return Errno::kOk;
  if (socket.size() >= kSocketMax) return Errno::kNoBuffers;
  if (socket.size() > 0 && used > most - most / 2) return Errno::kNoBuffers;
  if (used > most - most / 4) return Errno::kNoBuffers;
  const auto user = users_.find(caller.user);
  const auto user_max = static_cast<size_t>(core_.tunables().flowlabel_user_max);
  return user == users_.end() || user->second < user_max ? Errno::kOk : Errno::kNoBuffers;
}

Errno Manager::MayJoin(const SocketLabels& socket, const Caller& caller, const Request& request,
                       const Entry& entry) const {
  if (entry.is_restored) {
    // Its owner comes back: whoever asks for the very same, whatever its flags say.
    const HeaderBlock none;
    const HeaderBlock& headers = entry.headers == nullptr ? none : *entry.headers;
    if (entry.user != caller.user || entry.share != request.share ||
        entry.destination != request.destination || headers != request.headers) {
      return Errno::kPermission;
    }
  } else {
    if ((request.flags & kFlagExclusive) != 0) return Errno::kExists;
    if (entry.share == Share::kExclusive || entry.share != request.share ||
        (entry.share == Share::kProcess && entry.pid != caller.pid) ||
        (entry.share == Share::kUser && entry.user != caller.user)) {
      return Errno::kPermission;
    }
  }
  return socket.size() < kSocketMax || caller.net_admin ? Errno::kOk : Errno::kNoBuffers;
}

// The request's destination and headers do not matter: the label's stay.
Grant Manager::Join(SocketLabels& socket, const Caller& caller, const Request& request,
                    const Times& times, Entry& entry) {
  if (const Errno error = MayJoin(socket, caller, request, entry); error != Errno::kOk) {
    return {.error = error};
  }
  // Also what leaves off lingering has changed: after a crash it is kept from then on.
  bool changed = entry.references == 0;
  if (entry.is_restored) {
    entry.is_restored = false;
    entry.pid = caller.pid;
  }
  changed = Raise(entry, times.linger, times.span) || changed;
  Lease(socket, entry);
  return {.label = entry.label, .is_lease = true, .ticket = Persist(entry, changed)};
}

Grant Manager::Create(SocketLabels& socket, const Caller& caller, const Request& request,
                      const Times& times) {
  const bool halves = core_.tunables().flowlabel_state_ranges != 0;
  uint32_t label = request.label;
  if (label == 0) {
    label = table_.Draw(core_.rng(), halves ? kStatelessBit : kLabelMask + 1);
    if (label == 0) return {.error = Errno::kNoBuffers};
  }
  Entry& entry = table_.Insert(label);
  entry.destination = request.destination;
  entry.share = request.share;
  entry.pid = caller.pid;
  entry.user = caller.user;
  entry.last_use = core_.now();
  if (!request.headers.empty()) {
    entry.headers = std::make_unique<const HeaderBlock>(request.headers);
  }
  Raise(entry, times.linger, times.span);
  Count(entry);
  Lease(socket, entry);
  return {.label = label, .is_lease = true, .is_created = true, .ticket = Persist(entry, true)};
}

void Manager::Lease(SocketLabels& socket, Entry& entry) {
  ++entry.references;
  socket.Add(entry.label);
}

void Manager::Count(Entry& entry) {
  ++users_[entry.user];
  if (entry.is_guarded() && guarded_++ == 0) ++generation_;
}

// A lease has ended.
void Manager::Drop(Entry& entry) {
  ++generation_;
  entry.last_use = core_.now();
  if (--entry.references > 0) return;
  entry.expiry = std::max(entry.expiry, core_.now() + Duration::Seconds(entry.linger));
  if (entry.is_journalled) Persist(entry, true);
  collector_.Watch(entry);
}

void Manager::Release(SocketLabels& socket) {
  socket.Clear([this](uint32_t label) { Drop(*table_.Find(label)); });
}

void Manager::OnLapse(Entry& entry) {
  if (entry.is_journalled) journal_->Forget(entry.label);
  if (entry.is_guarded() && --guarded_ == 0) ++generation_;
  const auto user = users_.find(entry.user);
  if (--user->second == 0) users_.erase(user);
  table_.Erase(entry);
}

// Says whether a time has grown.
bool Manager::Raise(Entry& entry, uint16_t linger, uint16_t span) const {
  const Instant expiry = core_.now() + Duration::Seconds(span);
  const bool grown = linger > entry.linger || expiry > entry.expiry;
  entry.linger = std::max(entry.linger, linger);
  entry.expiry = std::max(entry.expiry, expiry);
  return grown;
}

}  // namespace sextant::flowlabel
