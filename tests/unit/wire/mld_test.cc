// SPDX-License-Identifier: BSD-3-Clause
// The MLDv2 report and its hop-by-hop header: RFC 3810 §5.2, RFC 2711 §2.
// Any thread.
#include "wire/mld.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace sextant::test {
namespace {

using wire::MldRecordType;
using wire::MldReportFields;

consteval bool BytesAreTheRfcs() {
  std::array<uint8_t, MldReportFields::kSize> out{};
  for (uint8_t& byte : out) byte = 0xee;
  const auto group = Ipv6Address::FromGroups({0xff02, 0, 0, 0, 0, 1, 0xff12, 0x3456});
  MldReportFields{MldRecordType::kChangeToExclude, group}.WriteTo(out);
  // RFC 3810 §5.2: type 143, reserved, checksum, reserved, one record; §5.2.5-§5.2.9: type 4, no
  // auxiliary data, no sources, the group.
  constexpr std::array<uint8_t, MldReportFields::kSize> kWant = {
      143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0,    0,    0xff, 0x02,
      0,   0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x12, 0x34, 0x56};
  return out == kWant;
}
static_assert(BytesAreTheRfcs());

// As an independent writer has it: IPv6 header, hop-by-hop, report; only the checksum is missing.
TEST(MldTest, WholePacket) {
  const Ipv6Address group = Ip("ff02::1:ff00:1");
  const Frame want = Ip6().From("fe80::1").MldReport(3, group).Checksum(0);
  Frame rest(wire::kMldHopByHopSize + MldReportFields::kSize, 0xee);
  wire::WriteMldHopByHop(std::span(rest).first<wire::kMldHopByHopSize>(), 58);
  MldReportFields{MldRecordType::kChangeToInclude, group}.WriteTo(
      std::span(rest).subspan<wire::kMldHopByHopSize, MldReportFields::kSize>());
  EXPECT_EQ(rest, Frame(want.begin() + 40, want.end()));
}

// RFC 2711 §2.1: option 5, length 2, value 0 for MLD; RFC 8200 §4.2: padded to eight bytes.
TEST(MldTest, HopByHop) {
  Frame out(wire::kMldHopByHopSize, 0xee);
  wire::WriteMldHopByHop(std::span(out).first<wire::kMldHopByHopSize>(), 58);
  EXPECT_EQ(out, (Frame{58, 0, 5, 2, 0, 0, 1, 0}));
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

}  // namespace
}  // namespace sextant::test
