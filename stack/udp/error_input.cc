// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/error_input.h"

#include "core/error_meaning.h"
#include "wire/extension_header.h"
#include "wire/udp.h"

namespace sextant::udp {
namespace {

// What an error says, and the datagram that it quotes.
struct Quote {
  wire::Icmp6Error cause;
  Flow flow;
  uint32_t flow_info = 0;
  size_t payload_offset = 0;  // from the start of the error's packet
};

Quote QuoteOf(const Packet& packet) {
  const Meta& meta = packet.meta();
  const Bytes message = packet.bytes().subspan(meta.upper_offset);
  const Bytes quoted = message.subspan(wire::Icmp6View::kErrorSize);
  const auto ip = wire::Ipv6View::Trusted(quoted);
  const auto upper = wire::WalkToUpper(quoted);
  SX_CHECK(upper);
  const auto udp = wire::UdpView::Trusted(quoted.subspan(upper->offset));
  return {wire::Icmp6Error::Of(message),
          {{ip.source(), udp.source_port()},
           {ip.destination(), udp.destination_port()},
           meta.interface},
          uint32_t{ip.traffic_class()} << 20 | ip.flow_label(),
          meta.upper_offset + wire::Icmp6View::kErrorSize + upper->offset + wire::UdpView::kSize};
}

// For IPV6_RECVERR: the packet itself, and where to look in it.
void Keep(PacketPtr packet, const Quote& quote, Errno error, Socket& socket, Core& core) {
  const Meta& meta = packet->meta();
  QueuedError kept;
  kept.error = error;
  kept.cause = quote.cause;
  kept.destination = quote.flow.remote.address;
  kept.port = quote.flow.remote.port;
  kept.interface = meta.interface;
  kept.flow_info = quote.flow_info;
  kept.payload_offset = static_cast<uint16_t>(quote.payload_offset);
  kept.payload_length =
      static_cast<uint16_t>(meta.upper_offset + meta.upper_length - quote.payload_offset);
  core.Delivered(*packet);
  kept.packet = std::move(packet);
  if (!socket.KeepError(kept)) core.Consume(std::move(kept.packet));
}

}  // namespace

Verdict<ErrorInput::Next> ErrorInput::Take(PacketPtr& packet, Core& core) {
  const Quote quote = QuoteOf(*packet);
  Socket* const socket = table_.Lookup(quote.flow);
  if (socket == nullptr) return DropReason::kIcmp6ErrorNotOurs;
  if (quote.cause.type == wire::Icmp6Type::kPacketTooBig) {
    routes_.LearnPathMtu(quote.flow.remote.address, packet->meta().interface, quote.cause.value,
                         core.now());
  }
  const ErrorMeaning meaning = MeaningOf(quote.cause.type, quote.cause.code);
  // RFC 1122 §4.1.3.3 in IPv6's words: an unconnected socket cannot tell whose
  // error it is, unless it reads the queue; fatal ones reach the connected
  // socket that sent the datagram.
  const bool queues = socket->errors() != nullptr;
  if (queues || (meaning.fatal && socket->remote() == quote.flow.remote)) {
    socket->SetError(meaning.error);
  }
  if (queues) {
    Keep(std::move(packet), quote, meaning.error, *socket, core);
  } else {
    core.Consume(std::move(packet));
  }
  return Verdict<Next>::Held();
}

}  // namespace sextant::udp
