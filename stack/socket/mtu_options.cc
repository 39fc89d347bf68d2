// SPDX-License-Identifier: BSD-3-Clause
// The unusual options about how long packets may be.
// RFC 3542 §11; ipv6(7) for IPV6_MTU.
// Owned by one Core.
#include <netinet/in.h>

#include "socket/address.h"
#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

// The path MTU to the peer; 0 when there is none.
uint32_t PathMtuOf(const OptionTarget& target) {
  const OpenSocket& socket = *target.socket;
  if (!socket.endpoint().is_connected()) return 0;
  const auto path =
      target.environment.routes.Resolve(socket.endpoint().remote().address, socket.interface());
  return path ? path->mtu : 0;
}

}  // namespace

Errno SetMtu(const OptionTarget& target, const Value& value) {
  // RFC 8200 §5: nobody is made to fragment to less.
  if (value.number != 0 && value.number < static_cast<int64_t>(kMinMtu)) return Errno::kInvalid;
  target.options.ip6.mtu = static_cast<uint32_t>(value.number);
  return Errno::kOk;
}

Errno GetMtu(const OptionTarget& target, Reply& reply) {
  const uint32_t mtu = PathMtuOf(target);
  if (mtu == 0) return Errno::kNotConnected;
  reply.PutInt(mtu);
  return Errno::kOk;
}

Errno GetPathMtu(const OptionTarget& target, Reply& reply) {
  ip6_mtuinfo info{};
  info.ip6m_mtu = PathMtuOf(target);
  if (info.ip6m_mtu == 0) return Errno::kNotConnected;
  socklen_t length = sizeof info.ip6m_addr;
  WriteAddress(target.socket->endpoint().remote(), target.socket->interface(), &info.ip6m_addr,
               length);
  reply.PutWhole(&info, sizeof info);
  return Errno::kOk;
}

Errno SetReceivePathMtu(const OptionTarget& target, const Value& value) {
  OpenSocket& socket = *target.socket;
  const bool wanted = value.number != 0;
  if (wanted == (socket.path_mtu_notices != nullptr)) return Errno::kOk;
  if (wanted) {
    socket.path_mtu_notices = std::make_unique<PathMtuNotices>(socket.endpoint());
    target.environment.routes.Observe(*socket.path_mtu_notices);
    return Errno::kOk;
  }
  while (!socket.path_mtu_notices->empty()) socket.path_mtu_notices->Pop();
  socket.path_mtu_notices.reset();
  return Errno::kOk;
}

Errno GetReceivePathMtu(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->path_mtu_notices != nullptr ? 1 : 0);
  return Errno::kOk;
}

}  // namespace sextant::socket
