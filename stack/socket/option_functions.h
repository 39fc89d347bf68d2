// SPDX-License-Identifier: BSD-3-Clause
// The unusual options: those whose value is more than a stored number.
// Owned by one Core.
#pragma once

#include <type_traits>

#include "socket/option_table.h"

namespace sextant::socket {

// Most options: a number that is stored as it is.
template <auto kMember>
struct Stored;
template <typename T, T Ip6Options::*kMember>
struct Stored<kMember> {
  static T& At(Options& options) { return options.ip6.*kMember; }
};
template <typename T, T SocketOptions::*kMember>
struct Stored<kMember> {
  static T& At(Options& options) { return options.socket.*kMember; }
};

template <auto kMember>
constexpr Storage Store() {
  return {[](const OptionTarget& target, const Value& value) {
            auto& at = Stored<kMember>::At(target.options);
            at = static_cast<std::remove_reference_t<decltype(at)>>(value.number);
            return Errno::kOk;
          },
          [](const OptionTarget& target, Reply& reply) {
            reply.PutInt(Stored<kMember>::At(target.options));
            return Errno::kOk;
          }};
}

// What never changes.
template <int kNumber>
constexpr Storage Always() {
  return {nullptr, [](const OptionTarget&, Reply& reply) {
            reply.PutInt(kNumber);
            return Errno::kOk;
          }};
}

Errno SetReceiveBuffer(const OptionTarget& target, const Value& value);
Errno SetSendBuffer(const OptionTarget& target, const Value& value);
Errno SetReceiveTimeout(const OptionTarget& target, const Value& value);
Errno GetReceiveTimeout(const OptionTarget& target, Reply& reply);
Errno SetSendTimeout(const OptionTarget& target, const Value& value);
Errno GetSendTimeout(const OptionTarget& target, Reply& reply);
Errno GetPendingError(const OptionTarget& target, Reply& reply);
Errno SetReuseAddress(const OptionTarget& target, const Value& value);
Errno GetReuseAddress(const OptionTarget& target, Reply& reply);
Errno SetReusePort(const OptionTarget& target, const Value& value);
Errno GetReusePort(const OptionTarget& target, Reply& reply);
Errno SetDevice(const OptionTarget& target, const Value& value);
Errno GetDevice(const OptionTarget& target, Reply& reply);

Errno SetV6Only(const OptionTarget& target, const Value& value);
Errno GetUnicastHops(const OptionTarget& target, Reply& reply);
Errno GetMulticastHops(const OptionTarget& target, Reply& reply);
Errno SetMulticastInterface(const OptionTarget& target, const Value& value);
Errno JoinGroup(const OptionTarget& target, const Value& value);
Errno LeaveGroup(const OptionTarget& target, const Value& value);
Errno SetPacketInfo(const OptionTarget& target, const Value& value);
Errno GetPacketInfo(const OptionTarget& target, Reply& reply);
Errno GetTrafficClass(const OptionTarget& target, Reply& reply);

Errno SetHopByHop(const OptionTarget& target, const Value& value);
Errno SetFirstDestination(const OptionTarget& target, const Value& value);
Errno SetRouting(const OptionTarget& target, const Value& value);
Errno SetDestination(const OptionTarget& target, const Value& value);
template <HeaderPlace kPlace>
Errno GetHeader(const OptionTarget& target, Reply& reply);

// RFC 2292's: a switch for received items, or a sticky option, by length.
Errno SetOldPacketInfo(const OptionTarget& target, const Value& value);
Errno GetOldPacketInfo(const OptionTarget& target, Reply& reply);
Errno SetOldHopLimit(const OptionTarget& target, const Value& value);
Errno GetOldHopLimit(const OptionTarget& target, Reply& reply);
Errno SetOldHopByHop(const OptionTarget& target, const Value& value);
Errno GetOldHopByHop(const OptionTarget& target, Reply& reply);
Errno SetOldDestination(const OptionTarget& target, const Value& value);
Errno GetOldDestination(const OptionTarget& target, Reply& reply);
Errno SetOldRouting(const OptionTarget& target, const Value& value);
Errno GetOldRouting(const OptionTarget& target, Reply& reply);
Errno SetPacketOptions(const OptionTarget& target, const Value& value);
Errno GetPacketOptions(const OptionTarget& target, Reply& reply);
Errno SetRfc2292(const OptionTarget& target, const Value& value);

Errno SetNextHop(const OptionTarget& target, const Value& value);
Errno GetNextHop(const OptionTarget& target, Reply& reply);
Errno SetUnicastInterface(const OptionTarget& target, const Value& value);
Errno GetUnicastInterface(const OptionTarget& target, Reply& reply);
Errno SetAddressPreferences(const OptionTarget& target, const Value& value);
Errno GetAddressPreferences(const OptionTarget& target, Reply& reply);
Errno SetTransparent(const OptionTarget& target, const Value& value);
Errno SetMinHopCount(const OptionTarget& target, const Value& value);
Errno GetMinHopCount(const OptionTarget& target, Reply& reply);
Errno SetMulticastAll(const OptionTarget& target, const Value& value);
Errno GetMulticastAll(const OptionTarget& target, Reply& reply);
Errno SetPortRange(const OptionTarget& target, const Value& value);
Errno GetPortRange(const OptionTarget& target, Reply& reply);

Errno SetReceiveErrors(const OptionTarget& target, const Value& value);
Errno GetReceiveErrors(const OptionTarget& target, Reply& reply);
Errno SetMtu(const OptionTarget& target, const Value& value);
Errno GetMtu(const OptionTarget& target, Reply& reply);
Errno GetPathMtu(const OptionTarget& target, Reply& reply);
Errno SetReceivePathMtu(const OptionTarget& target, const Value& value);
Errno GetReceivePathMtu(const OptionTarget& target, Reply& reply);

Errno GetSocketType(const OptionTarget& target, Reply& reply);
Errno GetSocketProtocol(const OptionTarget& target, Reply& reply);
Errno SetChecksumOffset(const OptionTarget& target, const Value& value);
Errno GetChecksumOffset(const OptionTarget& target, Reply& reply);
Errno SetHeaderIncluded(const OptionTarget& target, const Value& value);
Errno GetHeaderIncluded(const OptionTarget& target, Reply& reply);
Errno SetIcmp6Filter(const OptionTarget& target, const Value& value);
Errno GetIcmp6Filter(const OptionTarget& target, Reply& reply);

// Ends all of a socket's memberships; before it is closed.
void LeaveAllGroups(OpenSocket& socket, Environment& environment);

}  // namespace sextant::socket
