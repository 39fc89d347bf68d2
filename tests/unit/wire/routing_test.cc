// SPDX-License-Identifier: BSD-3-Clause
// The routing header: RFC 8200 §4.4, RFC 3542 §7, RFC 6275 §6.4, RFC 8754 §2.
// Any thread.
#include "wire/routing.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::ExtensionView;
using wire::RoutingView;

// A routing header of this type whose rest, behind Segments Left, is `rest`.
Frame Routing(uint8_t type, uint8_t segments_left, const Frame& rest) {
  return Join({17, static_cast<uint8_t>((rest.size() + 4) / 8 - 1), type, segments_left}, rest);
}
// Reserved or, for type 4, Last Entry, flags and tag; and so many addresses.
Frame List(size_t addresses, uint8_t last_entry = 0) {
  return Join({last_entry, 0, 0, 0}, Pattern(16 * addresses));
}

struct FormCase {
  const char* name;
  const char* section;
  Frame header;
  bool want;
};

// clang-format off
const FormCase kFormCases[] = {
    {"SourceEmpty",       "RFC 3542 §7",     Routing(0, 0, List(0)),               true},
    {"SourceThree",       "RFC 3542 §7",     Routing(0, 3, List(3)),               true},
    {"SourceTooMany",     "RFC 3542 §7",     Routing(0, 4, List(3)),               false},
    {"SourceHalf",        "RFC 3542 §7",     Routing(0, 1, Join(List(1), Frame(8))), false},
    {"Mobile",            "RFC 6275 §6.4.1", Routing(2, 1, List(1)),               true},
    {"MobileNoneLeft",    "RFC 6275 §6.4.1", Routing(2, 0, List(1)),               false},
    {"MobileTwo",         "RFC 6275 §6.4.1", Routing(2, 1, List(2)),               false},
    {"MobileNone",        "RFC 6275 §6.4.1", Routing(2, 1, List(0)),               false},
    {"Segments",          "RFC 8754 §2",     Routing(4, 2, List(3, 2)),            true},
    {"SegmentsReduced",   "RFC 8754 §4.1.1", Routing(4, 3, List(3, 2)),            true},
    {"SegmentsLeftMany",  "RFC 8754 §2",     Routing(4, 4, List(3, 2)),            false},
    {"SegmentsBeyond",    "RFC 8754 §2",     Routing(4, 0, List(3, 3)),            false},
    {"SegmentsNone",      "RFC 8754 §2",     Routing(4, 0, List(0, 0)),            false},
    {"SegmentsWithTlv",   "RFC 8754 §2.1",   Routing(4, 0, Join(List(1, 0), {5, 6, 1, 2, 3, 4, 5, 6})), true},
    {"SegmentsPad1",      "RFC 8754 §2.1.1", Routing(4, 0, Join(List(1, 0), {0, 4, 4, 0, 0, 0, 0, 0})), true},
    {"SegmentsTlvBeyond", "RFC 8754 §2.1",   Routing(4, 0, Join(List(1, 0), {5, 7, 1, 2, 3, 4, 5, 6})), false},
    {"SegmentsTlvCut",    "RFC 8754 §2.1",   Routing(4, 0, Join(List(1, 0), {5, 5, 1, 2, 3, 4, 5, 9})), false},
    {"Rpl",               "RFC 6554 §3",     Routing(3, 0, List(1)),               false},
    {"Experimental",      "RFC 8200 §4.4",   Routing(253, 0, List(1)),             false},
};
// clang-format on

class RoutingFormTest : public testing::TestWithParam<FormCase> {};
TEST_P(RoutingFormTest, IsJudged) {
  const auto header = ExtensionView::Parse(GetParam().header);
  ASSERT_TRUE(header);
  EXPECT_EQ(RoutingView(*header).IsWellFormed(), GetParam().want) << GetParam().section;
}
INSTANTIATE_TEST_SUITE_P(Rfc8200, RoutingFormTest, testing::ValuesIn(kFormCases), kNameOf);

TEST(RoutingViewTest, ReadsItsFields) {
  const Frame header = Routing(4, 1, Join({1, 0, 0, 0}, Join(Frame(16, 0x11), Frame(16, 0x22))));
  const RoutingView view(*ExtensionView::Parse(header));
  EXPECT_EQ(view.type(), wire::RoutingType::kSegment);
  EXPECT_EQ(view.segments_left(), 1);
  EXPECT_EQ(view.last_entry(), 1);
  ASSERT_EQ(view.addresses(), 2U);
  EXPECT_EQ(view.address(1), Ip("2222:2222:2222:2222:2222:2222:2222:2222"));
}

// No combination of lengths and counts reads beyond the header.
TEST(RoutingViewTest, EveryCountInEveryLength) {
  for (size_t units = 1; units <= 12; ++units) {
    for (int last_entry = 0; last_entry < 256; ++last_entry) {
      for (const uint8_t type : Frame{0, 2, 4}) {
        Frame header = Frame(8 * units, 0xff);
        header[1] = static_cast<uint8_t>(units - 1);
        header[2] = type;
        header[3] = 0;
        header[4] = static_cast<uint8_t>(last_entry);
        const bool fits = RoutingView(*ExtensionView::Parse(header)).IsWellFormed();
        if (type == 4) {
          ASSERT_EQ(fits, 8 + 16 * (size_t(last_entry) + 1) == 8 * units) << units;
        }
      }
    }
  }
}

}  // namespace
}  // namespace sextant::test
