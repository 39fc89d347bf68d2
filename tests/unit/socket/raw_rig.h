// SPDX-License-Identifier: BSD-3-Clause
// What the tests of raw sockets have beside SocketRig.
// Owned by one Core.
#pragma once

#include <netinet/icmp6.h>

#include "socket_rig.h"

namespace sextant::test {

inline constexpr int kTestProtocol = 253;  // RFC 3692

// A raw socket, or a program that stops.
inline int OpenRaw(SocketRig& rig, int protocol = kTestProtocol) {
  const auto fd = rig.layer().Socket(AF_INET6, SOCK_RAW, protocol);
  SX_CHECK(fd.ok());
  return *fd;
}

// A raw socket that was connected to ::1.
inline int ConnectedRaw(SocketRig& rig, int protocol = kTestProtocol) {
  const int fd = OpenRaw(rig, protocol);
  SX_CHECK(rig.Connect(fd, At("::1", 0)) == Errno::kOk);
  return fd;
}

// An echo request without its checksum.
inline std::string EchoRequest(std::string_view data = "ping") {
  return std::string("\x80\0\xff\xff\0\1\0\2", 8) + std::string(data);
}

}  // namespace sextant::test
