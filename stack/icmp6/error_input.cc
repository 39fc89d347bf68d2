// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/error_input.h"

#include "wire/extension_header.h"
#include "wire/icmpv6.h"

namespace sextant::icmp6 {
namespace {

using Next = ErrorInput::Next;

// What must be quoted of the upper layer to find out who sent it.
constexpr size_t kMinUpperQuote = 8;

// Could a packet of this length have met a link of that MTU?
bool IsPossible(uint32_t mtu, const wire::Ipv6View& quoted) {
  // RFC 8201 §4: below the minimum link MTU the message must be discarded. (It
  // once made hosts send atomic fragments, CVE-2016-10142; here nothing does.)
  if (mtu < kMinMtu) return false;
  return wire::Ipv6View::kSize + quoted.payload_length() > mtu;
}

Verdict<Next> Dispatch(wire::NextHeader upper, Bytes quoted) {
  switch (upper) {
    case wire::NextHeader::kUdp:
      return Next::kUdp;
    case wire::NextHeader::kIcmp6:
      if (wire::Icmp6Type{quoted[0]} == wire::Icmp6Type::kEchoRequest) return Next::kEcho;
      return Next::kOther;
    default:
      return Next::kOther;
  }
}

}  // namespace

Verdict<Next> ErrorInput::Judge(const Packet& packet, Meta& meta) const {
  const Bytes message = packet.bytes().subspan(
      meta.upper_offset,
      std::min<size_t>(meta.upper_length, packet.bytes().size() - meta.upper_offset));
  if (message.size() < wire::Icmp6View::kErrorSize + wire::Ipv6View::kSize) {
    return DropReason::kIcmp6ErrorShort;
  }
  const auto error = wire::Icmp6Error::Of(message);
  Bytes quote = message.subspan(wire::Icmp6View::kErrorSize);
  const auto quoted = wire::Ipv6View::Trusted(quote);
  if (quoted.version() != 6) return DropReason::kIcmp6ErrorShort;
  // Only our own packets can have caused an error that is meant for us.
  const Ipv6Address source = quoted.source();
  if (source.is_multicast() ||
      interfaces_.Classify(source, meta.interface) != iface::Locality::kLocal) {
    return DropReason::kIcmp6ErrorNotOurs;
  }
  quote = quote.first(std::min(quote.size(), wire::Ipv6View::kSize + quoted.payload_length()));
  const auto upper = wire::WalkToUpper(quote);
  // A later fragment does not show whose it is; the first one met the same fate.
  const bool found =
      upper && !upper->is_later_fragment() && quote.size() - upper->offset >= kMinUpperQuote;
  if (!found) return DropReason::kIcmp6ErrorShort;
  if (error.type == wire::Icmp6Type::kPacketTooBig && !IsPossible(error.value, quoted)) {
    return DropReason::kIcmp6ErrorMtu;
  }
  return Dispatch(upper->next, quote.subspan(upper->offset));
}

}  // namespace sextant::icmp6
