// SPDX-License-Identifier: BSD-3-Clause
// Memory: what is charged, who gives way, and that nothing is left behind.
#include <random>

#include "ip6/reassembly_rig.h"

namespace sextant::test {
namespace {

// A fragment of a datagram that never becomes whole.
FragmentSpec Never(uint16_t source, uint32_t identification, uint32_t length) {
  FragmentSpec spec;
  spec.source = source;
  spec.identification = identification;
  spec.length = length;
  spec.more = true;
  return spec;
}

constexpr size_t kLong = 1232;  // takes a packet buffer
constexpr size_t kTiny = 8;     // copied into compact storage

TEST(BudgetTest, ChargesRealBuffers) {
  ReassemblyRig rig;
  EXPECT_LT(rig.empty_bytes, 512U << 10) << "the tables";
  rig.Take(Never(1, 1, kLong));
  const size_t one = rig.statistics().bytes - rig.empty_bytes;
  EXPECT_GT(one, kPacketDataRoom + sizeof(rte_mbuf));
  EXPECT_LT(one, kPacketDataRoom + sizeof(rte_mbuf) + 512);
  rig.Take(Never(2, 1, kTiny));
  const size_t tiny = rig.statistics().bytes - rig.empty_bytes - one;
  EXPECT_LE(tiny, 512U) << "not a packet buffer for eight octets";
  EXPECT_EQ(rig.core.pool->capacity() - rig.core.pool->available(), 1U);
}

TEST(BudgetTest, CloneIsChargedWithWhatItKeeps) {
  ReassemblyRig rig;
  const FragmentSpec spec = Never(1, 1, kLong);
  PacketPtr original = rig.core.pool->Copy(spec.bytes());
  PacketPtr clone = rig.core.pool->Share(*original);
  rig.core.core.Received(*clone);
  MarkFragment(*clone, spec);
  EXPECT_EQ(Give(rig.reassembly, std::move(clone), rig.core.core).text(), "held");
  EXPECT_GT(rig.statistics().bytes - rig.empty_bytes, kPacketDataRoom);
  original.Free();
}

TEST(BudgetTest, NeverAboveTheBudget) {
  for (const size_t length : {kLong, kTiny}) {
    ReassemblyRig rig(512);
    rig.tunables().reassembly_bytes = 512 << 10;
    for (uint32_t i = 0; i < 5000; ++i) {
      EXPECT_EQ(rig.Take(Never(static_cast<uint16_t>(i), 1, static_cast<uint32_t>(length))).text(),
                "held")
          << "a new datagram of another /64 is never refused";
      ASSERT_LE(rig.statistics().bytes, 512U << 10);
    }
    EXPECT_GT(rig.statistics().bytes, 500U << 10) << "and all of it is used";
    EXPECT_EQ(rig.core.dropped(DropReason::kFragmentEvicted), 5000 - rig.statistics().datagrams);
  }
}

TEST(BudgetTest, APrefixAtItsShareLosesItsOwnOldest) {
  ReassemblyRig rig(1024);
  rig.Take(Never(9, 1, kLong));  // the oldest of all
  for (uint32_t i = 0; i < 1000; ++i) rig.Take(Never(1, i, kLong));
  const size_t share = (4U << 20) / 5;
  EXPECT_LE(rig.statistics().bytes - rig.empty_bytes, share + 4096);
  EXPECT_GT(rig.statistics().bytes - rig.empty_bytes, share - 4096);
  FragmentSpec rest = FragmentSpec::Parse("1232+8");
  rest.source = 9;
  EXPECT_EQ(rig.Take(rest).text(), "whole") << "the other /64's datagram is still there";
  rest.source = 1;
  rest.identification = 999;
  EXPECT_EQ(rig.Take(rest).text(), "whole");
  rest.identification = 0;
  EXPECT_EQ(rig.Take(rest).text(), "held") << "evicted long ago";
}

TEST(BudgetTest, AtTheBudgetTheLargestHolderGivesWay) {
  ReassemblyRig rig(1024);
  rig.tunables().reassembly_bytes = 1 << 20;
  rig.tunables().reassembly_prefix_share = 90;
  rig.Take(Never(9, 1, kLong));
  for (uint32_t i = 0; i < 300; ++i) rig.Take(Never(1, i, kLong));
  for (uint32_t i = 0; i < 30; ++i) rig.Take(Never(2, i, kLong));
  for (uint32_t i = 0; i < 50; ++i) rig.Take(Never(static_cast<uint16_t>(100 + i), i, kTiny));
  FragmentSpec rest = FragmentSpec::Parse("1232+8");
  rest.source = 9;
  EXPECT_EQ(rig.Take(rest).text(), "whole");
  for (uint32_t i = 0; i < 30; ++i) {
    rest.source = 2;
    rest.identification = i;
    EXPECT_EQ(rig.Take(rest).text(), "whole") << i;
  }
}

TEST(BudgetTest, AmongEqualsTheOldestOfAllGoes) {
  ReassemblyRig rig(1024);
  rig.tunables().reassembly_bytes = 256 << 10;
  uint32_t held = 0;
  while (rig.core.dropped(DropReason::kFragmentEvicted) == 0) {
    rig.Take(Never(static_cast<uint16_t>(held++), 1, kLong));
  }
  FragmentSpec rest = FragmentSpec::Parse("1232+8");
  for (uint32_t i = 1; i < held; ++i) {
    rest.source = static_cast<uint16_t>(i);
    EXPECT_EQ(rig.Take(rest).text(), "whole") << i;
  }
  rest.source = 0;
  EXPECT_EQ(rig.Take(rest).text(), "held") << "the first one was the victim";
}

// A single datagram that grows beyond its sender's share goes itself.
TEST(BudgetTest, OneDatagramBeyondTheShare) {
  ReassemblyRig rig;
  rig.tunables().reassembly_bytes = 128 << 10;
  rig.tunables().reassembly_prefix_share = 10;
  std::string outcomes;
  for (uint32_t i = 0; i < 8; ++i) {
    FragmentSpec spec = Never(1, 1, kLong);
    spec.offset = i * uint32_t{kLong};
    outcomes += rig.Take(spec).text() + " ";
  }
  EXPECT_NE(outcomes.find("held held held held fragment-evicted"), std::string::npos) << outcomes;
  EXPECT_EQ(rig.core.core.counters().held(), rig.statistics().fragments);
}

TEST(BudgetTest, SmallerShareThanOneFragment) {
  ReassemblyRig rig;
  rig.tunables().reassembly_bytes = 65'536;
  rig.tunables().reassembly_prefix_share = 1;
  EXPECT_EQ(rig.Take(Never(1, 1, kLong)).text(), "fragment-evicted");
  EXPECT_EQ(rig.Take(Never(1, 1, kTiny)).text(), "held");
}

TEST(BudgetTest, MayBeChangedAtAnyTime) {
  ReassemblyRig rig(1024);
  for (uint16_t i = 0; i < 200; ++i) rig.Take(Never(i, 1, kLong));
  EXPECT_EQ(rig.statistics().datagrams, 200U);
  rig.tunables().reassembly_bytes = 128 << 10;
  rig.Take(Never(1000, 1, kLong));
  EXPECT_LE(rig.statistics().bytes, 128U << 10);
  FragmentSpec rest = FragmentSpec::Parse("1232+8");
  rest.source = 199;
  EXPECT_EQ(rig.Take(rest).text(), "whole") << "the youngest are still found";
  rig.tunables().reassembly_bytes = 8 << 20;
  for (uint16_t i = 0; i < 900; ++i) rig.Take(Never(i, 2, kLong));
  EXPECT_GT(rig.statistics().datagrams, 900U);
}

// The attack of the benchmark, in small: good datagrams whose two halves are
// 500 attack fragments apart.
struct AttackCase {
  const char* name;
  uint32_t prefixes;  // of attackers; 0: every fragment has one of its own
  size_t attack;      // octets per fragment
  size_t good;
};

class AttackTest : public testing::TestWithParam<AttackCase> {};

TEST_P(AttackTest, GoodDatagramsSurvive) {
  const AttackCase& c = GetParam();
  ReassemblyRig rig(2048);
  std::mt19937_64 random(Seed());
  uint32_t attacks = 0;
  const auto attack = [&] {
    const auto prefix = c.prefixes == 0 ? attacks % 60'000 : random() % c.prefixes;
    rig.Take(
        Never(static_cast<uint16_t>(1000 + prefix), ++attacks, static_cast<uint32_t>(c.attack)));
  };
  for (int i = 0; i < 8000; ++i) attack();
  size_t survived = 0;
  constexpr uint32_t kGood = 20;
  for (uint32_t i = 0; i < kGood; ++i) {
    rig.Take(Never(1, i, static_cast<uint32_t>(c.good)));
    for (int j = 0; j < 500; ++j) attack();
    FragmentSpec rest = Never(1, i, static_cast<uint32_t>(c.good));
    rest.offset = static_cast<uint32_t>(c.good);
    rest.more = false;
    survived += rig.Take(rest).text() == "whole" ? 1 : 0;
    for (int j = 0; j < 500; ++j) attack();
  }
  EXPECT_EQ(survived, kGood);
}

constexpr AttackCase kAttackCases[] = {
    {"OnePrefixTiny", 1, kTiny, kLong},     {"OnePrefixLong", 1, kLong, kLong},
    {"OnePrefixTinyTiny", 1, kTiny, 64},    {"Prefixes256Tiny", 256, kTiny, kLong},
    {"Prefixes256Long", 256, kLong, kLong}, {"Prefixes256LongSmall", 256, kLong, 64},
    {"RandomTiny", 0, kTiny, kLong},        {"RandomLong", 0, kLong, kLong},
    {"RandomTinyTiny", 0, kTiny, 64},       {"RandomLongSmall", 0, kLong, 64},
};
INSTANTIATE_TEST_SUITE_P(Flood, AttackTest, testing::ValuesIn(kAttackCases), kNameOf);

// CVE-2018-5391: tiny fragments in random order, as many as there can be.
TEST(BudgetTest, EightThousandFragments) {
  ReassemblyRig rig;
  rig.tunables().reassembly_max_fragments = 8192;
  rig.tunables().reassembly_prefix_share = 100;
  std::vector<uint32_t> offsets;
  for (uint32_t offset = 0; offset < 8191 * 8; offset += 8) offsets.push_back(offset);
  std::mt19937_64 random(Seed());
  std::ranges::shuffle(offsets, random);
  FragmentOutcome got;
  for (const uint32_t offset : offsets) {
    FragmentSpec spec;
    spec.offset = offset;
    spec.length = offset == 8190 * 8 ? 7 : 8;
    spec.more = offset != 8190 * 8;
    got = Give(rig.reassembly, spec, rig.core);
  }
  ASSERT_EQ(got.text(), "whole");
  EXPECT_EQ(got.whole.size(), 40U + 8190 * 8 + 7);
  for (size_t i = 40; i < got.whole.size(); ++i) {
    ASSERT_EQ(got.whole[i], static_cast<uint8_t>(i - 40)) << i;
  }
  EXPECT_EQ(rig.core.core.counters().delivered, 8191U);
}

// Random traffic: whatever happens, what is charged is what is held.
TEST(BudgetTest, RandomTrafficLeavesNothingBehind) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  std::mt19937_64 random(Seed());
  ReassemblyRig rig(512);
  for (int i = 0; i < Rounds(100'000); ++i) {
    FragmentSpec spec;
    spec.source = static_cast<uint16_t>(random() % 7);
    spec.identification = static_cast<uint32_t>(random() % 50);
    spec.offset = static_cast<uint32_t>(random() % 12 * 8);
    spec.length = static_cast<uint32_t>(random() % 5 * 8 + (random() % 16 == 0 ? 1200 : 0));
    spec.more = random() % 4 != 0;
    if (spec.offset == 0 && !spec.more) spec.more = true;
    spec.headers = random() % 8 == 0 ? 8 : 0;
    spec.ecn = random() % 32 == 0 ? 2 : 0;
    Give(rig.reassembly, spec, rig.core);
    if (random() % 100 == 0) rig.core.Pass(Duration::Seconds(1));
    if (random() % 5000 == 0) {
      rig.tunables().reassembly_bytes = static_cast<int64_t>(65'536 + random() % 400'000);
    }
    for (const Refusal& refusal : TakeRefused(rig.core.core)) static_cast<void>(refusal);
    ASSERT_EQ(rig.core.core.counters().held(), rig.statistics().fragments);
  }
}

}  // namespace
}  // namespace sextant::test
