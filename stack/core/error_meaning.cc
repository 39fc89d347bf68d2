// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "core/error_meaning.h"

#include <array>

namespace sextant {
namespace {

// RFC 4443 §3.1, by code. A code that came later says at least that the
// packet was not delivered, and never will be.
// clang-format off
constexpr auto kUnreachable = std::to_array<ErrorMeaning>({
    {Errno::kNetworkUnreachable, false},  // no route
    {Errno::kAccess,             true},   // prohibited
    {Errno::kHostUnreachable,    false},  // beyond the scope of the source
    {Errno::kHostUnreachable,    false},  // address
    {Errno::kConnectionRefused,  true},   // port
    {Errno::kAccess,             true},   // source address failed a policy
    {Errno::kAccess,             true},   // reject route
});
// clang-format on

}  // namespace

ErrorMeaning MeaningOf(wire::Icmp6Type type, uint8_t code) {
  switch (type) {
    case wire::Icmp6Type::kDestinationUnreachable:
      return code < kUnreachable.size() ? kUnreachable[code] : ErrorMeaning{Errno::kProtocol, true};
    case wire::Icmp6Type::kPacketTooBig:
      return {Errno::kMessageSize, false};
    case wire::Icmp6Type::kTimeExceeded:
      return {Errno::kHostUnreachable, false};
    case wire::Icmp6Type::kParameterProblem:
      return {Errno::kProtocol, true};
    default:
      // RFC 4443 §2.4(a): an error of unknown type is passed on too.
      return {Errno::kProtocol, false};
  }
}

}  // namespace sextant
