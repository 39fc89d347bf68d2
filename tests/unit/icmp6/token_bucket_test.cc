// SPDX-License-Identifier: BSD-3-Clause
// Token buckets: RFC 4443 §2.4(f).
#include "icmp6/token_bucket.h"

#include <gtest/gtest.h>

#include "support/frames.h"
#include "support/seed.h"

namespace sextant {
namespace {

using icmp6::PrefixBuckets;
using icmp6::TokenBucket;
using test::Ip;

Instant At(int64_t milliseconds) {
  return Instant::FromNanoseconds(1'000'000'000) + Duration::Milliseconds(milliseconds);
}

int TakeAll(TokenBucket& bucket, Instant now, int64_t rate, int64_t burst) {
  int count = 0;
  while (count < 1000 && bucket.Take(now, rate, burst)) ++count;
  return count;
}

struct RefillCase {
  const char* name;
  int64_t rate, burst, wait_ms;
  int want;
};

// clang-format off
const RefillCase kRefillCases[] = {
    {"NotYetOne",        10, 10,   99,  0},
    {"ExactlyOne",       10, 10,  100,  1},
    {"Half",             10, 10,  500,  5},
    {"FullAgain",        10, 10, 1000, 10},
    {"NeverAboveBurst",  10, 10, 9'000'000, 10},
    {"SlowRateBigBurst",  1, 20, 5000,  5},
    {"FastRate",       1000, 50,   10, 10},
};
// clang-format on

class RefillTest : public testing::TestWithParam<RefillCase> {};

TEST_P(RefillTest, Refills) {
  const RefillCase& c = GetParam();
  TokenBucket bucket;
  EXPECT_EQ(TakeAll(bucket, At(0), c.rate, c.burst), c.burst) << "a fresh bucket is full";
  EXPECT_EQ(TakeAll(bucket, At(c.wait_ms), c.rate, c.burst), c.want);
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, RefillTest, testing::ValuesIn(kRefillCases), test::kNameOf);

TEST(PrefixBuckets, PrefixesDoNotShareAndAddressesOfOneDo) {
  const HashKey key{1, 2};
  PrefixBuckets buckets(key);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(buckets.Take(Ip("2001:db8::1"), At(0), 1, 3));
  EXPECT_FALSE(buckets.Take(Ip("2001:db8::2"), At(0), 1, 3)) << "the same /64";
  EXPECT_TRUE(buckets.Take(Ip("2001:db8:0:1::1"), At(0), 1, 3)) << "another /64";
}

// However many prefixes an attacker sends from, the errors of another one are its own: as long as
// it asks more often than they do, it keeps its bucket, and where it loses it, it gets a full one.
TEST(PrefixBuckets, ManyPrefixesStarveNobody) {
  constexpr uint16_t kAttackers = 20'000;
  for (uint64_t key = 0; key < 8; ++key) {
    PrefixBuckets buckets(HashKey{key, ~key});
    for (uint16_t i = 0; i < kAttackers; ++i) {
      const auto attacker = Ipv6Address::FromGroups({0x2001, 0xdb8, 1, i, 0, 0, 0, 1});
      while (buckets.Take(attacker, At(0), 10, 10)) {
      }
    }
    int taken = 0;
    for (int i = 0; i < 10; ++i) taken += buckets.Take(Ip("2001:db8::1"), At(1), 10, 10) ? 1 : 0;
    EXPECT_EQ(taken, 10) << "of its whole burst";
  }
}

TEST(TokenBucket, WhatIsOwedIsPaidBackFirst) {
  TokenBucket bucket;
  EXPECT_TRUE(bucket.Take(At(0), 10, 1, 2)) << "one there, two taken";
  EXPECT_FALSE(bucket.Take(At(100), 10, 1)) << "nothing, after paying back";
  EXPECT_TRUE(bucket.Take(At(200), 10, 1));
}

// CVE-2020-25705: the total must neither be a counter of what others got, nor give anything away
// when it is used up.
TEST(TokenBucket, NothingIsFreeWhenItIsUsedUp) {
  TokenBucket bucket;
  while (bucket.Take(At(0), 1000, 50, 2)) {
  }
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(bucket.Take(At(0), 1000, 50, 0));
}

}  // namespace
}  // namespace sextant
