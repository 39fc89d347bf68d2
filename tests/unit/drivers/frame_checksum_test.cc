// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/frame_checksum.h"

#include <gtest/gtest.h>

#include "link_host.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

constexpr char kOurs[] = "02:00:00:00:00:01";
constexpr char kTheirs[] = "02:00:00:00:00:02";

Frame Wrap(const Ip6& packet) { return Ethernet(kTheirs, kOurs, packet); }

const Ip6 kBase = Ip6().From("fd00::1").To("fd00::2");
const Frame kUdpFrame = Wrap(kBase.Udp(1000, 7, Pattern(777)));
const Frame kEchoFrame = Wrap(kBase.Icmp6Echo(1, 2, Pattern(100)));
// A segment that is all data offset and checksum, which UpperChecksum() can do.
Frame Tcp() {
  Frame message(20, 0);
  message[12] = 5 << 4;
  const uint16_t sum = UpperChecksum(Ip("fd00::1"), Ip("fd00::2"), 6, message);
  return Wrap(kBase.Upper(6, Data(Poke16(message, 16, sum))));
}
// RFC 8200 §8.1: these two bytes make the sum come out as zero.
Frame ZeroSumUdp() {
  const Frame zeros = Wrap(kBase.Udp(1000, 7, {0, 0}));
  const uint16_t checksum = Load16(zeros, 14 + 40 + 6);
  return Wrap(
      kBase.Udp(1000, 7, {static_cast<uint8_t>(checksum >> 8), static_cast<uint8_t>(checksum)}));
}

struct VerifyCase {
  const char* name;
  Frame frame;
  ChecksumState want;
};

// clang-format off
const VerifyCase kVerifyCases[] = {
    {"Udp",              kUdpFrame,                              ChecksumState::kGood},
    {"UdpBitFlipped",    Poke(kUdpFrame, 500, 0xff),             ChecksumState::kBad},
    {"UdpZeroSum",       ZeroSumUdp(),                           ChecksumState::kGood},
    {"UdpPadded",        Pad(kUdpFrame, 6),                      ChecksumState::kGood},
    {"Tcp",              Tcp(),                                  ChecksumState::kGood},
    {"TcpBad",           Poke(Tcp(), 14 + 40 + 13, 1),           ChecksumState::kBad},
    {"Icmp6",            kEchoFrame,                             ChecksumState::kUnknown},
    {"BehindExtension",  Wrap(kBase.Extension(60, {1, 4, 0, 0, 0, 0}).Udp(1, 2)), ChecksumState::kUnknown},
    {"NotIp6",           Poke16(kUdpFrame, 12, 0x0800),          ChecksumState::kUnknown},
    {"Runt",             Cut(kUdpFrame, 13),                     ChecksumState::kUnknown},
    {"HeaderCut",        Cut(kUdpFrame, 50),                     ChecksumState::kUnknown},
    {"PayloadCut",       Cut(kUdpFrame, 100),                    ChecksumState::kUnknown},
};
// clang-format on

class VerifyTest : public testing::TestWithParam<VerifyCase> {};

TEST_P(VerifyTest, Judges) {
  LinkHost host;
  // The first segment holds the headers, the rest begins at an odd offset.
  const size_t first = std::min<size_t>(GetParam().frame.size(), 14 + 40 + 21);
  for (const size_t segment : {first, size_t{2048}}) {
    PacketPtr frame = host.Make(GetParam().frame, segment);
    EXPECT_EQ(VerifyChecksum(*frame), GetParam().want);
    frame.Free();
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc8200Section81, VerifyTest, testing::ValuesIn(kVerifyCases), kNameOf);

struct FinishCase {
  const char* name;
  Frame frame;  // as it must come out
};

const FinishCase kFinishCases[] = {
    {"Udp", kUdpFrame}, {"UdpZeroSum", ZeroSumUdp()}, {"Tcp", Tcp()}, {"Icmp6", kEchoFrame}};

class FinishTest : public testing::TestWithParam<FinishCase> {};

TEST_P(FinishTest, Finishes) {
  LinkHost host;
  for (const size_t segment : {75, 2048}) {
    PacketPtr frame = host.MakePartial(GetParam().frame, segment);
    EXPECT_TRUE(FinishChecksum(frame, host.pool()));
    EXPECT_EQ(frame->meta().checksum, ChecksumState::kComplete);
    EXPECT_EQ(Contents(*frame), GetParam().frame);
    frame.Free();
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc8200Section81, FinishTest, testing::ValuesIn(kFinishCases), kNameOf);

TEST(FinishChecksumTest, LeavesOthersAlone) {
  LinkHost host;
  const Frame wrong = Poke(kUdpFrame, 500, 0xff);
  PacketPtr frame = host.Make(wrong);
  EXPECT_TRUE(FinishChecksum(frame, host.pool()));
  EXPECT_EQ(Contents(*frame), wrong);
  frame.Free();
}

TEST(FinishChecksumTest, SharedFrameIsCopied) {
  LinkHost host;
  PacketPtr frame = host.MakePartial(kUdpFrame);
  PacketPtr other = host.pool().Share(*frame);
  const Frame before = Contents(*other);
  EXPECT_TRUE(FinishChecksum(frame, host.pool()));
  EXPECT_EQ(Contents(*frame), kUdpFrame);
  EXPECT_EQ(Contents(*other), before);
  frame.Free();
  other.Free();
}

TEST(FinishChecksumTest, SaysWhenThereIsNoBuffer) {
  LinkHost host;
  PacketPtr frame = host.MakePartial(kUdpFrame);
  PacketPtr other = host.pool().Share(*frame);
  {
    const Drought drought(host.pool(), 0);
    EXPECT_FALSE(FinishChecksum(frame, host.pool()));
    EXPECT_EQ(frame->meta().checksum, ChecksumState::kPartial);
  }
  frame.Free();
  other.Free();
}

}  // namespace
}  // namespace sextant::test
