// SPDX-License-Identifier: BSD-3-Clause
// What the manager tells: to getsockopt(), and to who is about to send.
// Owned by one Core.
#include <algorithm>

#include "flowlabel/manager.h"

namespace sextant::flowlabel {
namespace {

uint16_t SecondsUntil(Instant expiry, Instant now) {
  const int64_t seconds = (expiry - now).milliseconds() / 1000;
  return static_cast<uint16_t>(std::clamp<int64_t>(seconds, 0, UINT16_MAX));
}

}  // namespace

Result<Answer> Manager::Query(const SocketLabels& socket, const Request& request,
                              uint32_t remote) const {
  if (request.action != Action::kGet) return Errno::kInvalid;
  if ((request.flags & kFlagRemote) != 0) return Answer{.label = remote & kLabelMask};
  const uint32_t label = socket.flow_info & kLabelMask;
  if (socket.reflects) return Answer{.label = label};
  if (!socket.Holds(label)) return Errno::kNoEntry;
  const Entry& entry = *table_.Find(label);
  return Answer{.label = label,
                .destination = entry.destination,
                .share = entry.share,
                .expires = SecondsUntil(entry.expiry, core_.now()),
                .linger = entry.linger};
}

Errno Manager::MaySend(const SocketLabels& socket, uint32_t label,
                       const Ipv6Address& destination) const {
  const Tunables& tunables = core_.tunables();
  const bool needs_lease = guarded_ > 0 || tunables.flowlabel_require_lease != 0;
  if (label == 0 || (!needs_lease && tunables.flowlabel_check_destination == 0)) {
    return Errno::kOk;
  }
  if (!socket.Holds(label)) return needs_lease ? Errno::kInvalid : Errno::kOk;
  const bool matters = tunables.flowlabel_check_destination != 0;
  return matters && table_.Find(label)->destination != destination ? Errno::kInvalid : Errno::kOk;
}

const HeaderBlock* Manager::Use(const SocketLabels& socket, uint32_t label) {
  if (!socket.Holds(label)) return nullptr;
  Entry& entry = *table_.Find(label);
  entry.last_use = core_.now();
  return entry.headers.get();
}

}  // namespace sextant::flowlabel
