// SPDX-License-Identifier: BSD-3-Clause
// Options as a table, and all 256 types of them in both headers, to a host and to a group.
// RFC 8200 §4.2, RFC 2711 §2.1, RFC 2675 §3, RFC 8504 §5.3.
// Any thread.
#include "ip6/options.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using ip6::GoOn;
using ip6::OptionsPlace;
using Judged = Verdict<GoOn>;

constexpr size_t kOffset = 48;  // of the header, so that pointers tell where they count from

Judged Unknown(uint32_t pointer, DropReason reason = DropReason::kIp6UnknownOption) {
  return Judged::Refuse(
      reason, wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownOption, pointer));
}

Judged Judge(const Frame& body, bool hop_by_hop, bool to_group,
             const Tunables& tunables = Tunables::Defaults()) {
  const Frame header = Join({17, static_cast<uint8_t>((body.size() + 2) / 8 - 1)}, body);
  return ip6::JudgeOptions(*wire::ExtensionView::Parse(header), {kOffset, hop_by_hop, to_group},
                           tunables);
}

// So many options of type 0x1e without data, padded with PadN to a whole header.
Frame Options(size_t count) {
  Frame body;
  for (size_t i = 0; i < count; ++i) body = Join(body, {0x1e, 0});
  while ((body.size() + 2) % 8 != 0) body = Join(body, {1, 0});
  return body;
}
// Padding that begins behind an option and ends at the header's end.
Frame Padding(const Frame& padding) {
  Frame body = {0x1e, 0};
  while ((body.size() + padding.size() + 2) % 8 != 0) {
    ++body[1];
    body.push_back(0xee);
  }
  return Join(body, padding);
}

struct OptionCase {
  const char* name;
  const char* section;
  Frame body;
  Judged hop_by_hop;
  Judged destination;
};

constexpr GoOn kOn = GoOn::kYes;
const Judged kJumboUnknown = Unknown(50, DropReason::kIp6Jumbo);

// clang-format off
const OptionCase kOptionCases[] = {
    {"PadN",              "RFC 8200 §4.2", {1, 4, 0, 0, 0, 0},           kOn, kOn},
    {"Pad1Five",          "RFC 8200 §4.2", {0x1e, 0, 0, 0, 0, 0},        kOn, kOn},
    {"SevenPad1",         "RFC 8504 §5.3", Padding(Frame(7)),            kOn, kOn},
    {"EightPad1",         "RFC 8504 §5.3", Padding(Frame(8)),            DropReason::kIp6Padding, DropReason::kIp6Padding},
    {"PadNFive",          "RFC 8504 §5.3", Padding({1, 5, 0, 0, 0, 0, 0}), kOn, kOn},
    {"PadNSix",           "RFC 8504 §5.3", Padding({1, 6, 0, 0, 0, 0, 0, 0}), DropReason::kIp6Padding, DropReason::kIp6Padding},
    {"PadsAddUp",         "RFC 8504 §5.3", Padding({0, 1, 5, 0, 0, 0, 0, 0}), DropReason::kIp6Padding, DropReason::kIp6Padding},
    {"PadNsAddUp",        "RFC 8504 §5.3", Padding({1, 2, 0, 0, 1, 2, 0, 0}), DropReason::kIp6Padding, DropReason::kIp6Padding},
    {"PadsApart",         "RFC 8504 §5.3", Join({1, 4, 0, 0, 0, 0, 0x1e, 0}, {1, 4, 0, 0, 0, 0}), kOn, kOn},
    {"PadNNotZero",       "RFC 8504 §5.3", {1, 4, 0, 0, 0, 1},           DropReason::kIp6Padding, DropReason::kIp6Padding},
    {"EightOptions",      "RFC 8504 §5.3", Options(8),                   kOn, kOn},
    {"NineOptions",       "RFC 8504 §5.3", Options(9),                   DropReason::kIp6TooManyOptions, DropReason::kIp6TooManyOptions},
    {"Truncated",         "RFC 8200 §4.2", {0x1e, 5, 0, 0, 0, 0},        DropReason::kIp6OptionTruncated, DropReason::kIp6OptionTruncated},
    {"TypeAlone",         "RFC 8200 §4.2", {0x1e, 3, 0, 0, 0, 0x1e},     DropReason::kIp6OptionTruncated, DropReason::kIp6OptionTruncated},
    {"PadNTruncated",     "RFC 8200 §4.2", {1, 5, 0, 0, 0, 0},           DropReason::kIp6OptionTruncated, DropReason::kIp6OptionTruncated},
    {"RouterAlert",       "RFC 2711 §2.1", {5, 2, 0, 0, 1, 0},           kOn, kOn},
    {"RouterAlertUnknown", "RFC 2711 §2.1", {5, 2, 0xff, 0xff, 1, 0},    kOn, kOn},
    {"RouterAlertTwice",  "RFC 2711 §2.1", {5, 2, 0, 0, 5, 2, 0, 0, 1, 4, 0, 0, 0, 0}, kOn, kOn},
    {"RouterAlertShort",  "RFC 2711 §2.1", {5, 1, 0, 1, 1, 0},           DropReason::kIp6RouterAlert, kOn},
    {"RouterAlertEmpty",  "RFC 2711 §2.1", {5, 0, 1, 2, 0, 0},           DropReason::kIp6RouterAlert, kOn},
    {"RouterAlertLong",   "RFC 2711 §2.1", {5, 4, 0, 0, 0, 0},           DropReason::kIp6RouterAlert, kOn},
    {"Jumbo",             "RFC 2675 §3",   {0xc2, 4, 0, 1, 0, 0},        kJumboUnknown, Unknown(50)},
    {"JumboSmall",        "RFC 2675 §3",   {0xc2, 4, 0, 0, 0xff, 0xff},  kJumboUnknown, Unknown(50)},
    {"JumboShort",        "RFC 2675 §3",   {0xc2, 2, 0, 0, 1, 0},        kJumboUnknown, Unknown(50)},
    {"HomeAddress",       "RFC 6275 §6.3", Join({1, 2, 0, 0, 0xc9, 16}, Frame(16)), Unknown(54), Unknown(54)},
    {"FirstProblemWins",  "RFC 8200 §4.2", {0x9e, 0, 0xde, 0, 0x5e, 0},  Unknown(50), Unknown(50)},
    {"SkippedThenNot",    "RFC 8200 §4.2", {0x1e, 1, 7, 0, 0x9e, 0},     Unknown(54), Unknown(54)},
    {"DiscardBeforeTold", "RFC 8200 §4.2", {0x5e, 0, 0x9e, 0, 1, 0},     DropReason::kIp6UnknownOption, DropReason::kIp6UnknownOption},
    {"BeforeTruncated",   "RFC 8200 §4.2", {0x9e, 0, 0x1e, 9, 0, 0},     Unknown(50), Unknown(50)},
};
// clang-format on

class OptionsTest : public testing::TestWithParam<OptionCase> {};
TEST_P(OptionsTest, Judges) {
  EXPECT_EQ(Judge(GetParam().body, true, false), GetParam().hop_by_hop) << GetParam().section;
  EXPECT_EQ(Judge(GetParam().body, false, false), GetParam().destination) << GetParam().section;
}
INSTANTIATE_TEST_SUITE_P(Rfc8200, OptionsTest, testing::ValuesIn(kOptionCases), kNameOf);

// What RFC 8200 §4.2 says of a type, spelt out once more.
Judged Expected(int type, bool hop_by_hop, bool to_group) {
  if (type == 5 && hop_by_hop) return kOn;
  const DropReason reason =
      type == 0xc2 && hop_by_hop ? DropReason::kIp6Jumbo : DropReason::kIp6UnknownOption;
  switch (type >> 6) {
    case 0:
      return kOn;
    case 1:
      return reason;
    case 2:
      return Unknown(52, reason);
    default:
      return to_group ? Judged(reason) : Unknown(52, reason);
  }
}

TEST(OptionTypesTest, AllOfThemInBothHeadersToHostAndGroup) {
  for (int type = 2; type < 256; ++type) {
    for (const bool hop_by_hop : {false, true}) {
      for (const bool to_group : {false, true}) {
        const Frame body = {1, 0, static_cast<uint8_t>(type), 2, 0, 0};
        EXPECT_EQ(Judge(body, hop_by_hop, to_group), Expected(type, hop_by_hop, to_group))
            << type << ' ' << hop_by_hop << ' ' << to_group;
      }
    }
  }
}

TEST(OptionLimitsTest, FollowTheTunables) {
  Tunables tunables = Tunables::Defaults();
  tunables.ip6_max_options = 3;
  EXPECT_EQ(Judge(Options(3), true, false, tunables), Judged(kOn));
  EXPECT_EQ(Judge(Options(4), true, false, tunables), Judged(DropReason::kIp6TooManyOptions));
  tunables.ip6_max_options = 1024;
  EXPECT_EQ(Judge(Options(1000), true, false, tunables), Judged(kOn));
  tunables.ip6_max_pad = 257;
  EXPECT_EQ(Judge(Padding(Join({1, 255}, Frame(255))), true, false, tunables), Judged(kOn));
  tunables.ip6_max_pad = 256;
  EXPECT_EQ(Judge(Padding(Join({1, 255}, Frame(255))), true, false, tunables),
            Judged(DropReason::kIp6Padding));
}

// CVE-2020-17442, CVE-2020-13984 (AMNESIA:33): an option's length is not believed, and one of
// length zero does not stop the walk from moving on.
TEST(OptionLessonsTest, Amnesia33OptionLengths) {
  for (int type = 0; type < 256; ++type) {
    for (int length = 0; length < 256; ++length) {
      const Frame body = {static_cast<uint8_t>(type), static_cast<uint8_t>(length), 0, 0, 0, 0};
      const Judged judged = Judge(body, true, false);
      if (length > 4 && type != 0) {
        EXPECT_EQ(judged.reason(), DropReason::kIp6OptionTruncated) << type << ' ' << length;
      }
    }
  }
}

}  // namespace
}  // namespace sextant::test
