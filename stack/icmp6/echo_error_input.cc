// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/echo_error_input.h"

#include "wire/extension_header.h"
#include "wire/icmpv6.h"

namespace sextant::icmp6 {
namespace {

// Eight bytes of header, and the client's secret.
constexpr size_t kProof = wire::Icmp6View::kErrorSize + sizeof(uint64_t);

}  // namespace

Verdict<EchoErrorInput::Next> EchoErrorInput::Take(PacketPtr& packet, Core& core) {
  const Meta& meta = packet->meta();
  const Bytes message = packet->bytes().subspan(meta.upper_offset);
  const auto error = wire::Icmp6Error::Of(message);
  const Bytes quote = message.subspan(wire::Icmp6View::kErrorSize);
  const auto ip = wire::Ipv6View::Trusted(quote);
  const auto upper = wire::WalkToUpper(quote);
  SX_CHECK(upper);
  // What was sent of the request, and what of that is quoted.
  const size_t sent = wire::Ipv6View::kSize + ip.payload_length() - upper->offset;
  const size_t quoted = meta.upper_length - wire::Icmp6View::kErrorSize - upper->offset;
  const size_t offset = meta.upper_offset + wire::Icmp6View::kErrorSize + upper->offset;
  if (!pinger_.TakeError(*packet, offset, std::min(sent, quoted))) {
    return DropReason::kIcmp6ErrorNotOurs;
  }
  // Identifier and sequence number alone can be guessed.
  if (error.type == wire::Icmp6Type::kPacketTooBig && quoted >= kProof) {
    routes_.LearnPathMtu(ip.destination(), meta.interface, error.value, core.now());
  }
  core.Consume(std::move(packet));
  return Verdict<Next>::Held();
}

}  // namespace sextant::icmp6
