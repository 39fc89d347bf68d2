// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "link_host.h"

#include <gtest/gtest.h>

namespace sextant::test {
namespace {

constexpr size_t kUpperOffset = 40;
constexpr uint8_t kTcpNumber = 6;
constexpr uint8_t kUdpNumber = 17;

uint8_t ChecksumOffset(uint8_t upper) {
  if (upper == kTcpNumber) return 16;
  return upper == kUdpNumber ? 6 : 2;
}

}  // namespace

PacketPtr LinkHost::Make(Bytes frame, size_t segment) {
  std::vector<size_t> sizes;
  for (size_t left = frame.size(); left > 0; left -= sizes.back()) {
    sizes.push_back(std::min(left, segment));
  }
  PacketPtr packet = Chain(*pool_, frame, sizes);
  packet->meta().checksum = ChecksumState::kComplete;
  return packet;
}

PacketPtr LinkHost::MakePartial(Frame frame, size_t segment) {
  const uint8_t upper = frame[14 + 6];
  const size_t start = 14 + kUpperOffset;
  const auto length = static_cast<uint32_t>(frame.size() - start);
  // RFC 8200 §8.1: addresses, length, next header.
  const uint16_t sum = PlainSum(Bytes(frame).subspan(14 + 8, 32), length + upper);
  frame = Poke16(std::move(frame), start + ChecksumOffset(upper), sum);
  PacketPtr packet = Make(frame, segment);
  Meta& meta = packet->meta();
  meta.checksum = ChecksumState::kPartial;
  meta.checksum_offset = ChecksumOffset(upper);
  meta.upper_offset = kUpperOffset;
  meta.upper_length = static_cast<uint16_t>(length);
  meta.upper = upper;
  return packet;
}

void LinkHost::Send(Link& link, PacketPtr packet) {
  core_.Tick();
  Burst burst;
  burst.Push(std::move(packet));
  link.Transmit(burst, core_);
  EXPECT_TRUE(burst.empty());
}

template <typename F>
void LinkHost::ForEach(Link& link, size_t polls, F&& take) {
  core_.Tick();
  for (size_t i = 0; i < polls; ++i) {
    Burst burst;
    link.Receive(burst, core_);
    if (burst.empty()) return;
    burst.Drain([&](PacketPtr packet) {
      EXPECT_TRUE(IsConsistent(*packet));
      EXPECT_EQ(packet->meta().origin, Origin::kMade);
      EXPECT_EQ(packet->meta().next, nullptr);
      take(*packet);
      packet.Free();
    });
  }
}

std::vector<Frame> LinkHost::Take(Link& link, size_t polls) {
  std::vector<Frame> frames;
  ForEach(link, polls, [&](const Packet& packet) { frames.push_back(Contents(packet)); });
  return frames;
}

std::vector<ChecksumState> LinkHost::TakeStates(Link& link, size_t polls) {
  std::vector<ChecksumState> states;
  ForEach(link, polls, [&](const Packet& packet) { states.push_back(packet.meta().checksum); });
  return states;
}

std::map<DropReason, uint64_t> LinkHost::Dropped() const {
  std::map<DropReason, uint64_t> dropped;
  for (size_t i = 0; i < kDropReasonCount; ++i) {
    const uint64_t count = core_.counters().made_dropped[i];
    if (count != 0) dropped[static_cast<DropReason>(i)] = count;
  }
  return dropped;
}

}  // namespace sextant::test
