// SPDX-License-Identifier: BSD-3-Clause
// WireRig: a SocketRig with a second SocketLayer whose packets end in a list, as they would leave
// for the output stages; and control messages written by hand.
// Owned by one Core.
#pragma once

#include "sextant/socket.h"
#include "socket/control.h"
#include "socket_rig.h"

namespace sextant::test {

inline constexpr int kIp6Level = IPPROTO_IPV6;

inline Frame ControlItem(int type, const Data& data) {
  Frame out(CMSG_SPACE(data.size()));
  cmsghdr header{};
  header.cmsg_len = CMSG_LEN(data.size());
  header.cmsg_level = kIp6Level;
  header.cmsg_type = type;
  std::memcpy(out.data(), &header, sizeof header);
  std::ranges::copy(data, out.begin() + CMSG_LEN(0));
  return out;
}
template <typename T>
Data AsData(const T& value) {
  Frame out(sizeof value);
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}
inline Data Number(int32_t number) { return AsData(number); }
inline Data Info(const char* address, unsigned interface) {
  return AsData(in6_pktinfo{socket::ToC(Ip(address)), interface});
}
inline Data Neighbor(const char* address, uint32_t zone = 0) {
  return AsData(At(address, 0, zone));
}

// An option or a control message.
struct Given {
  int type = 0;
  Data value;
};

struct SentPacket {
  Frame bytes;
  uint32_t interface = 0;
  Ipv6Address next_hop;
  size_t upper_offset = 0;
  uint32_t path_mtu = 0;
};

class WireRig : public SocketRig, private Outbox::Carrier {
 public:
  explicit WireRig(ProfileName profile = ProfileName::kRfc) : SocketRig(profile), outbox_(*this) {
    wire_ = std::make_unique<SocketLayer>(graph().core(), graph().interfaces(), graph().routes(),
                                          graph().udp(), graph().raw(), outbox_,
                                          socket::ProfileOf(profile));
  }

  SocketLayer& wire() { return *wire_; }
  int OpenWire() { return *wire().Socket(AF_INET6, SOCK_DGRAM, 0); }
  Errno SetWire(int fd, int option, const Data& value, int level = kIp6Level) {
    return wire().SetSockOpt(fd, level, option, value.data(), static_cast<socklen_t>(value.size()));
  }
  // What getsockopt() answers, or nothing.
  Frame GetWire(int fd, int option) {
    Frame room(4096);
    auto length = static_cast<socklen_t>(room.size());
    const Errno error = wire().GetSockOpt(fd, kIp6Level, option, room.data(), &length);
    room.resize(error == Errno::kOk ? length : 0);
    return room;
  }
  Errno SendWire(int fd, const sockaddr_in6& to, const std::vector<Given>& ancillary = {},
                 size_t length = 4) {
    Frame control;
    for (const Given& item : ancillary) control = Join(control, ControlItem(item.type, item.value));
    Frame data(length, 'd');
    sockaddr_in6 address = to;
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = sizeof address;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.empty() ? nullptr : control.data();
    message.msg_controllen = control.size();
    const Errno error = wire().SendMsg(fd, message, 0).error();
    outbox_.Flush();
    return error;
  }
  // What has left since the last call.
  std::vector<SentPacket> TakeSent() { return std::exchange(sent_, {}); }
  uint16_t PortOf(int fd) {
    sockaddr_in6 name{};
    socklen_t length = sizeof name;
    SX_CHECK(wire().GetSockName(fd, reinterpret_cast<sockaddr*>(&name), &length) == Errno::kOk);
    return ntohs(name.sin6_port);
  }

 private:
  void Carry(Burst& packets) override {
    packets.Drain([this](PacketPtr packet) {
      const Meta& meta = packet->meta();
      sent_.push_back(
          {Contents(*packet), meta.interface, meta.next_hop, meta.upper_offset, meta.path_mtu});
      packet.Free();
    });
  }

  Outbox outbox_;
  std::unique_ptr<SocketLayer> wire_;
  std::vector<SentPacket> sent_;
};

}  // namespace sextant::test
