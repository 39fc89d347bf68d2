// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "support/frames.h"

#include "base/check.h"

namespace sextant::test {
namespace {

constexpr uint8_t kUdp = 17;
constexpr uint8_t kIcmp6 = 58;
constexpr uint8_t kFragment = 44;

void Put8(Frame& out, uint32_t value) { out.push_back(static_cast<uint8_t>(value)); }
void Put16(Frame& out, uint32_t value) {
  Put8(out, value >> 8);
  Put8(out, value);
}
void Put32(Frame& out, uint32_t value) {
  Put16(out, value >> 16);
  Put16(out, value);
}
void Put(Frame& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Frame LinkLayerOption(uint8_t type, const MacAddress& address) {
  const auto mac = address.bytes();
  return {type, 1, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]};
}

}  // namespace

Ipv6Address Ip(std::string_view text) {
  const auto address = Ipv6Address::Parse(text);
  SX_CHECK(address.has_value());
  return *address;
}

MacAddress Mac(std::string_view text) {
  const auto address = MacAddress::Parse(text);
  SX_CHECK(address.has_value());
  return *address;
}

uint16_t PlainSum(Bytes bytes, uint32_t sum) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? uint32_t{bytes[i]} << 8 : uint32_t{bytes[i]};
    if (sum > 0xffff) sum -= 0xffff;  // the end-around carry
  }
  return static_cast<uint16_t>(sum);
}

uint16_t UpperChecksum(const Ipv6Address& from, const Ipv6Address& to, uint8_t next_header,
                       Bytes message) {
  Frame all;
  Put(all, from.bytes());
  Put(all, to.bytes());
  Put32(all, static_cast<uint32_t>(message.size()));
  Put32(all, next_header);
  Put(all, message);
  const auto checksum = static_cast<uint16_t>(~PlainSum(all));
  return checksum == 0 && next_header == kUdp ? uint16_t{0xffff} : checksum;
}

Ip6 Ip6::From(const Address& source) const {
  Ip6 copy = *this;
  copy.source_ = source;
  return copy;
}

Ip6 Ip6::To(const Address& destination) const {
  Ip6 copy = *this;
  copy.destination_ = destination;
  return copy;
}

Ip6 Ip6::HopLimit(uint8_t hop_limit) const {
  Ip6 copy = *this;
  copy.hop_limit_ = hop_limit;
  return copy;
}

Ip6 Ip6::TrafficClass(uint8_t traffic_class) const {
  Ip6 copy = *this;
  copy.traffic_class_ = traffic_class;
  return copy;
}

Ip6 Ip6::FlowLabel(uint32_t flow_label) const {
  Ip6 copy = *this;
  copy.flow_label_ = flow_label;
  return copy;
}

Ip6 Ip6::PayloadLength(uint16_t length) const {
  Ip6 copy = *this;
  copy.payload_length_ = length;
  return copy;
}

Ip6 Ip6::Extension(uint8_t type, const Data& body) const {
  SX_CHECK((body.size() + 2) % 8 == 0);
  Ip6 copy = *this;
  copy.extensions_.push_back({type, body});
  return copy;
}

Ip6 Ip6::Upper(uint8_t next_header, const Data& message) const {
  Ip6 copy = *this;
  copy.upper_ = next_header;
  copy.message_ = message;
  copy.checksum_offset_.reset();
  return copy;
}

Ip6 Ip6::Udp(uint16_t source, uint16_t destination, const Data& payload) const {
  Frame message;
  Put16(message, source);
  Put16(message, destination);
  Put16(message, static_cast<uint32_t>(payload.size() + 8));
  Put16(message, 0);
  Put(message, payload);
  Ip6 copy = Upper(kUdp, message);
  copy.checksum_offset_ = 6;
  return copy;
}

Ip6 Ip6::Icmp6(uint8_t type, uint8_t code, uint32_t word, const Data& body) const {
  Frame message = {type, code, 0, 0};
  Put32(message, word);
  Put(message, body);
  Ip6 copy = Upper(kIcmp6, message);
  copy.checksum_offset_ = 2;
  return copy;
}

Ip6 Ip6::Icmp6Echo(uint16_t identifier, uint16_t sequence, const Data& payload) const {
  return Icmp6(128, 0, uint32_t{identifier} << 16 | sequence, payload);
}

Ip6 Ip6::Icmp6EchoReply(uint16_t identifier, uint16_t sequence, const Data& payload) const {
  return Icmp6(129, 0, uint32_t{identifier} << 16 | sequence, payload);
}

Ip6 Ip6::NeighborSolicitation(const Address& target,
                              const std::optional<Station>& source_link_layer) const {
  const Ip6 plain = HopLimit(255).Icmp6(135, 0, 0, Bytes(target.bytes()));
  return source_link_layer ? plain.Append(LinkLayerOption(1, *source_link_layer)) : plain;
}

Ip6 Ip6::NeighborAdvertisement(const Address& target, uint8_t flags,
                               const std::optional<Station>& target_link_layer) const {
  const Ip6 plain = HopLimit(255).Icmp6(136, 0, uint32_t{flags} << 24, Bytes(target.bytes()));
  return target_link_layer ? plain.Append(LinkLayerOption(2, *target_link_layer)) : plain;
}

Ip6 Ip6::MldReport(uint8_t record_type, const Address& group) const {
  Frame record = {record_type, 0, 0, 0};
  Put(record, group.bytes());
  return To("ff02::16").HopLimit(1).Extension(0, {5, 2, 0, 0, 1, 0}).Icmp6(143, 0, 1, record);
}

Ip6 Ip6::Append(const Data& bytes) const {
  Ip6 copy = *this;
  Put(copy.message_, bytes);
  return copy;
}

Ip6 Ip6::Checksum(uint16_t checksum) const {
  Ip6 copy = *this;
  copy.checksum_ = checksum;
  return copy;
}

uint8_t Ip6::FirstHeader() const { return extensions_.empty() ? upper_ : extensions_[0].type; }

Frame Ip6::Message() const {
  if (!checksum_offset_) return message_;
  return Poke16(message_, *checksum_offset_,
                checksum_.value_or(UpperChecksum(source_, destination_, upper_, message_)));
}

Frame Ip6::bytes() const {
  Frame rest;
  for (size_t i = 0; i < extensions_.size(); ++i) {
    const Header& header = extensions_[i];
    Put8(rest, i + 1 < extensions_.size() ? extensions_[i + 1].type : upper_);
    Put8(rest,
         header.type == kFragment ? 0 : static_cast<uint32_t>((header.body.size() + 2) / 8 - 1));
    Put(rest, header.body);
  }
  Put(rest, Message());

  Frame packet;
  Put32(packet, 6U << 28 | uint32_t{traffic_class_} << 20 | flow_label_);
  Put16(packet, payload_length_.value_or(static_cast<uint16_t>(rest.size())));
  Put8(packet, FirstHeader());
  Put8(packet, hop_limit_);
  Put(packet, source_.bytes());
  Put(packet, destination_.bytes());
  Put(packet, rest);
  return packet;
}

Frame Ethernet(const Station& destination, const Station& source, const Frame& packet,
               uint16_t type) {
  Frame frame;
  Put(frame, destination.bytes());
  Put(frame, source.bytes());
  Put16(frame, type);
  Put(frame, packet);
  return frame;
}

Frame Poke(Frame bytes, size_t offset, uint8_t value) {
  bytes.at(offset) = value;
  return bytes;
}

Frame Poke16(Frame bytes, size_t offset, uint16_t value) {
  bytes.at(offset) = static_cast<uint8_t>(value >> 8);
  bytes.at(offset + 1) = static_cast<uint8_t>(value);
  return bytes;
}

Frame Cut(Frame bytes, size_t count) {
  SX_CHECK(count <= bytes.size());
  bytes.resize(count);
  return bytes;
}

Frame Pad(Frame bytes, size_t count) {
  bytes.resize(bytes.size() + count);
  return bytes;
}

Frame Join(Frame bytes, const Frame& others) {
  Put(bytes, others);
  return bytes;
}

Frame Pattern(size_t count, uint8_t first) {
  constexpr size_t kPeriod = 251;  // a prime, so that no power of two hides a mistake
  Frame bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>((first + i) % kPeriod);
  return bytes;
}

}  // namespace sextant::test
