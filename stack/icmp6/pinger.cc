// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "icmp6/pinger.h"

#include <algorithm>

#include "base/limits.h"
#include "iface/control_packet.h"
#include "wire/icmpv6.h"
#include "wire/ipv6.h"

namespace sextant::icmp6 {
namespace {

// RFC 4443 §4.1: identifier and sequence number follow the checksum.
constexpr size_t kIdentifierOffset = 4;
constexpr size_t kSequenceOffset = 6;
constexpr size_t kDataOffset = wire::Icmp6View::kErrorSize;
// What one packet buffer holds behind the IPv6 header.
constexpr size_t kRoom = kPacketDataRoom - kPacketHeadroom - wire::Ipv6View::kSize;

using Token = std::array<uint8_t, sizeof(uint64_t)>;

Token TokenOf(uint64_t secret) {
  Token token;
  Store32(token, 0, static_cast<uint32_t>(secret >> 32));
  Store32(token, 4, static_cast<uint32_t>(secret));
  return token;
}

}  // namespace

std::optional<EchoReply> EchoClient::Take() {
  if (reply_count_ == 0) return {};
  const EchoReply reply = replies_[first_reply_];
  first_reply_ = (first_reply_ + 1) % kRemembered;
  --reply_count_;
  return reply;
}

void Pinger::Add(EchoClient& client) {
  client.identifier_ = static_cast<uint16_t>(core_.rng().Next32());
  client.secret_ = core_.rng().Next64();
  clients_.PushBack(client);
}

Errno Pinger::Send(EchoClient& client, const Ipv6Address& destination, uint32_t interface,
                   size_t data_size) {
  const auto path = routes_.Resolve(destination, interface);
  if (!path) return path.error();
  if (path->source.is_unspecified()) return Errno::kAddressNotAvailable;
  const size_t size = kDataOffset + data_size;
  if (size > kRoom || wire::Ipv6View::kSize + size > path->mtu) return Errno::kMessageSize;

  const uint16_t sequence = ++client.last_sequence_;
  std::array<uint8_t, kRoom> buffer;
  const MutableBytes message = std::span(buffer).first(size);
  for (size_t i = kDataOffset; i < size; ++i) message[i] = static_cast<uint8_t>(i);
  message[0] = static_cast<uint8_t>(wire::Icmp6Type::kEchoRequest);
  message[1] = 0;
  Store16(message, wire::Icmp6View::kChecksumOffset, 0);
  Store16(message, kIdentifierOffset, client.identifier_);
  Store16(message, kSequenceOffset, sequence);
  std::ranges::copy_n(TokenOf(client.secret_).begin(),
                      static_cast<ptrdiff_t>(std::min(data_size, sizeof(Token))),
                      message.begin() + kDataOffset);

  const Tunables& tunables = core_.tunables();
  const int64_t hop_limit =
      destination.is_multicast() ? tunables.multicast_hop_limit : tunables.hop_limit;
  PacketPtr packet = iface::MakeControlPacket(
      core_, {path->interface, path->source, destination, static_cast<uint8_t>(hop_limit)},
      message);
  if (!packet) return Errno::kNoBuffers;
  packet->meta().next_hop = path->next_hop;
  packet->meta().looped = path->local;
  client.requests_[sequence % EchoClient::kRemembered] = {sequence, core_.now()};
  outbox_.Push(std::move(packet));
  return Errno::kOk;
}

bool Pinger::Match(const Packet& packet, const Echo& echo, EchoClient*& client,
                   EchoClient::Request& request) {
  const Bytes message = packet.bytes().subspan(echo.offset);
  const uint16_t identifier = Load16(message, kIdentifierOffset);
  const uint16_t sequence = Load16(message, kSequenceOffset);
  Token data{};
  const size_t given = std::min<size_t>(echo.length - kDataOffset, data.size());
  if (!packet.CopyOut(echo.offset + kDataOffset, std::span(data).first(given))) return false;
  for (client = clients_.front(); client != nullptr; client = clients_.Next(*client)) {
    const Token secret = TokenOf(client->secret_);
    if (client->identifier_ != identifier ||
        !std::equal(data.begin(), data.begin() + static_cast<ptrdiff_t>(given), secret.begin())) {
      continue;
    }
    request = client->requests_[sequence % EchoClient::kRemembered];
    return request.sequence == sequence && request.at != Instant();
  }
  return false;
}

void Pinger::Remember(EchoClient& client, const EchoReply& reply) {
  if (client.reply_count_ == EchoClient::kRemembered) return;
  client.replies_[(client.first_reply_ + client.reply_count_++) % EchoClient::kRemembered] = reply;
}

Verdict<Pinger::Next> Pinger::Take(PacketPtr& packet, Core& core) {
  EchoClient* client = nullptr;
  EchoClient::Request request;
  const Meta& meta = packet->meta();
  if (!Match(*packet, {meta.upper_offset, meta.upper_length}, client, request)) {
    return DropReason::kIcmp6EchoUnsolicited;
  }
  const auto ip = wire::Ipv6View::Trusted(packet->bytes());
  Remember(*client, {request.sequence,
                     {},
                     ip.source(),
                     ip.hop_limit(),
                     meta.upper_length,
                     meta.arrived - request.at});
  core.Consume(std::move(packet));
  return Verdict<Next>::Held();
}

bool Pinger::TakeError(const Packet& packet, size_t offset, size_t length) {
  EchoClient* client = nullptr;
  EchoClient::Request request;
  if (!Match(packet, {offset, length}, client, request)) return false;
  const Meta& meta = packet.meta();
  const auto ip = wire::Ipv6View::Trusted(packet.bytes());
  Remember(*client,
           {request.sequence, wire::Icmp6Error::Of(packet.bytes().subspan(meta.upper_offset)),
            ip.source(), ip.hop_limit(), meta.upper_length, meta.arrived - request.at});
  return true;
}

}  // namespace sextant::icmp6
