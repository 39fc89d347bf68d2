// SPDX-License-Identifier: BSD-3-Clause
// OpenSocket: what the facade knows of one socket, beside the UDP endpoint itself.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "socket/descriptor.h"
#include "socket/header_block.h"
#include "socket/option_table.h"
#include "socket/options.h"
#include "socket/path_mtu_notices.h"
#include "udp/socket.h"

namespace sextant::socket {

struct Membership {
  Ipv6Address group;
  uint16_t interface = 0;
  bool operator==(const Membership&) const = default;
};

class OpenSocket final : public Descriptor, public udp::Groups {
 public:
  OpenSocket() : Descriptor(Kind::kSocket) { udp.groups = this; }

  SocketKind type() const { return kDatagram; }
  // What follows the extension headers of its packets.
  wire::NextHeader upper() const { return wire::NextHeader::kUdp; }
  // udp::Groups
  bool HasJoined(const Ipv6Address& group, uint32_t interface) const override {
    return std::ranges::any_of(memberships, [&](const Membership& m) {
      return m.group == group && m.interface == interface;
    });
  }
  uint32_t events() override {
    return udp.readiness().events() | (no_reading ? kReadyIn | kReadyReadHangUp : 0U) |
           (no_reading && no_writing ? uint32_t{kReadyHangUp} : 0U) |
           (has_path_mtu_notice() ? uint32_t{kReadyIn} : 0U);
  }
  bool has_path_mtu_notice() const {
    return path_mtu_notices != nullptr && !path_mtu_notices->empty();
  }
  // The interface that its user has tied it to: by the zone of bind()'s
  // address or by SO_BINDTODEVICE; 0: none.
  uint32_t chosen_interface() const {
    return bound_interface != 0 ? bound_interface : options.socket.device;
  }
  // The same, or the zone of what it is connected to.
  uint32_t interface() const {
    return udp.interface() != 0 ? udp.interface() : options.socket.device;
  }

  udp::Socket udp;
  Options options;
  std::unique_ptr<PathMtuNotices> path_mtu_notices;  // null: IPV6_RECVPATHMTU is off
  std::vector<Membership> memberships;
  std::unique_ptr<StickyHeaders> sticky_headers;  // null: none was ever set
  PacketPtr last_packet;                          // with Ip6Options::keep_last_packet
  std::vector<uint8_t> packet_options;            // what IPV6_PKTOPTIONS has answered
  // What bind() was given; a connection that is dissolved goes back to it.
  Ipv6Address bound_address;
  uint32_t bound_interface = 0;
  bool bound_by_user = false;
  bool no_reading = false;  // shutdown(SHUT_RD)
  bool no_writing = false;
};

}  // namespace sextant::socket
