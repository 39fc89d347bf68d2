// SPDX-License-Identifier: BSD-3-Clause
// Classes and scopes of addresses: RFC 4291 §2.4-2.7, RFC 4007, RFC 6724 §3.1, RFC 7346.
// Any thread.
#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>

#include "base/ipv6_address.h"
#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

// What an address is, as letters: u unspecified, o loopback, m multicast, l link-local,
// s site-local, q unique local, v IPv4-mapped, n solicited-node, z needs a zone.
std::string Classes(const Ipv6Address& a) {
  std::string letters;
  if (a.is_unspecified()) letters += 'u';
  if (a.is_loopback()) letters += 'o';
  if (a.is_multicast()) letters += 'm';
  if (a.is_link_local()) letters += 'l';
  if (a.is_site_local()) letters += 's';
  if (a.is_unique_local()) letters += 'q';
  if (a.is_v4_mapped()) letters += 'v';
  if (a.is_solicited_node()) letters += 'n';
  if (a.needs_zone()) letters += 'z';
  return letters;
}

struct ScopeCase {
  const char* name;
  const char* section;
  const char* address;
  const char* classes;
  Scope scope;
};

// clang-format off
const ScopeCase kScopeCases[] = {
    {"Unspecified",          "RFC 4291 §2.5.2",   "::",                  "u",   Scope::kGlobal},
    {"Loopback",             "RFC 6724 §3.1",     "::1",                 "o",   Scope::kLinkLocal},
    {"BesideLoopback",       "RFC 4291 §2.5.3",   "::2",                 "",    Scope::kGlobal},
    {"Global",               "RFC 4291 §2.5.4",   "2001:db8::1",         "",    Scope::kGlobal},
    {"LinkLocal",            "RFC 4291 §2.5.6",   "fe80::1",             "lz",  Scope::kLinkLocal},
    {"LinkLocalLastOfTen",   "RFC 4291 §2.4",     "febf:ffff::1",        "lz",  Scope::kLinkLocal},
    {"BeforeLinkLocal",      "RFC 4291 §2.4",     "fe7f::1",             "",    Scope::kGlobal},
    {"SiteLocal",            "RFC 3879 §4",       "fec0::1",             "s",   Scope::kSiteLocal},
    {"SiteLocalLast",        "RFC 3879 §4",       "feff::1",             "s",   Scope::kSiteLocal},
    {"UniqueLocalFc",        "RFC 4193 §3.1",     "fc00::1",             "q",   Scope::kGlobal},
    {"UniqueLocalFd",        "RFC 4193 §3.1",     "fdff::1",             "q",   Scope::kGlobal},
    {"BeforeUniqueLocal",    "RFC 4193 §3.1",     "fbff::1",             "",    Scope::kGlobal},
    {"Mapped",               "RFC 4291 §2.5.5.2", "::ffff:1.2.3.4",      "v",   Scope::kGlobal},
    {"AlmostMapped",         "RFC 4291 §2.5.5.2", "::1:ffff:1.2.3.4",    "",    Scope::kGlobal},
    {"Compatible",           "RFC 4291 §2.5.5.1", "::1.2.3.4",           "",    Scope::kGlobal},
    {"InterfaceLocalGroup",  "RFC 4291 §2.7",     "ff01::1",             "mz",  Scope::kInterfaceLocal},
    {"LinkLocalGroup",       "RFC 4291 §2.7",     "ff02::1",             "mz",  Scope::kLinkLocal},
    {"LinkLocalWithFlags",   "RFC 3306 §4",       "ff32::1",             "mz",  Scope::kLinkLocal},
    {"RealmLocalGroup",      "RFC 7346 §2",       "ff03::1",             "m",   Scope::kRealmLocal},
    {"AdminLocalGroup",      "RFC 7346 §2",       "ff04::1",             "m",   Scope::kAdminLocal},
    {"SiteLocalGroup",       "RFC 4291 §2.7",     "ff05::1",             "m",   Scope::kSiteLocal},
    {"OrganizationGroup",    "RFC 4291 §2.7",     "ff08::1",             "m",   Scope::kOrganizationLocal},
    {"GlobalGroup",          "RFC 4291 §2.7",     "ff0e::1",             "m",   Scope::kGlobal},
    {"ReservedScopeZero",    "RFC 4291 §2.7",     "ff00::1",             "m",   Scope{0}},
    {"ReservedScopeFifteen", "RFC 4291 §2.7",     "ff0f::1",             "m",   Scope{15}},
    {"SolicitedNode",        "RFC 4291 §2.7.1",   "ff02::1:ff12:3456",   "mnz", Scope::kLinkLocal},
    {"NotSolicitedNode",     "RFC 4291 §2.7.1",   "ff02::1:fe12:3456",   "mz",  Scope::kLinkLocal},
    {"NotSolicitedNodeEither", "RFC 4291 §2.7.1", "ff02::2:ff12:3456",   "mz",  Scope::kLinkLocal},
};
// clang-format on

class AddressScopeTest : public testing::TestWithParam<ScopeCase> {};

TEST_P(AddressScopeTest, Tells) {
  const Ipv6Address address = Ip(GetParam().address);
  EXPECT_EQ(Classes(address), GetParam().classes) << GetParam().section;
  EXPECT_EQ(address.scope(), GetParam().scope) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4291, AddressScopeTest, testing::ValuesIn(kScopeCases), kNameOf);

TEST(AddressScopeTest, WellKnownAddresses) {
  EXPECT_EQ(Ipv6Address(), Ip("::"));
  EXPECT_EQ(Ipv6Address::Loopback(), Ip("::1"));
  EXPECT_EQ(Ipv6Address::AllNodes(), Ip("ff02::1"));
  EXPECT_EQ(Ipv6Address::AllRouters(), Ip("ff02::2"));
}

struct GroupCase {
  const char* name;
  const char* address;
  const char* group;
};

// RFC 4291 §2.7.1, its example first.
const GroupCase kGroupCases[] = {
    {"Rfc", "4037::01:800:200e:8c6c", "ff02::1:ff0e:8c6c"},
    {"LinkLocal", "fe80::ff:fe12:3456", "ff02::1:ff12:3456"},
    {"Unspecified", "::", "ff02::1:ff00:0"},
    {"AllOnes", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff02::1:ffff:ffff"},
};

class SolicitedNodeTest : public testing::TestWithParam<GroupCase> {};

TEST_P(SolicitedNodeTest, IsItsGroup) {
  const Ipv6Address group = Ip(GetParam().address).SolicitedNode();
  EXPECT_EQ(group, Ip(GetParam().group));
  EXPECT_TRUE(group.is_solicited_node());
}

INSTANTIATE_TEST_SUITE_P(Rfc4291, SolicitedNodeTest, testing::ValuesIn(kGroupCases), kNameOf);

// Values compare as the bytes do, at run time as at compile time.
static_assert(Ipv6Address::Loopback() == Ipv6Address::FromGroups({0, 0, 0, 0, 0, 0, 0, 1}));
static_assert(Ipv6Address() != Ipv6Address::Loopback());
static_assert(Ipv6Address() < Ipv6Address::Loopback());
static_assert(Ipv6Address::AllNodes().is_multicast() && Ipv6Address::AllNodes().needs_zone());

TEST(AddressOrderTest, IsTheOrderOfTheBytes) {
  SeededRng rng(Seed());
  for (int i = 0; i < 10'000; ++i) {
    std::array<uint8_t, 16> a{};
    for (uint8_t& byte : a) byte = static_cast<uint8_t>(rng.Next32());
    std::array<uint8_t, 16> b = a;
    b[rng.Below(16)] ^= static_cast<uint8_t>(rng.Below(2) << rng.Below(8));
    ASSERT_EQ(Ipv6Address(a) == Ipv6Address(b), a == b);
    ASSERT_EQ(Ipv6Address(a) < Ipv6Address(b), a < b);
  }
}

// One differing bit at each of the 128 places.
TEST(AddressOrderTest, CommonPrefixLength) {
  const Ipv6Address zero;
  for (int bit = 0; bit < 128; ++bit) {
    std::array<uint8_t, 16> bytes{};
    bytes[static_cast<size_t>(bit / 8)] = static_cast<uint8_t>(0x80 >> bit % 8);
    const Ipv6Address other(bytes);
    ASSERT_EQ(zero.CommonPrefixLength(other), bit);
    ASSERT_EQ(other.CommonPrefixLength(zero), bit);
    for (int length = 0; length <= 128; ++length) {
      ASSERT_EQ(other.PrefixMatches(zero, length), length <= bit) << length;
    }
  }
  EXPECT_EQ(zero.CommonPrefixLength(zero), 128);
}

}  // namespace
}  // namespace sextant::test
