// SPDX-License-Identifier: BSD-3-Clause
// bind, connect and the names of both ends.
// Owned by one Core.
#include "socket/address.h"
#include "socket/layer.h"
#include "socket/resolve.h"

namespace sextant::socket {
namespace {

constexpr uint16_t kFirstUserPort = 1024;  // RFC 6335 §6: system ports end below

Errno PutName(const udp::Endpoint& endpoint, uint32_t interface, sockaddr* out, socklen_t* length) {
  if (out == nullptr || length == nullptr) return Errno::kFault;
  WriteAddress(endpoint, interface, out, *length);
  return Errno::kOk;
}

// A raw socket has no port; what stands in its place is a matter of taste.
Endpoint LocalNameOf(const OpenSocket& socket, const Profile& profile) {
  Endpoint name = socket.endpoint().local();
  if (socket.type() == kRaw && profile.raw_names_have_ports) name.port = socket.raw->protocol();
  return name;
}

}  // namespace

Errno SocketLayer::CheckBind(const OpenSocket& socket, const Destination& to,
                             uint32_t interface) const {
  const Ipv6Address& address = to.endpoint.address;
  const bool raw = socket.type() == kRaw;
  if (raw ? socket.raw->is_connected() : socket.udp.is_bound()) return Errno::kInvalid;
  if (address.is_v4_mapped()) return Errno::kAddressNotAvailable;
  if (interface != 0 && environment_.interfaces.at(interface) == nullptr) return Errno::kNoDevice;
  if (address.needs_zone()) {
    // RFC 4007 §6, and SO_BINDTODEVICE naming another zone.
    const uint32_t device = socket.options.socket.device;
    if (interface == 0 || (device != 0 && device != interface)) return Errno::kInvalid;
  }
  const bool wildcard = address.is_unspecified() || address.is_multicast();
  const bool anywhere = socket.options.ip6.free_bind || socket.options.ip6.transparent;
  if (!wildcard && !anywhere && !environment_.routes.IsLocal(address, interface)) {
    return Errno::kAddressNotAvailable;
  }
  const bool low = socket.udp.port_range == udp::PortRange::kLow;
  const bool below = to.endpoint.port != 0 ? to.endpoint.port < kFirstUserPort : low;
  const bool reserved = !raw && below;
  return reserved && !environment_.caller.net_bind ? Errno::kAccess : Errno::kOk;
}

Errno SocketLayer::Bind(int fd, const sockaddr* address, socklen_t length) {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  OpenSocket& open = **socket;
  Destination to;
  const Errno unreadable = ReadAddress(address, length, to);
  if (unreadable != Errno::kOk) return unreadable;
  const bool zoned = to.endpoint.address.needs_zone();
  const uint32_t zone = zoned && to.zone != 0 ? to.zone : open.options.socket.device;
  const Errno refused = CheckBind(open, to, zone);
  if (refused != Errno::kOk) return refused;
  if (open.type() == kRaw) {
    environment_.raw.Bind(*open.raw, to.endpoint.address, zone);
    open.bound_address = to.endpoint.address;
    open.bound_interface = zoned ? zone : 0;
    return Errno::kOk;
  }
  const Errno taken = environment_.udp.Bind(open.udp, to.endpoint, zone);
  if (taken != Errno::kOk) return taken;
  open.bound_address = to.endpoint.address;
  open.bound_interface = zoned ? zone : 0;
  open.bound_by_user = true;
  return Errno::kOk;
}

Errno SocketLayer::BindImplicitly(OpenSocket& socket) {
  if (socket.udp.is_bound()) [[likely]]
    return Errno::kOk;
  const bool low = socket.udp.port_range == udp::PortRange::kLow;
  if (low && !environment_.caller.net_bind) return Errno::kAccess;
  return environment_.udp.Bind(socket.udp, {}, socket.options.socket.device);
}

Errno SocketLayer::Dissolve(OpenSocket& socket) {
  if (!socket.endpoint().is_connected()) return Errno::kOk;
  if (socket.type() == kRaw) {
    environment_.raw.Disconnect(*socket.raw, socket.bound_address, socket.chosen_interface());
    return Errno::kOk;
  }
  environment_.udp.Disconnect(socket.udp, socket.bound_address, socket.chosen_interface());
  // A port that nobody asked for goes back too.
  if (!socket.bound_by_user) environment_.udp.Remove(socket.udp);
  return Errno::kOk;
}

Errno SocketLayer::Connect(int fd, const sockaddr* address, socklen_t length) {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  OpenSocket& open = **socket;
  if (length < static_cast<socklen_t>(sizeof(sa_family_t))) return Errno::kInvalid;
  if (address == nullptr) return Errno::kFault;
  // POSIX: AF_UNSPEC resets the peer.
  if (FamilyOf(address, length) == AF_UNSPEC) return Dissolve(open);
  Destination to;
  const Errno unreadable = ReadAddress(address, length, to);
  if (unreadable != Errno::kOk) return unreadable;
  Journey journey;
  const Errno unreachable =
      Resolve(environment_, open, open.options.ip6, to, Purpose::kConnect, journey);
  if (unreachable != Errno::kOk) return unreachable;
  if (open.type() == kRaw) return ConnectRaw(open, journey);
  const bool was_bound = open.udp.is_bound();
  const Errno unbound = BindImplicitly(open);
  if (unbound != Errno::kOk) return unbound;
  const udp::Departure& departure = journey.departure;
  const bool zoned = departure.destination.address.needs_zone();
  const Errno taken =
      environment_.udp.Connect(open.udp, departure.destination, departure.source.address,
                               zoned ? journey.path->interface : open.chosen_interface());
  if (taken != Errno::kOk && !was_bound) environment_.udp.Remove(open.udp);
  return taken;
}

Errno SocketLayer::GetSockName(int fd, sockaddr* address, socklen_t* length) const {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  const OpenSocket& open = **socket;
  return PutName(LocalNameOf(open, environment_.profile), open.endpoint().interface(), address,
                 length);
}

Errno SocketLayer::GetPeerName(int fd, sockaddr* address, socklen_t* length) const {
  const auto socket = FindSocket(fd);
  if (!socket) return socket.error();
  const OpenSocket& open = **socket;
  const SocketCore& endpoint = open.endpoint();
  // On Linux a port of 0 says that there is no peer, of a raw socket too.
  const bool named = endpoint.remote().port != 0 || !environment_.profile.raw_names_have_ports;
  if (!endpoint.is_connected() || !named) return Errno::kNotConnected;
  return PutName(endpoint.remote(), endpoint.interface(), address, length);
}

}  // namespace sextant::socket
