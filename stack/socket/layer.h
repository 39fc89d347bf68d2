// SPDX-License-Identifier: BSD-3-Clause
// SocketLayer: the sockets API without its waiting. Every call returns at once,
// kWouldBlock where a program would wait; host/sx_*.cc adds the C names, errno
// and the waiting.
// POSIX, RFC 3493, RFC 3542; where they differ, as the Profile says.
// Owned by one Core.
#pragma once

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <span>

#include "socket/address.h"
#include "socket/descriptor_table.h"
#include "socket/environment.h"
#include "socket/open_socket.h"

namespace sextant::socket {

class Epoll;
class PacketSupply;
struct Journey;

// How long a call on a socket may wait.
struct Patience {
  bool non_blocking = false;  // O_NONBLOCK
  Duration receive = Duration::Infinite();
  Duration send = Duration::Infinite();
};

class SocketLayer {
 public:
  // Everything handed in outlives the layer.
  SocketLayer(Core& core, iface::InterfaceTable& interfaces, route::RouteTable& routes,
              udp::Table& udp, raw::Table& raw, Outbox& outbox, const Profile& profile);
  ~SocketLayer();
  SocketLayer(const SocketLayer&) = delete;
  SocketLayer& operator=(const SocketLayer&) = delete;

  // Who makes the calls that follow.
  void set_caller(const Credentials& caller) { environment_.caller = caller; }
  const Credentials& caller() const { return environment_.caller; }

  // layer.cc
  Result<int> Socket(int domain, int type, int protocol);
  Errno Close(int fd);
  Result<int> Fcntl(int fd, int command, long argument);
  Errno Ioctl(int fd, unsigned long request, void* argument);
  Errno Shutdown(int fd, int how);
  // POSIX: kNotSupported for datagram sockets.
  Errno Listen(int fd) const;
  Result<int> Accept(int fd) const;
  Result<Patience> PatienceOf(int fd) const;
  size_t open() const { return descriptors_.size(); }

  // layer_address.cc
  Errno Bind(int fd, const sockaddr* address, socklen_t length);
  Errno Connect(int fd, const sockaddr* address, socklen_t length);
  // `length`: in, the room there is; out, what the whole address takes.
  Errno GetSockName(int fd, sockaddr* address, socklen_t* length) const;
  Errno GetPeerName(int fd, sockaddr* address, socklen_t* length) const;

  // layer_options.cc
  Errno SetSockOpt(int fd, int level, int option, const void* value, socklen_t length);
  Errno GetSockOpt(int fd, int level, int option, void* value, socklen_t* length);

  // layer_send.cc
  Result<size_t> SendMsg(int fd, const msghdr& message, int flags);
  Result<size_t> SendTo(int fd, const void* data, size_t length, int flags, const sockaddr* to,
                        socklen_t to_length);
  // Returns how many were sent; an error only when the first one fails. msg_len
  // of each that was sent becomes its length.
  Result<size_t> SendMmsg(int fd, std::span<mmsghdr> messages, int flags);

  // layer_receive.cc
  Result<size_t> ReceiveMsg(int fd, msghdr& message, int flags);
  Result<size_t> ReceiveFrom(int fd, void* data, size_t length, int flags, sockaddr* from,
                             socklen_t* from_length);
  Result<size_t> ReceiveMmsg(int fd, std::span<mmsghdr> messages, int flags);

  // layer_poll.cc
  // Sets every revents. Returns how many are not 0.
  size_t Poll(std::span<pollfd> polled) const;
  Result<int> EpollCreate(int flags);
  Errno EpollCtl(int fd, int operation, int target, const epoll_event* event);
  Result<size_t> EpollWait(int fd, std::span<epoll_event> out);

  // Interfaces by name; 0 and null when there is none.
  uint32_t IndexOf(std::string_view name) const;
  const std::string* NameOf(uint32_t index) const;
  const iface::InterfaceTable& interfaces() const { return environment_.interfaces; }

 private:
  // kBadDescriptor, kNotSocket.
  Result<OpenSocket*> FindSocket(int fd) const;
  // The same for the paths on which it counts: null, and `error` set.
  OpenSocket* FindSocket(int fd, Errno& error) const {
    Descriptor* const found = descriptors_.Find(fd);
    if (found != nullptr && found->kind() == Descriptor::Kind::kSocket) [[likely]] {
      return static_cast<OpenSocket*>(found);
    }
    error = found == nullptr ? Errno::kBadDescriptor : Errno::kNotSocket;
    return nullptr;
  }
  Result<Epoll*> FindEpoll(int fd) const;
  Result<int> Insert(std::unique_ptr<Descriptor> descriptor, bool non_blocking, bool close_on_exec);
  void Discard(Descriptor& descriptor);
  OptionTarget TargetOf(OpenSocket& socket) { return {socket.options, &socket, environment_}; }

  // Binds to a port of the stack's choice unless it is bound.
  Errno BindImplicitly(OpenSocket& socket);
  Errno CheckBind(const OpenSocket& socket, const Destination& to, uint32_t interface) const;
  Errno Dissolve(OpenSocket& socket);

  // layer_raw.cc
  Result<std::unique_ptr<OpenSocket>> MakeRaw(int protocol) const;
  Errno ConnectRaw(OpenSocket& socket, const Journey& journey);
  Result<size_t> DispatchRaw(OpenSocket& socket, const Ip6Options& options, const Destination& to,
                             const msghdr& message, size_t length, PacketSupply& supply);
  Result<size_t> SendRaw(OpenSocket& socket, const msghdr& message, PacketSupply& supply);

  Result<size_t> SendOne(OpenSocket& socket, const msghdr& message, int flags,
                         PacketSupply& supply);
  // With everything said about the datagram.
  Result<size_t> Dispatch(OpenSocket& socket, const Ip6Options& options, const Destination& to,
                          const msghdr& message, size_t length, PacketSupply& supply);
  Result<size_t> ReceiveOne(OpenSocket& socket, msghdr& message, int flags) const;

  Environment environment_;
  DescriptorTable descriptors_;
};

}  // namespace sextant::socket
