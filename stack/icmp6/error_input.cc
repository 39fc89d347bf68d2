// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/error_input.h"

#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::icmp6 {
namespace {

// What must be quoted of the upper layer to find its socket: the ports.
constexpr size_t kMinUpperQuote = 8;

}  // namespace

Verdict<ErrorInput::Next> ErrorInput::Judge(const Packet& packet, Meta& meta) const {
  const Bytes message = packet.bytes().subspan(
      meta.upper_offset,
      std::min<size_t>(meta.upper_length, packet.bytes().size() - meta.upper_offset));
  if (message.size() < wire::Icmp6View::kErrorSize + wire::Ipv6View::kSize + kMinUpperQuote) {
    return DropReason::kIcmp6ErrorShort;
  }
  const auto quoted = wire::Ipv6View::Trusted(message.subspan(wire::Icmp6View::kErrorSize));
  if (quoted.version() != 6) return DropReason::kIcmp6ErrorShort;
  // Only our own packets can have caused an error that is meant for us.
  const Ipv6Address source = quoted.source();
  if (source.is_multicast() ||
      interfaces_.Classify(source, meta.interface) != iface::Locality::kLocal) {
    return DropReason::kIcmp6ErrorNotOurs;
  }
  if (quoted.next_header() != wire::NextHeader::kUdp) return DropReason::kIcmp6ErrorNotOurs;
  return Next::kUdp;
}

}  // namespace sextant::icmp6
