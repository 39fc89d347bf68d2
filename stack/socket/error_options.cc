// SPDX-License-Identifier: BSD-3-Clause
// The options of the error queue.
// ipv6(7) IPV6_RECVERR.
// Owned by one Core.
#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {

Errno SetReceiveErrors(const OptionTarget& target, const Value& value) {
  target.socket->endpoint().KeepErrors(value.number != 0);
  return Errno::kOk;
}

Errno GetReceiveErrors(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->endpoint().errors() != nullptr ? 1 : 0);
  return Errno::kOk;
}

}  // namespace sextant::socket
