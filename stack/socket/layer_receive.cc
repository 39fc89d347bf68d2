// SPDX-License-Identifier: BSD-3-Clause
// recv, recvfrom, recvmsg, recvmmsg.
// POSIX, RFC 3542 §4.1 (received items), recv(2) for the flags beyond POSIX.
// Owned by one Core.
#include "socket/address.h"
#include "socket/control.h"
#include "socket/error_receive.h"
#include "socket/gather.h"
#include "socket/layer.h"
#include "socket/receive_items.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant::socket {
namespace {

// MSG_WAITALL means nothing to a datagram; whether to wait, and how long, is
// for the caller of this layer.
constexpr int kKnownFlags = MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_WAITFORONE |
                            MSG_ERRQUEUE | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC;

Errno CheckCall(const msghdr& message, int flags) {
  if ((flags & ~kKnownFlags) != 0) return Errno::kNotSupported;
  return CheckParts(message);
}

void WriteSource(const Packet& packet, SocketKind kind, msghdr& message) {
  if (message.msg_name == nullptr) {
    message.msg_namelen = 0;
    return;
  }
  const Meta& meta = packet.meta();
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  uint16_t port = 0;  // raw sockets know none
  if (kind == kDatagram) [[likely]] {
    port = wire::UdpView::Trusted(packet.bytes().subspan(meta.upper_offset)).source_port();
  }
  WriteAddress({ip.source(), port}, meta.interface, message.msg_name, message.msg_namelen);
}

void WriteControl(const Packet& packet, const Ip6Options& options, bool cuts, msghdr& message) {
  ControlWriter out(message.msg_control, message.msg_controllen, cuts);
  WriteReceiveItems(packet, options, out);
  message.msg_controllen = out.used();
  if (out.truncated()) message.msg_flags |= MSG_CTRUNC;
}

// What the caller is told about the datagram, and its data. Returns what
// recvmsg() returns.
size_t Tell(const Packet& packet, const OpenSocket& socket, bool cuts, msghdr& message, int flags) {
  const udp::Payload payload = socket.PayloadOf(packet);
  const size_t copied = Scatter(packet, payload, PartsOf(message));
  message.msg_flags = copied < payload.length ? MSG_TRUNC : 0;
  WriteSource(packet, socket.type(), message);
  WriteControl(packet, socket.options.ip6, cuts, message);
  return (flags & MSG_TRUNC) != 0 ? payload.length : copied;
}

// RFC 3542 §11.3: no data, an item, and as address the destination in question.
size_t TellPathMtu(PathMtuNotices& notices, msghdr& message, int flags) {
  const PathMtuNotices::Notice& notice = notices.front();
  ip6_mtuinfo info{};
  socklen_t length = sizeof info.ip6m_addr;
  WriteAddress({notice.destination, 0}, notice.zone, &info.ip6m_addr, length);
  info.ip6m_mtu = notice.mtu;
  if (message.msg_name == nullptr) {
    message.msg_namelen = 0;
  } else {
    WriteAddress({notice.destination, 0}, notice.zone, message.msg_name, message.msg_namelen);
  }
  ControlWriter out(message.msg_control, message.msg_controllen);
  out.Put(IPPROTO_IPV6, IPV6_PATHMTU, Bytes(reinterpret_cast<const uint8_t*>(&info), sizeof info));
  message.msg_controllen = out.used();
  message.msg_flags = out.truncated() ? MSG_CTRUNC : 0;
  if ((flags & MSG_PEEK) == 0) notices.Pop();
  return 0;
}

// shutdown(SHUT_RD), and nothing is left: the end, as a stream has one.
size_t TellEnd(msghdr& message) {
  message.msg_flags = 0;
  message.msg_namelen = 0;
  message.msg_controllen = 0;
  return 0;
}

}  // namespace

Result<size_t> SocketLayer::ReceiveOne(OpenSocket& socket, msghdr& message, int flags) const {
  const Errno misused = CheckCall(message, flags);
  if (misused != Errno::kOk) return misused;
  if ((flags & MSG_ERRQUEUE) != 0) [[unlikely]]
    return ReceiveError(socket, message);
  SocketCore& endpoint = socket.endpoint();
  // Linux tells a pending error before the data that came in earlier.
  if (endpoint.pending_error() != Errno::kOk) [[unlikely]]
    return endpoint.TakeError();
  if (endpoint.front() == nullptr) {
    if (socket.has_path_mtu_notice()) return TellPathMtu(*socket.path_mtu_notices, message, flags);
    if (socket.no_reading) return TellEnd(message);
    return Errno::kWouldBlock;
  }
  const bool cuts = environment_.profile.cuts_received_items;
  if ((flags & MSG_PEEK) != 0) return Tell(*endpoint.front(), socket, cuts, message, flags);
  PacketPtr packet = endpoint.Pop();
  const size_t told = Tell(*packet, socket, cuts, message, flags);
  if (socket.options.ip6.keep_last_packet) [[unlikely]]
    std::swap(packet, socket.last_packet);
  if (packet) packet.Free();
  return told;
}

Result<size_t> SocketLayer::ReceiveMsg(int fd, msghdr& message, int flags) {
  Errno error = Errno::kOk;
  OpenSocket* const socket = FindSocket(fd, error);
  if (socket == nullptr) return error;
  return ReceiveOne(*socket, message, flags);
}

Result<size_t> SocketLayer::ReceiveFrom(int fd, void* data, size_t length, int flags,
                                        sockaddr* from, socklen_t* from_length) {
  iovec part{data, length};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (from != nullptr && from_length == nullptr) return Errno::kFault;
  if (from != nullptr) {
    message.msg_name = from;
    message.msg_namelen = *from_length;
  }
  const auto received = ReceiveMsg(fd, message, flags);
  if (received && from != nullptr) *from_length = message.msg_namelen;
  return received;
}

Result<size_t> SocketLayer::ReceiveMmsg(int fd, std::span<mmsghdr> messages, int flags) {
  Errno error = Errno::kOk;
  OpenSocket* const socket = FindSocket(fd, error);
  if (socket == nullptr) return error;
  messages = messages.first(std::min(messages.size(), kMaxMessages));
  for (size_t i = 0; i < messages.size(); ++i) {
    const auto received = ReceiveOne(*socket, messages[i].msg_hdr, flags);
    if (!received && i == 0) return received.error();
    if (!received) return i;
    messages[i].msg_len = static_cast<unsigned>(*received);
  }
  return messages.size();
}

}  // namespace sextant::socket
