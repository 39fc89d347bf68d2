// SPDX-License-Identifier: BSD-3-Clause
// The C library as oracle: inet_pton() and inet_ntop() against Parse() and ToString() on random
// texts and addresses, and on every pattern of zero groups.
// Any thread.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/ipv6_address.h"
#include "base/rng.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

std::optional<Ipv6Address> TheirParse(const std::string& text) {
  std::array<uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return {};
  return Ipv6Address(bytes);
}

std::string TheirText(const Ipv6Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, address.bytes().data(), text.data(), text.size());
}

// ::1.2.3.4, which the C library prints as a dotted quad and RFC 5952 §5 does not ask for.
bool IsCompatible(const Ipv6Address& address) {
  const Ipv6Prefix compatible{Ipv6Address(), 96};
  return compatible.Contains(address) && Load16(address.bytes(), 12) != 0;
}

// Mostly pieces that belong into an address, so that about one text in ten is one.
std::string RandomText(Rng& rng) {
  constexpr std::array<std::string_view, 24> kPieces = {
      ":",   ":",     ":",      ":",       "::",   "::",       "0",   "1",
      "a",   "F",     "ff",     "0db8",    ".",    "1.2",      "255", "ffff",
      "256", "10000", "1.2.3.", "1.2.3.4", "0000", "1:2:3:4:", "%e0", " "};
  std::string text;
  const uint32_t pieces = 1 + rng.Below(10);
  for (uint32_t i = 0; i < pieces; ++i) text += kPieces[rng.Below(kPieces.size())];
  return text;
}

std::string ChangeOneCharacter(Rng& rng, std::string text) {
  constexpr std::string_view kAlphabet = "0123456789abcdefABCDEF::::....g% /x-+";
  const auto at = rng.Below(static_cast<uint32_t>(text.size()));
  const char other = kAlphabet[rng.Below(kAlphabet.size())];
  switch (rng.Below(3)) {
    case 0:
      text[at] = other;
      break;
    case 1:
      text.erase(at, 1);
      break;
    default:
      text.insert(at, 1, other);
  }
  return text;
}

Ipv6Address RandomAddress(Rng& rng) {
  std::array<uint16_t, 8> groups{};
  for (uint16_t& group : groups) {
    // Zero groups often, short ones often: those are what the rules are about.
    const uint32_t kind = rng.Below(4);
    if (kind > 0) group = static_cast<uint16_t>(rng.Next32() >> (kind == 1 ? 28 : 16));
  }
  return Ipv6Address::FromGroups(groups);
}

TEST(AddressOracleTest, RandomPieces) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  int valid = 0;
  for (int i = 0; i < Rounds(100'000); ++i) {
    const std::string text = RandomText(rng);
    const auto want = TheirParse(text);
    valid += want.has_value();
    ASSERT_EQ(Ipv6Address::Parse(text), want) << '"' << text << '"';
  }
  EXPECT_GT(valid, 500) << "too few of the texts were addresses to mean anything";
}

TEST(AddressOracleTest, SpoiltAddresses) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed() + 1);
  for (int i = 0; i < Rounds(50'000); ++i) {
    std::string text = TheirText(RandomAddress(rng));
    for (uint32_t changes = 1 + rng.Below(2); changes > 0 && !text.empty(); --changes) {
      text = ChangeOneCharacter(rng, text);
    }
    ASSERT_EQ(Ipv6Address::Parse(text), TheirParse(text)) << '"' << text << '"';
  }
}

void ExpectSameText(const Ipv6Address& address) {
  const std::string text = address.ToString();
  if (!IsCompatible(address)) {
    ASSERT_EQ(text, TheirText(address));
  }
  ASSERT_EQ(Ipv6Address::Parse(text), address) << text;
  ASSERT_EQ(TheirParse(text), address) << text;
}

TEST(AddressOracleTest, RandomAddresses) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed() + 2);
  for (int i = 0; i < Rounds(50'000); ++i) ExpectSameText(RandomAddress(rng));
}

// RFC 5952 §4.2: which groups are zero decides the text; these are all 256 cases.
TEST(AddressOracleTest, EveryPatternOfZeroGroups) {
  for (unsigned pattern = 0; pattern < 256; ++pattern) {
    for (const uint16_t filler : {uint16_t{1}, uint16_t{0xabcd}, uint16_t{0xffff}}) {
      std::array<uint16_t, 8> groups{};
      for (size_t i = 0; i < 8; ++i) groups[i] = (pattern >> i & 1) != 0 ? filler : uint16_t{0};
      ExpectSameText(Ipv6Address::FromGroups(groups));
    }
  }
}

}  // namespace
}  // namespace sextant::test
