// SPDX-License-Identifier: BSD-3-Clause
// OpenSocket: what the facade knows of one socket, beside the UDP or raw socket itself.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "raw/socket.h"
#include "socket/descriptor.h"
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

class OpenSocket final : public Descriptor, public raw::Groups {
 public:
  OpenSocket() : Descriptor(Kind::kSocket) {}
  // A raw socket.
  explicit OpenSocket(uint8_t protocol)
      : Descriptor(Kind::kSocket), raw(std::make_unique<raw::Socket>(protocol, this)) {}

  SocketKind type() const { return raw == nullptr ? kDatagram : kRaw; }
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
  // What bind() was given; a connection that is dissolved goes back to it.
  Ipv6Address bound_address;
  uint32_t bound_interface = 0;
  bool bound_by_user = false;
  bool no_reading = false;  // shutdown(SHUT_RD)
  bool no_writing = false;

 private:
  // raw::Groups.
  bool Has(const Ipv6Address& group, uint32_t interface) const override {
    const Membership wanted{group, static_cast<uint16_t>(interface)};
    return std::find(memberships.begin(), memberships.end(), wanted) != memberships.end();
  }
};

}  // namespace sextant::socket
