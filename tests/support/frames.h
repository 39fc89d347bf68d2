// SPDX-License-Identifier: BSD-3-Clause
// Frames: packets for tests, written the way one speaks of them. Every call returns a changed
// copy, so rows of a table may share a good packet and spoil one thing each:
//   const Ip6 kGood = Ip6().From("fe80::1").To("ff02::1").Udp(1000, 7, "hello");
//   Poke(kGood, 7, 0)    Cut(kGood, 39)    Ethernet("33:33:0:0:0:1", kPeerMac, kGood)
// Lengths, next headers and checksums come out right, by code that shares nothing with wire/.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ipv6_address.h"
#include "base/mac_address.h"

namespace sextant::test {

using Frame = std::vector<uint8_t>;

// Stop the program when the text is not an address: a mistake in the test.
Ipv6Address Ip(std::string_view text);
MacAddress Mac(std::string_view text);

// Arguments that may be written as text.
struct Address : Ipv6Address {
  Address(const Ipv6Address& value) : Ipv6Address(value) {}  // NOLINT(google-explicit-constructor)
  Address(const char* text) : Ipv6Address(Ip(text)) {}       // NOLINT(google-explicit-constructor)
};
struct Station : MacAddress {
  Station(const MacAddress& value) : MacAddress(value) {}  // NOLINT(google-explicit-constructor)
  Station(const char* text) : MacAddress(Mac(text)) {}     // NOLINT(google-explicit-constructor)
};
struct Data : Frame {
  Data() = default;
  Data(Frame bytes) : Frame(std::move(bytes)) {}            // NOLINT(google-explicit-constructor)
  Data(Bytes bytes) : Frame(bytes.begin(), bytes.end()) {}  // NOLINT(google-explicit-constructor)
  Data(const char* text) : Data(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Data(std::string_view text) : Frame(text.begin(), text.end()) {}  // NOLINT
  Data(std::initializer_list<uint8_t> bytes) : Frame(bytes) {}
};

// RFC 1071, sixteen bits at a time, as slow and as clear as can be. Not complemented.
uint16_t PlainSum(Bytes bytes, uint32_t sum = 0);
// RFC 8200 §8.1: the checksum of an upper-layer message, its checksum field being zero.
uint16_t UpperChecksum(const Ipv6Address& from, const Ipv6Address& to, uint8_t next_header,
                       Bytes message);

// Flags of a Neighbor Advertisement.
inline constexpr uint8_t kRouterFlag = 0x80;
inline constexpr uint8_t kSolicitedFlag = 0x40;
inline constexpr uint8_t kOverrideFlag = 0x20;

// An IPv6 packet.
class Ip6 {
 public:
  // The fixed header. The defaults: from ::1 to ::1, hop limit 64, nothing behind the header.
  Ip6 From(const Address& source) const;
  Ip6 To(const Address& destination) const;
  Ip6 HopLimit(uint8_t hop_limit) const;
  Ip6 TrafficClass(uint8_t traffic_class) const;
  Ip6 FlowLabel(uint32_t flow_label) const;
  // The payload length field as given, whatever follows.
  Ip6 PayloadLength(uint16_t length) const;
  // Adds an extension header behind those already there; `body` follows its first two bytes and
  // ends on a multiple of eight. (44, Fragment, has no length: its second byte is zero.)
  Ip6 Extension(uint8_t type, const Data& body) const;

  // The upper layer; each call replaces it.
  Ip6 Upper(uint8_t next_header, const Data& message) const;
  Ip6 Udp(uint16_t source, uint16_t destination, const Data& payload = {}) const;
  Ip6 Icmp6(uint8_t type, uint8_t code, uint32_t word = 0, const Data& body = {}) const;
  Ip6 Icmp6Echo(uint16_t identifier, uint16_t sequence, const Data& payload = {}) const;
  Ip6 Icmp6EchoReply(uint16_t identifier, uint16_t sequence, const Data& payload = {}) const;
  // RFC 4861 §4.3, §4.4; hop limit 255 unless HopLimit() is called later.
  Ip6 NeighborSolicitation(const Address& target,
                           const std::optional<Station>& source_link_layer = {}) const;
  Ip6 NeighborAdvertisement(const Address& target, uint8_t flags,
                            const std::optional<Station>& target_link_layer = {}) const;
  // RFC 3810 §5.2, one record without sources; hop limit 1, Router Alert, to ff02::16.
  Ip6 MldReport(uint8_t record_type, const Address& group) const;
  // More bytes for the upper layer, inside its checksum: ND options, say.
  Ip6 Append(const Data& bytes) const;
  // The checksum field as given, 0 for none.
  Ip6 Checksum(uint16_t checksum) const;

  Frame bytes() const;
  operator Frame() const { return bytes(); }  // NOLINT(google-explicit-constructor)
  bool operator==(const Frame& other) const { return bytes() == other; }

 private:
  struct Header {
    uint8_t type;
    Frame body;
  };

  uint8_t FirstHeader() const;
  Frame Message() const;

  Ipv6Address source_ = Ipv6Address::Loopback();
  Ipv6Address destination_ = Ipv6Address::Loopback();
  uint8_t hop_limit_ = 64;
  uint8_t traffic_class_ = 0;
  uint32_t flow_label_ = 0;
  std::optional<uint16_t> payload_length_;
  std::vector<Header> extensions_;
  uint8_t upper_ = 59;
  Frame message_;
  std::optional<size_t> checksum_offset_;  // in message_
  std::optional<uint16_t> checksum_;       // instead of the right one
};

// A frame: destination, source, 0x86dd or another type, and the packet.
Frame Ethernet(const Station& destination, const Station& source, const Frame& packet,
               uint16_t type = 0x86dd);

// Copies with one thing changed. Offsets must exist.
Frame Poke(Frame bytes, size_t offset, uint8_t value);
Frame Poke16(Frame bytes, size_t offset, uint16_t value);
Frame Cut(Frame bytes, size_t count);          // only the first `count` bytes
Frame Pad(Frame bytes, size_t count);          // `count` zero bytes behind it
Frame Join(Frame bytes, const Frame& others);  // one behind the other
// `count` bytes that are all different for a while: 0, 1, 2, …, 250, 0, …
Frame Pattern(size_t count, uint8_t first = 0);

}  // namespace sextant::test
