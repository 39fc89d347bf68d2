// SPDX-License-Identifier: BSD-3-Clause
// Captures: what is written to the file, and what is said when it cannot be.
// Owned by one Core.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "sextant/control.h"
#include "support/frames.h"

namespace sextant {
namespace {

using test::Frame;

struct CapturedPacket {
  uint32_t interface = 0;
  uint64_t time_ns = 0;
  uint32_t direction = 0;
  Frame bytes;
};

struct CaptureFile {
  std::vector<uint16_t> link_types;
  std::vector<CapturedPacket> packets;
};

uint32_t Word(const Frame& bytes, size_t at) {
  uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

CapturedPacket ReadPacket(const Frame& file, size_t at) {
  CapturedPacket packet;
  packet.interface = Word(file, at + 8);
  packet.time_ns = uint64_t{Word(file, at + 12)} << 32 | Word(file, at + 16);
  const uint32_t length = Word(file, at + 20);
  EXPECT_EQ(Word(file, at + 24), length);
  const auto begin = file.begin() + static_cast<ptrdiff_t>(at + 28);
  packet.bytes.assign(begin, begin + length);
  packet.direction = Word(file, at + 28 + (length + 3) / 4 * 4 + 4);
  return packet;
}

// Reads it block by block, without the code under test.
CaptureFile Read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const Frame file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  CaptureFile capture;
  for (size_t at = 0; at + 12 <= file.size();) {
    const uint32_t type = Word(file, at);
    const uint32_t length = Word(file, at + 4);
    if (length < 12 || at + length > file.size() || Word(file, at + length - 4) != length) {
      ADD_FAILURE() << "a broken block at " << at;
      break;
    }
    EXPECT_EQ(type == 0x0a0d0d0a, at == 0) << "one section, in front";
    if (type == 1) capture.link_types.push_back(static_cast<uint16_t>(Word(file, at + 8)));
    if (type == 6) capture.packets.push_back(ReadPacket(file, at));
    at += length;
  }
  return capture;
}

class CaptureTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string error;
    std::tie(first_, second_) = MakeJoinedPair(error);
    ASSERT_TRUE(first_ && second_) << error;
    Poll();
  }
  void TearDown() override { std::remove(path_.c_str()); }

  void Poll() {
    for (int i = 0; i < 20; ++i) {
      first_->PollOnce();
      second_->PollOnce();
    }
  }

  // Sends an echo request with `size` bytes of data and waits for its answer.
  void Ping(const char* address, size_t size) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    inet_pton(AF_INET6, address, &to.sin6_addr);
    Pinger pinger(*first_);
    ASSERT_EQ(pinger.Send(to, size), 0);
    Poll();
    ASSERT_TRUE(pinger.Take().has_value());
  }

  const std::string path_ = testing::TempDir() + "capture.pcapng";
  std::unique_ptr<Host> first_;
  std::unique_ptr<Host> second_;
  std::string error_;
};

TEST_F(CaptureTest, WritesFramesInBothDirections) {
  Ping("fd00:6::2", 8);  // so that the neighbor is known
  ASSERT_TRUE(first_->StartCapture(path_, error_)) << error_;
  EXPECT_TRUE(first_->is_capturing());
  Ping("fd00:6::2", 5);
  ASSERT_TRUE(first_->StopCapture(error_)) << error_;
  Ping("fd00:6::2", 8);  // no longer of interest

  const CaptureFile file = Read(path_);
  EXPECT_EQ(file.link_types, (std::vector<uint16_t>{1, 1})) << "one type, as tcpdump wants it";
  ASSERT_EQ(file.packets.size(), 2u);
  EXPECT_EQ(file.packets[0].interface, 1u);
  EXPECT_EQ(file.packets[0].direction, 2u) << "sent";
  EXPECT_EQ(file.packets[1].direction, 1u) << "received";
  EXPECT_EQ(file.packets[0].bytes.size(), 14u + 40 + 8 + 5);
  EXPECT_EQ(file.packets[0].bytes[14 + 40], 128) << "an echo request";
  EXPECT_EQ(file.packets[1].bytes[14 + 40], 129) << "its reply";
  EXPECT_GE(file.packets[1].time_ns, file.packets[0].time_ns);
  constexpr uint64_t kSomeTimeIn2023 = 1'700'000'000'000'000'000;
  EXPECT_GT(file.packets[0].time_ns, kSomeTimeIn2023) << "the time of day";
}

TEST_F(CaptureTest, WritesLoopedPackets) {
  ASSERT_TRUE(first_->StartCapture(path_, error_)) << error_;
  Ping("::1", 0);
  ASSERT_TRUE(first_->StopCapture(error_)) << error_;
  const CaptureFile file = Read(path_);
  ASSERT_FALSE(file.packets.empty());
  EXPECT_EQ(file.packets[0].interface, 0u);
  EXPECT_EQ(file.packets[0].bytes[12], 0x86) << "an Ethernet header without addresses";
  EXPECT_EQ(file.packets[0].bytes[14] >> 4, 6) << "and IPv6 behind it";
  EXPECT_EQ(file.packets[0].bytes.size(), 14u + 40 + 8);
}

TEST_F(CaptureTest, IsCompleteWithoutAnyFrame) {
  ASSERT_TRUE(first_->StartCapture(path_, error_)) << error_;
  EXPECT_EQ(Read(path_).link_types.size(), 2u) << "at once";
  ASSERT_TRUE(first_->StopCapture(error_)) << error_;
  EXPECT_TRUE(Read(path_).packets.empty());
}

TEST_F(CaptureTest, EndsWithItsHost) {
  ASSERT_TRUE(first_->StartCapture(path_, error_)) << error_;
  Ping("fd00:6::2", 0);
  first_.reset();
  EXPECT_GE(Read(path_).packets.size(), 2u);
}

TEST_F(CaptureTest, SaysWhyItCannotBegin) {
  EXPECT_FALSE(first_->StopCapture(error_));
  EXPECT_EQ(error_, "there is no capture to stop");
  EXPECT_FALSE(first_->StartCapture("/nonexistent/capture", error_));
  EXPECT_EQ(error_, "/nonexistent/capture: No such file or directory");
  EXPECT_FALSE(first_->is_capturing());
  ASSERT_TRUE(first_->StartCapture(path_, error_));
  EXPECT_FALSE(first_->StartCapture(path_, error_));
  EXPECT_EQ(error_, "a capture is being written already");
}

TEST_F(CaptureTest, SaysThatTheDiskIsFull) {
  ASSERT_TRUE(first_->StartCapture("/dev/full", error_)) << error_;
  Ping("fd00:6::2", 100);
  EXPECT_FALSE(first_->StopCapture(error_));
  EXPECT_EQ(error_, "/dev/full: No space left on device; the capture is not complete");
}

}  // namespace
}  // namespace sextant
