// SPDX-License-Identifier: BSD-3-Clause
// send, sendto, sendmsg, sendmmsg.
// POSIX, RFC 3542 §4.2 (ancillary data).
// Owned by one Core.
#include "socket/control.h"
#include "socket/gather.h"
#include "socket/header_block.h"
#include "socket/layer.h"
#include "socket/resolve.h"
#include "socket/send_parts.h"

namespace sextant::socket {
namespace {

// MSG_CONFIRM and MSG_EOR ask for nothing that UDP over this stack lacks;
// MSG_NOSIGNAL and MSG_DONTWAIT are always true here.
constexpr int kKnownFlags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_CONFIRM | MSG_EOR;

// LIMIT: control messages of one call, in bytes; Linux has optmem_max.
constexpr size_t kMaxControl = size_t{64} << 10;

}  // namespace

Errno DestinationOf(const OpenSocket& socket, const Profile& profile, const msghdr& message,
                    Destination& to) {
  if (message.msg_name == nullptr || message.msg_namelen == 0) {
    const SocketCore& endpoint = socket.endpoint();
    if (!endpoint.is_connected()) return profile.no_destination;
    to = {endpoint.remote(), endpoint.interface()};
    return Errno::kOk;
  }
  const Errno unreadable =
      ReadAddress(static_cast<const sockaddr*>(message.msg_name), message.msg_namelen, to);
  if (unreadable != Errno::kOk) return unreadable;
  // Requirement E: EISCONN.
  const bool refused = socket.endpoint().is_connected() && profile.connected_takes_no_destination;
  return refused ? Errno::kIsConnected : Errno::kOk;
}

Errno ReadControl(const msghdr& message, const OpenSocket& socket, Ancillary& ancillary) {
  if (message.msg_control == nullptr) return Errno::kFault;
  if (message.msg_controllen > kMaxControl) return Errno::kNoBuffers;
  const Bytes control(static_cast<const uint8_t*>(message.msg_control), message.msg_controllen);
  return ancillary.Read(control, socket.type(), socket.upper());
}

void NoteTooBig(OpenSocket& socket, const Journey& journey) {
  const udp::Endpoint& to = journey.departure.destination;
  QueuedError error;
  error.error = Errno::kMessageSize;
  error.cause.value = journey.path->mtu;
  error.destination = to.address;
  error.port = to.port;
  error.interface = journey.path->interface;
  static_cast<void>(socket.endpoint().KeepError(error));
}

namespace {

// A datagram's length, or why it cannot be.
Errno CheckLength(const OpenSocket& socket, size_t length) {
  const bool fits = length <= kMaxUdpPayload && length <= socket.options.socket.send_buffer;
  return fits ? Errno::kOk : Errno::kMessageSize;
}

Errno CheckCall(const OpenSocket& socket, const msghdr& message, int flags) {
  // POSIX: EOPNOTSUPP for flags that the socket does not know, MSG_OOB among them.
  if ((flags & ~kKnownFlags) != 0) return Errno::kNotSupported;
  if (socket.no_writing) return Errno::kPipe;
  return CheckParts(message);
}

}  // namespace

Result<size_t> SocketLayer::SendOne(OpenSocket& socket, const msghdr& message, int flags,
                                    PacketSupply& supply) {
  const Errno misused = CheckCall(socket, message, flags);
  if (misused != Errno::kOk) return misused;
  if (socket.type() == kRaw) [[unlikely]]
    return SendRaw(socket, message, supply);
  const size_t length = LengthOf(PartsOf(message));
  const Errno oversized = CheckLength(socket, length);
  if (oversized != Errno::kOk) return oversized;
  Destination to;
  const Errno nowhere = DestinationOf(socket, environment_.profile, message, to);
  if (nowhere != Errno::kOk) return nowhere;

  // Sends before the headers that came as ancillary data are gone.
  if (message.msg_controllen != 0) {
    Ancillary ancillary(socket.options, environment_);
    const Errno wrong = ReadControl(message, socket, ancillary);
    if (wrong != Errno::kOk) return wrong;
    return Dispatch(socket, ancillary.options().ip6, to, message, length, supply);
  }
  return Dispatch(socket, socket.options.ip6, to, message, length, supply);
}

Result<size_t> SocketLayer::Dispatch(OpenSocket& socket, const Ip6Options& options,
                                     const Destination& to, const msghdr& message, size_t length,
                                     PacketSupply& supply) {
  Journey journey;
  Errno unreachable = Resolve(environment_, socket, options, to, Purpose::kSend, journey);
  if (unreachable == Errno::kOk) {
    unreachable = FitsPath(environment_, socket, options, length, journey);
  }
  if (unreachable == Errno::kMessageSize) NoteTooBig(socket, journey);
  if (unreachable == Errno::kOk) unreachable = BindImplicitly(socket);
  if (unreachable != Errno::kOk) return unreachable;
  // What an earlier datagram has met is told once, instead of sending this one.
  if (socket.udp.pending_error() != Errno::kOk) [[unlikely]]
    return socket.udp.TakeError();
  if (journey.discarded) [[unlikely]] {
    environment_.core.NeverMade(DropReason::kOutputDontFragment);
    return length;
  }

  PacketPtr packet = Gather(PartsOf(message), length, supply);
  if (!packet) {
    environment_.core.NeverMade(DropReason::kNoBuffer);
    return Errno::kNoBuffers;
  }
  journey.departure.source.port = socket.udp.local().port;
  udp::Send(std::move(packet), journey.departure, *journey.path, environment_.outbox,
            environment_.core);
  return length;
}

Result<size_t> SocketLayer::SendMsg(int fd, const msghdr& message, int flags) {
  Errno error = Errno::kOk;
  OpenSocket* const socket = FindSocket(fd, error);
  if (socket == nullptr) return error;
  PacketSupply supply(environment_.core.pool(), 1);
  return SendOne(*socket, message, flags, supply);
}

Result<size_t> SocketLayer::SendTo(int fd, const void* data, size_t length, int flags,
                                   const sockaddr* to, socklen_t to_length) {
  iovec part{const_cast<void*>(data), length};
  msghdr message{};
  message.msg_name = const_cast<sockaddr*>(to);
  message.msg_namelen = to_length;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return SendMsg(fd, message, flags);
}

Result<size_t> SocketLayer::SendMmsg(int fd, std::span<mmsghdr> messages, int flags) {
  Errno error = Errno::kOk;
  OpenSocket* const socket = FindSocket(fd, error);
  if (socket == nullptr) return error;
  messages = messages.first(std::min(messages.size(), kMaxMessages));
  PacketSupply supply(environment_.core.pool(), messages.size());
  for (size_t i = 0; i < messages.size(); ++i) {
    const auto sent = SendOne(*socket, messages[i].msg_hdr, flags, supply);
    if (!sent && i == 0) return sent.error();
    // sendmmsg(2): the error is lost; sending the rest again will meet it again.
    if (!sent) return i;
    messages[i].msg_len = static_cast<unsigned>(*sent);
  }
  return messages.size();
}

}  // namespace sextant::socket
