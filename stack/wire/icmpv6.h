// SPDX-License-Identifier: BSD-3-Clause
// ICMPv6: message types, and the header that all messages share.
// RFC 4443 §2.1.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "wire/parsed.h"

namespace sextant::wire {

enum class Icmp6Type : uint8_t {
  kDestinationUnreachable = 1,
  kPacketTooBig = 2,
  kTimeExceeded = 3,
  kParameterProblem = 4,
  kEchoRequest = 128,
  kEchoReply = 129,
  kMldQuery = 130,
  kMldReport = 131,
  kMldDone = 132,
  kRouterSolicitation = 133,
  kRouterAdvertisement = 134,
  kNeighborSolicitation = 135,
  kNeighborAdvertisement = 136,
  kRedirect = 137,
  kMldV2Report = 143,
};

// RFC 4443 §2.1: types below 128 are errors.
constexpr bool IsError(Icmp6Type type) { return static_cast<uint8_t>(type) < 128; }

// RFC 4443 §3.1.
enum class UnreachableCode : uint8_t {
  kNoRoute = 0,
  kProhibited = 1,
  kBeyondScope = 2,
  kAddress = 3,
  kPort = 4,
  kPolicy = 5,
  kRejectRoute = 6,
};

// RFC 4443 §3.4.
enum class ParameterCode : uint8_t {
  kErroneousField = 0,
  kUnknownNextHeader = 1,
  kUnknownOption = 2,
  kIncompleteChain = 3,  // RFC 7112 §5: of a first fragment
};

// RFC 4443 §3.3.
enum class TimeCode : uint8_t {
  kHopLimit = 0,
  kReassembly = 1,
};

class Icmp6View {
 public:
  static constexpr size_t kSize = 4;
  static constexpr size_t kChecksumOffset = 2;
  // Errors and echo messages carry four more bytes before their data.
  static constexpr size_t kErrorSize = 8;

  static constexpr Parsed<Icmp6View> Parse(Bytes head, size_t payload_length) {
    if (head.size() < kSize || payload_length < kSize) return DropReason::kIcmp6Truncated;
    return Icmp6View(head.first<kSize>());
  }

  constexpr Icmp6Type type() const { return Icmp6Type{at_[0]}; }
  constexpr uint8_t code() const { return at_[1]; }
  constexpr uint16_t checksum() const { return Load16(at_, kChecksumOffset); }

 private:
  explicit constexpr Icmp6View(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

// What an ICMPv6 error says: type, code, and the pointer (Parameter Problem)
// or MTU (Packet Too Big) that fills the four bytes behind the checksum.
struct Icmp6Error {
  Icmp6Type type = Icmp6Type::kDestinationUnreachable;
  uint8_t code = 0;
  uint32_t value = 0;

  static constexpr Icmp6Error Unreachable(UnreachableCode code) {
    return {Icmp6Type::kDestinationUnreachable, static_cast<uint8_t>(code), 0};
  }
  static constexpr Icmp6Error ParameterProblem(ParameterCode code, uint32_t pointer) {
    return {Icmp6Type::kParameterProblem, static_cast<uint8_t>(code), pointer};
  }
  static constexpr Icmp6Error TimeExceeded(TimeCode code) {
    return {Icmp6Type::kTimeExceeded, static_cast<uint8_t>(code), 0};
  }
  // What a message says. REQUIRES: message.size() >= Icmp6View::kErrorSize.
  static constexpr Icmp6Error Of(Bytes message) {
    return {Icmp6Type{message[0]}, message[1], Load32(message, kValueOffset)};
  }
  constexpr bool operator==(const Icmp6Error&) const = default;

  // The checksum is left zero; output fills it.
  constexpr void WriteTo(std::span<uint8_t, Icmp6View::kErrorSize> out) const {
    out[0] = static_cast<uint8_t>(type);
    out[1] = code;
    Store16(out, Icmp6View::kChecksumOffset, 0);
    Store32(out, kValueOffset, value);
  }

  static constexpr size_t kValueOffset = 4;
};

}  // namespace sextant::wire
