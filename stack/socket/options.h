// SPDX-License-Identifier: BSD-3-Clause
// Options: the values that the option table stores, for a socket or, as a
// copy, for one datagram.
// RFC 3493 §5 and §6 (basic), RFC 3542 §6 (advanced), POSIX (SOL_SOCKET).
// Owned by one Core.
#pragma once

#include <cstdint>

#include "base/ipv6_address.h"
#include "base/time.h"

namespace sextant::socket {

// RFC 3542 §6.2: source address and outgoing interface; ::, 0: the stack chooses.
struct PacketInfo {
  Ipv6Address address;
  uint32_t interface = 0;
};

// What decides how a datagram leaves, and what is told of received ones.
struct Ip6Options {
  bool v6_only = false;
  int16_t unicast_hops = -1;         // -1: the host's default
  int16_t multicast_hops = -1;       // -1: the host's default
  uint32_t multicast_interface = 0;  // 0: the host chooses
  bool multicast_loop = true;

  // Sticky or ancillary.
  PacketInfo packet_info;
  int16_t traffic_class = -1;  // -1: 0
  int16_t hop_limit = -1;      // -1: unicast_hops or multicast_hops
  bool dont_fragment = false;
  int8_t use_min_mtu = -1;  // 0: never, 1: always, -1: for groups

  // How long packets may be, and whether longer ones are split.
  uint8_t mtu_discover = 1;  // IPV6_PMTUDISC_*
  uint32_t mtu = 0;          // IPV6_MTU; 0: the path's

  // Received items that are wanted.
  bool receive_packet_info = false;
  bool receive_hop_limit = false;
  bool receive_traffic_class = false;
  bool receive_errors_rfc4884 = false;
  bool receive_fragment_size = false;
};

struct SocketOptions {
  uint32_t receive_buffer = 0;  // bytes, as getsockopt() shows them
  uint32_t send_buffer = 0;
  Duration receive_timeout = Duration::Infinite();
  Duration send_timeout = Duration::Infinite();
  uint32_t device = 0;  // SO_BINDTODEVICE, as an interface index; 0: none
};

struct Options {
  Ip6Options ip6;
  SocketOptions socket;
};

}  // namespace sextant::socket
