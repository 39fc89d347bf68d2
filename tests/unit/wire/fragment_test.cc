// SPDX-License-Identifier: BSD-3-Clause
// The Fragment header: every field alone, and what is ignored (RFC 8200 §4.5).
// Any thread.
#include "wire/fragment.h"

#include <gtest/gtest.h>

namespace sextant::wire {
namespace {

using Header = std::array<uint8_t, FragmentView::kSize>;

constexpr bool RoundTrips() {
  const FragmentFields fields{NextHeader::kUdp, 65'528, true, 0xdead'beef};
  Header bytes{};
  fields.WriteTo(bytes);
  return FragmentFields::Of(FragmentView::Trusted(bytes)) == fields;
}
static_assert(RoundTrips());

TEST(FragmentTest, ReadsEveryField) {
  constexpr Header kBytes = {17, 0xff, 0x12, 0x3f, 0x01, 0x02, 0x03, 0x04};
  const auto view = FragmentView::Parse(kBytes, 8);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->next_header(), NextHeader::kUdp);
  EXPECT_EQ(view->offset(), 0x1238) << "the two reserved bits are ignored";
  EXPECT_TRUE(view->more());
  EXPECT_EQ(view->identification(), 0x0102'0304U);
  EXPECT_FALSE(view->is_atomic());
}

TEST(FragmentTest, Truncated) {
  constexpr Header kBytes = {};
  for (size_t length = 0; length < 8; ++length) {
    EXPECT_EQ(FragmentView::Parse(Bytes(kBytes).first(length), 100).reason(),
              DropReason::kIp6HeaderTruncated);
    EXPECT_EQ(FragmentView::Parse(kBytes, length).reason(), DropReason::kIp6HeaderTruncated);
  }
}

TEST(FragmentTest, AtomicIsWithoutOffsetAndMore) {
  for (const uint16_t offset : std::array<uint16_t, 3>{0, 8, 65'528}) {
    for (const bool more : {false, true}) {
      Header bytes{};
      FragmentFields{NextHeader::kTcp, offset, more, 7}.WriteTo(bytes);
      EXPECT_EQ(FragmentView::Trusted(bytes).is_atomic(), offset == 0 && !more);
    }
  }
  // RFC 8200 §4.5: reserved bits say nothing.
  constexpr Header kReserved = {17, 0xff, 0x00, 0x06, 0, 0, 0, 1};
  EXPECT_TRUE(FragmentView::Trusted(kReserved).is_atomic());
}

TEST(FragmentTest, EveryOffsetRoundTrips) {
  for (uint32_t offset = 0; offset <= 65'528; offset += 8) {
    for (const bool more : {false, true}) {
      const FragmentFields fields{NextHeader::kIcmp6, static_cast<uint16_t>(offset), more, ~offset};
      Header bytes;
      bytes.fill(0xa5);
      fields.WriteTo(bytes);
      ASSERT_EQ(FragmentFields::Of(FragmentView::Trusted(bytes)), fields);
      ASSERT_EQ(bytes[1], 0) << "reserved octet";
      ASSERT_EQ(bytes[3] & 6, 0) << "reserved bits";
    }
  }
}

}  // namespace
}  // namespace sextant::wire
