// SPDX-License-Identifier: BSD-3-Clause
// Prefixes: RFC 4291 §2.3.
// Any thread.
#include <gtest/gtest.h>

#include "base/ipv6_address.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

struct PrefixCase {
  const char* name;
  const char* section;
  std::string_view text;
  bool valid;
  int length;
  const char* printed;
};

// clang-format off
const PrefixCase kPrefixCases[] = {
    {"Rfc",              "RFC 4291 §2.3", "2001:0DB8:0000:CD30:0000:0000:0000:0000/60", true, 60, "2001:db8:0:cd30::/60"},
    {"RfcShort",         "RFC 4291 §2.3", "2001:0DB8:0:CD30::/60",    true,  60,  "2001:db8:0:cd30::/60"},
    {"Everything",       "RFC 4291 §2.3", "::/0",                     true,  0,   "::/0"},
    {"OneAddress",       "RFC 4291 §2.3", "::1/128",                  true,  128, "::1/128"},
    {"NodeAddressToo",   "RFC 4291 §2.3", "2001:db8::1/64",           true,  64,  "2001:db8::1/64"},
    {"Mapped",           "RFC 4291 §2.3", "::ffff:0.0.0.0/96",        true,  96,  "::ffff:0.0.0.0/96"},
    {"NoLength",         "RFC 4291 §2.3", "2001:db8::",               false, 0,   ""},
    {"EmptyLength",      "RFC 4291 §2.3", "2001:db8::/",              false, 0,   ""},
    {"TooLong",          "RFC 4291 §2.3", "2001:db8::/129",           false, 0,   ""},
    {"MuchTooLong",      "RFC 4291 §2.3", "2001:db8::/99999999999",   false, 0,   ""},
    {"Negative",         "RFC 4291 §2.3", "2001:db8::/-1",            false, 0,   ""},
    {"NegativeZero",     "RFC 4291 §2.3", "2001:db8::/-0",            false, 0,   ""},
    {"Plus",             "RFC 4291 §2.3", "2001:db8::/+1",            false, 0,   ""},
    {"SpaceBefore",      "RFC 4291 §2.3", "2001:db8::/ 1",            false, 0,   ""},
    {"SpaceBehind",      "RFC 4291 §2.3", "2001:db8::/1 ",            false, 0,   ""},
    {"Hexadecimal",      "RFC 4291 §2.3", "2001:db8::/0x20",          false, 0,   ""},
    {"TwoSlashes",       "RFC 4291 §2.3", "2001:db8::/32/32",         false, 0,   ""},
    {"OldNetmask",       "RFC 4291 §2.3", "2001:db8::/ffff::",        false, 0,   ""},
    {"TrailingGroupsCut", "RFC 4291 §2.3", "2001:0DB8:0:CD3/60",      false, 0,   ""},
    {"NoAddress",        "RFC 4291 §2.3", "/64",                      false, 0,   ""},
    {"SlashAlone",       "RFC 4291 §2.3", "/",                        false, 0,   ""},
    {"Empty",            "RFC 4291 §2.3", "",                         false, 0,   ""},
    {"Ipv4",             "RFC 4291 §2.3", "10.0.0.0/8",               false, 0,   ""},
};
// clang-format on

class PrefixTest : public testing::TestWithParam<PrefixCase> {};

TEST_P(PrefixTest, ParsesAndPrints) {
  const auto got = Ipv6Prefix::Parse(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().valid) << GetParam().section;
  if (!got) return;
  EXPECT_EQ(got->length, GetParam().length);
  EXPECT_EQ(got->ToString(), GetParam().printed);
  EXPECT_EQ(Ipv6Prefix::Parse(got->ToString()), got);
}

INSTANTIATE_TEST_SUITE_P(Rfc4291, PrefixTest, testing::ValuesIn(kPrefixCases), kNameOf);

// Every length: bits in front stay, bits behind go, and membership is decided by the former.
TEST(PrefixTest, MaskedAndContainsAtEveryLength) {
  const Ipv6Address ones = Ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  for (int length = 0; length <= 128; ++length) {
    const Ipv6Prefix masked = Ipv6Prefix{ones, length}.Masked();
    ASSERT_EQ(masked.length, length);
    for (int bit = 0; bit < 128; ++bit) {
      const auto at = static_cast<size_t>(bit / 8);
      const bool set = (masked.address.bytes()[at] & 0x80 >> bit % 8) != 0;
      ASSERT_EQ(set, bit < length) << "bit " << bit << " of /" << length;

      std::array<uint8_t, 16> bytes{};
      std::ranges::copy(ones.bytes(), bytes.begin());
      bytes[at] ^= static_cast<uint8_t>(0x80 >> bit % 8);
      ASSERT_EQ(masked.Contains(Ipv6Address(bytes)), bit >= length);
    }
    ASSERT_TRUE(masked.Contains(ones));
    ASSERT_EQ(masked.Masked(), masked);
  }
}

}  // namespace
}  // namespace sextant::test
