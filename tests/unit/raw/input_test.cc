// SPDX-License-Identifier: BSD-3-Clause
// What raw sockets get of received packets: RFC 3542 §3, RFC 8200 §4.
#include "raw/input.h"

#include <gtest/gtest.h>

#include "support/core.h"
#include "support/describe.h"
#include "support/frames.h"

namespace sextant {
namespace {

using test::Frame;
using test::Ip6;
using Verdict = Verdict<raw::Input::Next>;

constexpr uint8_t kProtocol = 253;

Ip6 From() { return Ip6().From("fd00:6::1").To("fd00:6::2"); }

Verdict UnknownAt(uint32_t pointer) {
  return Verdict::Refuse(
      DropReason::kIp6UnknownNextHeader,
      wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownNextHeader, pointer));
}

class RawInputTest : public testing::Test, public test::TestCore {
 protected:
  ~RawInputTest() override {
    for (const auto& socket : sockets_) {
      table.Remove(*socket);
      socket->Stop();
    }
  }

  raw::Socket& Open(uint8_t protocol = kProtocol) {
    sockets_.push_back(std::make_unique<raw::Socket>(protocol));
    sockets_.back()->set_receive_limit(1 << 20);
    table.Add(*sockets_.back());
    return *sockets_.back();
  }
  // The upper layer as `offset` says, without extension headers.
  PacketPtr Arrived(const Frame& bytes, uint8_t upper = kProtocol) {
    PacketPtr packet = Received(bytes);
    Meta& meta = packet->meta();
    meta.interface = 2;
    meta.upper = upper;
    meta.upper_offset = wire::Ipv6View::kSize;
    meta.upper_length = static_cast<uint16_t>(bytes.size() - wire::Ipv6View::kSize);
    return packet;
  }
  Verdict Take(PacketPtr packet) {
    const Verdict verdict = input.Take(packet, core);
    if (packet) packet.Free();
    return verdict;
  }
  bool Copy(PacketPtr packet) {
    const bool taken = input.Copy(*packet, core);
    packet.Free();
    return taken;
  }
  static std::string Next(raw::Socket& socket) {
    PacketPtr packet = socket.Pop();
    if (!packet) return "nothing";
    const raw::Payload payload = raw::PayloadOf(*packet);
    std::string data(payload.length, '\0');
    EXPECT_TRUE(packet->CopyOut(
        payload.offset, MutableBytes(reinterpret_cast<uint8_t*>(data.data()), data.size())));
    packet.Free();
    return data;
  }

  raw::Table table;
  raw::Input input{table};

 private:
  std::vector<std::unique_ptr<raw::Socket>> sockets_;
};

TEST_F(RawInputTest, NobodyTakesIt) {
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "hello"))), UnknownAt(6));
  Open(252);
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "hello"))), UnknownAt(6)) << "another protocol";
  PacketPtr behind = Arrived(From().Upper(kProtocol, "hello").Extension(60, {1, 4, 0, 0, 0, 0}));
  behind->meta().has_extensions = true;
  behind->extensions() = {};
  behind->extensions().last_next_header = 40;
  EXPECT_EQ(Take(std::move(behind)), UnknownAt(40));
}

TEST_F(RawInputTest, AllOfItsSocketsGetIt) {
  raw::Socket& one = Open();
  raw::Socket& two = Open();
  raw::Socket& other = Open(252);
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "hello"))), Verdict::Held());
  EXPECT_EQ(core.counters().delivered, 1U);
  EXPECT_EQ(Next(one), "hello");
  EXPECT_EQ(Next(two), "hello");
  EXPECT_EQ(Next(two), "nothing");
  EXPECT_EQ(Next(other), "nothing");
}

TEST_F(RawInputTest, AFullSocketLosesItAlone) {
  raw::Socket& full = Open();
  raw::Socket& roomy = Open();
  full.set_receive_limit(SocketCore::kBufferCost);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "x"))), Verdict::Held());
  }
  EXPECT_EQ(full.queued(), 1U);
  EXPECT_EQ(full.dropped_full(), 2U);
  EXPECT_EQ(roomy.queued(), 3U);
  EXPECT_EQ(made_dropped(DropReason::kRawSocketFull), 2U);
}

TEST_F(RawInputTest, WhatNoSocketHasRoomForIsDropped) {
  Open().set_receive_limit(0);
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "x"))), Verdict::Held()) << "one always fits";
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, "x"))), Verdict(DropReason::kRawNotTaken));
}

TEST_F(RawInputTest, TheFilterComesBeforeTheCopy) {
  raw::Socket& socket = Open(raw::kIcmp6);
  raw::Filter filter;
  filter.words()[128 / 32] |= 1U << 128 % 32;
  table.SetFilter(socket, filter);
  socket.set_receive_limit(0);
  const size_t before = pool->available();
  EXPECT_FALSE(Copy(Arrived(From().Icmp6Echo(1, 1), raw::kIcmp6)));
  EXPECT_EQ(pool->available(), before);
  EXPECT_EQ(socket.dropped_full(), 0U);
  EXPECT_TRUE(Copy(Arrived(From().Icmp6EchoReply(1, 1), raw::kIcmp6)));
  EXPECT_TRUE(socket.front() != nullptr);
}

struct ChecksumCase {
  const char* name;
  int offset;
  size_t size;  // of the payload
  bool spoiled;
  bool taken;
};
const ChecksumCase kChecksumCases[] = {
    {"Off", -1, 8, true, true},           {"Right", 2, 8, false, true},
    {"Wrong", 2, 8, true, false},         {"AtTheEnd", 6, 8, false, true},
    {"BeyondTheEnd", 8, 8, false, false}, {"CutByOne", 6, 7, false, false},
    {"OddLength", 4, 9, false, true},     {"OddWrong", 4, 9, true, false},
    {"Nothing", 0, 0, false, false},
};

class RawChecksumTest : public RawInputTest, public testing::WithParamInterface<ChecksumCase> {};

TEST_P(RawChecksumTest, IsVerified) {
  const ChecksumCase& c = GetParam();
  raw::Socket& socket = Open();
  raw::Socket& careless = Open();
  socket.checksum_offset = c.offset;
  Frame payload = test::Pattern(c.size, 1);
  if (c.offset >= 0 && static_cast<size_t>(c.offset) + 2 <= c.size) {
    const auto at = static_cast<size_t>(c.offset);
    payload = test::Poke16(payload, at, 0);
    const uint16_t sum =
        test::UpperChecksum(test::Ip("fd00:6::1"), test::Ip("fd00:6::2"), kProtocol, payload);
    payload = test::Poke16(payload, at, sum);
  }
  if (c.spoiled) payload[0] ^= 1;
  EXPECT_EQ(Take(Arrived(From().Upper(kProtocol, payload))), Verdict::Held());
  EXPECT_EQ(socket.queued() == 1, c.taken);
  EXPECT_EQ(careless.queued(), 1U) << "its neighbor does not care";
  EXPECT_EQ(made_dropped(DropReason::kRawBadChecksum), c.taken ? 0U : 1U);
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, RawChecksumTest, testing::ValuesIn(kChecksumCases),
                         test::kNameOf);

TEST_F(RawInputTest, WithoutBuffersNobodyGetsIt) {
  Open();
  PacketPtr packet = Arrived(From().Upper(kProtocol, "x"));
  const test::Drought drought(*pool, 0);
  EXPECT_EQ(Take(std::move(packet)), Verdict(DropReason::kRawNotTaken));
  EXPECT_EQ(made_dropped(DropReason::kNoBuffer), 1U);
}

}  // namespace
}  // namespace sextant
