// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/error_receive.h"

#include "packet/sum.h"
#include "socket/address.h"
#include "socket/control.h"
#include "socket/gather.h"
#include "socket/receive_items.h"
#include "wire/ipv6.h"

namespace sextant::socket {
namespace {

// RFC 4884 §7: version and checksum; then objects, each with its length in front.
constexpr size_t kStructureHeader = 4;
constexpr size_t kObjectHeader = 4;
constexpr uint8_t kStructureVersion = 2;
// RFC 4884 §4.2: the quoted datagram is padded to at least this, where a
// structure follows, and counted in units of eight octets.
constexpr size_t kLeastDatagram = 128;
constexpr size_t kDatagramUnit = 8;

// REQUIRES: begin + kStructureHeader <= end.
bool IsIntact(const Packet& packet, size_t begin, size_t end) {
  std::array<uint8_t, kStructureHeader> header{};
  SX_CHECK(packet.CopyOut(begin, header));
  // Of another version nothing is known that could be wrong.
  if (header[0] >> 4 != kStructureVersion) return true;
  const bool summed = Load16(header, 2) != 0;
  if (summed && !SumOf(packet, begin, end - begin).Verifies()) return false;
  for (size_t at = begin + kStructureHeader; at < end;) {
    std::array<uint8_t, kObjectHeader> object{};
    if (!packet.CopyOut(at, object)) return false;
    const size_t length = Load16(object, 0);
    if (length < kObjectHeader || length > end - at) return false;
    at += length;
  }
  return true;
}

// How ToC() of a peer looks with its zone.
sockaddr_in6 AddressOf(const udp::Endpoint& endpoint, uint32_t interface) {
  sockaddr_in6 out{};
  socklen_t length = sizeof out;
  WriteAddress(endpoint, interface, &out, length);
  return out;
}

ErrorItem ItemOf(const QueuedError& error, const Ip6Options& options) {
  ErrorItem item;
  item.error.ee_errno = static_cast<uint32_t>(error.error);
  item.error.ee_origin = error.packet ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_LOCAL;
  item.error.ee_type = static_cast<uint8_t>(error.cause.type);
  item.error.ee_code = error.cause.code;
  item.error.ee_info = error.cause.value;
  if (!error.packet) return item;
  if (options.receive_errors_rfc4884) item.error.ee_rfc4884 = FindExtension(error);
  const auto ip = wire::Ipv6View::Trusted(error.packet->bytes());
  item.offender = AddressOf({ip.source(), 0}, error.interface);
  return item;
}

void WriteControl(const QueuedError& error, const Ip6Options& options, msghdr& message) {
  ControlWriter out(message.msg_control, message.msg_controllen);
  // As on Linux: the items that are switched on tell of the error's own packet.
  if (error.packet) WriteReceiveItems(*error.packet, options, out);
  const ErrorItem item = ItemOf(error, options);
  out.Put(IPPROTO_IPV6, IPV6_RECVERR, {reinterpret_cast<const uint8_t*>(&item), sizeof item});
  message.msg_controllen = out.used();
  if (out.truncated()) message.msg_flags |= MSG_CTRUNC;
}

void WriteDestination(const QueuedError& error, msghdr& message) {
  if (message.msg_name == nullptr) {
    message.msg_namelen = 0;
    return;
  }
  WriteAddress({error.destination, error.port}, error.interface, message.msg_name,
               message.msg_namelen);
}

}  // namespace

sock_ee_data_rfc4884 FindExtension(const QueuedError& error) {
  const bool may_have_one = error.cause.type == wire::Icmp6Type::kDestinationUnreachable ||
                            error.cause.type == wire::Icmp6Type::kTimeExceeded;
  if (!may_have_one) return {};
  const Meta& meta = error.packet->meta();
  // RFC 4884 §4.2: the length is the first octet of what was unused before.
  const size_t datagram = size_t{error.cause.value >> 24} * kDatagramUnit;
  const size_t begin = size_t{meta.upper_offset} + wire::Icmp6View::kErrorSize + datagram;
  const size_t end = size_t{meta.upper_offset} + meta.upper_length;
  if (datagram < kLeastDatagram || begin < error.payload_offset || begin + kStructureHeader > end) {
    return {};
  }
  sock_ee_data_rfc4884 found{};
  found.len = static_cast<uint16_t>(begin - error.payload_offset);
  if (!IsIntact(*error.packet, begin, end)) found.flags = SO_EE_RFC4884_FLAG_INVALID;
  return found;
}

Result<size_t> ReceiveError(OpenSocket& socket, msghdr& message) {
  const ErrorQueue* const errors = socket.endpoint().errors();
  if (errors == nullptr || errors->empty()) return Errno::kWouldBlock;
  QueuedError error = socket.endpoint().TakeKeptError();
  message.msg_flags = MSG_ERRQUEUE;
  size_t copied = 0;
  if (error.packet) {
    copied = Scatter(*error.packet, {error.payload_offset, error.payload_length}, PartsOf(message));
  }
  if (copied < error.payload_length) message.msg_flags |= MSG_TRUNC;
  WriteDestination(error, message);
  WriteControl(error, socket.options.ip6, message);
  if (error.packet) error.packet.Free();
  return copied;
}

}  // namespace sextant::socket
