// SPDX-License-Identifier: BSD-3-Clause
// The IPv6 fixed header: RFC 8200 §3.
// Any thread.
#include "wire/ipv6.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::Ipv6Fields;
using wire::Ipv6View;
using wire::NextHeader;

constexpr bool ComesBack(const Ipv6Fields& fields) {
  std::array<uint8_t, Ipv6View::kSize> bytes{};
  fields.WriteTo(bytes);
  const auto view = Ipv6View::Parse(bytes, Ipv6View::kSize + fields.payload_length);
  return view && Ipv6Fields::Of(*view) == fields &&
         Ipv6Fields::Of(Ipv6View::Trusted(bytes)) == fields;
}

consteval bool RoundTrips() {
  const Ipv6Address a = Ipv6Address::FromGroups({1, 2, 3, 4, 5, 6, 7, 8});
  const Ipv6Address b = Ipv6Address::FromGroups({9, 10, 11, 12, 13, 14, 15, 16});
  return ComesBack({}) && ComesBack({0xff, 0xf'ffff, 0xffff, NextHeader{255}, 255, a, b}) &&
         ComesBack({0x12, 0x3'4567, 0x89ab, NextHeader::kUdp, 64, b, a}) &&
         ComesBack({0x80, 0, 0, NextHeader::kHopByHop, 1, a, a}) &&
         ComesBack({0, 0x8'0000, 1, NextHeader::kIcmp6, 0, b, b});
}
static_assert(RoundTrips());

TEST(Ipv6Test, RandomRoundTrips) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  for (int i = 0; i < 10'000; ++i) {
    std::array<uint16_t, 8> a{}, b{};
    for (size_t k = 0; k < 8; ++k) {
      a[k] = static_cast<uint16_t>(rng.Next32());
      b[k] = static_cast<uint16_t>(rng.Next32());
    }
    ASSERT_TRUE(ComesBack({static_cast<uint8_t>(rng.Next32()), rng.Below(1 << 20),
                           static_cast<uint16_t>(rng.Next32()), NextHeader(rng.Below(256)),
                           static_cast<uint8_t>(rng.Next32()), Ipv6Address::FromGroups(a),
                           Ipv6Address::FromGroups(b)}));
  }
}

// The bytes are those of an independent writer.
TEST(Ipv6Test, BytesAreWhereRfc8200PutsThem) {
  Frame out(Ipv6View::kSize);
  Ipv6Fields{0xb8, 0x1'2345, 0x1234, NextHeader::kTcp, 7, Ip("2001:db8::1"), Ip("ff02::2")}.WriteTo(
      std::span(out).first<Ipv6View::kSize>());
  const Frame want = Ip6()
                         .From("2001:db8::1")
                         .To("ff02::2")
                         .TrafficClass(0xb8)
                         .FlowLabel(0x12345)
                         .HopLimit(7)
                         .PayloadLength(0x1234)
                         .Upper(6, {});
  EXPECT_EQ(out, want);
}

// RFC 8200 §3: the flow label has 20 bits; more must not reach the traffic class.
TEST(Ipv6Test, FlowLabelKeepsToItsBits) {
  std::array<uint8_t, Ipv6View::kSize> bytes{};
  Ipv6Fields fields;
  fields.flow_label = 0xffff'ffff;
  fields.WriteTo(bytes);
  const auto view = Ipv6View::Trusted(bytes);
  EXPECT_EQ(view.flow_label(), 0xf'ffffU);
  EXPECT_EQ(view.traffic_class(), 0);
  EXPECT_EQ(view.version(), 6);
}

struct ParseCase {
  const char* name;
  const char* section;
  Frame packet;
  DropReason want;
};

const Frame kGood = Ip6().From("2001:db8::1").To("2001:db8::2").Udp(1, 2, "payload");

// clang-format off
const ParseCase kParseCases[] = {
    {"Plain",               "RFC 8200 §3",   kGood,                      DropReason::kNone},
    {"NoPayload",           "RFC 8200 §4.7", Ip6().bytes(),              DropReason::kNone},
    {"TrailingBytes",       "RFC 8200 §3",   Pad(kGood, 6),              DropReason::kNone},
    {"OneByteShort",        "RFC 8200 §3",   Cut(kGood, kGood.size() - 1), DropReason::kIp6Truncated},
    {"HeaderOnly",          "RFC 8200 §3",   Cut(kGood, 40),             DropReason::kIp6Truncated},
    {"HeaderCut",           "RFC 8200 §3",   Cut(kGood, 39),             DropReason::kIp6Truncated},
    {"Empty",               "RFC 8200 §3",   {},                         DropReason::kIp6Truncated},
    {"LengthBeyond",        "RFC 8200 §3",   Poke(kGood, 5, 16),         DropReason::kIp6Truncated},
    {"LengthFarBeyond",     "RFC 8200 §3",   Poke(kGood, 4, 0xff),       DropReason::kIp6Truncated},
    {"Version4",            "RFC 8200 §3",   Poke(kGood, 0, 0x45),       DropReason::kIp6BadVersion},
    {"Version0",            "RFC 8200 §3",   Poke(kGood, 0, 0x00),       DropReason::kIp6BadVersion},
    {"Version7",            "RFC 8200 §3",   Poke(kGood, 0, 0x70),       DropReason::kIp6BadVersion},
    {"Version14",           "RFC 8200 §3",   Poke(kGood, 0, 0xe0),       DropReason::kIp6BadVersion},
    // Which of two faults is named is settled, so that counters are.
    {"Version4AndTruncated", "RFC 8200 §3",  Poke(Cut(kGood, 40), 0, 0x45), DropReason::kIp6BadVersion},
};
// clang-format on

class Ipv6ParseTest : public testing::TestWithParam<ParseCase> {};

TEST_P(Ipv6ParseTest, Judges) {
  const Frame& packet = GetParam().packet;
  const auto view = Ipv6View::Parse(packet, packet.size());
  EXPECT_EQ(view.reason(), GetParam().want) << GetParam().section;
  EXPECT_EQ(static_cast<bool>(view), GetParam().want == DropReason::kNone);
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, Ipv6ParseTest, testing::ValuesIn(kParseCases), kNameOf);

TEST(Ipv6ParseTest, TruncatedAtEveryLength) {
  for (size_t size = 0; size < kGood.size(); ++size) {
    const Frame cut = Cut(kGood, size);
    ASSERT_EQ(Ipv6View::Parse(cut, cut.size()).reason(), DropReason::kIp6Truncated) << size;
  }
}

// A chained packet: the header is in the first segment, the length counts all.
TEST(Ipv6ParseTest, PayloadInLaterSegments) {
  const Frame head = Cut(kGood, 40);
  EXPECT_TRUE(Ipv6View::Parse(head, kGood.size()));
  EXPECT_EQ(Ipv6View::Parse(head, kGood.size() - 1).reason(), DropReason::kIp6Truncated);
  // Never more than what the first segment holds is read.
  EXPECT_EQ(Ipv6View::Parse(Cut(kGood, 39), kGood.size()).reason(), DropReason::kIp6Truncated);
}

TEST(Ipv6ParseTest, ReadsEveryField) {
  const Frame packet = Ip6()
                           .From("2001:db8::1")
                           .To("2001:db8::2")
                           .TrafficClass(0xa5)
                           .FlowLabel(0x9'8765)
                           .HopLimit(33)
                           .Udp(1, 2, "abc");
  const auto view = Ipv6View::Parse(packet, packet.size());
  ASSERT_TRUE(view);
  EXPECT_EQ(view->traffic_class(), 0xa5);
  EXPECT_EQ(view->flow_label(), 0x9'8765U);
  EXPECT_EQ(view->payload_length(), 11);
  EXPECT_EQ(view->next_header(), NextHeader::kUdp);
  EXPECT_EQ(view->hop_limit(), 33);
  EXPECT_EQ(view->source(), Ip("2001:db8::1"));
  EXPECT_EQ(view->destination(), Ip("2001:db8::2"));
  EXPECT_TRUE(std::ranges::equal(view->addresses(), Bytes(packet).subspan(8, 32)));
}

}  // namespace
}  // namespace sextant::test
