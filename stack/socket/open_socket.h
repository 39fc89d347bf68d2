// SPDX-License-Identifier: BSD-3-Clause
// OpenSocket: what the facade knows of one socket, beside the UDP or raw socket itself.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "raw/socket.h"
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

class OpenSocket final : public Descriptor, public Groups {
 public:
  OpenSocket() : Descriptor(Kind::kSocket) { udp.groups = this; }
  // A raw socket.
  explicit OpenSocket(uint8_t protocol)
      : Descriptor(Kind::kSocket), raw(std::make_unique<raw::Socket>(protocol, this)) {}

  SocketKind type() const { return raw == nullptr ? kDatagram : kRaw; }
  // What follows the extension headers of its packets.
  wire::NextHeader upper() const {
    return raw == nullptr ? wire::NextHeader::kUdp : wire::NextHeader{raw->protocol()};
  }
  // What both kinds have.
  SocketCore& endpoint() {
    if (raw == nullptr) [[likely]]
      return udp;
    return *raw;
  }
  const SocketCore& endpoint() const { return const_cast<OpenSocket&>(*this).endpoint(); }
  // The data of a received packet.
  udp::Payload PayloadOf(const Packet& packet) const {
    if (raw == nullptr) [[likely]]
      return udp::PayloadOf(packet);
    const raw::Payload payload = raw::PayloadOf(packet);
    return {payload.offset, payload.length};
  }
  bool HasJoined(const Ipv6Address& group, uint32_t interface) const override {
    return std::ranges::any_of(memberships, [&](const Membership& m) {
      return m.group == group && m.interface == interface;
    });
  }
  uint32_t events() override {
    return endpoint().readiness().events() | (no_reading ? kReadyIn | kReadyReadHangUp : 0U) |
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
    const uint32_t zone = endpoint().interface();
    return zone != 0 ? zone : options.socket.device;
  }

  udp::Socket udp;                   // of a raw socket: not in use
  std::unique_ptr<raw::Socket> raw;  // null: this is a UDP socket
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
