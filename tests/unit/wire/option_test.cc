// SPDX-License-Identifier: BSD-3-Clause
// Options, read and written: RFC 8200 §4.2 and appendix A, RFC 2711 §2.1.
// Any thread.
#include "wire/option.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::ExtensionView;
using wire::NextHeader;
using wire::OptionReader;
using wire::OptionType;
using wire::OptionWriter;

// Reads all options of a header with this body: "type@offset+length …", and why it ended.
std::string Read(const Frame& body) {
  const Frame header = Join({17, static_cast<uint8_t>((body.size() + 2) / 8 - 1)}, body);
  OptionReader options(*ExtensionView::Parse(header));
  std::string text;
  while (!options.done()) {
    const auto option = options.Next();
    if (!option) return text + std::string(Describe(option.reason()).name);
    text += std::to_string(static_cast<int>(option->type)) + '@' + std::to_string(option->offset) +
            '+' + std::to_string(option->data.size()) + ' ';
  }
  return text + "end";
}

struct ReadCase {
  const char* name;
  Frame body;
  const char* want;
};

// clang-format off
const ReadCase kReadCases[] = {
    {"PadN",           {1, 4, 0, 0, 0, 0},             "1@2+4 end"},
    {"Pad1Only",       {0, 0, 0, 0, 0, 0},             "0@2+0 0@3+0 0@4+0 0@5+0 0@6+0 0@7+0 end"},
    {"EmptyPadN",      {1, 0, 1, 0, 1, 0},             "1@2+0 1@4+0 1@6+0 end"},
    {"RouterAlert",    {5, 2, 0, 0, 1, 0},             "5@2+2 1@6+0 end"},
    {"OneByteBeyond",  {1, 5, 0, 0, 0, 0},             "ip6-option-truncated"},
    {"FarBeyond",      {7, 255, 0, 0, 0, 0},           "ip6-option-truncated"},
    {"TypeAlone",      {1, 3, 0, 0, 0, 7},             "1@2+3 ip6-option-truncated"},
    {"EmptyAtTheEnd",  {1, 2, 0, 0, 7, 0},             "1@2+2 7@6+0 end"},
    {"OneBeyondLast",  {1, 2, 0, 0, 7, 1},             "1@2+2 ip6-option-truncated"},
};
// clang-format on

class OptionReadTest : public testing::TestWithParam<ReadCase> {};
TEST_P(OptionReadTest, Reads) { EXPECT_EQ(Read(GetParam().body), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(Rfc8200, OptionReadTest, testing::ValuesIn(kReadCases), kNameOf);

TEST(OptionReadTest, EveryTypeAndEveryLength) {
  for (int type = 1; type < 256; ++type) {
    for (int length = 0; length < 256; ++length) {
      const Frame body =
          Join({static_cast<uint8_t>(type), static_cast<uint8_t>(length)}, Frame(20));
      const std::string text = Read(body);
      const std::string prefix = std::to_string(type) + "@2+" + std::to_string(length) + ' ';
      ASSERT_EQ(text.starts_with(prefix), length <= 20) << type << ' ' << length;
      ASSERT_EQ(text == "ip6-option-truncated", length > 20) << type << ' ' << length;
    }
  }
}

TEST(OptionActionTest, IsTheTwoHighestBits) {
  for (int type = 0; type < 256; ++type) {
    EXPECT_EQ(static_cast<int>(wire::ActionOf(OptionType{static_cast<uint8_t>(type)})), type / 64);
  }
}

std::optional<uint16_t> RouterAlert(const Frame& body) {
  const Frame header = Join({58, static_cast<uint8_t>((body.size() + 2) / 8 - 1)}, body);
  return wire::RouterAlertIn(*ExtensionView::Parse(header));
}

TEST(RouterAlertTest, IsFoundWhereverItStands) {
  EXPECT_EQ(RouterAlert({5, 2, 0, 0, 1, 0}), 0);
  EXPECT_EQ(RouterAlert({1, 0, 5, 2, 0x12, 0x34}), 0x1234);
  EXPECT_EQ(RouterAlert({0, 0, 5, 2, 0, 1}), 1);
  EXPECT_EQ(RouterAlert({1, 4, 0, 0, 0, 0}), std::nullopt);
  EXPECT_EQ(RouterAlert({5, 3, 0, 0, 0, 0}), std::nullopt);
  EXPECT_EQ(RouterAlert({5, 9, 0, 0, 0, 0}), std::nullopt);
  EXPECT_EQ(RouterAlert({9, 9, 5, 2, 0, 0}), std::nullopt);
}

struct WriteOption {
  uint8_t type;
  Frame data;
  size_t x = 1;
  size_t y = 0;
};

struct WriteCase {
  const char* name;
  std::vector<WriteOption> options;
  Frame want;  // empty: it does not fit
  size_t room = 64;
};

// clang-format off
const WriteCase kWriteCases[] = {
    {"Nothing",        {},                                       {17, 0, 1, 4, 0, 0, 0, 0}},
    {"RouterAlert",    {{5, {0, 0}, 2, 0}},                      {17, 0, 5, 2, 0, 0, 1, 0}},
    {"FillsExactly",   {{7, {1, 2, 3, 4}}},                      {17, 0, 7, 4, 1, 2, 3, 4}},
    {"Pad1AtTheEnd",   {{7, {1, 2, 3}}},                         {17, 0, 7, 3, 1, 2, 3, 0}},
    // RFC 8200 appendix A: options X (8n+2) and Y (4n+3) in this order, and the other way round.
    {"AppendixXThenY", {{30, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 8, 2}, {31, {1, 2, 3, 4, 5, 6, 7}, 4, 3}},
     {17, 3, 30, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 1, 0, 31, 7, 1, 2, 3, 4, 5, 6, 7, 1, 2, 0, 0}},
    {"AppendixYThenX", {{31, {1, 2, 3, 4, 5, 6, 7}, 4, 3}, {30, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 8, 2}},
     {17, 3, 0, 31, 7, 1, 2, 3, 4, 5, 6, 7, 1, 4, 0, 0, 0, 0, 30, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
    {"NoRoomAtAll",    {},                                       {}, 7},
    {"NoRoomForData",  {{7, {1, 2, 3, 4, 5}}},                   {}, 8},
    {"NoRoomForPad",   {{7, {1, 2, 3, 4, 5}}},                   {}, 15},
    {"TooLong",        {{7, Frame(256)}},                        {}, 2048},
    {"BeyondLength",   {{7, Frame(255)}, {7, Frame(255)}, {7, Frame(255)}, {7, Frame(255)}, {7, Frame(255)},
                        {7, Frame(255)}, {7, Frame(255)}, {7, Frame(255)}}, {}, 4096},
};
// clang-format on

class OptionWriteTest : public testing::TestWithParam<WriteCase> {};
TEST_P(OptionWriteTest, Writes) {
  Frame room(GetParam().room, 0xee);
  OptionWriter writer(room);
  for (const WriteOption& option : GetParam().options) {
    writer.Add(OptionType{option.type}, option.data, option.x, option.y);
  }
  const MutableBytes written = writer.Finish(NextHeader::kUdp);
  EXPECT_EQ(Frame(written.begin(), written.end()), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Rfc8200, OptionWriteTest, testing::ValuesIn(kWriteCases), kNameOf);

// Whatever is written is read again, at the alignment that was asked for.
TEST(OptionWriteTest, RoundTripsAtEveryAlignmentAndLength) {
  for (const size_t x : {1, 2, 4, 8}) {
    for (size_t y = 0; y < x; ++y) {
      for (size_t length = 0; length < 256; ++length) {
        Frame room(600);
        OptionWriter writer(room);
        writer.Add(OptionType{0x1e}, Pattern(length % 5));
        writer.Add(OptionType{0x3e}, Pattern(length), x, y);
        const MutableBytes header = writer.Finish(NextHeader::kNone);
        ASSERT_FALSE(header.empty());
        OptionReader options(*ExtensionView::Parse(header));
        size_t seen = 0;
        while (!options.done()) {
          const auto option = options.Next();
          ASSERT_TRUE(option);
          if (option->type != OptionType{0x3e}) continue;
          ++seen;
          EXPECT_EQ(option->offset % x, y);
          EXPECT_EQ(Frame(option->data.begin(), option->data.end()), Pattern(length));
        }
        EXPECT_EQ(seen, 1U);
      }
    }
  }
}

}  // namespace
}  // namespace sextant::test
