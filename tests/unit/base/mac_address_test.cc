// SPDX-License-Identifier: BSD-3-Clause
// MAC addresses: text, groups (RFC 2464 §7), interface identifiers (RFC 4291 Appendix A).
// Any thread.
#include "base/mac_address.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

struct MacCase {
  const char* name;
  std::string_view text;
  const char* printed;  // null when it is no address
};

// clang-format off
const MacCase kMacCases[] = {
    {"Usual",          "02:00:5e:10:00:ff",    "02:00:5e:10:00:ff"},
    {"UpperCase",      "AA:BB:CC:DD:EE:FF",    "aa:bb:cc:dd:ee:ff"},
    {"Zero",           "00:00:00:00:00:00",    "00:00:00:00:00:00"},
    {"Empty",          "",                     nullptr},
    {"FiveBytes",      "02:00:5e:10:00",       nullptr},
    {"SevenBytes",     "02:00:5e:10:00:ff:01", nullptr},
    {"ColonLast",      "02:00:5e:10:00:ff:",   nullptr},
    {"OneDigit",       "2:00:5e:10:00:ff",     nullptr},
    {"OneDigitPadded", "2:000:5e:10:00:ff",    nullptr},
    {"ThreeDigits",    "002:0:5e:10:00:ff",    nullptr},
    {"Dashes",         "02-00-5e-10-00-ff",    nullptr},
    {"OneDash",        "02:00:5e:10:00-ff",    nullptr},
    {"CiscoDots",      "0200.5e10.00ff",       nullptr},
    {"NoSeparators",   "02005e1000ff",         nullptr},
    {"NotHexadecimal", "02:00:5g:10:00:ff",    nullptr},
    {"SpaceInside",    "02: 0:5e:10:00:ff",    nullptr},
    {"SpaceFirst",     " 2:00:5e:10:00:ff",    nullptr},
    {"Minus",          "-2:00:5e:10:00:ff",    nullptr},
    {"Plus",           "+2:00:5e:10:00:ff",    nullptr},
    {"HexPrefix",      "0x:00:5e:10:00:ff",    nullptr},
};
// clang-format on

class MacAddressTest : public testing::TestWithParam<MacCase> {};

TEST_P(MacAddressTest, ParsesAndPrints) {
  const auto got = MacAddress::Parse(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().printed != nullptr);
  if (got) {
    EXPECT_EQ(got->ToString(), GetParam().printed);
  }
}

INSTANTIATE_TEST_SUITE_P(Text, MacAddressTest, testing::ValuesIn(kMacCases), kNameOf);

TEST(MacAddressTest, RandomRoundTrips) {
  SeededRng rng(Seed());
  for (int i = 0; i < 10'000; ++i) {
    std::array<uint8_t, 6> bytes{};
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next32());
    const MacAddress address(bytes);
    ASSERT_EQ(MacAddress::Parse(address.ToString()), address);
  }
}

TEST(MacAddressTest, Classes) {
  EXPECT_TRUE(MacAddress().is_zero());
  EXPECT_FALSE(MacAddress().is_multicast());
  EXPECT_TRUE(MacAddress::Broadcast().is_multicast());
  EXPECT_EQ(MacAddress::Broadcast(), Mac("ff:ff:ff:ff:ff:ff"));
  EXPECT_TRUE(Mac("33:33:00:00:00:01").is_multicast());
  EXPECT_TRUE(Mac("01:00:5e:00:00:01").is_multicast());
  EXPECT_FALSE(Mac("02:00:00:00:00:01").is_multicast());
  EXPECT_FALSE(Mac("02:00:00:00:00:01").is_zero());
  EXPECT_LT(Mac("02:00:00:00:00:01"), Mac("02:00:00:00:00:02"));
}

struct GroupCase {
  const char* name;
  const char* section;
  const char* group;
  const char* address;
};

// clang-format off
const GroupCase kGroupCases[] = {
    {"AllNodes",      "RFC 2464 §7", "ff02::1",           "33:33:00:00:00:01"},
    {"AllRouters",    "RFC 2464 §7", "ff02::2",           "33:33:00:00:00:02"},
    {"SolicitedNode", "RFC 2464 §7", "ff02::1:ff12:3456", "33:33:ff:12:34:56"},
    {"LowBitsOnly",   "RFC 2464 §7", "ff1e:1:2:3:4:5:a1b2:c3d4", "33:33:a1:b2:c3:d4"},
};
// clang-format on

class MacGroupTest : public testing::TestWithParam<GroupCase> {};

TEST_P(MacGroupTest, IsThirtyThreeThirtyThree) {
  EXPECT_EQ(MacAddress::ForGroup(Ip(GetParam().group)), Mac(GetParam().address));
}

INSTANTIATE_TEST_SUITE_P(Rfc2464, MacGroupTest, testing::ValuesIn(kGroupCases), kNameOf);

struct IdentifierCase {
  const char* name;
  const char* section;
  const char* mac;
  const char* link_local;
};

// clang-format off
const IdentifierCase kIdentifierCases[] = {
    {"Rfc",              "RFC 2464 §4",         "34:56:78:9a:bc:de", "fe80::3656:78ff:fe9a:bcde"},
    {"UniversalFlips",   "RFC 4291 Appendix A", "00:00:00:00:00:01", "fe80::200:ff:fe00:1"},
    {"LocalFlipsBack",   "RFC 4291 Appendix A", "02:00:00:00:00:01", "fe80::ff:fe00:1"},
    {"OtherBitsStay",    "RFC 4291 Appendix A", "fd:fe:fd:fc:fb:fa", "fe80::fffe:fdff:fefc:fbfa"},
};
// clang-format on

class InterfaceIdentifierTest : public testing::TestWithParam<IdentifierCase> {};

TEST_P(InterfaceIdentifierTest, MakesTheLinkLocalAddress) {
  const MacAddress mac = Mac(GetParam().mac);
  const Ipv6Address want = Ip(GetParam().link_local);
  EXPECT_EQ(mac.LinkLocal(), want);
  EXPECT_TRUE(std::ranges::equal(mac.InterfaceIdentifier(), want.bytes().subspan(8)));
}

INSTANTIATE_TEST_SUITE_P(Rfc4291, InterfaceIdentifierTest, testing::ValuesIn(kIdentifierCases),
                         kNameOf);

static_assert(MacAddress({0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde}).LinkLocal() ==
              Ipv6Address::FromGroups({0xfe80, 0, 0, 0, 0x3656, 0x78ff, 0xfe9a, 0xbcde}));

}  // namespace
}  // namespace sextant::test
