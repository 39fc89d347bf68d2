// SPDX-License-Identifier: BSD-3-Clause
// The C names of calls that never wait: sockets, their addresses and options.
// Owned by one Core.
#include <fcntl.h>

#include <cstdarg>

#include "host/sx_context.h"
#include "sextant/socket.h"

using sextant::Context;
using sextant::CurrentContext;
using sextant::Errno;
using sextant::Return;

namespace {

// Every call: the layer's answer, or EPERM.
template <typename Call>
int With(Call&& call) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  return static_cast<int>(Return(call(context->layer())));
}

using Layer = sextant::socket::SocketLayer;

}  // namespace

int sx_socket(int domain, int type, int protocol) {
  return With([&](Layer& layer) { return layer.Socket(domain, type, protocol); });
}

int sx_close(int fd) {
  return With([&](Layer& layer) { return layer.Close(fd); });
}

int sx_bind(int fd, const sockaddr* address, socklen_t length) {
  return With([&](Layer& layer) { return layer.Bind(fd, address, length); });
}

int sx_connect(int fd, const sockaddr* address, socklen_t length) {
  return With([&](Layer& layer) { return layer.Connect(fd, address, length); });
}

int sx_listen(int fd, int) {
  return With([&](Layer& layer) { return layer.Listen(fd); });
}

int sx_accept(int fd, sockaddr*, socklen_t*) {
  return With([&](Layer& layer) { return layer.Accept(fd); });
}

int sx_getsockopt(int fd, int level, int option, void* value, socklen_t* length) {
  return With([&](Layer& layer) { return layer.GetSockOpt(fd, level, option, value, length); });
}

int sx_setsockopt(int fd, int level, int option, const void* value, socklen_t length) {
  return With([&](Layer& layer) { return layer.SetSockOpt(fd, level, option, value, length); });
}

int sx_getsockname(int fd, sockaddr* address, socklen_t* length) {
  return With([&](Layer& layer) { return layer.GetSockName(fd, address, length); });
}

int sx_getpeername(int fd, sockaddr* address, socklen_t* length) {
  return With([&](Layer& layer) { return layer.GetPeerName(fd, address, length); });
}

int sx_shutdown(int fd, int how) {
  return With([&](Layer& layer) { return layer.Shutdown(fd, how); });
}

int sx_fcntl(int fd, int command, ...) {
  long argument = 0;
  if (command == F_SETFL || command == F_SETFD) {
    va_list arguments;
    va_start(arguments, command);
    argument = va_arg(arguments, int);
    va_end(arguments);
  }
  return With([&](Layer& layer) { return layer.Fcntl(fd, command, argument); });
}

int sx_ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return With([&](Layer& layer) { return layer.Ioctl(fd, request, argument); });
}
