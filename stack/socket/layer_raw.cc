// SPDX-License-Identifier: BSD-3-Clause
// What is different about raw sockets: who may have one, what connect() fixes,
// and how they send.
// RFC 3542 §3, ip6(4), raw(7).
// Owned by one Core.
#include "raw/output.h"
#include "socket/gather.h"
#include "socket/layer.h"
#include "socket/send_parts.h"

namespace sextant::socket {
namespace {

constexpr int kHighestProtocol = 255;

// What stands where a destination's port would: nothing, or the protocol once more.
Errno CheckPort(const raw::Socket& raw, uint16_t port) {
  const bool fits = port == 0 || port == raw.protocol() ||
                    (raw.protocol() == IPPROTO_RAW && port <= kHighestProtocol);
  return fits ? Errno::kOk : Errno::kInvalid;
}

Errno CheckLength(const OpenSocket& socket, size_t length) {
  const raw::Socket& raw = *socket.raw;
  if (length > raw::kMaxPayload || length > socket.options.socket.send_buffer) {
    return Errno::kMessageSize;
  }
  if (raw.header_included) {
    return length < wire::Ipv6View::kSize ? Errno::kInvalid : Errno::kOk;
  }
  // RFC 3542 §3.1: a packet without room for its checksum is not sent.
  const bool summed = raw.checksum_offset != raw::Socket::kNoChecksum;
  const size_t end = summed ? static_cast<size_t>(raw.checksum_offset) + sizeof(uint16_t) : 0;
  return length < end ? Errno::kInvalid : Errno::kOk;
}

Errno FitsRawPath(const Environment& environment, OpenSocket& socket, const Ip6Options& options,
                  size_t length, Journey& journey) {
  // What its user has put together nobody takes apart.
  if (socket.raw->header_included) {
    return length > journey.path->link_mtu ? Errno::kMessageSize : Errno::kOk;
  }
  const wire::HeaderChain* const extensions = journey.departure.extensions;
  const size_t chain = extensions == nullptr ? 0 : extensions->bytes.size();
  const size_t whole = wire::Ipv6View::kSize + chain + length;
  // RFC 8200 §5: every path and link takes this much.
  if (whole <= kMinMtu) return Errno::kOk;
  return FitsPathSlowly(environment, socket, options, whole, journey);
}

raw::Departure DepartureOf(const Journey& journey, const raw::Socket& raw) {
  const udp::Departure& from = journey.departure;
  return {.source = from.source.address,
          .destination = from.destination.address,
          .flow_label = from.flow_label,
          .path_mtu = from.path_mtu,
          .traffic_class = from.traffic_class,
          .hop_limit = from.hop_limit,
          .loop_group = from.loop_group,
          .protocol = raw.protocol(),
          .checksum_offset = raw.checksum_offset,
          .extensions = from.extensions};
}

}  // namespace

Result<std::unique_ptr<OpenSocket>> SocketLayer::MakeRaw(int protocol) const {
  const Profile& profile = environment_.profile;
  if (protocol < 0 || protocol > kHighestProtocol) return Errno::kProtoNoSupport;
  // Requirement D-1: protocol 0 is 255.
  if (protocol == 0) {
    if (profile.raw_writes_header) return Errno::kProtoNoSupport;
    protocol = IPPROTO_RAW;
  }
  if (!environment_.caller.net_raw) return profile.raw_without_privilege;
  auto socket = std::make_unique<OpenSocket>(static_cast<uint8_t>(protocol));
  socket->raw->header_included = protocol == IPPROTO_RAW && profile.raw_writes_header;
  return socket;
}

Errno SocketLayer::ConnectRaw(OpenSocket& socket, const Journey& journey) {
  const udp::Departure& departure = journey.departure;
  const bool zoned = departure.destination.address.needs_zone();
  environment_.raw.Connect(*socket.raw, departure.destination, departure.source.address,
                           zoned ? journey.path->interface : socket.chosen_interface());
  return Errno::kOk;
}

Result<size_t> SocketLayer::SendRaw(OpenSocket& socket, const msghdr& message,
                                    PacketSupply& supply) {
  const size_t length = LengthOf(PartsOf(message));
  Destination to;
  const Errno nowhere = DestinationOf(socket, environment_.profile, message, to);
  if (nowhere != Errno::kOk) return nowhere;
  const bool named = message.msg_name != nullptr && message.msg_namelen != 0;
  const Errno misnamed = named ? CheckPort(*socket.raw, to.endpoint.port) : Errno::kOk;
  if (misnamed != Errno::kOk) return misnamed;
  const Errno unfit = CheckLength(socket, length);
  if (unfit != Errno::kOk) return unfit;
  // Sends before the headers that came as ancillary data are gone.
  if (message.msg_controllen != 0) {
    Ancillary ancillary(socket.options, environment_);
    const Errno wrong = ReadControl(message, socket, ancillary);
    if (wrong != Errno::kOk) return wrong;
    return DispatchRaw(socket, ancillary.options().ip6, to, message, length, supply);
  }
  return DispatchRaw(socket, socket.options.ip6, to, message, length, supply);
}

Result<size_t> SocketLayer::DispatchRaw(OpenSocket& socket, const Ip6Options& options,
                                        const Destination& to, const msghdr& message, size_t length,
                                        PacketSupply& supply) {
  Journey journey;
  Errno refused = Resolve(environment_, socket, options, to, Purpose::kSend, journey);
  if (refused == Errno::kOk) {
    refused = FitsRawPath(environment_, socket, options, length, journey);
    if (refused == Errno::kMessageSize) NoteTooBig(socket, journey);
  }
  if (refused != Errno::kOk) return refused;
  // What an earlier packet has met is told once, instead of sending this one.
  if (socket.raw->pending_error() != Errno::kOk) return socket.raw->TakeError();
  if (journey.discarded) {
    environment_.core.NeverMade(DropReason::kOutputDontFragment);
    return length;
  }
  PacketPtr packet = Gather(PartsOf(message), length, supply);
  if (!packet) {
    environment_.core.NeverMade(DropReason::kNoBuffer);
    return Errno::kNoBuffers;
  }
  const raw::Departure departure = DepartureOf(journey, *socket.raw);
  if (socket.raw->header_included) {
    raw::SendWithHeader(std::move(packet), departure, *journey.path, environment_.outbox);
  } else {
    raw::Send(std::move(packet), departure, *journey.path, environment_.outbox, environment_.core);
  }
  return length;
}

}  // namespace sextant::socket
