// SPDX-License-Identifier: BSD-3-Clause
// Options headers, built and read by programs: RFC 3542 §10.
// Any thread.
#include "inet6_rig.h"

extern "C" int Inet6NamesThatLeadElsewhere(void);

namespace sextant::test {
namespace {

using std::to_string;

std::string Init(socklen_t extlen) {
  Frame memory(4096, 0xee);
  const int length = sx_inet6_opt_init(memory.data(), extlen);
  return to_string(length) + ": " + Hex(Bytes(memory).first(3));
}

// An option in a header of `extlen` octets that has `offset` already: the length, and all that has
// been written. Counting only must give the same length.
std::string Append(socklen_t extlen, int offset, int type, socklen_t len, int align) {
  Frame memory(4096, 0xee);
  void* data = nullptr;
  const auto number = static_cast<uint8_t>(type);
  const auto x = static_cast<uint8_t>(align);
  const int length = sx_inet6_opt_append(memory.data(), extlen, offset, number, len, x, &data);
  if (length < 0) return data == nullptr && memory == Frame(4096, 0xee) ? "-1" : "-1, but written";
  EXPECT_EQ(sx_inet6_opt_append(nullptr, 0, offset, number, len, x, nullptr), length);
  const auto begins = static_cast<uint8_t*>(data) - memory.data();
  EXPECT_EQ(static_cast<size_t>(begins) + len, static_cast<size_t>(length));
  return to_string(length) + ": " + Hex(Bytes(memory).subspan(offset, begins - offset));
}

std::string Count(int offset, int type, socklen_t len, int align) {
  return to_string(sx_inet6_opt_append(nullptr, 0, offset, static_cast<uint8_t>(type), len,
                                       static_cast<uint8_t>(align), nullptr));
}

std::string Finish(socklen_t extlen, int offset) {
  Frame memory(4096, 0xee);
  const int length = sx_inet6_opt_finish(memory.data(), extlen, offset);
  if (length < 0) return memory == Frame(4096, 0xee) ? "-1" : "-1, but written";
  EXPECT_EQ(sx_inet6_opt_finish(nullptr, 0, offset), length);
  EXPECT_EQ(memory[static_cast<size_t>(length)], 0xee);
  return to_string(length) + ": " + Hex(Bytes(memory).subspan(offset, length - offset));
}

// All that sx_inet6_opt_next() finds from `offset` on.
std::string Next(Frame header, socklen_t extlen, int offset = 0) {
  std::string text;
  uint8_t type = 0;
  socklen_t length = 0;
  void* data = nullptr;
  while ((offset = sx_inet6_opt_next(header.data(), extlen, offset, &type, &length, &data)) >= 0) {
    EXPECT_EQ(static_cast<uint8_t*>(data) + length, header.data() + offset);
    text += to_string(type) + ":" + Hex({static_cast<uint8_t*>(data), length}) + "|" +
            to_string(offset) + " ";
  }
  return text + to_string(offset);
}

std::string Find(Frame header, int type, int offset = 0) {
  std::string text;
  socklen_t length = 0;
  void* data = nullptr;
  const auto extlen = static_cast<socklen_t>(header.size());
  const auto number = static_cast<uint8_t>(type);
  while ((offset = sx_inet6_opt_find(header.data(), extlen, offset, number, &length, &data)) >= 0) {
    EXPECT_EQ(static_cast<uint8_t*>(data) + length, header.data() + offset);
    text += to_string(length) + "|" + to_string(offset) + " ";
  }
  return text + to_string(offset);
}

// A value put into ten octets and taken out again.
std::string Value(int offset, socklen_t length) {
  Frame memory(512, 0);
  Frame value(512, 7);
  Frame read(512, 0);
  const int set = sx_inet6_opt_set_val(memory.data(), offset, value.data(), length);
  EXPECT_EQ(sx_inet6_opt_get_val(memory.data(), offset, read.data(), length), set);
  if (set >= 0) {
    EXPECT_EQ(Hex(Bytes(read).first(length)), Hex(Bytes(value).first(length)));
  }
  const auto touched = std::count(memory.begin(), memory.end(), 7);
  return to_string(set) + ", " + to_string(touched) + " octets";
}

const Frame kTwo = {17, 1, 5, 2, 0, 0, 1, 0, 0, 1, 1, 0, 7, 2, 8, 9};
const Frame kEmptyLast = {17, 0, 1, 2, 0, 0, 7, 0};
const Frame kCut = {17, 0, 5, 2, 0, 0, 7, 1};
const Frame kTypeLast = {17, 0, 1, 3, 0, 0, 0, 7};

// clang-format off
const HelperCase kCases[] = {
    {"InitCounts",          "§10.1", [] { return to_string(sx_inet6_opt_init(nullptr, 0)); },    "2"},
    {"InitCountsAnyLength", "§10.1", [] { return to_string(sx_inet6_opt_init(nullptr, 7)); },    "2"},
    {"InitEight",           "§10.1", [] { return Init(8); },                                     "2: ee 00 ee"},
    {"InitMost",            "§10.1", [] { return Init(2048); },                                  "2: ee ff ee"},
    {"InitNothing",         "§10.1", [] { return Init(0); },                                     "-1: ee ee ee"},
    {"InitNoMultiple",      "§10.1", [] { return Init(12); },                                    "-1: ee ee ee"},
    {"InitTooMuch",         "§10.1", [] { return Init(2056); },                                  "-1: ee ee ee"},
    {"InitFarTooMuch",      "§10.1", [] { return Init(0xffff'fff8); },                           "-1: ee ee ee"},

    {"AppendAligned",       "§10.2", [] { return Append(64, 2, 5, 2, 2); },                      "6: 05 02"},
    {"AppendPad1",          "§10.2", [] { return Append(64, 5, 5, 2, 2); },                      "10: 00 05 02"},
    {"AppendPadN",          "§10.2", [] { return Append(64, 2, 7, 8, 8); },                      "16: 01 02 00 00 07 08"},
    {"AppendPadMost",       "§10.2", [] { return Append(64, 7, 7, 8, 8); },                      "24: 01 05 00 00 00 00 00 07 08"},
    {"AppendPadTwo",        "§10.2", [] { return Append(64, 4, 7, 8, 4); },                      "16: 01 00 07 08"},
    {"AppendLongerThanAlign", "§10.2", [] { return Append(64, 2, 7, 9, 4); },                    "13: 07 09"},
    {"AppendNoData",        "§10.2", [] { return Append(64, 2, 7, 0, 1); },                      "4: 07 00"},
    {"AppendMostData",      "§10.2", [] { return Append(512, 2, 255, 255, 1); },                 "259: ff ff"},
    {"AppendExactly",       "§10.2", [] { return Append(8, 2, 7, 4, 4); },                       "8: 07 04"},
    {"AppendOneTooMuch",    "§10.2", [] { return Append(8, 2, 7, 5, 4); },                       "-1"},
    {"AppendPaddingTooMuch", "§10.2", [] { return Append(15, 2, 7, 8, 8); },                     "-1"},
    {"AppendAtTheEnd",      "§10.2", [] { return Append(8, 8, 7, 0, 1); },                       "-1"},
    {"AppendBehindTheEnd",  "§10.2", [] { return Append(8, 100, 7, 0, 1); },                     "-1"},
    {"AppendPad1Type",      "§10.2", [] { return Append(64, 2, 0, 1, 1); },                      "-1"},
    {"AppendPadNType",      "§10.2", [] { return Append(64, 2, 1, 1, 1); },                      "-1"},
    {"AppendType2",         "§10.2", [] { return Append(64, 2, 2, 1, 1); },                      "5: 02 01"},
    {"AppendData256",       "§10.2", [] { return Append(512, 2, 7, 256, 1); },                   "-1"},
    {"AppendDataHuge",      "§10.2", [] { return Append(512, 2, 7, 0xffff'ffff, 1); },           "-1"},
    {"AppendAlign0",        "§10.2", [] { return Append(64, 2, 7, 8, 0); },                      "-1"},
    {"AppendAlign3",        "§10.2", [] { return Append(64, 2, 7, 8, 3); },                      "-1"},
    {"AppendAlign16",       "§10.2", [] { return Append(64, 2, 7, 32, 16); },                    "-1"},
    {"AppendAlignAboveLen", "§10.2", [] { return Append(64, 2, 7, 3, 4); },                      "-1"},
    {"AppendAlign2NoData",  "§10.2", [] { return Append(64, 2, 7, 0, 2); },                      "-1"},
    {"AppendOffset0",       "§10.2", [] { return Append(64, 0, 7, 1, 1); },                      "-1"},
    {"AppendOffset1",       "§10.2", [] { return Append(64, 1, 7, 1, 1); },                      "-1"},
    {"AppendOffsetNegative", "§10.2", [] { return Append(64, -4, 7, 1, 1); },                    "-1"},
    {"AppendNoHeaderSoLong", "§10.2", [] { return Append(4096, 2040, 7, 8, 1); },                "-1"},
    {"AppendNowhere",       "§10.2", [] { Frame m(8); return to_string(sx_inet6_opt_append(m.data(), 8, 2, 7, 1, 1, nullptr)); }, "-1"},
    {"CountUpToMost",       "§10.2", [] { return Count(2040, 7, 6, 1); },                        "2048"},
    {"CountBeyondMost",     "§10.2", [] { return Count(2040, 7, 7, 1); },                        "-1"},
    {"CountOffsetHuge",     "§10.2", [] { return Count(INT_MAX, 7, 255, 8); },                   "-1"},

    {"FinishPad6",          "§10.3", [] { return Finish(8, 2); },                                "8: 01 04 00 00 00 00"},
    {"FinishPad1",          "§10.3", [] { return Finish(64, 15); },                              "16: 00"},
    {"FinishPad7",          "§10.3", [] { return Finish(64, 9); },                               "16: 01 05 00 00 00 00 00"},
    {"FinishFull",          "§10.3", [] { return Finish(16, 16); },                              "16: "},
    {"FinishNoRoom",        "§10.3", [] { return Finish(15, 9); },                               "-1"},
    {"FinishBehindTheEnd",  "§10.3", [] { return Finish(8, 16); },                               "-1"},
    {"FinishMost",          "§10.3", [] { return Finish(4096, 2047); },                          "2048: 00"},
    {"FinishTooLong",       "§10.3", [] { return Finish(4096, 2049); },                          "-1"},
    {"FinishOffset1",       "§10.3", [] { return Finish(64, 1); },                               "-1"},
    {"FinishOffsetNegative", "§10.3", [] { return Finish(64, -8); },                             "-1"},
    {"FinishOffsetHuge",    "§10.3", [] { return Finish(64, INT_MAX); },                         "-1"},

    {"ValueFirst",          "§10.4", [] { return Value(0, 4); },                                 "4, 4 octets"},
    {"ValueLater",          "§10.4", [] { return Value(4, 8); },                                 "12, 8 octets"},
    {"ValueNothing",        "§10.4", [] { return Value(3, 0); },                                 "3, 0 octets"},
    {"ValueMost",           "§10.4", [] { return Value(250, 5); },                               "255, 5 octets"},
    {"ValueBeyond",         "§10.4", [] { return Value(250, 6); },                               "-1, 0 octets"},
    {"ValueNegative",       "§10.4", [] { return Value(-1, 4); },                                "-1, 0 octets"},
    {"ValueHuge",           "§10.4", [] { return Value(8, 0xffff'fffc); },                       "-1, 0 octets"},
    {"ValueFar",            "§10.4", [] { return Value(INT_MAX, 1); },                           "-1, 0 octets"},
    {"SetNowhere",          "§10.4", [] { int v = 0; return to_string(sx_inet6_opt_set_val(nullptr, 0, &v, 4)); }, "-1"},
    {"SetNothing",          "§10.4", [] { int v = 0; return to_string(sx_inet6_opt_set_val(&v, 0, nullptr, 4)); }, "-1"},
    {"GetNowhere",          "§10.7", [] { int v = 0; return to_string(sx_inet6_opt_get_val(&v, 0, nullptr, 4)); }, "-1"},
    {"GetNothing",          "§10.7", [] { int v = 0; return to_string(sx_inet6_opt_get_val(nullptr, 0, &v, 4)); }, "-1"},

    {"NextSkipsPadding",    "§10.5", [] { return Next(kTwo, 16); },                              "5:00 00|6 7:08 09|16 -1"},
    {"NextGoesOn",          "§10.5", [] { return Next(kTwo, 16, 6); },                           "7:08 09|16 -1"},
    {"NextAtTheEnd",        "§10.5", [] { return Next(kTwo, 16, 16); },                          "-1"},
    {"NextBehindTheEnd",    "§10.5", [] { return Next(kTwo, 16, 17); },                          "-1"},
    {"NextOffset1",         "§10.5", [] { return Next(kTwo, 16, 1); },                           "-1"},
    {"NextOffsetNegative",  "§10.5", [] { return Next(kTwo, 16, -2); },                          "-1"},
    {"NextPaddingOnly",     "§10.5", [] { return Next({17, 0, 1, 4, 0, 0, 0, 0}, 8); },          "-1"},
    {"NextEmptyLast",       "§10.5", [] { return Next(kEmptyLast, 8); },                         "7:|8 -1"},
    {"NextCut",             "§10.5", [] { return Next(kCut, 8); },                               "5:00 00|6 -1"},
    {"NextTypeAlone",       "§10.5", [] { return Next(kTypeLast, 8); },                          "-1"},
    {"NextPaddingCut",      "§10.5", [] { return Next({17, 0, 1, 5, 0, 0, 0, 0}, 8); },          "-1"},
    {"NextShorterThanHeader", "§10.5", [] { return Next(kTwo, 8); },                             "-1"},
    {"NextNoHeader",        "§10.5", [] { return Next(kTwo, 1); },                               "-1"},
    {"NextNothing",         "§10.5", [] { return Next(kTwo, 0); },                               "-1"},
    {"NextNotBeyondHeader", "§10.5", [] { return Next(Join(kCut, {0, 0, 9, 0}), 12); },          "5:00 00|6 -1"},
    {"NextNull",            "§10.5", [] { uint8_t t; socklen_t l; void* d; return to_string(sx_inet6_opt_next(nullptr, 8, 0, &t, &l, &d)); }, "-1"},
    {"NextNowhere",         "§10.5", [] { Frame h = kTwo; return to_string(sx_inet6_opt_next(h.data(), 16, 0, nullptr, nullptr, nullptr)); }, "-1"},

    {"Find",                "§10.6", [] { return Find(kTwo, 7); },                               "2|16 -1"},
    {"FindNone",            "§10.6", [] { return Find(kTwo, 8); },                               "-1"},
    {"FindGoesOn",          "§10.6", [] { return Find(kTwo, 5, 6); },                            "-1"},
    {"FindPad1",            "§10.6", [] { return Find({17, 0, 0, 0, 5, 2, 0, 0}, 0); },          "0|3 0|4 -1"},
    {"FindPadN",            "§10.6", [] { return Find(kTwo, 1); },                               "0|8 1|12 -1"},
    {"FindBeforeTheCut",    "§10.6", [] { return Find(kCut, 5); },                               "2|6 -1"},
    {"FindTheCut",          "§10.6", [] { return Find(kCut, 7); },                               "-1"},
    {"FindNowhere",         "§10.6", [] { Frame h = kTwo; return to_string(sx_inet6_opt_find(h.data(), 16, 0, 5, nullptr, nullptr)); }, "-1"},
};
// clang-format on

using OptTest = HelperTest;
TEST_P(OptTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc3542, OptTest, testing::ValuesIn(kCases), kNameOf);

TEST(Inet6NamesTest, AllAreOurs) { EXPECT_EQ(Inet6NamesThatLeadElsewhere(), 0); }

// RFC 3542 §10: counted, built in exactly so much memory wherever that lies, read again.
TEST(OptTest, BuildsTwice) {
  constexpr size_t kLengths[] = {8, 0, 1, 4, 255, 2};
  constexpr uint8_t kAligns[] = {8, 1, 1, 4, 2, 2};
  int length = sx_inet6_opt_init(nullptr, 0);
  for (size_t i = 0; i < std::size(kLengths); ++i) {
    length = sx_inet6_opt_append(nullptr, 0, length, static_cast<uint8_t>(10 + i),
                                 static_cast<socklen_t>(kLengths[i]), kAligns[i], nullptr);
  }
  const auto whole = static_cast<socklen_t>(sx_inet6_opt_finish(nullptr, 0, length));
  for (size_t skew = 0; skew < 8; ++skew) {
    Frame memory(skew + whole);
    uint8_t* const header = memory.data() + skew;
    int at = sx_inet6_opt_init(header, whole);
    for (size_t i = 0; i < std::size(kLengths); ++i) {
      void* data = nullptr;
      Frame value(kLengths[i], static_cast<uint8_t>(i));
      at = sx_inet6_opt_append(header, whole, at, static_cast<uint8_t>(10 + i),
                               static_cast<socklen_t>(kLengths[i]), kAligns[i], &data);
      EXPECT_EQ((static_cast<uint8_t*>(data) - header) % kAligns[i], 0);
      sx_inet6_opt_set_val(data, 0, value.data(), static_cast<socklen_t>(value.size()));
    }
    EXPECT_EQ(sx_inet6_opt_finish(header, whole, at), static_cast<int>(whole));
    const std::string read = Next(Frame(header, header + whole), whole);
    EXPECT_EQ(read.substr(0, 29), "10:00 00 00 00 00 00 00 00|16");
    EXPECT_EQ(std::count(read.begin(), read.end(), '|'), 6);
  }
}

}  // namespace
}  // namespace sextant::test
