// SPDX-License-Identifier: BSD-3-Clause
// Drawing labels: which, how evenly, and that it ends. RFC 6437 §3.
// Owned by one Core.
#include "flowlabel/label_set.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "flowlabel/automatic.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using flowlabel::kLabelMask;
using flowlabel::kStatelessBit;
using flowlabel::LabelSet;

TEST(LabelSetTest, ZeroIsNoLabel) {
  LabelSet set;
  EXPECT_TRUE(set.Contains(0));
  EXPECT_EQ(set.Next(0), 0u);
}

TEST(LabelSetTest, InOrder) {
  LabelSet set;
  const std::set<uint32_t> labels = {1, 63, 64, 65, 4095, 4096, 0x7'ffff, 0x8'0000, kLabelMask};
  for (const uint32_t label : labels) set.Insert(label);
  std::set<uint32_t> seen;
  for (uint32_t label = set.Next(0); label != 0; label = set.Next(label)) seen.insert(label);
  EXPECT_EQ(seen, labels);
  for (const uint32_t label : labels) set.Erase(label);
  EXPECT_EQ(set.Next(0), 0u);
}

// Every label is drawn exactly once, then none is left; the same for the lower half.
TEST(LabelSetTest, DrawsEveryLabelOnce) {
  SeededRng rng(Seed());
  const auto trace = NameSeed(Seed());
  LabelSet set;
  for (const uint32_t bound : {kStatelessBit, kLabelMask + 1}) {
    while (const uint32_t label = set.Draw(rng, bound)) {
      ASSERT_LT(label, bound);
      ASSERT_FALSE(set.Contains(label));
      set.Insert(label);
    }
  }
  for (uint32_t label = 0; label <= kLabelMask; ++label) ASSERT_TRUE(set.Contains(label));
}

TEST(LabelSetTest, FindsTheOnlyOneLeft) {
  SeededRng rng(Seed());
  LabelSet set;
  for (uint32_t label = 1; label <= kLabelMask; ++label) set.Insert(label);
  for (const uint32_t label : {1u, 63u, 64u, 4095u, 4096u, 0x7'ffffu, 0x8'0000u, kLabelMask}) {
    set.Erase(label);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(set.Draw(rng, kLabelMask + 1), label);
    EXPECT_EQ(set.Draw(rng, kStatelessBit), label < kStatelessBit ? label : 0);
    set.Insert(label);
  }
}

// A sixteenth of what is drawn falls into each sixteenth of the labels; chi-squared with 15
// degrees of freedom stays below 50 but once in 80000 runs.
void ExpectEven(const std::array<int, 16>& counts, int total) {
  double sum = 0;
  for (const int count : counts) {
    const double off = count - total / 16.0;
    sum += off * off / (total / 16.0);
  }
  EXPECT_LT(sum, 50);
}

TEST(LabelSetTest, DrawsEvenly) {
  SeededRng rng(Seed());
  for (const bool crowded : {false, true}) {
    LabelSet set;
    for (uint32_t label = 1; crowded && label <= kLabelMask; ++label) {
      if (label % 20 != 7) set.Insert(label);
    }
    std::array<int, 16> counts{};
    for (int i = 0; i < 160'000; ++i) ++counts[set.Draw(rng, kLabelMask + 1) >> 16];
    ExpectEven(counts, 160'000);
  }
}

using flowlabel::AutomaticLabel;
using flowlabel::Flow;

const Flow kFlow = {.source = *Ipv6Address::Parse("2001:db8::1"),
                    .destination = *Ipv6Address::Parse("2001:db8::2"),
                    .protocol = 17,
                    .source_port = 1000,
                    .destination_port = 2000};

TEST(AutomaticLabelTest, StablePerFlowAndDifferentBetweenFlows) {
  SeededRng rng(Seed());
  const HashKey key = HashKey::Draw(rng);
  const uint32_t label = AutomaticLabel(key, kFlow, false);
  EXPECT_EQ(AutomaticLabel(key, kFlow, false), label);
  std::array<Flow, 6> others;
  others.fill(kFlow);
  others[0].source = *Ipv6Address::Parse("2001:db8::3");
  others[1].destination = *Ipv6Address::Parse("2001:db8::3");
  others[2].protocol = 6;
  others[3].source_port = 1001;
  others[4].destination_port = 2001;
  others[5].salt = 1;
  for (const Flow& other : others) EXPECT_NE(AutomaticLabel(key, other, false), label);
  EXPECT_NE(AutomaticLabel(HashKey::Draw(rng), kFlow, false), label) << "nobody can guess it";
}

TEST(AutomaticLabelTest, UniformNeverZeroAndTheTopBitWhenAsked) {
  SeededRng rng(Seed());
  const HashKey key = HashKey::Draw(rng);
  std::array<int, 16> counts{};
  Flow flow = kFlow;
  for (uint32_t i = 0; i < 160'000; ++i) {
    flow.source_port = static_cast<uint16_t>(i);
    flow.salt = i >> 16;
    const uint32_t label = AutomaticLabel(key, flow, false);
    ASSERT_NE(label, 0u);
    ASSERT_LE(label, kLabelMask);
    ++counts[label >> 16];
    ASSERT_EQ(AutomaticLabel(key, flow, true), label | kStatelessBit);
  }
  ExpectEven(counts, 160'000);
}

TEST(AutomaticLabelTest, AnotherSaltMovesTheFlow) {
  SeededRng rng(Seed());
  uint32_t salt = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint32_t next = flowlabel::AnotherSalt(salt, rng);
    ASSERT_NE(next, salt);
    salt = next;
  }
}

struct AutoCase {
  std::string name;
  int64_t mode;
  std::optional<bool> choice;
  bool want;
};

// clang-format off
const AutoCase kAutoCases[] = {
    {"Never",        0, std::nullopt, false}, {"NeverOn",  0, true, false}, {"NeverOff",  0, false, false},
    {"OptOut",       1, std::nullopt, true},  {"OptOutOn", 1, true, true},  {"OptOutOff", 1, false, false},
    {"OptIn",        2, std::nullopt, false}, {"OptInOn",  2, true, true},  {"OptInOff",  2, false, false},
    {"Always",       3, std::nullopt, true},  {"AlwaysOn", 3, true, true},  {"AlwaysOff", 3, false, true},
};
// clang-format on

class AutoTest : public testing::TestWithParam<AutoCase> {};

TEST_P(AutoTest, Decides) {
  EXPECT_EQ(flowlabel::WantsAutomaticLabel(GetParam().mode, GetParam().choice), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Modes, AutoTest, testing::ValuesIn(kAutoCases), kNameOf);

}  // namespace
}  // namespace sextant::test
