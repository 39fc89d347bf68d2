// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/layer.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include "socket/epoll.h"
#include "socket/option_functions.h"

namespace sextant::socket {
namespace {

constexpr int kTypeFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
constexpr int kHighestType = SOCK_PACKET;  // of <sys/socket.h>

// Which sockets there are.
Errno CheckKind(int domain, int type, int protocol) {
  if (type < 0 || (type & ~kTypeFlags) > kHighestType) return Errno::kInvalid;
  if (domain != AF_INET6) return Errno::kFamilyNoSupport;
  if ((type & ~kTypeFlags) == SOCK_RAW) return Errno::kOk;  // whatever the protocol
  if ((type & ~kTypeFlags) != SOCK_DGRAM) return Errno::kSocketTypeNoSupport;
  return protocol == 0 || protocol == IPPROTO_UDP ? Errno::kOk : Errno::kProtoNoSupport;
}

}  // namespace

SocketLayer::SocketLayer(Core& core, iface::InterfaceTable& interfaces, route::RouteTable& routes,
                         udp::Table& udp, raw::Table& raw, Outbox& outbox, const Profile& profile)
    : environment_{core, interfaces, routes, udp, raw, outbox, profile} {}

SocketLayer::~SocketLayer() {
  for (int fd = DescriptorTable::kFirst; fd < descriptors_.end(); ++fd) {
    static_cast<void>(Close(fd));
  }
}

Result<int> SocketLayer::Insert(std::unique_ptr<Descriptor> descriptor, bool non_blocking,
                                bool close_on_exec) {
  descriptor->non_blocking = non_blocking;
  descriptor->close_on_exec = close_on_exec;
  const auto limit = static_cast<size_t>(environment_.core.tunables().sockets_max);
  return descriptors_.Insert(std::move(descriptor), std::min(limit, kMaxDescriptors));
}

Result<int> SocketLayer::Socket(int domain, int type, int protocol) {
  const Errno unknown = CheckKind(domain, type, protocol);
  if (unknown != Errno::kOk) return unknown;
  const Tunables& tunables = environment_.core.tunables();
  auto made = (type & ~kTypeFlags) == SOCK_RAW
                  ? MakeRaw(protocol)
                  : Result<std::unique_ptr<OpenSocket>>(std::make_unique<OpenSocket>());
  if (!made) return made.error();
  std::unique_ptr<OpenSocket> socket = std::move(*made);
  SocketOptions& options = socket->options.socket;
  options.receive_buffer = static_cast<uint32_t>(tunables.udp_receive_buffer);
  options.send_buffer = static_cast<uint32_t>(tunables.udp_send_buffer);
  socket->endpoint().set_receive_limit(options.receive_buffer);
  socket->udp.user = environment_.caller.user;
  raw::Socket* const raw = socket->raw.get();
  const auto fd =
      Insert(std::move(socket), (type & SOCK_NONBLOCK) != 0, (type & SOCK_CLOEXEC) != 0);
  // A socket that nobody can close must not wait for packets.
  if (fd && raw != nullptr) environment_.raw.Add(*raw);
  return fd;
}

Errno SocketLayer::Close(int fd) {
  if (descriptors_.Find(fd) == nullptr) return Errno::kBadDescriptor;
  const std::unique_ptr<Descriptor> gone = descriptors_.Remove(fd);
  // epoll(7): a descriptor that is closed leaves every instance.
  while (EpollItem* const item = gone->watched_by.front()) {
    SX_CHECK(item->epoll.Remove(item->number) == Errno::kOk);
  }
  if (gone->kind() == Descriptor::Kind::kSocket) {
    auto& socket = static_cast<OpenSocket&>(*gone);
    LeaveAllGroups(socket, environment_);
    environment_.udp.Remove(socket.udp);
    if (socket.raw != nullptr) environment_.raw.Remove(*socket.raw);
    socket.endpoint().Stop();
    if (socket.last_packet) socket.last_packet.Free();
  }
  return Errno::kOk;
}

Result<OpenSocket*> SocketLayer::FindSocket(int fd) const {
  Errno error = Errno::kOk;
  OpenSocket* const socket = FindSocket(fd, error);
  if (socket == nullptr) return error;
  return socket;
}

Result<int> SocketLayer::Fcntl(int fd, int command, long argument) {
  Descriptor* const descriptor = descriptors_.Find(fd);
  if (descriptor == nullptr) return Errno::kBadDescriptor;
  switch (command) {
    case F_GETFL:
      return O_RDWR | (descriptor->non_blocking ? O_NONBLOCK : 0);
    case F_SETFL:
      // fcntl(2): access mode and creation flags are ignored; of the others
      // only O_NONBLOCK can be had.
      if ((argument & O_ASYNC) != 0) return Errno::kInvalid;
      descriptor->non_blocking = (argument & O_NONBLOCK) != 0;
      return 0;
    case F_GETFD:
      return descriptor->close_on_exec ? FD_CLOEXEC : 0;
    case F_SETFD:
      descriptor->close_on_exec = (argument & FD_CLOEXEC) != 0;
      return 0;
    default:
      return Errno::kInvalid;
  }
}

Errno SocketLayer::Ioctl(int fd, unsigned long request, void* argument) {
  Descriptor* const descriptor = descriptors_.Find(fd);
  if (descriptor == nullptr) return Errno::kBadDescriptor;
  if (request != FIONBIO && request != FIONREAD) return Errno::kNotTty;
  if (argument == nullptr) return Errno::kFault;
  int value = 0;
  if (request == FIONBIO) {
    std::memcpy(&value, argument, sizeof value);
    descriptor->non_blocking = value != 0;
    return Errno::kOk;
  }
  if (descriptor->kind() != Descriptor::Kind::kSocket) return Errno::kNotTty;
  const auto& open = static_cast<OpenSocket&>(*descriptor);
  // udp(7): the size of the next datagram, 0 when there is none.
  const Packet* const next = open.endpoint().front();
  if (next != nullptr) value = static_cast<int>(open.PayloadOf(*next).length);
  std::memcpy(argument, &value, sizeof value);
  return Errno::kOk;
}

Errno SocketLayer::Shutdown(int fd, int how) {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) return Errno::kInvalid;
  OpenSocket& open = **socket;
  if (!open.endpoint().is_connected()) return Errno::kNotConnected;
  open.no_reading |= how != SHUT_WR;
  open.no_writing |= how != SHUT_RD;
  // Whoever waits learns of it; from now on events() says it.
  open.endpoint().readiness().Raise(open.events());
  return Errno::kOk;
}

Errno SocketLayer::Listen(int fd) const {
  const auto socket = FindSocket(fd);
  return socket ? Errno::kNotSupported : socket.error();
}

Result<int> SocketLayer::Accept(int fd) const { return Listen(fd); }

Result<Patience> SocketLayer::PatienceOf(int fd) const {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  const OpenSocket& open = **socket;
  return Patience{open.non_blocking, open.options.socket.receive_timeout,
                  open.options.socket.send_timeout};
}

uint32_t SocketLayer::IndexOf(std::string_view name) const {
  const iface::Interface* const found = environment_.interfaces.Find(name);
  return found == nullptr ? 0 : found->index();
}

const std::string* SocketLayer::NameOf(uint32_t index) const {
  const iface::Interface* const found = environment_.interfaces.at(index);
  return found == nullptr ? nullptr : &found->name();
}

}  // namespace sextant::socket
