// SPDX-License-Identifier: BSD-3-Clause
// The chain of extension headers: RFC 8200 §4, RFC 4302 §2.2, RFC 6946, RFC 7112.
// Any thread.
#include "wire/extension_header.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::ExtensionView;
using wire::FragmentPosition;
using wire::NextHeader;
using wire::UpperLayer;
using wire::WalkToUpper;

constexpr uint8_t kAh = 51;

const Frame kPad = {1, 4, 0, 0, 0, 0};
const Frame kLongPad = Frame(22);  // makes 24 octets
const Ip6 kUdp = Ip6().Udp(1, 7, "hello");

// The body of a Fragment header.
Frame At(uint16_t offset, bool more) {
  Frame body(6);
  return Poke16(std::move(body), 0, static_cast<uint16_t>(offset | (more ? 1 : 0)));
}

struct WalkCase {
  const char* name;
  const char* section;
  Frame packet;
  NextHeader next;
  size_t offset;
  size_t fragment = 0;
  FragmentPosition position = {};
};

// clang-format off
const WalkCase kWalkCases[] = {
    {"Plain",           "RFC 8200 §3",   kUdp,                                                   NextHeader::kUdp,   40},
    {"NothingFollows",  "RFC 8200 §4.7", Ip6(),                                                  NextHeader::kNone,  40},
    {"HopByHop",        "RFC 8200 §4.3", kUdp.Extension(0, kPad),                                NextHeader::kUdp,   48},
    {"Destination",     "RFC 8200 §4.6", kUdp.Extension(60, kLongPad),                           NextHeader::kUdp,   64},
    {"Routing",         "RFC 8200 §4.4", kUdp.Extension(43, kPad),                               NextHeader::kUdp,   48},
    {"All",             "RFC 8200 §4.1", kUdp.Extension(0, kPad).Extension(60, kPad).Extension(43, kLongPad).Extension(60, kPad),
                                                                                                 NextHeader::kUdp,   88},
    {"Misplaced",       "RFC 8200 §4.1", kUdp.Extension(60, kPad).Extension(0, kPad),            NextHeader::kUdp,   56},
    {"Authentication",  "RFC 4302 §2.2", Poke(kUdp.Extension(kAh, Frame(22)), 41, 4),            NextHeader::kUdp,   64},
    {"Esp",             "RFC 4303 §2",   Ip6().Upper(50, Pattern(16)).Extension(0, kPad),        NextHeader::kEsp,   48},
    {"Unknown",         "RFC 8200 §4",   Ip6().Upper(253, "x"),                                  NextHeader{253},    40},
    {"Atomic",          "RFC 6946 §2",   kUdp.Extension(44, At(0, false)),                       NextHeader::kUdp,   48, 40},
    {"First",           "RFC 8200 §4.5", kUdp.Extension(44, At(0, true)).Extension(60, kPad),    NextHeader::kUdp,   56, 40, {0, true}},
    {"Later",           "RFC 8200 §4.5", kUdp.Extension(0, kPad).Extension(44, At(8, true)),     NextHeader::kUdp,   56, 48, {8, true}},
    {"Last",            "RFC 8200 §4.5", kUdp.Extension(44, At(65528, false)).Extension(60, kPad), NextHeader::kDestinationOptions, 48, 40, {65528, false}},
    {"ReservedBits",    "RFC 8200 §4.5", kUdp.Extension(44, At(6, false)),                       NextHeader::kUdp,   48, 40},
    {"TrailingBytes",   "RFC 2464 §3",   Pad(kUdp.Extension(0, kPad), 9),                        NextHeader::kUdp,   48},
    {"LengthZero",      "RFC 2675 §3",   kUdp.Extension(0, kPad).PayloadLength(0),               NextHeader::kUdp,   48},
    {"QuotedShort",     "RFC 4443 §2.4", Cut(kUdp.Extension(0, kPad), 50),                       NextHeader::kUdp,   48},
    {"QuotedJustChain", "RFC 4443 §2.4", Cut(kUdp.Extension(0, kPad), 48),                       NextHeader::kUdp,   48},
};
// clang-format on

class WalkTest : public testing::TestWithParam<WalkCase> {};

TEST_P(WalkTest, FindsTheUpperLayer) {
  const WalkCase& c = GetParam();
  const std::optional<UpperLayer> upper = WalkToUpper(c.packet);
  ASSERT_TRUE(upper) << c.section;
  EXPECT_EQ(upper->next, c.next) << c.section;
  EXPECT_EQ(upper->offset, c.offset);
  EXPECT_EQ(upper->fragment, c.fragment);
  EXPECT_EQ(upper->position.offset, c.position.offset);
  EXPECT_EQ(upper->position.more, c.position.more);
  EXPECT_EQ(upper->is_later_fragment(), c.position.offset != 0);
  const size_t said = 40 + size_t{Load16(c.packet, 4)};
  const size_t end = said == 40 ? c.packet.size() : std::min(c.packet.size(), said);
  EXPECT_EQ(upper->bytes.size(), end - c.offset);
  EXPECT_EQ(upper->bytes.data(), c.packet.data() + c.offset);
}

TEST_P(WalkTest, CutAtEveryLength) {
  const WalkCase& c = GetParam();
  for (size_t size = 0; size < c.packet.size(); ++size) {
    const Frame cut = Cut(c.packet, size);
    const std::optional<UpperLayer> upper = WalkToUpper(cut);
    EXPECT_EQ(upper.has_value(), size >= c.offset) << size;
    if (upper) {
      EXPECT_EQ(upper->offset, c.offset);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, WalkTest, testing::ValuesIn(kWalkCases), kNameOf);

TEST(WalkBudgetTest, GivesUpBehindSixtyFourHeaders) {
  Ip6 packet = kUdp;
  for (size_t i = 0; i < wire::kMaxWalk; ++i) packet = packet.Extension(60, kPad);
  const Frame longest = packet;
  ASSERT_TRUE(WalkToUpper(longest));
  EXPECT_EQ(WalkToUpper(longest)->offset, 40 + 8 * wire::kMaxWalk);
  const Frame longer = packet.Extension(60, kPad);
  EXPECT_FALSE(WalkToUpper(longer));
}

// All 256 values, and whatever length they claim, lead somewhere inside or nowhere.
TEST(WalkBudgetTest, StaysInsideWhateverItIsTold) {
  for (int next = 0; next < 256; ++next) {
    for (int length = 0; length < 256; ++length) {
      Frame packet = Ip6().Upper(static_cast<uint8_t>(next), Frame(64));
      packet[40] = 17;
      packet[41] = static_cast<uint8_t>(length);
      const std::optional<UpperLayer> upper = WalkToUpper(packet);
      if (upper) {
        ASSERT_EQ(upper->offset + upper->bytes.size(), packet.size());
      }
    }
  }
}

TEST(ExtensionViewTest, ParsesWhatIsThere) {
  for (size_t units = 1; units <= 256; ++units) {
    Frame header(8 * units);
    header[0] = 58;
    header[1] = static_cast<uint8_t>(units - 1);
    const auto view = ExtensionView::Parse(header);
    ASSERT_TRUE(view) << units;
    EXPECT_EQ(view->size(), 8 * units);
    EXPECT_EQ(view->next_header(), NextHeader::kIcmp6);
    EXPECT_EQ(view->body().size(), 8 * units - 2);
    EXPECT_TRUE(ExtensionView::Parse(Pad(header, 3)));
    EXPECT_EQ(ExtensionView::Parse(Pad(header, 3))->size(), 8 * units);
    for (const size_t size : {size_t{0}, size_t{1}, size_t{7}, 8 * units - 1}) {
      EXPECT_EQ(ExtensionView::Parse(Cut(header, size)).reason(), DropReason::kIp6HeaderTruncated);
    }
  }
}

TEST(LeastUpperSizeTest, IsWhatRfc7112Asks) {
  EXPECT_EQ(wire::LeastUpperSize(NextHeader::kTcp), 20U);
  EXPECT_EQ(wire::LeastUpperSize(NextHeader::kUdp), 8U);
  EXPECT_EQ(wire::LeastUpperSize(NextHeader::kIcmp6), 8U);
  EXPECT_EQ(wire::LeastUpperSize(NextHeader::kNone), 0U);
  EXPECT_EQ(wire::LeastUpperSize(NextHeader{253}), 1U);
}

constexpr std::array<uint8_t, 8> kFragmentHeader = {17, 0xff, 0x00, 0x0f, 1, 2, 3, 4};
static_assert(FragmentPosition::Of(kFragmentHeader).offset == 8);
static_assert(FragmentPosition::Of(kFragmentHeader).more);
static_assert(FragmentPosition{}.is_atomic());
static_assert(!FragmentPosition{0, true}.is_atomic());
static_assert(!FragmentPosition{8, false}.is_atomic());

}  // namespace
}  // namespace sextant::test
