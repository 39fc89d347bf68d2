// SPDX-License-Identifier: BSD-3-Clause
// MLD on the wire: RFC 3810 §5, RFC 2710 §3, RFC 2711 §2.
// Any thread.
#include "wire/mld.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace sextant::test {
namespace {

using wire::MldRecordHead;
using wire::MldRecordType;
using wire::MldReportHead;

constexpr size_t kSize = MldReportHead::kSize + MldRecordHead::kSize;

template <typename T>
constexpr void WriteReport(T out, MldRecordType type, const Ipv6Address& group) {
  MldReportHead::WriteTo(out.template first<MldReportHead::kSize>(), 1);
  MldRecordHead{type, 0, group}.WriteTo(
      out.template subspan<MldReportHead::kSize, MldRecordHead::kSize>());
}

consteval bool BytesAreTheRfcs() {
  std::array<uint8_t, kSize> out{};
  for (uint8_t& byte : out) byte = 0xee;
  const auto group = Ipv6Address::FromGroups({0xff02, 0, 0, 0, 0, 1, 0xff12, 0x3456});
  WriteReport(std::span<uint8_t, kSize>(out), MldRecordType::kChangeToExclude, group);
  // RFC 3810 §5.2: type 143, reserved, checksum, reserved, one record; §5.2.5-§5.2.9: type 4, no
  // auxiliary data, no sources, the group.
  constexpr std::array<uint8_t, kSize> kWant = {143, 0, 0,    0,    0,    0,    0,    1,   4, 0,
                                                0,   0, 0xff, 0x02, 0,    0,    0,    0,   0, 0,
                                                0,   0, 0,    1,    0xff, 0x12, 0x34, 0x56};
  return out == kWant;
}
static_assert(BytesAreTheRfcs());

// As an independent writer has it: IPv6 header, hop-by-hop, report; only the checksum is missing.
TEST(MldTest, WholePacket) {
  const Ipv6Address group = Ip("ff02::1:ff00:1");
  const Frame want = Ip6().From("fe80::1").MldReport(3, group).Checksum(0);
  Frame rest(wire::kMldHopByHopSize + kSize, 0xee);
  wire::WriteMldHopByHop(std::span(rest).first<wire::kMldHopByHopSize>(), 58);
  WriteReport(std::span<uint8_t, kSize>(&rest[wire::kMldHopByHopSize], kSize),
              MldRecordType::kChangeToInclude, group);
  EXPECT_EQ(rest, Frame(want.begin() + 40, want.end()));
}

// RFC 2710 §3.
TEST(MldTest, VersionOne) {
  const Ipv6Address group = Ip("ff05::2");
  for (const uint8_t type : {uint8_t{131}, uint8_t{132}}) {
    const Frame want = Ip6().Icmp6(type, 0, 0, Bytes(group.bytes())).Checksum(0);
    Frame out(wire::MldV1Fields::kSize, 0xee);
    wire::MldV1Fields{wire::Icmp6Type{type}, group}.WriteTo(
        std::span(out).first<wire::MldV1Fields::kSize>());
    EXPECT_EQ(out, Frame(want.begin() + 40, want.end()));
  }
}

// RFC 2711 §2.1: option 5, length 2, value 0 for MLD; RFC 8200 §4.2: padded to eight bytes.
TEST(MldTest, HopByHop) {
  Frame out(wire::kMldHopByHopSize, 0xee);
  wire::WriteMldHopByHop(std::span(out).first<wire::kMldHopByHopSize>(), 58);
  EXPECT_EQ(out, (Frame{58, 0, 5, 2, 0, 0, 1, 0}));
  EXPECT_TRUE(wire::HasMldRouterAlert(out));
}

// RFC 3810 §5.2.12.
TEST(MldTest, RecordTypes) {
  EXPECT_EQ(static_cast<int>(MldRecordType::kModeIsInclude), 1);
  EXPECT_EQ(static_cast<int>(MldRecordType::kModeIsExclude), 2);
  EXPECT_EQ(static_cast<int>(MldRecordType::kChangeToInclude), 3);
  EXPECT_EQ(static_cast<int>(MldRecordType::kChangeToExclude), 4);
  EXPECT_EQ(static_cast<int>(MldRecordType::kAllowNewSources), 5);
  EXPECT_EQ(static_cast<int>(MldRecordType::kBlockOldSources), 6);
}

// RFC 3810 §5.2.14.
TEST(MldTest, Destination) { EXPECT_EQ(wire::AllMldV2Routers(), Ip("ff02::16")); }

// RFC 3810 §5.1.3: below 32768 milliseconds; above (mantissa | 0x1000) << (exponent + 3).
static_assert(wire::MldMaxResponseDelay(0) == Duration());
static_assert(wire::MldMaxResponseDelay(1) == Duration::Milliseconds(1));
static_assert(wire::MldMaxResponseDelay(10'000) == Duration::Seconds(10));
static_assert(wire::MldMaxResponseDelay(0x7fff) == Duration::Milliseconds(32'767));
static_assert(wire::MldMaxResponseDelay(0x8000) == Duration::Milliseconds(32'768));
static_assert(wire::MldMaxResponseDelay(0x8001) == Duration::Milliseconds(32'776));
static_assert(wire::MldMaxResponseDelay(0x9000) == Duration::Milliseconds(65'536));
static_assert(wire::MldMaxResponseDelay(0xffff) == Duration::Milliseconds(8'387'584));

// RFC 3810 §5.1.9: below 128 seconds; above (mantissa | 0x10) << (exponent + 3).
static_assert(wire::MldQueryInterval(0) == Duration());
static_assert(wire::MldQueryInterval(125) == Duration::Seconds(125));
static_assert(wire::MldQueryInterval(127) == Duration::Seconds(127));
static_assert(wire::MldQueryInterval(128) == Duration::Seconds(128));
static_assert(wire::MldQueryInterval(129) == Duration::Seconds(136));
static_assert(wire::MldQueryInterval(255) == Duration::Seconds(31'744));

// A code that is larger never means a shorter time.
TEST(MldTest, CodesGrow) {
  for (unsigned code = 0; code < 0xffff; ++code) {
    ASSERT_LT(wire::MldMaxResponseDelay(static_cast<uint16_t>(code)),
              wire::MldMaxResponseDelay(static_cast<uint16_t>(code + 1)));
  }
  for (unsigned code = 0; code < 0xff; ++code) {
    ASSERT_LT(wire::MldQueryInterval(static_cast<uint8_t>(code)),
              wire::MldQueryInterval(static_cast<uint8_t>(code + 1)));
  }
}

TEST(MldTest, QueryFields) {
  Frame message = {130, 0, 0, 0, 0x90, 0x00, 0, 0};
  const Ipv6Address group = Ip("ff05::2");
  message = Join(message, Frame(group.bytes().begin(), group.bytes().end()));
  message = Join(message, {0xfd, 0x81, 0, 1});  // reserved bits, S, QRV 5
  message = Pad(message, 16);
  const auto query = wire::MldQuery::Parse(Bytes(message).first(28), message.size());
  ASSERT_TRUE(query);
  EXPECT_EQ(query->version, wire::MldVersion::kV2);
  EXPECT_EQ(query->group, Ip("ff05::2"));
  EXPECT_EQ(query->max_response_delay, Duration::Milliseconds(65'536));
  EXPECT_EQ(query->robustness, 5);
  EXPECT_EQ(query->query_interval, Duration::Seconds(136));
  EXPECT_EQ(query->source_count, 1);
  // RFC 2710 §3.4: version 1 knows no floating point.
  const auto v1 = wire::MldQuery::Parse(Bytes(message).first(24), 24);
  ASSERT_TRUE(v1);
  EXPECT_EQ(v1->version, wire::MldVersion::kV1);
  EXPECT_EQ(v1->max_response_delay, Duration::Milliseconds(0x9000));
  EXPECT_EQ(v1->source_count, 0);
}

// All headers of up to six bytes of options from a small alphabet: what a second reader, written
// another way, finds.
TEST(MldTest, RouterAlertEverywhere) {
  const auto expect = [](const Frame& header) {
    std::string rest(header.begin() + 2, header.end());
    while (!rest.empty()) {
      if (rest[0] == 0) {
        rest.erase(0, 1);
        continue;
      }
      if (rest.size() < 2) return false;
      const size_t size = 2 + static_cast<uint8_t>(rest[1]);
      if (size > rest.size()) return false;
      if (rest.substr(0, size) == std::string("\5\2\0\0", 4)) return true;
      rest.erase(0, size);
    }
    return false;
  };
  constexpr uint8_t kAlphabet[] = {0, 1, 2, 5};
  for (unsigned code = 0; code < 4096; ++code) {
    Frame header = {58, 0};
    for (unsigned rest = code, i = 0; i < 6; ++i, rest /= 4) header.push_back(kAlphabet[rest % 4]);
    ASSERT_EQ(wire::HasMldRouterAlert(header), expect(header)) << code;
  }
}

}  // namespace
}  // namespace sextant::test
