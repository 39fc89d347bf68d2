// SPDX-License-Identifier: BSD-3-Clause
// Text to address: RFC 4291 §2.2, its three forms and everything that is none of them.
// Any thread.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "base/ipv6_address.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using Groups = std::array<uint16_t, 8>;

struct ParseCase {
  const char* name;
  const char* section;
  std::string_view text;
  std::optional<Groups> want;
};

constexpr std::nullopt_t kNo = std::nullopt;
constexpr Groups kAllOnes = {0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff};

// clang-format off
const ParseCase kParseCases[] = {
    // Form 1: eight groups.
    {"EightGroups",           "RFC 4291 §2.2(1)", "ABCD:EF01:2345:6789:ABCD:EF01:23:67", Groups{0xabcd, 0xef01, 0x2345, 0x6789, 0xabcd, 0xef01, 0x23, 0x67}},
    {"NoLeadingZeros",        "RFC 4291 §2.2(1)", "2001:DB8:0:0:8:800:200C:417A", Groups{0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a}},
    {"LeadingZeros",          "RFC 4291 §2.2(1)", "2001:0db8:0000:0000:0008:0800:200c:417a", Groups{0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a}},
    {"LowerCase",             "RFC 5952 §4.3",    "2001:db8:a:b:c:d:e:f", Groups{0x2001, 0xdb8, 10, 11, 12, 13, 14, 15}},
    {"MixedCase",             "RFC 5952 §2.3",    "2001:dB8:A:b:C:d:E:f", Groups{0x2001, 0xdb8, 10, 11, 12, 13, 14, 15}},
    {"AllZerosLong",          "RFC 4291 §2.2(1)", "0:0:0:0:0:0:0:0", Groups{}},
    {"AllOnes",               "RFC 4291 §2.2(1)", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kAllOnes},
    // Form 2: "::" once.
    {"Unspecified",           "RFC 4291 §2.2(2)", "::", Groups{}},
    {"Loopback",              "RFC 4291 §2.2(2)", "::1", Groups{0, 0, 0, 0, 0, 0, 0, 1}},
    {"Multicast",             "RFC 4291 §2.2(2)", "FF01::101", Groups{0xff01, 0, 0, 0, 0, 0, 0, 0x101}},
    {"GapInside",             "RFC 4291 §2.2(2)", "2001:DB8::8:800:200C:417A", Groups{0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a}},
    {"GapAtEnd",              "RFC 4291 §2.2(2)", "fe80::", Groups{0xfe80, 0, 0, 0, 0, 0, 0, 0}},
    {"GapOfOneGroup",         "RFC 4291 §2.2(2)", "1:2:3::5:6:7:8", Groups{1, 2, 3, 0, 5, 6, 7, 8}},
    {"GapOfOneGroupFirst",    "RFC 4291 §2.2(2)", "::2:3:4:5:6:7:8", Groups{0, 2, 3, 4, 5, 6, 7, 8}},
    {"GapOfOneGroupLast",     "RFC 4291 §2.2(2)", "1:2:3:4:5:6:7::", Groups{1, 2, 3, 4, 5, 6, 7, 0}},
    {"GapBesideZeros",        "RFC 5952 §2.2",    "1:0::0:8", Groups{1, 0, 0, 0, 0, 0, 0, 8}},
    // Form 3: a dotted quad in place of the last two groups.
    {"QuadCompatible",        "RFC 4291 §2.2(3)", "0:0:0:0:0:0:13.1.68.3", Groups{0, 0, 0, 0, 0, 0, 0x0d01, 0x4403}},
    {"QuadMapped",            "RFC 4291 §2.2(3)", "::FFFF:129.144.52.38", Groups{0, 0, 0, 0, 0, 0xffff, 0x8190, 0x3426}},
    {"QuadShort",             "RFC 4291 §2.2(3)", "::13.1.68.3", Groups{0, 0, 0, 0, 0, 0, 0x0d01, 0x4403}},
    {"QuadNat64",             "RFC 6052 §2.4",    "64:ff9b::192.0.2.33", Groups{0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x0221}},
    {"QuadAfterSixGroups",    "RFC 4291 §2.2(3)", "1:2:3:4:5:6:1.2.3.4", Groups{1, 2, 3, 4, 5, 6, 0x0102, 0x0304}},
    {"QuadAfterGapOfOne",     "RFC 4291 §2.2(3)", "1:2:3:4:5::1.2.3.4", Groups{1, 2, 3, 4, 5, 0, 0x0102, 0x0304}},
    {"QuadLimits",            "RFC 4291 §2.2(3)", "::0.255.0.255", Groups{0, 0, 0, 0, 0, 0, 0x00ff, 0x00ff}},
    // Not an address.
    {"Empty",                 "RFC 4291 §2.2",    "", kNo},
    {"Space",                 "RFC 4291 §2.2",    " ", kNo},
    {"OneColon",              "RFC 4291 §2.2",    ":", kNo},
    {"ThreeColons",           "RFC 4291 §2.2(2)", ":::", kNo},
    {"FourColons",            "RFC 4291 §2.2(2)", "::::", kNo},
    {"OneGroup",              "RFC 4291 §2.2(1)", "1", kNo},
    {"SevenGroups",           "RFC 4291 §2.2(1)", "1:2:3:4:5:6:7", kNo},
    {"NineGroups",            "RFC 4291 §2.2(1)", "1:2:3:4:5:6:7:8:9", kNo},
    {"GapOfNothing",          "RFC 4291 §2.2(2)", "1:2:3:4::5:6:7:8", kNo},
    {"GapOfNothingFirst",     "RFC 4291 §2.2(2)", "::1:2:3:4:5:6:7:8", kNo},
    {"GapOfNothingLast",      "RFC 4291 §2.2(2)", "1:2:3:4:5:6:7:8::", kNo},
    {"GapTooMany",            "RFC 4291 §2.2(2)", "1:2:3:4:5::6:7:8:9", kNo},
    {"TwoGaps",               "RFC 4291 §2.2(2)", "1::2::3", kNo},
    {"TwoGapsAtEnds",         "RFC 4291 §2.2(2)", "::1::", kNo},
    {"ThreeColonsInside",     "RFC 4291 §2.2(2)", "1:::2", kNo},
    {"ColonFirst",            "RFC 4291 §2.2(1)", ":1:2:3:4:5:6:7", kNo},
    {"ColonFirstEight",       "RFC 4291 §2.2(1)", ":1:2:3:4:5:6:7:8", kNo},
    {"ColonFirstGap",         "RFC 4291 §2.2(1)", ":1::2", kNo},
    {"ColonLast",             "RFC 4291 §2.2(1)", "1:2:3:4:5:6:7:", kNo},
    {"ColonLastEight",        "RFC 4291 §2.2(1)", "1:2:3:4:5:6:7:8:", kNo},
    {"ColonLastGap",          "RFC 4291 §2.2(1)", "1::2:", kNo},
    {"FiveDigits",            "RFC 4291 §2.2(1)", "12345::", kNo},
    {"FiveDigitsLeadingZero", "RFC 4291 §2.2(1)", "::01234", kNo},
    {"FiveZeros",             "RFC 4291 §2.2(1)", "::00000", kNo},
    {"NotHexadecimal",        "RFC 4291 §2.2(1)", "::g", kNo},
    {"HexPrefix",             "RFC 4291 §2.2(1)", "::0x1", kNo},
    {"Minus",                 "RFC 4291 §2.2(1)", "::-1", kNo},
    {"Plus",                  "RFC 4291 §2.2(1)", "::+1", kNo},
    {"SpaceFirst",            "RFC 4291 §2.2",    " ::1", kNo},
    {"SpaceLast",             "RFC 4291 §2.2",    "::1 ", kNo},
    {"SpaceInside",           "RFC 4291 §2.2",    "1: :2", kNo},
    {"Newline",               "RFC 4291 §2.2",    "::1\n", kNo},
    {"TerminatingZero",       "RFC 4291 §2.2",    std::string_view("::1\0", 4), kNo},
    {"Zone",                  "RFC 4007 §11",     "fe80::1%eth0", kNo},
    {"EmptyZone",             "RFC 4007 §11",     "fe80::1%", kNo},
    {"PrefixLength",          "RFC 4291 §2.3",    "2001:db8::/32", kNo},
    {"Brackets",              "RFC 3986 §3.2.2",  "[::1]", kNo},
    {"NotAscii",              "RFC 4291 §2.2",    "::\xc3\xa4", kNo},
    {"Ipv4Alone",             "RFC 4291 §2.2(3)", "1.2.3.4", kNo},
    {"QuadNotLast",           "RFC 4291 §2.2(3)", "::1.2.3.4:5", kNo},
    {"QuadFirst",             "RFC 4291 §2.2(3)", "1.2.3.4::", kNo},
    {"QuadBeforeGap",         "RFC 4291 §2.2(3)", "1:1.2.3.4::1", kNo},
    {"QuadTwice",             "RFC 4291 §2.2(3)", "::1.2.3.4:1.2.3.4", kNo},
    {"QuadAfterFive",         "RFC 4291 §2.2(3)", "1:2:3:4:5:1.2.3.4", kNo},
    {"QuadAfterSeven",        "RFC 4291 §2.2(3)", "1:2:3:4:5:6:7:1.2.3.4", kNo},
    {"QuadAfterGapOfNothing", "RFC 4291 §2.2(3)", "1:2:3:4:5:6::1.2.3.4", kNo},
    {"QuadThree",             "RFC 4291 §2.2(3)", "::1.2.3", kNo},
    {"QuadFive",              "RFC 4291 §2.2(3)", "::1.2.3.4.5", kNo},
    {"QuadTooLarge",          "RFC 4291 §2.2(3)", "::1.2.3.256", kNo},
    {"QuadMuchTooLarge",      "RFC 4291 §2.2(3)", "::1.2.3.999", kNo},
    {"QuadFourDigits",        "RFC 4291 §2.2(3)", "::1.2.3.1000", kNo},
    {"QuadHexadecimal",       "RFC 4291 §2.2(3)", "::1.2.3.a", kNo},
    {"QuadLeadingZero",       "RFC 6943 §3.1.1",  "::01.2.3.4", kNo},
    {"QuadLeadingZeroLast",   "RFC 6943 §3.1.1",  "::1.2.3.04", kNo},
    {"QuadZeros",             "RFC 6943 §3.1.1",  "::00.0.0.0", kNo},
    {"QuadDotFirst",          "RFC 4291 §2.2(3)", "::.1.2.3", kNo},
    {"QuadDotLast",           "RFC 4291 §2.2(3)", "::1.2.3.", kNo},
    {"QuadDotAfterFour",      "RFC 4291 §2.2(3)", "::1.2.3.4.", kNo},
    {"QuadTwoDots",           "RFC 4291 §2.2(3)", "::1..3.4", kNo},
    {"QuadMinus",             "RFC 4291 §2.2(3)", "::1.2.3.-4", kNo},
    {"QuadPlus",              "RFC 4291 §2.2(3)", "::1.2.3.+4", kNo},
    {"QuadSpace",             "RFC 4291 §2.2(3)", "::1.2.3. 4", kNo},
    {"DotAlone",              "RFC 4291 §2.2(3)", "::.", kNo},
    {"FourDots",              "RFC 4291 §2.2(3)", "::....", kNo},
};
// clang-format on

class AddressParseTest : public testing::TestWithParam<ParseCase> {};

TEST_P(AddressParseTest, Parses) {
  const auto got = Ipv6Address::Parse(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().want.has_value()) << GetParam().section;
  if (got) {
    EXPECT_EQ(*got, Ipv6Address::FromGroups(*GetParam().want)) << GetParam().section;
  }
}

// The C library agrees on every row, so the table itself is right.
TEST_P(AddressParseTest, AgreesWithInetPton) {
  const std::string_view text = GetParam().text;
  if (text.find('\0') != text.npos) return;  // no C string
  in6_addr theirs{};
  EXPECT_EQ(inet_pton(AF_INET6, std::string(text).c_str(), &theirs) == 1,
            GetParam().want.has_value());
}

INSTANTIATE_TEST_SUITE_P(Rfc4291, AddressParseTest, testing::ValuesIn(kParseCases), kNameOf);

// RFC 4291 §2.2(2): "::" at every place, in place of every number of groups.
TEST(AddressParseTest, EveryGap) {
  for (size_t begin = 0; begin < 8; ++begin) {
    for (size_t end = begin; end <= 8; ++end) {
      std::string text;
      Groups want{};
      for (size_t i = 0; i < begin; ++i) text += (i > 0 ? ":" : "") + std::to_string(want[i] = 7);
      text += "::";
      for (size_t i = end; i < 8; ++i) text += (i > end ? ":" : "") + std::to_string(want[i] = 9);
      const auto got = Ipv6Address::Parse(text);
      ASSERT_EQ(got.has_value(), end > begin) << text;
      if (got) {
        EXPECT_EQ(*got, Ipv6Address::FromGroups(want)) << text;
      }
    }
  }
}

// Every prefix of every legal text ends somewhere that must not be read.
TEST(AddressParseTest, StopsAtTheEndOfItsText) {
  for (const ParseCase& row : kParseCases) {
    for (size_t size = 0; size <= row.text.size(); ++size) {
      // A buffer of exactly that size, so that AddressSanitizer sees one byte too many.
      const std::vector<char> exact(row.text.begin(), row.text.begin() + ptrdiff_t(size));
      static_cast<void>(Ipv6Address::Parse(std::string_view(exact.data(), exact.size())));
    }
  }
}

}  // namespace
}  // namespace sextant::test
