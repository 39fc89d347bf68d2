// SPDX-License-Identifier: BSD-3-Clause
// Options: the values that the option table stores, for a socket or, as a
// copy, for one datagram.
// RFC 3493 §5 and §6 (basic), RFC 3542 §6 (advanced), POSIX (SOL_SOCKET).
// Owned by one Core.
#pragma once

#include <cstdint>

#include "base/ipv6_address.h"
#include "base/time.h"
#include "socket/header_set.h"

namespace sextant::wire {
struct HeaderChain;
}

namespace sextant::socket {

// RFC 3542 §6.2: source address and outgoing interface; ::, 0: the stack chooses.
struct PacketInfo {
  Ipv6Address address;
  uint32_t interface = 0;
};

// RFC 3542 §6.1: the neighbor that packets go to; ::, as routed.
struct NextHop {
  Ipv6Address address;
  uint32_t interface = 0;  // of a link-local one
  bool is_set() const { return !address.is_unspecified(); }
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

  NextHop next_hop;
  HeaderSet headers;
  const wire::HeaderChain* chain = nullptr;  // the headers, compiled; null: none

  uint32_t unicast_interface = 0;        // IPV6_UNICAST_IF; 0: none
  uint16_t address_preferences = 0x500;  // RFC 5014: the host's choice, and home addresses
  bool free_bind = false;                // sources need not be ours
  bool transparent = false;              // the same, by privilege
  bool rfc2292 = false;                  // any ancillary item hides all sticky options

  // How long packets may be, and whether longer ones are split.
  uint8_t mtu_discover = 1;  // IPV6_PMTUDISC_*
  uint32_t mtu = 0;          // IPV6_MTU; 0: the path's

  // Received items that are wanted.
  bool receive_packet_info = false;
  bool receive_hop_limit = false;
  bool receive_traffic_class = false;
  bool receive_errors_rfc4884 = false;
  bool receive_fragment_size = false;
  bool receive_hop_by_hop = false;
  bool receive_destination = false;
  bool receive_routing = false;
  bool receive_old_packet_info = false;
  bool receive_old_hop_limit = false;
  bool receive_old_hop_by_hop = false;
  bool receive_old_destination = false;
  bool receive_old_routing = false;
  bool receive_original_destination = false;
  bool keep_last_packet = false;  // for IPV6_PKTOPTIONS
};

struct SocketOptions {
  uint32_t receive_buffer = 0;  // bytes, as getsockopt() shows them
  uint32_t send_buffer = 0;
  Duration receive_timeout = Duration::Infinite();
  Duration send_timeout = Duration::Infinite();
  bool dont_route = false;  // SO_DONTROUTE
  uint32_t device = 0;      // SO_BINDTODEVICE, as an interface index; 0: none
};

struct Options {
  Ip6Options ip6;
  SocketOptions socket;
};

}  // namespace sextant::socket
