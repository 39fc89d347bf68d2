// SPDX-License-Identifier: BSD-3-Clause
// The C names of sending. A datagram leaves at once or not at all, so nothing
// waits here.
// Owned by one Core.
#include "host/sx_context.h"
#include "sextant/socket.h"

using sextant::Context;
using sextant::CurrentContext;
using sextant::Errno;
using sextant::Result;
using sextant::Return;

namespace {

template <typename Call>
ssize_t Sending(Call&& call) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  const Result<size_t> sent = call(context->layer());
  if (sent) [[likely]]
    context->Sent(1);
  return Return(sent);
}

}  // namespace

ssize_t sx_sendto(int fd, const void* data, size_t length, int flags, const sockaddr* to,
                  socklen_t to_length) {
  return Sending([&](auto& layer) { return layer.SendTo(fd, data, length, flags, to, to_length); });
}

ssize_t sx_send(int fd, const void* data, size_t length, int flags) {
  return sx_sendto(fd, data, length, flags, nullptr, 0);
}

ssize_t sx_write(int fd, const void* data, size_t length) {
  return sx_sendto(fd, data, length, 0, nullptr, 0);
}

ssize_t sx_sendmsg(int fd, const msghdr* message, int flags) {
  return Sending([&](auto& layer) -> Result<size_t> {
    if (message == nullptr) return Errno::kFault;
    return layer.SendMsg(fd, *message, flags);
  });
}

int sx_sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (messages == nullptr && count != 0) return Return(Errno::kFault);
  const auto sent = context->layer().SendMmsg(fd, {messages, count}, flags);
  if (sent && *sent != 0) context->Sent(*sent);
  return static_cast<int>(Return(sent));
}
