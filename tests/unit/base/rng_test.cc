// SPDX-License-Identifier: BSD-3-Clause
// Randomness: repeatable where it must be, and not obviously broken anywhere.
// Owned by one Core.
#include "base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "support/seed.h"

namespace sextant::test {
namespace {

TEST(SeededRngTest, SameSeedSameNumbers) {
  SeededRng a(42), b(42);
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(a.Next64(), b.Next64());
}

TEST(SeededRngTest, OtherSeedOtherNumbers) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 1'000; ++seed) firsts.insert(SeededRng(seed).Next64());
  EXPECT_EQ(firsts.size(), 1'000U);
}

// xoshiro256** with a state that SplitMix64 made of 0: from an independent implementation.
TEST(SeededRngTest, IsXoshiro256StarStar) {
  SeededRng rng(0);
  EXPECT_EQ(rng.Next64(), 0x99ec'5f36'cb75'f2b4U);
  EXPECT_EQ(rng.Next64(), 0xbf6e'1f78'4956'452aU);
  EXPECT_EQ(rng.Next64(), 0x1a5f'849d'4933'e6e0U);
}

struct Source {
  const char* name;
  std::unique_ptr<Rng> (*make)();
};

const Source kSources[] = {
    {"Seeded", [] { return std::unique_ptr<Rng>(std::make_unique<SeededRng>(Seed())); }},
    {"System", [] { return std::unique_ptr<Rng>(std::make_unique<SystemRng>()); }},
};

class RngTest : public testing::TestWithParam<Source> {
 protected:
  const std::unique_ptr<Rng> rng_ = GetParam().make();
};

// Each of the 64 bits is one in about half of the numbers: ten standard deviations of room.
TEST_P(RngTest, EveryBitIsAliveAndFair) {
  constexpr int kDraws = 20'000;
  std::array<int, 64> ones{};
  for (int i = 0; i < kDraws; ++i) {
    const uint64_t word = rng_->Next64();
    for (size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(word >> bit & 1);
  }
  for (size_t bit = 0; bit < 64; ++bit) {
    EXPECT_NEAR(ones[bit], kDraws / 2, 710) << "bit " << bit;
  }
}

TEST_P(RngTest, DoesNotRepeat) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(seen.insert(rng_->Next64()).second);
}

TEST_P(RngTest, BelowStaysBelowAndReachesAll) {
  for (const uint32_t bound : {1U, 2U, 3U, 10U, 1'000U}) {
    std::vector<int> hits(bound);
    for (uint32_t i = 0; i < bound * 100; ++i) {
      const uint32_t value = rng_->Below(bound);
      ASSERT_LT(value, bound);
      ++hits[value];
    }
    // A value is missed in 100 draws per value with probability e^-100.
    EXPECT_EQ(std::ranges::count(hits, 0), 0) << bound;
  }
  for (int i = 0; i < 1'000; ++i) ASSERT_LT(rng_->Below(0xffff'ffff), 0xffff'ffffU);
}

TEST_P(RngTest, BetweenStaysBetween) {
  const Duration low = Duration::Seconds(15);
  const Duration high = Duration::Seconds(45);
  Duration least = high;
  Duration most = low;
  for (int i = 0; i < 10'000; ++i) {
    const Duration drawn = rng_->Between(low, high);
    ASSERT_GE(drawn, low);
    ASSERT_LT(drawn, high);
    least = std::min(least, drawn);
    most = std::max(most, drawn);
  }
  EXPECT_LT(least, Duration::Milliseconds(15'300));
  EXPECT_GT(most, Duration::Milliseconds(44'700));
  EXPECT_EQ(rng_->Between(low, low), low);
  EXPECT_GE(rng_->Between(Duration(), Duration::Infinite()), Duration());
}

INSTANTIATE_TEST_SUITE_P(Sources, RngTest, testing::ValuesIn(kSources), kNameOf);

TEST(SystemRngTest, TwoOfThemDiffer) {
  SystemRng a, b;
  EXPECT_NE(a.Next64(), b.Next64());
}

}  // namespace
}  // namespace sextant::test
