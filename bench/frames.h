// SPDX-License-Identifier: BSD-3-Clause
// The frames of one case, built before the clock starts, and what their echoes must look like.
// RFC 8200 §3 and §8.1, RFC 768, RFC 4443 §4.1-4.2.
// Immutable once built.
//
// Every payload begins with the frame's own number, so an echo can be checked against its request
// in whatever order echoes come back.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "case.h"

namespace sextant::bench {

using Mac = std::array<uint8_t, 6>;
using Address = std::array<uint8_t, 16>;

// The host under test is fd00:6::1. Eight peers share its link: enough to miss a one-entry
// neighbor memo, few enough for lwIP's ten neighbors.
inline constexpr uint32_t kPeers = 8;
inline constexpr Mac kLocalMac = {0x02, 0, 0, 0, 0, 0x01};
inline constexpr Address kLocalAddress = {0xfd, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
inline constexpr uint16_t kFirstLocalPort = 1000;
inline constexpr uint16_t kFirstPeerPort = 10000;
Mac PeerMac(uint32_t peer);
Address PeerAddress(uint32_t peer);

// Offsets in an untagged Ethernet frame without extension headers.
inline constexpr size_t kIp6At = 14;
inline constexpr size_t kSourceAt = kIp6At + 8;
inline constexpr size_t kDestinationAt = kIp6At + 24;
inline constexpr size_t kUpperAt = kIp6At + 40;
inline constexpr size_t kPayloadAt = kUpperAt + 8;

// How the sender left the upper-layer checksum.
enum class Checksum : uint8_t { kComplete, kPseudoHeaderOnly };

class FrameSet {
 public:
  explicit FrameSet(const Case& c);

  size_t count() const { return marks_.size(); }
  size_t frame_bytes() const { return frame_bytes_; }
  size_t stride() const { return stride_; }
  const uint8_t* request(size_t i) const { return requests_.data() + i * stride_; }
  // What a perfect echo of request(i) looks like; the port feeds these to the null contestant.
  const uint8_t* reply(size_t i) const { return replies_.data() + i * stride_; }

  // The check of every echo: length, addresses, ports (or identifier and sequence number).
  bool LooksRight(const uint8_t* frame, size_t bytes) const {
    if (bytes != frame_bytes_) return false;
    const uint32_t i = Load32(frame + kPayloadAt);
    if (i >= marks_.size()) return false;
    const Mark& mark = marks_[i];
    const uint64_t off = (Load64(frame + kSourceAt) ^ local_high_) |
                         (Load64(frame + kSourceAt + 8) ^ local_low_) |
                         (Load64(frame + kDestinationAt) ^ local_high_) |
                         (Load64(frame + kDestinationAt + 8) ^ mark.peer_low) |
                         (Load32(frame + tuple_at_) ^ mark.tuple);
    return off == 0;
  }

  // Checks every byte of an echo. Returns what is wrong, or an empty string.
  std::string Inspect(std::span<const uint8_t> frame, Checksum checksum) const;

 private:
  // What tells one echo from another.
  struct Mark {
    uint64_t peer_low = 0;  // second half of the peer's address
    uint32_t tuple = 0;     // both ports, or identifier and sequence number
  };

  static uint32_t Load32(const uint8_t* at) {
    uint32_t v;
    std::memcpy(&v, at, sizeof(v));
    return v;
  }
  static uint64_t Load64(const uint8_t* at) {
    uint64_t v;
    std::memcpy(&v, at, sizeof(v));
    return v;
  }

  void Build(uint32_t i, uint32_t flow, uint32_t socket);

  Protocol protocol_;
  size_t frame_bytes_;
  size_t stride_;
  size_t tuple_at_;
  uint64_t local_high_;
  uint64_t local_low_;
  std::vector<Mark> marks_;
  std::vector<uint8_t> requests_;
  std::vector<uint8_t> replies_;
};

// The Internet checksum of an upper-layer packet with its pseudo-header, before complementing,
// folded to 16 bits, in network order. The straightforward form: it checks faster ones.
uint16_t UpperLayerSum(std::span<const uint8_t> ip6_packet, bool pseudo_header_only);

}  // namespace sextant::bench
