// SPDX-License-Identifier: BSD-3-Clause
// Builds request and echo frames, and inspects echoes byte by byte.
// RFC 8200 §3 and §8.1, RFC 768, RFC 4443 §4.1-4.2.
// Immutable once built.
#include "frames.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace sextant::bench {
namespace {

constexpr uint8_t kUdp = 17;
constexpr uint8_t kIcmp6 = 58;
constexpr uint8_t kEchoRequest = 128;
constexpr uint8_t kEchoReply = 129;
constexpr uint16_t kEtherTypeIp6 = 0x86dd;
constexpr uint16_t kFirstIdentifier = 0x5e00;
constexpr size_t kCacheLine = 64;
constexpr unsigned kShuffleSeed = 6;

void Put16(uint8_t* at, uint32_t v) {
  at[0] = static_cast<uint8_t>(v >> 8);
  at[1] = static_cast<uint8_t>(v);
}

uint16_t Get16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }

// Where the upper layer keeps its checksum.
size_t ChecksumAt(Protocol protocol) {
  return protocol == Protocol::kUdpEcho ? kUpperAt + 6 : kUpperAt + 2;
}

void PutLinkAndNetwork(uint8_t* f, size_t frame_bytes, uint8_t next_header, uint32_t peer) {
  std::ranges::copy(kLocalMac, f);
  std::ranges::copy(PeerMac(peer), f + 6);
  Put16(f + 12, kEtherTypeIp6);
  f[kIp6At] = 0x60;
  Put16(f + kIp6At + 4, static_cast<uint32_t>(frame_bytes - kUpperAt));
  f[kIp6At + 6] = next_header;
  f[kIp6At + 7] = 64;
  std::ranges::copy(PeerAddress(peer), f + kSourceAt);
  std::ranges::copy(kLocalAddress, f + kDestinationAt);
}

void PutChecksum(uint8_t* f, size_t frame_bytes, Protocol protocol) {
  uint8_t* at = f + ChecksumAt(protocol);
  Put16(at, 0);
  const auto sum = static_cast<uint16_t>(
      ~UpperLayerSum(std::span(f + kIp6At, frame_bytes - kIp6At), /*pseudo_header_only=*/false));
  // RFC 768: a computed zero travels as all ones.
  Put16(at, protocol == Protocol::kUdpEcho && sum == 0 ? 0xffffu : sum);
}

void Swap(uint8_t* f, size_t a, size_t b, size_t bytes) {
  std::swap_ranges(f + a, f + a + bytes, f + b);
}

// 64 k sockets or flows are visited in a fixed random order, so that no table is walked in the
// order of its memory.
std::vector<uint32_t> Shuffled(size_t count, uint32_t values) {
  std::vector<uint32_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = static_cast<uint32_t>(i % values);
  std::mt19937 random(kShuffleSeed);
  std::ranges::shuffle(order, random);
  return order;
}

}  // namespace

Mac PeerMac(uint32_t peer) { return {0x02, 0, 0, 0, 1, static_cast<uint8_t>(peer)}; }

Address PeerAddress(uint32_t peer) {
  Address address = kLocalAddress;
  address[14] = 1;
  address[15] = static_cast<uint8_t>(peer);
  return address;
}

uint16_t UpperLayerSum(std::span<const uint8_t> packet, bool pseudo_header_only) {
  // RFC 8200 §8.1: source, destination, upper-layer length, next header.
  uint32_t sum = Get16(packet.data() + 4) + packet[6];
  for (size_t i = 8; i < 40; i += 2) sum += Get16(packet.data() + i);
  if (!pseudo_header_only) {
    for (size_t i = 40; i + 1 < packet.size(); i += 2) sum += Get16(packet.data() + i);
    if (packet.size() % 2 != 0) sum += static_cast<uint32_t>(packet.back()) << 8;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

FrameSet::FrameSet(const Case& c)
    : protocol_(c.protocol),
      frame_bytes_(kPayloadAt + c.payload_bytes),
      stride_((frame_bytes_ + kCacheLine - 1) / kCacheLine * kCacheLine),
      tuple_at_(c.protocol == Protocol::kUdpEcho ? kUpperAt : kUpperAt + 4),
      local_high_(Load64(kLocalAddress.data())),
      local_low_(Load64(kLocalAddress.data() + 8)) {
  const size_t count = std::max<size_t>({kBurst, c.flows, c.sockets});
  marks_.resize(count);
  requests_.resize(count * stride_);
  replies_.resize(count * stride_);
  const auto flows = Shuffled(count, c.flows);
  const auto sockets = Shuffled(count, c.sockets);
  for (uint32_t i = 0; i < count; ++i) Build(i, flows[i], sockets[i]);
}

void FrameSet::Build(uint32_t i, uint32_t flow, uint32_t socket) {
  const bool udp = protocol_ == Protocol::kUdpEcho;
  const uint32_t peer = flow % kPeers;
  uint8_t* f = requests_.data() + i * stride_;
  PutLinkAndNetwork(f, frame_bytes_, udp ? kUdp : kIcmp6, peer);
  if (udp) {
    Put16(f + kUpperAt, kFirstPeerPort + flow / kPeers);
    Put16(f + kUpperAt + 2, kFirstLocalPort + socket);
    Put16(f + kUpperAt + 4, static_cast<uint32_t>(frame_bytes_ - kUpperAt));
  } else {
    f[kUpperAt] = kEchoRequest;
    Put16(f + kUpperAt + 4, kFirstIdentifier + flow);
    Put16(f + kUpperAt + 6, i);
  }
  std::iota(f + kPayloadAt, f + frame_bytes_, uint8_t{1});
  std::memcpy(f + kPayloadAt, &i, sizeof(i));
  PutChecksum(f, frame_bytes_, protocol_);

  uint8_t* r = replies_.data() + i * stride_;
  std::copy_n(f, stride_, r);
  Swap(r, 0, 6, 6);
  Swap(r, kSourceAt, kDestinationAt, 16);
  if (udp) Swap(r, kUpperAt, kUpperAt + 2, 2);
  if (!udp) r[kUpperAt] = kEchoReply;
  PutChecksum(r, frame_bytes_, protocol_);
  marks_[i] = {Load64(r + kDestinationAt + 8), Load32(r + tuple_at_)};
}

std::string FrameSet::Inspect(std::span<const uint8_t> frame, Checksum checksum) const {
  if (!LooksRight(frame.data(), frame.size())) return "length, addresses or ports";
  const uint8_t* want = reply(Load32(frame.data() + kPayloadAt));
  const uint8_t* got = frame.data();
  const auto differs = [&](size_t at, size_t bytes) {
    return std::memcmp(got + at, want + at, bytes) != 0;
  };
  if (differs(0, 14)) return "Ethernet header";
  // Traffic class, flow label and hop limit are the sender's to choose.
  if (got[kIp6At] >> 4 != 6) return "version";
  if (differs(kIp6At + 4, 3)) return "payload length or next header";
  if (got[kIp6At + 7] == 0) return "hop limit";
  if (protocol_ == Protocol::kUdpEcho ? differs(kUpperAt + 4, 2) : differs(kUpperAt, 2)) {
    return "UDP length or ICMPv6 type";
  }
  if (differs(kPayloadAt, frame_bytes_ - kPayloadAt)) return "payload";
  const auto packet = frame.subspan(kIp6At);
  if (checksum == Checksum::kComplete) {
    return UpperLayerSum(packet, false) == 0xffff ? "" : "checksum";
  }
  const uint16_t partial = Get16(got + ChecksumAt(protocol_));
  return partial == UpperLayerSum(packet, true) ? "" : "pseudo-header sum";
}

}  // namespace sextant::bench
