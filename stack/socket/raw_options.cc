// SPDX-License-Identifier: BSD-3-Clause
// The options of raw sockets, and those that tell kinds of sockets apart.
// RFC 3542 §3.1 (IPV6_CHECKSUM) and §3.2 (ICMP6_FILTER); raw(7) for IPV6_HDRINCL.
// Owned by one Core.
#include <netinet/icmp6.h>

#include <algorithm>

#include "socket/open_socket.h"
#include "socket/option_functions.h"

namespace sextant::socket {

static_assert(sizeof(raw::Filter) == sizeof(icmp6_filter));

Errno GetSocketType(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->type() == kRaw ? SOCK_RAW : SOCK_DGRAM);
  return Errno::kOk;
}

Errno GetSocketProtocol(const OptionTarget& target, Reply& reply) {
  const OpenSocket& socket = *target.socket;
  reply.PutInt(socket.type() == kRaw ? int{socket.raw->protocol()} : int{IPPROTO_UDP});
  return Errno::kOk;
}

Errno SetChecksumOffset(const OptionTarget& target, const Value& value) {
  raw::Socket& raw = *target.socket->raw;
  // RFC 3542 §3.1: where ICMPv6 has its checksum is no option.
  if (raw.protocol() == raw::kIcmp6) return Errno::kInvalid;
  int64_t offset = value.number;
  if (offset < 0 && target.environment.profile.any_negative_checksum) {
    offset = raw::Socket::kNoChecksum;
  }
  const bool odd = offset > 0 && offset % 2 != 0;
  if (offset < raw::Socket::kNoChecksum || odd) return Errno::kInvalid;
  raw.checksum_offset = static_cast<int>(offset);
  return Errno::kOk;
}

Errno GetChecksumOffset(const OptionTarget& target, Reply& reply) {
  reply.PutInt(target.socket->raw->checksum_offset);
  return Errno::kOk;
}

Errno SetHeaderIncluded(const OptionTarget& target, const Value& value) {
  // Requirement D-2: there is no such thing.
  if (!target.environment.profile.raw_writes_header) return Errno::kNoProtoOpt;
  target.socket->raw->header_included = value.number != 0;
  return Errno::kOk;
}

Errno GetHeaderIncluded(const OptionTarget& target, Reply& reply) {
  if (!target.environment.profile.raw_writes_header) return Errno::kNoProtoOpt;
  reply.PutInt(target.socket->raw->header_included ? 1 : 0);
  return Errno::kOk;
}

Errno SetIcmp6Filter(const OptionTarget& target, const Value& value) {
  raw::Socket& raw = *target.socket->raw;
  if (raw.protocol() != raw::kIcmp6) return Errno::kNotSupported;
  const size_t given = value.bytes.size();
  raw::Filter filter;
  if (target.environment.profile.filter_of_any_length) {
    filter = raw.filter();  // what is not given stays
  } else if (given != 0 && given != sizeof(icmp6_filter)) {
    return Errno::kInvalid;
  }
  // RFC 3542 §3.2: nothing given blocks nothing.
  const size_t taken = std::min(given, sizeof(icmp6_filter));
  if (taken != 0) std::memcpy(filter.words().data(), value.bytes.data(), taken);
  target.environment.raw.SetFilter(raw, filter);
  return Errno::kOk;
}

Errno GetIcmp6Filter(const OptionTarget& target, Reply& reply) {
  const raw::Socket& raw = *target.socket->raw;
  if (raw.protocol() != raw::kIcmp6) return Errno::kNotSupported;
  reply.Put(raw.filter().words().data(), sizeof(icmp6_filter));
  return Errno::kOk;
}

}  // namespace sextant::socket
