// SPDX-License-Identifier: BSD-3-Clause
// The parts that reassembly is made of, each against a plain model of itself.
// Owned by one Core.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "base/keyed_hash.h"
#include "ip6/reassembly_quota.h"
#include "ip6/reassembly_table.h"
#include "ip6/reassembly_tombstones.h"
#include "packet/chain.h"
#include "support/chain.h"
#include "support/seed.h"

namespace sextant::ip6 {
namespace {

using test::Seed;

TEST(SlabTest, GivesBackWhatWasTaken) {
  std::mt19937_64 random(Seed());
  BlockSlab slab(100);
  std::map<Handle, uint8_t> model;
  for (int i = 0; i < 50'000; ++i) {
    const bool grow = i % 20'000 < 12'000;
    if (random() % 10 < (grow ? 7U : 3U) || model.empty()) {
      const Handle handle = slab.Take();
      const auto mark = static_cast<uint8_t>(random());
      ASSERT_TRUE(model.emplace(handle, mark).second) << "taken twice";
      std::fill_n(slab.At(handle), 100, mark);
    } else {
      auto victim = model.lower_bound(static_cast<Handle>(random() % 8192));
      if (victim == model.end()) victim = model.begin();
      for (size_t at = 0; at < 100; ++at) ASSERT_EQ(slab.At(victim->first)[at], victim->second);
      slab.Give(victim->first);
      model.erase(victim);
    }
    ASSERT_EQ(slab.in_use(), model.size());
  }
  for (const auto& [handle, mark] : model) slab.Give(handle);
  EXPECT_EQ(slab.in_use(), 0U);
  EXPECT_LE(slab.chunks(), 1U) << "the memory has followed";
}

TEST(SlabTest, AlignedForItsObjects) {
  Slab<SpanMap> slab;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(&slab[slab.Make()]) % alignof(SpanMap), 0U);
  }
}

TEST(UnitSetTest, LikeASet) {
  std::mt19937_64 random(Seed());
  for (const uint32_t density : {1U, 3U, 200U, 8000U}) {
    UnitSet set;
    std::set<uint32_t> model;
    for (uint32_t i = 0; i < density; ++i) {
      const auto unit = static_cast<uint32_t>(random() % UnitSet::kUnits);
      set.Add(unit);
      model.insert(unit);
    }
    for (uint32_t i = 0; i < density / 4; ++i) {
      const uint32_t unit = *model.lower_bound(*model.rbegin() / 2);
      set.Remove(unit);
      model.erase(unit);
      if (model.empty()) break;
    }
    const UnitRanks ranks(set);
    uint32_t rank = 0;
    for (uint32_t unit = 0; unit < UnitSet::kUnits; ++unit) {
      const auto next = model.lower_bound(unit);
      const auto behind = model.upper_bound(unit);
      ASSERT_EQ(set.Has(unit), model.contains(unit));
      ASSERT_EQ(set.Next(unit), next == model.end() ? UnitSet::kNone : *next) << unit;
      ASSERT_EQ(set.Previous(unit), behind == model.begin() ? UnitSet::kNone : *std::prev(behind));
      ASSERT_EQ(ranks[unit], rank);
      rank += model.contains(unit);
    }
    EXPECT_EQ(set.Next(UnitSet::kUnits), UnitSet::kNone);
  }
}

TEST(IntervalsTest, LikeAList) {
  std::mt19937_64 random(Seed());
  for (const uint32_t longest : {1U, 4U, 300U}) {
    Slab<SpanMap> maps;
    Intervals intervals;
    std::vector<Interval> model;
    for (int i = 0; i < 20'000; ++i) {
      const auto first = static_cast<uint32_t>(random() % (longest == 1 ? 40 : 8192));
      const auto last = std::min(first + static_cast<uint32_t>(random() % longest), 8191U);
      const Interval wanted{static_cast<uint16_t>(first), static_cast<uint16_t>(last)};
      Intervals::Fit want = Intervals::Fit::kFree;
      uint32_t end = 0;
      for (const Interval held : model) {
        if (held.first <= last && first <= held.last) want = Intervals::Fit::kOverlap;
        end = std::max(end, uint32_t{held.last} + 1);
      }
      if (std::ranges::count(model, wanted) != 0) want = Intervals::Fit::kDuplicate;
      ASSERT_EQ(intervals.Probe(maps, wanted), want);
      ASSERT_EQ(intervals.End(maps), end);
      if (want == Intervals::Fit::kFree) {
        intervals.Insert(maps, wanted);
        model.push_back(wanted);
      } else if (random() % 4 == 0) {
        const size_t victim = random() % model.size();
        intervals.Remove(maps, model[victim]);
        model.erase(model.begin() + static_cast<ptrdiff_t>(victim));
      }
      ASSERT_EQ(intervals.size(), model.size());
    }
    intervals.Clear(maps);
    EXPECT_EQ(maps.in_use(), 0U);
    EXPECT_EQ(intervals.size(), 0U);
  }
}

TEST(FragmentTableTest, LikeAMap) {
  std::mt19937_64 random(Seed());
  FragmentTable table;
  table.Resize(64);
  std::multimap<uint32_t, Handle> model;
  Handle next = 0;
  for (int i = 0; i < 50'000; ++i) {
    const auto hash = static_cast<uint32_t>(random() % 512 << 16 | random() % 64);
    if (random() % 2 == 0 && model.size() < 400) {
      if (table.Insert(hash, next)) model.emplace(hash, next++);
    } else if (const auto victim = model.find(hash); victim != model.end()) {
      table.Erase(hash, victim->second);
      model.erase(victim);
    }
    for (int probe = 0; probe < 2 && !model.empty(); ++probe) {
      const auto at = std::next(model.begin(), static_cast<ptrdiff_t>(random() % model.size()));
      ASSERT_EQ(table.Find(at->first, [&](Handle h) { return h == at->second; }), at->second);
    }
    ASSERT_EQ(table.Find(hash, [](Handle h) { return h == kNoHandle - 1; }), kNoHandle);
  }
}

// However badly it goes, a search ends after eight buckets, and says so.
TEST(FragmentTableTest, FullBucketsRefuse) {
  FragmentTable table;
  table.Resize(64);
  Handle count = 0;
  while (table.Insert(7, count)) ++count;
  EXPECT_EQ(count, FragmentTable::kProbes * FragmentTable::kSlots);
  size_t asked = 0;
  EXPECT_EQ(table.Find(7, [&](Handle) { return ++asked == 0; }), kNoHandle);
  EXPECT_EQ(asked, 64U);
  for (Handle handle = 0; handle < count; ++handle) table.Erase(7, handle);
  asked = 0;
  EXPECT_EQ(table.Find(7, [&](Handle) { return ++asked == 0; }), kNoHandle);
  EXPECT_EQ(asked, 0U);
}

TEST(QuotaTest, FindsTheLargest) {
  std::mt19937_64 random(Seed());
  SeededRng rng(Seed());
  PrefixQuota quota(rng);
  constexpr size_t kBudget = 4 << 20;
  quota.Resize(kBudget, 256);
  std::map<Handle, size_t> model;
  size_t total = 0;
  for (uint64_t prefix = 0; prefix < 100; ++prefix) model[quota.Open(prefix)] = 40;
  for (const auto& [account, bytes] : model) EXPECT_EQ(quota[account].bytes, sizeof(PrefixAccount));
  for (auto& [account, bytes] : model) bytes = sizeof(PrefixAccount);
  for (int i = 0; i < 20'000; ++i) {
    const auto at = std::next(model.begin(), static_cast<ptrdiff_t>(random() % 100));
    const size_t bytes = random() % 20'000;
    if (random() % 2 == 0 && at->second > bytes + sizeof(PrefixAccount)) {
      quota.Refund(at->first, bytes);
      at->second -= bytes;
    } else {
      quota.Charge(at->first, bytes);
      at->second += bytes;
    }
    if (i % 5000 == 4999) {
      quota.Resize(kBudget << ((i + 1) / 5000), 512);
      for (const auto& [account, held] : model) quota.List(account);
    }
    size_t most = 0;
    total = 0;
    for (const auto& [account, held] : model) {
      most = std::max(most, held);
      total += held;
    }
    ASSERT_EQ(quota.total(), total);
    const Handle largest = quota.Largest();
    const size_t level = (kBudget << ((i + 1) / 5000)) / 512;
    if (largest == kNoHandle) {
      ASSERT_LT(most, level);
    } else {
      ASSERT_LE(most, model[largest] + level) << "to within a level";
    }
  }
  for (const auto& [account, held] : model) {
    quota.Refund(account, held - sizeof(PrefixAccount));
    quota.Close(account);
  }
  EXPECT_EQ(quota.total(), 0U);
  EXPECT_EQ(quota.accounts(), 0U);
}

TEST(QuotaTest, OneAccountPerPrefix) {
  SeededRng rng(Seed());
  PrefixQuota quota(rng);
  quota.Resize(1 << 20, 4);
  std::vector<Handle> accounts;
  for (uint64_t prefix = 0; prefix < 40; ++prefix) accounts.push_back(quota.Open(prefix));
  for (uint64_t prefix = 0; prefix < 40; ++prefix) EXPECT_EQ(quota.Open(prefix), accounts[prefix]);
  for (const Handle account : accounts) quota.Close(account);
}

TEST(TombstonesTest, LikeAListOfTheLast) {
  std::mt19937_64 random(Seed());
  for (const size_t capacity : {size_t{1}, size_t{7}, size_t{64}}) {
    Tombstones stones;
    stones.Resize(capacity);
    std::vector<uint64_t> buried;
    for (int i = 0; i < 2000; ++i) {
      const uint64_t hash = random() % 1000;
      if (std::ranges::count(buried, hash) == 0) {
        stones.Add(hash, 1, Instant::FromNanoseconds(100));
        buried.push_back(hash);
        if (buried.size() > capacity) buried.erase(buried.begin());
      }
      const uint64_t asked = random() % 1000;
      ASSERT_EQ(stones.Holds(asked, 1, Instant::FromNanoseconds(99)),
                std::ranges::count(buried, asked) != 0);
      ASSERT_FALSE(stones.Holds(asked, 2, Instant::FromNanoseconds(99)));
      ASSERT_FALSE(stones.Holds(asked, 1, Instant::FromNanoseconds(100)));
    }
  }
}

TEST(KeyedHashTest, SpreadsNeighbouringKeys) {
  SeededRng rng(Seed());
  const KeyedHash<6> hash(rng);
  std::array<int, 256> low{};
  std::array<int, 256> high{};
  constexpr int kKeys = 65'536;
  for (uint64_t i = 0; i < kKeys; ++i) {
    const uint64_t h = hash({1, 2, 3, 4, i, 0});
    ++low[h & 255];
    ++high[h >> 24 & 255];
  }
  // 256 a box, give or take seven standard deviations.
  for (const int count : low) EXPECT_NEAR(count, kKeys / 256, 112);
  for (const int count : high) EXPECT_NEAR(count, kKeys / 256, 112);
  const KeyedHash<6> other(rng);
  EXPECT_NE(hash({1, 2, 3, 4, 5, 6}), other({1, 2, 3, 4, 5, 6}));
  EXPECT_NE(hash({1, 2, 3, 4, 5, 6}), hash({2, 1, 3, 4, 5, 6}));
}

TEST(PacketChainTest, AppendsPacketsAndBytes) {
  const test::TestPool pool;
  const test::Frame all = test::Pattern(4000);
  PacketChain chain(pool->Copy(Bytes(all).first(10)));
  EXPECT_TRUE(chain.Append(Bytes(all).subspan(10, 20), *pool));
  PacketPtr tail =
      test::Chain(*pool, Bytes(all).subspan(20, 2020), std::array<size_t, 3>{10, 10, 2000});
  tail->Strip(10);
  chain.Append(std::move(tail));
  EXPECT_TRUE(chain.Append(Bytes(all).subspan(2040, 48), *pool)) << "fits just";
  EXPECT_EQ(chain.head().mbuf()->nb_segs, 3);
  EXPECT_TRUE(chain.Append(Bytes(all).subspan(2088, 1912), *pool));
  PacketPtr packet = chain.Take();
  EXPECT_EQ(test::Contents(*packet), all);
  EXPECT_TRUE(test::IsConsistent(*packet));
  EXPECT_EQ(Footprint(*packet), 4 * (sizeof(rte_mbuf) + 80 + kPacketDataRoom));
  packet.Free();
}

}  // namespace
}  // namespace sextant::ip6
