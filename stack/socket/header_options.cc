// SPDX-License-Identifier: BSD-3-Clause
// The options that are extension headers, by their names of RFC 3542 and of RFC 2292.
// RFC 3542 §7 to §9, RFC 2292 §4.5 to §7, RFC 5095 (no type 0), RFC 8754 (type 4).
// Owned by one Core.
#include <netinet/in.h>

#include "socket/header_block.h"
#include "socket/open_socket.h"
#include "socket/option_functions.h"
#include "wire/option.h"
#include "wire/routing.h"

namespace sextant::socket {
namespace {

using wire::ExtensionView;

bool HasGoodOptions(const ExtensionView& header) {
  wire::OptionReader options(header);
  while (!options.done()) {
    if (!options.Next()) return false;
  }
  return true;
}

// RFC 5095 §3: type 0 is not sent any more. Type 2 belongs to Mobile IPv6.
bool IsSendable(const wire::RoutingView& routing) {
  if (routing.type() != wire::RoutingType::kSegment || !routing.IsWellFormed()) return false;
  // RFC 8754 §4.1: the address that the wire destination is taken from must be there.
  if (routing.segments_left() > routing.last_entry()) return false;
  const Ipv6Address hop = routing.address(routing.segments_left());
  return routing.segments_left() == 0 || !(hop.is_multicast() || hop.is_unspecified());
}

bool IsGood(HeaderPlace place, const ExtensionView& header) {
  return place == HeaderPlace::kRouting ? IsSendable(wire::RoutingView(header))
                                        : HasGoodOptions(header);
}

Errno SetSticky(const OptionTarget& target, HeaderPlace place, Bytes bytes) {
  if (!bytes.empty()) {
    // The length that is given and the one that the header claims must agree.
    const bool whole = bytes.size() >= ExtensionView::kMinSize && bytes.size() <= kMaxHeader &&
                       ExtensionView::SizeAt(bytes) == bytes.size();
    if (!whole || !IsGood(place, *ExtensionView::Parse(bytes))) return Errno::kInvalid;
  }
  OpenSocket& socket = *target.socket;
  if (socket.sticky_headers == nullptr) socket.sticky_headers = std::make_unique<StickyHeaders>();
  socket.sticky_headers->Set(place, bytes);
  socket.sticky_headers->Publish(target.options.ip6, socket.upper());
  return Errno::kOk;
}

// RFC 2292 §4.5.2: options that come in several messages are sent in one
// header. Padding takes the place of the second one's first two octets, so that
// its options keep their alignment.
Errno Merge(const OptionTarget& target, HeaderPlace place, Bytes more) {
  Ip6Options& ip6 = target.options.ip6;
  if (!ip6.rfc2292 || target.scratch == nullptr || place == HeaderPlace::kRouting) {
    return Errno::kInvalid;
  }
  const Bytes sofar = ip6.headers.at(place);
  HeaderScratch& scratch = *target.scratch;
  const bool behind = ip6.headers.is_given(HeaderPlace::kFirstDestination);
  auto& room = place == HeaderPlace::kHopByHop ? scratch.hop_by_hop
               : behind                        ? scratch.behind_routing
                                               : scratch.destination;
  const size_t size = sofar.size() + more.size();
  if (place == HeaderPlace::kFirstDestination || size > room.size()) return Errno::kInvalid;
  std::memmove(room.data(), sofar.data(), sofar.size());
  std::memcpy(room.data() + sofar.size(), more.data(), more.size());
  if (!sofar.empty()) {
    room[sofar.size()] = static_cast<uint8_t>(wire::OptionType::kPadN);
    room[sofar.size() + 1] = 0;
  }
  room[ExtensionView::kLengthOffset] = static_cast<uint8_t>(size / ExtensionView::kUnit - 1);
  ip6.headers.Set(place, Bytes(room).first(size));
  return Errno::kOk;
}

Errno TakeAncillary(const OptionTarget& target, HeaderPlace place, Bytes bytes) {
  const Profile& profile = target.environment.profile;
  HeaderSet& headers = target.options.ip6.headers;
  if (bytes.empty() && !profile.empty_header_suppresses) return Errno::kInvalid;
  if (!bytes.empty()) {
    const auto header = ExtensionView::Parse(bytes);
    if (!header || header->size() > kMaxHeader || !IsGood(place, *header)) return Errno::kInvalid;
    if (place == HeaderPlace::kRouting && !profile.ancillary_segments) return Errno::kInvalid;
    bytes = header->bytes();
  }
  if (headers.is_given(place)) return Merge(target, place, bytes);
  if (!headers.is_any_given() && profile.ancillary_header_hides_sticky) headers.Clear();
  headers.Set(place, bytes);
  headers.MarkGiven(place);
  return Errno::kOk;
}

Errno Take(const OptionTarget& target, HeaderPlace place, Bytes bytes) {
  return target.socket != nullptr ? SetSticky(target, place, bytes)
                                  : TakeAncillary(target, place, bytes);
}

// What RFC 2292 asks for by the same names, as an int.
bool IsSwitch(const OptionTarget& target, const Value& value) {
  return target.socket != nullptr && value.bytes.size() == sizeof(int);
}

Errno Switch(const OptionTarget& target, const Value& value, bool Ip6Options::*wanted) {
  int on = 0;
  std::memcpy(&on, value.bytes.data(), sizeof on);
  target.options.ip6.*wanted = on != 0;
  if (on != 0) target.options.ip6.keep_last_packet = true;
  return Errno::kOk;
}

// Requirement C-12.
Errno SwitchHeader(const OptionTarget& target, const Value& value, bool Ip6Options::*wanted) {
  const Environment& environment = target.environment;
  if (environment.profile.old_switches_need_privilege && !environment.caller.net_raw) {
    return Errno::kPermission;
  }
  return Switch(target, value, wanted);
}

Errno PutSwitch(const OptionTarget& target, bool Ip6Options::*wanted, Reply& reply) {
  reply.PutInt(target.options.ip6.*wanted ? 1 : 0);
  return Errno::kOk;
}

}  // namespace

Errno SetHopByHop(const OptionTarget& target, const Value& value) {
  return Take(target, HeaderPlace::kHopByHop, value.bytes);
}
Errno SetFirstDestination(const OptionTarget& target, const Value& value) {
  return Take(target, HeaderPlace::kFirstDestination, value.bytes);
}
Errno SetRouting(const OptionTarget& target, const Value& value) {
  return Take(target, HeaderPlace::kRouting, value.bytes);
}
Errno SetDestination(const OptionTarget& target, const Value& value) {
  return Take(target, HeaderPlace::kDestination, value.bytes);
}

template <HeaderPlace kPlace>
Errno GetHeader(const OptionTarget& target, Reply& reply) {
  reply.Refer(target.options.ip6.headers.at(kPlace));
  return Errno::kOk;
}
template Errno GetHeader<HeaderPlace::kHopByHop>(const OptionTarget&, Reply&);
template Errno GetHeader<HeaderPlace::kFirstDestination>(const OptionTarget&, Reply&);
template Errno GetHeader<HeaderPlace::kRouting>(const OptionTarget&, Reply&);
template Errno GetHeader<HeaderPlace::kDestination>(const OptionTarget&, Reply&);

Errno SetOldHopByHop(const OptionTarget& target, const Value& value) {
  if (IsSwitch(target, value)) {
    return SwitchHeader(target, value, &Ip6Options::receive_old_hop_by_hop);
  }
  if (!target.environment.caller.net_raw) return Errno::kPermission;
  return SetHopByHop(target, value);
}

Errno SetOldDestination(const OptionTarget& target, const Value& value) {
  if (IsSwitch(target, value)) {
    return SwitchHeader(target, value, &Ip6Options::receive_old_destination);
  }
  if (!target.environment.caller.net_raw) return Errno::kPermission;
  return SetDestination(target, value);
}

Errno SetOldRouting(const OptionTarget& target, const Value& value) {
  if (IsSwitch(target, value)) {
    return SwitchHeader(target, value, &Ip6Options::receive_old_routing);
  }
  const Errno refused = SetRouting(target, value);
  HeaderSet& headers = target.options.ip6.headers;
  const bool moves = refused == Errno::kOk && target.socket == nullptr &&
                     headers.is_given(HeaderPlace::kDestination) &&
                     !headers.is_given(HeaderPlace::kFirstDestination);
  if (!moves) return refused;
  // RFC 2292 §7: destination options that are given before the routing header
  // are for every hop, and stand in front of it.
  const Bytes before = headers.at(HeaderPlace::kDestination);
  headers.Set(HeaderPlace::kDestination, {});
  headers.UnmarkGiven(HeaderPlace::kDestination);
  headers.Set(HeaderPlace::kFirstDestination, before);
  headers.MarkGiven(HeaderPlace::kFirstDestination);
  return Errno::kOk;
}

Errno SetOldPacketInfo(const OptionTarget& target, const Value& value) {
  if (IsSwitch(target, value)) return Switch(target, value, &Ip6Options::receive_old_packet_info);
  return value.bytes.size() < sizeof(in6_pktinfo) ? Errno::kInvalid : SetPacketInfo(target, value);
}

Errno SetOldHopLimit(const OptionTarget& target, const Value& value) {
  if (value.bytes.size() != sizeof(int)) return Errno::kInvalid;
  if (target.socket != nullptr) return Switch(target, value, &Ip6Options::receive_old_hop_limit);
  int limit = 0;
  std::memcpy(&limit, value.bytes.data(), sizeof limit);
  if (limit < -1 || limit > UINT8_MAX) return Errno::kInvalid;
  target.options.ip6.hop_limit = static_cast<int16_t>(limit);
  return Errno::kOk;
}

Errno GetOldHopByHop(const OptionTarget& target, Reply& reply) {
  return PutSwitch(target, &Ip6Options::receive_old_hop_by_hop, reply);
}
Errno GetOldDestination(const OptionTarget& target, Reply& reply) {
  return PutSwitch(target, &Ip6Options::receive_old_destination, reply);
}
Errno GetOldRouting(const OptionTarget& target, Reply& reply) {
  return PutSwitch(target, &Ip6Options::receive_old_routing, reply);
}
Errno GetOldPacketInfo(const OptionTarget& target, Reply& reply) {
  return PutSwitch(target, &Ip6Options::receive_old_packet_info, reply);
}
Errno GetOldHopLimit(const OptionTarget& target, Reply& reply) {
  return PutSwitch(target, &Ip6Options::receive_old_hop_limit, reply);
}

}  // namespace sextant::socket
