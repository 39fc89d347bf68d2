// SPDX-License-Identifier: BSD-3-Clause
// Address to text: every rule of RFC 5952 §4 and §5.
// Any thread.
#include <gtest/gtest.h>

#include "base/ipv6_address.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using Groups = std::array<uint16_t, 8>;

struct PrintCase {
  const char* name;
  const char* section;
  Groups groups;
  const char* want;
};

// clang-format off
const PrintCase kPrintCases[] = {
    {"LeadingZerosGo",      "RFC 5952 §4.1",   {0x2001, 0x0db8, 1, 0x20, 0x300, 0x4000, 0xa, 0xb0}, "2001:db8:1:20:300:4000:a:b0"},
    {"LoneZeroStays",       "RFC 5952 §4.1",   {1, 2, 3, 0, 5, 6, 7, 8},          "1:2:3:0:5:6:7:8"},
    {"AsShortAsPossible",   "RFC 5952 §4.2.1", {0x2001, 0xdb8, 0, 0, 0, 0, 2, 1}, "2001:db8::2:1"},
    {"NoHalfShortening",    "RFC 5952 §4.2.1", {0x2001, 0xdb8, 0, 0, 0, 0, 0, 1}, "2001:db8::1"},
    {"OneGroupIsNotShortened",      "RFC 5952 §4.2.2", {0x2001, 0xdb8, 0, 1, 1, 1, 1, 1}, "2001:db8:0:1:1:1:1:1"},
    {"OneGroupFirst",       "RFC 5952 §4.2.2", {0, 2, 3, 4, 5, 6, 7, 8},          "0:2:3:4:5:6:7:8"},
    {"OneGroupLast",        "RFC 5952 §4.2.2", {1, 2, 3, 4, 5, 6, 7, 0},          "1:2:3:4:5:6:7:0"},
    {"TwoSingles",          "RFC 5952 §4.2.2", {1, 0, 3, 0, 5, 6, 7, 8},          "1:0:3:0:5:6:7:8"},
    {"TwoGroups",           "RFC 5952 §4.2.2", {1, 2, 3, 0, 0, 6, 7, 8},          "1:2:3::6:7:8"},
    {"LongestRunSecond",    "RFC 5952 §4.2.3", {0x2001, 0, 0, 1, 0, 0, 0, 1},     "2001:0:0:1::1"},
    {"LongestRunFirst",     "RFC 5952 §4.2.3", {0x2001, 0, 0, 0, 1, 0, 0, 1},     "2001::1:0:0:1"},
    {"FirstOfEqualRuns",    "RFC 5952 §4.2.3", {0x2001, 0xdb8, 0, 0, 1, 0, 0, 1}, "2001:db8::1:0:0:1"},
    {"FirstOfThreeRuns",    "RFC 5952 §4.2.3", {0, 0, 1, 0, 0, 1, 0, 0},          "::1:0:0:1:0:0"},
    {"LongestRunLast",      "RFC 5952 §4.2.3", {0, 0, 1, 1, 1, 0, 0, 0},          "0:0:1:1:1::"},
    {"LowerCase",           "RFC 5952 §4.3",   {0xabcd, 0xef01, 0xABC, 0xDE, 0xF, 1, 2, 3}, "abcd:ef01:abc:de:f:1:2:3"},
    {"Unspecified",         "RFC 5952 §4.2.1", {},                                "::"},
    {"Loopback",            "RFC 5952 §4.2.1", {0, 0, 0, 0, 0, 0, 0, 1},          "::1"},
    {"GapLast",             "RFC 5952 §4.2.1", {0xfe80, 0, 0, 0, 0, 0, 0, 0},     "fe80::"},
    {"GapFirst",            "RFC 5952 §4.2.1", {0, 0, 3, 4, 5, 6, 7, 8},          "::3:4:5:6:7:8"},
    {"GapLastTwo",          "RFC 5952 §4.2.1", {1, 2, 3, 4, 5, 6, 0, 0},          "1:2:3:4:5:6::"},
    {"NoZeros",             "RFC 5952 §4.1",   {0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff}, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"Mapped",              "RFC 5952 §5",     {0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201}, "::ffff:192.0.2.1"},
    {"MappedZero",          "RFC 5952 §5",     {0, 0, 0, 0, 0, 0xffff, 0, 0},     "::ffff:0.0.0.0"},
    {"MappedOnes",          "RFC 5952 §5",     {0, 0, 0, 0, 0, 0xffff, 0xffff, 0xffff}, "::ffff:255.255.255.255"},
    // Deprecated (RFC 4291 §2.5.5.1) and not told apart from other addresses by its prefix alone.
    {"CompatibleIsHexadecimal",     "RFC 5952 §5",     {0, 0, 0, 0, 0, 0, 0xc000, 0x0201}, "::c000:201"},
    {"AlmostMapped",        "RFC 5952 §5",     {0, 0, 0, 0, 0, 0xfffe, 0xc000, 0x0201}, "::fffe:c000:201"},
    {"MappedButForABit",    "RFC 5952 §5",     {1, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201}, "1::ffff:c000:201"},
};
// clang-format on

class AddressPrintTest : public testing::TestWithParam<PrintCase> {};

TEST_P(AddressPrintTest, Prints) {
  const auto address = Ipv6Address::FromGroups(GetParam().groups);
  EXPECT_EQ(address.ToString(), GetParam().want) << GetParam().section;
}

TEST_P(AddressPrintTest, ComesBack) {
  EXPECT_EQ(Ipv6Address::Parse(GetParam().want), Ipv6Address::FromGroups(GetParam().groups));
}

INSTANTIATE_TEST_SUITE_P(Rfc5952, AddressPrintTest, testing::ValuesIn(kPrintCases), kNameOf);

}  // namespace
}  // namespace sextant::test
