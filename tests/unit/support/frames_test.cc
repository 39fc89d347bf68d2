// SPDX-License-Identifier: BSD-3-Clause
// The tests' own tools: packets as captured from elsewhere, and their descriptions.
// Any thread.
#include "support/frames.h"

#include <gtest/gtest.h>

#include "support/describe.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

// RFC 1071 §3: the example of the sum.
TEST(FramesTest, PlainSum) {
  EXPECT_EQ(PlainSum(Frame{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}), 0xddf2);
  EXPECT_EQ(PlainSum(Frame{0xff, 0xff, 0x00, 0x01}), 0x0001);
  EXPECT_EQ(PlainSum(Frame{0xab}), 0xab00);
}

Frame FromHex(std::string_view text) {
  Frame bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// The same packets as scapy makes them.
TEST(FramesTest, AsOthersWriteThem) {
  EXPECT_EQ(Load16(Ip6().Icmp6Echo(1, 1).bytes(), 42), 0x7fb9);
  EXPECT_EQ(Load16(Ip6().Udp(1000, 7, "hello").bytes(), 46), 0xb811);
  const Ip6 link = Ip6().From("fe80::1").To("ff02::1");
  EXPECT_EQ(
      link.NeighborAdvertisement("fe80::1", kSolicitedFlag | kOverrideFlag, "02:00:00:00:00:01"),
      FromHex("6000000000203afffe800000000000000000000000000001ff020000000000000000000000000001"
              "8800179b60000000fe8000000000000000000000000000010201020000000001"));
  EXPECT_EQ(
      link.MldReport(4, "ff02::1:ff00:1"),
      FromHex("6000000000240001fe800000000000000000000000000001ff020000000000000000000000000016"
              "3a000502000001008f0071070000000104000000ff0200000000000000000001ff000001"));
}

struct DescribeCase {
  const char* name;
  Frame packet;
  const char* want;
};

const Ip6 kLink = Ip6().From("fe80::1").To("ff02::1");
const Ip6 kPlain = Ip6().From("2001:db8::1").To("2001:db8::2");

// clang-format off
const DescribeCase kDescribeCases[] = {
    {"Udp",             kPlain.Udp(1000, 7, "hello"),                         "2001:db8::1 > 2001:db8::2 hl 64 udp 1000 > 7 \"hello\""},
    {"UdpEmpty",        kPlain.Udp(1, 2),                                     "2001:db8::1 > 2001:db8::2 hl 64 udp 1 > 2 len 0"},
    {"UdpLong",         kPlain.Udp(1, 2, Pattern(1000)),                      "2001:db8::1 > 2001:db8::2 hl 64 udp 1 > 2 len 1000"},
    {"UdpBad",          kPlain.Udp(1, 2, "x").Checksum(1),                    "2001:db8::1 > 2001:db8::2 hl 64 udp 1 > 2 \"x\" BAD-CHECKSUM"},
    {"UdpNone",         kPlain.Udp(1, 2, "x").Checksum(0),                    "2001:db8::1 > 2001:db8::2 hl 64 udp 1 > 2 \"x\" NO-CHECKSUM"},
    {"ClassAndFlow",    kPlain.TrafficClass(0xb8).FlowLabel(0x12345).Udp(1, 2), "2001:db8::1 > 2001:db8::2 hl 64 class 0xb8 flow 0x12345 udp 1 > 2 len 0"},
    {"Echo",            kPlain.Icmp6Echo(5, 6, "data"),                       "2001:db8::1 > 2001:db8::2 hl 64 icmp6 echo-request id 5 seq 6 \"data\""},
    {"EchoReply",       kPlain.Icmp6EchoReply(5, 6),                          "2001:db8::1 > 2001:db8::2 hl 64 icmp6 echo-reply id 5 seq 6 len 0"},
    {"Solicitation",    kLink.NeighborSolicitation("fe80::2", "02:00:00:00:00:01"), "fe80::1 > ff02::1 hl 255 icmp6 ns target fe80::2 slla 02:00:00:00:00:01"},
    {"Advertisement",   kLink.NeighborAdvertisement("fe80::1", kSolicitedFlag | kOverrideFlag, "02:00:00:00:00:01"),
                        "fe80::1 > ff02::1 hl 255 icmp6 na target fe80::1 R=0 S=1 O=1 tlla 02:00:00:00:00:01"},
    {"Nonce",           kLink.NeighborSolicitation("fe80::2").Append({14, 1, 1, 2, 3, 4, 5, 6}), "fe80::1 > ff02::1 hl 255 icmp6 ns target fe80::2 nonce"},
    {"BadOption",       kLink.NeighborSolicitation("fe80::2").Append({1, 0}), "fe80::1 > ff02::1 hl 255 icmp6 ns target fe80::2 BAD-OPTION"},
    {"MldReport",       kLink.MldReport(4, "ff02::1:ff00:1"),
                        "fe80::1 > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report to-exclude ff02::1:ff00:1"},
    {"Unreachable",     kPlain.Icmp6(1, 4, 0, Ip6().Udp(1, 2, "q").bytes()),
                        "2001:db8::1 > 2001:db8::2 hl 64 icmp6 unreachable port (::1 > ::1 hl 64 udp 1 > 2 \"q\")"},
    {"TooBig",          kPlain.Icmp6(2, 0, 1280, Cut(Ip6().Udp(1, 2, "q"), 48)),
                        "2001:db8::1 > 2001:db8::2 hl 64 icmp6 too-big mtu 1280 (::1 > ::1 hl 64 udp 1 > 2 len 0)"},
    {"Parameter",       kPlain.Icmp6(4, 1, 6, Ip6().Upper(99, "zz").bytes()),
                        "2001:db8::1 > 2001:db8::2 hl 64 icmp6 parameter-problem next-header pointer 6 (::1 > ::1 hl 64 next-header 99 len 2)"},
    {"Fragment",        kPlain.Extension(44, {0, 1, 0, 0, 0, 9}).Upper(17, Pattern(16)),
                        "2001:db8::1 > 2001:db8::2 hl 64 fragment 0 more udp 1 > 515 len 8"},
    {"None",            kPlain,                                               "2001:db8::1 > 2001:db8::2 hl 64 none len 0"},
    {"Truncated",       Cut(kPlain, 39),                                      "TRUNCATED len 39"},
    {"TruncatedBody",   Cut(kPlain.Udp(1, 2, "abc"), 50),                     "2001:db8::1 > 2001:db8::2 hl 64 TRUNCATED length 11"},
    {"Trailing",        Pad(kPlain.Udp(1, 2, "abc"), 6),                      "2001:db8::1 > 2001:db8::2 hl 64 udp 1 > 2 \"abc\" TRAILING 6"},
    {"Version",         Poke(kPlain, 0, 0x45),                                "VERSION 4"},
};
// clang-format on

class DescribeTest : public testing::TestWithParam<DescribeCase> {};

TEST_P(DescribeTest, SaysIt) {
  EXPECT_EQ(DescribeIp6(GetParam().packet), GetParam().want);
  const Frame frame = Ethernet("33:33:00:00:00:01", "02:00:00:00:00:01", GetParam().packet);
  EXPECT_EQ(Describe(frame), GetParam().want);
  EXPECT_EQ(DescribeLink(frame),
            std::string("02:00:00:00:00:01 > 33:33:00:00:00:01 | ") + GetParam().want);
}

// Nothing that is cut or spoilt is read beyond its end.
TEST_P(DescribeTest, SurvivesAnything) {
  const Frame& packet = GetParam().packet;
  for (size_t size = 0; size <= packet.size(); ++size) {
    static_cast<void>(DescribeIp6(Cut(packet, size)));
    if (size < packet.size()) static_cast<void>(DescribeIp6(Poke(packet, size, 0xff)));
    if (size < packet.size()) static_cast<void>(DescribeIp6(Poke(packet, size, 0)));
  }
}

INSTANTIATE_TEST_SUITE_P(Packets, DescribeTest, testing::ValuesIn(kDescribeCases), kNameOf);

TEST(DescribeTest, OtherFrames) {
  EXPECT_EQ(Describe(Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01", Pattern(46), 0x0806)),
            "ethertype 0x0806 len 46");
  EXPECT_EQ(Describe(Pattern(13)), "TRUNCATED frame len 13");
}

}  // namespace
}  // namespace sextant::test
