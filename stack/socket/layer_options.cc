// SPDX-License-Identifier: BSD-3-Clause
// setsockopt and getsockopt: the option table does the work.
// Owned by one Core.
#include "socket/layer.h"

namespace sextant::socket {

Errno SocketLayer::SetSockOpt(int fd, int level, int option, const void* value, socklen_t length) {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  if (FindOption(level, option) == nullptr) return Errno::kNoProtoOpt;
  if (value == nullptr && length != 0) return Errno::kFault;
  OpenSocket& open = **socket;
  return Apply(TargetOf(open), level, option, Bytes(static_cast<const uint8_t*>(value), length),
               kByOption, open.type());
}

Errno SocketLayer::GetSockOpt(int fd, int level, int option, void* value, socklen_t* length) {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  if (length == nullptr) return Errno::kFault;
  OpenSocket& open = **socket;
  Reply reply;
  const Errno refused = Get(TargetOf(open), level, option, open.type(), reply);
  if (refused != Errno::kOk) return refused;
  if (value == nullptr && *length != 0) return Errno::kFault;
  // Linux has it so for IPV6_PATHMTU.
  if (reply.is_whole() && *length < reply.bytes().size()) return Errno::kInvalid;
  // POSIX: a shorter buffer gets the beginning.
  const Bytes answer = reply.bytes().first(std::min<size_t>(reply.bytes().size(), *length));
  if (!answer.empty()) std::memcpy(value, answer.data(), answer.size());
  *length = static_cast<socklen_t>(answer.size());
  return Errno::kOk;
}

}  // namespace sextant::socket
