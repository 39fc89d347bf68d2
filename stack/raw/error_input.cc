// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "raw/error_input.h"

#include "core/error_meaning.h"
#include "wire/extension_header.h"

namespace sextant::raw {
namespace {

// What an error says, and the packet that it quotes.
struct Quote {
  wire::Icmp6Error cause;
  wire::NextHeader protocol = wire::NextHeader::kNone;
  Flow flow;
  uint32_t flow_info = 0;
  size_t packet_offset = 0;  // both from the start of the error's packet
  size_t payload_offset = 0;
};

Quote QuoteOf(const Packet& packet) {
  const Meta& meta = packet.meta();
  const Bytes message = packet.bytes().subspan(meta.upper_offset);
  const Bytes quoted = message.subspan(wire::Icmp6View::kErrorSize);
  const auto ip = wire::Ipv6View::Trusted(quoted);
  const auto upper = wire::WalkToUpper(quoted);
  SX_CHECK(upper);
  const size_t at = meta.upper_offset + wire::Icmp6View::kErrorSize;
  return {wire::Icmp6Error::Of(message),
          upper->next,
          {ip.source(), ip.destination(), meta.interface},
          uint32_t{ip.traffic_class()} << 20 | ip.flow_label(),
          at,
          at + upper->offset};
}

// For IPV6_RECVERR: a reference to the packet, and where to look in it.
void Keep(Packet& packet, const Quote& quote, Errno error, Socket& socket, Core& core) {
  const Meta& meta = packet.meta();
  QueuedError kept;
  kept.packet = core.pool().Share(packet);
  if (!kept.packet) return core.NeverMade(DropReason::kNoBuffer);
  kept.packet->meta().origin = Origin::kMade;
  kept.error = error;
  kept.cause = quote.cause;
  kept.destination = quote.flow.remote;
  kept.interface = meta.interface;
  kept.flow_info = quote.flow_info;
  // What its user has sent, be that with the IPv6 header or without.
  const size_t begin = socket.header_included ? quote.packet_offset : quote.payload_offset;
  kept.payload_offset = static_cast<uint16_t>(begin);
  kept.payload_length = static_cast<uint16_t>(meta.upper_offset + meta.upper_length - begin);
  if (!socket.KeepError(kept)) core.Consume(std::move(kept.packet));
}

}  // namespace

bool ErrorInput::Tell(Packet& packet, Core& core) {
  const Quote quote = QuoteOf(packet);
  const ErrorMeaning meaning = MeaningOf(quote.cause.type, quote.cause.code);
  bool ours = false;
  table_.ForEachSender(quote.protocol, quote.flow, [&](Socket& socket) {
    ours = true;
    // An unconnected socket cannot tell whose error it is, unless it reads the
    // queue; fatal ones reach the connected socket.
    const bool queues = socket.errors() != nullptr;
    if (queues || (meaning.fatal && socket.is_connected())) socket.SetError(meaning.error);
    if (queues) Keep(packet, quote, meaning.error, socket, core);
  });
  if (ours && quote.cause.type == wire::Icmp6Type::kPacketTooBig) {
    routes_.LearnPathMtu(quote.flow.remote, packet.meta().interface, quote.cause.value, core.now());
  }
  return ours;
}

Verdict<ErrorInput::Next> ErrorInput::Take(PacketPtr& packet, Core& core) {
  if (!Tell(*packet, core)) return DropReason::kIcmp6ErrorNotOurs;
  core.Consume(std::move(packet));
  return Verdict<Next>::Held();
}

}  // namespace sextant::raw
