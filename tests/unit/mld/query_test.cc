// SPDX-License-Identifier: BSD-3-Clause
// Queries and their answers, in virtual time: what is said, when, and what is merged.
// RFC 3810 §5.1.3, §5.2.12, §6.2, §9.
// Owned by one Core.
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using iface::GroupFilter;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kReport =
    "fe80::ff:fe00:2 > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report ";
std::string Report(const std::string& records) { return kReport + records; }

class MldQueryTest : public MldRig {};

// One member's filter and one query: what is answered.
struct AnswerCase {
  const char* name;
  const char* section;
  GroupFilter filter;
  QueryFields query;
  const char* want;  // "": nothing
};

// clang-format off
const AnswerCase kAnswerCases[] = {
    {"GroupAnySource",     "RFC 3810 §5.2.12", Exclude(),             {.group = kGroup},                              "is-exclude ff05::2"},
    {"GroupExclude",       "RFC 3810 §5.2.12", Exclude({kA, kB}),     {.group = kGroup},
     "is-exclude ff05::2 source 2001:db8::a source 2001:db8::b"},
    {"GroupInclude",       "RFC 3810 §5.2.12", Include({kB, kA}),     {.group = kGroup},
     "is-include ff05::2 source 2001:db8::a source 2001:db8::b"},
    {"OtherGroup",         "RFC 3810 §6.2",    Exclude(),             {.group = kOtherGroup},                         ""},
    {"GeneralAnySource",   "RFC 3810 §6.2",    Exclude(),             {},                                             "is-exclude ff05::2"},
    {"GeneralInclude",     "RFC 3810 §6.2",    Include({kA}),         {},                                             "is-include ff05::2 source 2001:db8::a"},
    {"IncludeHit",         "RFC 3810 §6.2",    Include({kA, kB}),     {.group = kGroup, .sources = {kA, kC}},         "is-include ff05::2 source 2001:db8::a"},
    {"IncludeMiss",        "RFC 3810 §6.2",    Include({kA, kB}),     {.group = kGroup, .sources = {kC}},             ""},
    {"IncludeAll",         "RFC 3810 §6.2",    Include({kA, kB}),     {.group = kGroup, .sources = {kB, kA}},
     "is-include ff05::2 source 2001:db8::a source 2001:db8::b"},
    {"ExcludeMiss",        "RFC 3810 §6.2",    Exclude({kA}),         {.group = kGroup, .sources = {kA}},             ""},
    {"ExcludeHit",         "RFC 3810 §6.2",    Exclude({kA}),         {.group = kGroup, .sources = {kA, kB, kC}},
     "is-include ff05::2 source 2001:db8::b source 2001:db8::c"},
    {"AnySourceHit",       "RFC 3810 §6.2",    Exclude(),             {.group = kGroup, .sources = {kC}},             "is-include ff05::2 source 2001:db8::c"},
    {"SameSourceTwice",    "RFC 3810 §6.2",    Exclude(),             {.group = kGroup, .sources = {kC, kC}},         "is-include ff05::2 source 2001:db8::c"},
    {"AllNodesIsSilent",   "RFC 3810 §6",      Exclude(),             {.group = "ff02::1"},                           ""},
};
// clang-format on

class MldAnswerTest : public MldRig, public testing::WithParamInterface<AnswerCase> {};

TEST_P(MldAnswerTest, Says) {
  Join(kGroup, GetParam().filter);
  Join("ff02::1");
  Quiet();
  EXPECT_EQ(Hear(QueryV2(GetParam().query)), "delivered");
  PassMs(1'010);
  const std::vector<std::string> said = Sent();
  if (*GetParam().want == '\0') {
    EXPECT_THAT(said, IsEmpty());
  } else {
    EXPECT_THAT(said, ElementsAre(Report(GetParam().want)));
  }
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty()) << "answers are given once";
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, MldAnswerTest, testing::ValuesIn(kAnswerCases), kNameOf);

// The longest delay that a query allows, and how it is written.
struct DelayCase {
  const char* name;
  uint16_t code;
  int64_t longest_ms;
};

// clang-format off
const DelayCase kDelayCases[] = {
    {"AtOnce",        0,      0},
    {"OneMillisecond", 1,     1},
    {"TenSeconds",    10'000, 10'000},
    {"LastLinear",    0x7fff, 32'767},
    {"FirstFloating", 0x8000, 32'768},
    {"Floating",      0x9000, 65'536},
};
// clang-format on

class MldDelayTest : public MldRig, public testing::WithParamInterface<DelayCase> {};

// RFC 3810 §6.2: random, from zero to the longest delay; never later.
TEST_P(MldDelayTest, General) {
  Join(kGroup);
  Quiet();
  Join(kOtherGroup);
  Quiet();
  int64_t least = INT64_MAX;
  int64_t most = 0;
  for (int i = 0; i < 12; ++i) {
    Hear(QueryV2({.code = GetParam().code}));
    const int64_t after = FirstAfter(GetParam().longest_ms + 5);
    ASSERT_GE(after, 0) << "too late";
    least = std::min(least, after);
    most = std::max(most, after);
    EXPECT_THAT(Sent(), SizeIs(1)) << "both groups in one report";
    PassMs(150);
  }
  if (GetParam().longest_ms < 1'000) return;
  EXPECT_LT(least, GetParam().longest_ms / 2);
  EXPECT_GT(most, GetParam().longest_ms / 2);
}

TEST_P(MldDelayTest, Specific) {
  Join(kGroup);
  Quiet();
  for (int i = 0; i < 4; ++i) {
    Hear(QueryV2({.group = kGroup, .code = GetParam().code}));
    EXPECT_GE(FirstAfter(GetParam().longest_ms + 5), 0) << "too late";
    Hear(QueryV2({.group = kGroup, .code = GetParam().code, .sources = {kA}}));
    EXPECT_GE(FirstAfter(GetParam().longest_ms + 5), 0) << "too late";
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, MldDelayTest, testing::ValuesIn(kDelayCases), kNameOf);

// RFC 3810 §6.2, rule 1.
TEST_F(MldQueryTest, GeneralAnswerSoonerIsEnough) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.code = 20}));
  for (int i = 0; i < 20; ++i) {
    Hear(QueryV2({.code = 30'000}));
    Hear(QueryV2({.group = kGroup, .code = 30'000}));
    Hear(QueryV2({.group = kGroup, .code = 30'000, .sources = {kA}}));
  }
  PassMs(40'000);
  // A delay below 20 ms out of 30 s is drawn once in 1500.
  const auto said = Sent();
  EXPECT_GE(said.size(), 1u);
  EXPECT_LE(said.size(), 2u);
}

// Rule 2: a general query that wants its answer sooner.
TEST_F(MldQueryTest, GeneralAnswerMovesForward) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.code = 0xffff}));
  Hear(QueryV2({.code = 10}));
  EXPECT_LE(FirstAfter(20), 15);
  PassMs(8'400'000);
  EXPECT_THAT(Sent(), SizeIs(1)) << "the earlier one was replaced";
}

// Rule 3: sources are remembered; rule 5: more are added; rule 4: the whole group includes them.
TEST_F(MldQueryTest, PendingSourcesAreMerged) {
  Join(kGroup, Include({kA, kB, kC}));
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 1'000, .sources = {kA}}));
  Hear(QueryV2({.group = kGroup, .code = 1'000, .sources = {kC}}));
  PassMs(1'010);
  EXPECT_THAT(Sent(),
              ElementsAre(Report("is-include ff05::2 source 2001:db8::a source 2001:db8::c")));
  Hear(QueryV2({.group = kGroup, .code = 1'000, .sources = {kA}}));
  Hear(QueryV2({.group = kGroup, .code = 1'000}));
  Hear(QueryV2({.group = kGroup, .code = 1'000, .sources = {kB}}));
  PassMs(1'010);
  EXPECT_THAT(Sent(),
              ElementsAre(Report(
                  "is-include ff05::2 source 2001:db8::a source 2001:db8::b source 2001:db8::c")));
  Hear(QueryV2({.group = kGroup, .code = 1'000, .sources = {kB}}));
  PassMs(1'010);
  EXPECT_THAT(Sent(), ElementsAre(Report("is-include ff05::2 source 2001:db8::b")))
      << "and forgotten";
}

TEST_F(MldQueryTest, EarlierOfTwoTimes) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 0xffff}));
  Hear(QueryV2({.group = kGroup, .code = 10, .sources = {kA}}));
  EXPECT_LE(FirstAfter(20), 15);
  EXPECT_THAT(Sent(), ElementsAre(Report("is-exclude ff05::2")));
  PassMs(8'400'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

// LIMIT: the sources that are remembered; beyond it the whole group is reported.
TEST_F(MldQueryTest, QueriedSourcesAreBounded) {
  Join(kGroup);
  Quiet();
  for (unsigned i = 0; i < 300; ++i) {
    const std::string source = "2001:db8::1:" + std::to_string(i);
    Hear(QueryV2({.group = kGroup, .code = 100, .sources = {source.c_str()}}));
  }
  PassMs(110);
  EXPECT_THAT(Sent(), ElementsAre(Report("is-exclude ff05::2")));
}

TEST_F(MldQueryTest, WhoHasLeftDoesNotAnswer) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 5'000}));
  Hear(QueryV2({.code = 10'000}));
  Set(kGroup, Exclude(), GroupFilter::None());
  PassMs(11'000);
  EXPECT_THAT(Sent(), ElementsAre(Report("to-include ff05::2"), Report("to-include ff05::2")));
}

// The answer says what is true when it leaves.
TEST_F(MldQueryTest, AnswerIsUpToDate) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 0x9000}));
  Set(kGroup, Exclude(), Include({kB}));
  PassMs(3'000);
  Sent();
  PassMs(70'000);
  EXPECT_THAT(Sent(), ElementsAre(Report("is-include ff05::2 source 2001:db8::b")));
}

// RFC 3810 §9.1 and §9.14: the querier's robustness variable counts, 0 is the default.
TEST_F(MldQueryTest, RobustnessIsLearnt) {
  for (const uint8_t robustness : Frame{1, 7, 3, 0}) {
    Hear(QueryV2({.group = "ff05::99", .robustness = robustness}));
    Join(kGroup);
    PassMs(8'000);
    EXPECT_THAT(Sent(), SizeIs(robustness == 0 ? 2 : robustness)) << int{robustness};
    Set(kGroup, Exclude(), GroupFilter::None());
    PassMs(8'000);
    EXPECT_THAT(Sent(), SizeIs(robustness == 0 ? 2 : robustness)) << int{robustness};
  }
}

// Many groups, few packets, none above the MTU.
TEST_F(MldQueryTest, ManyGroupsShareReports) {
  core.tunables().mld_max_groups = 5'000;
  for (unsigned i = 0; i < 1'000; ++i) {
    lan().Join(Ipv6Address::FromGroups({0xff05, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(i + 1)}));
    if (i % 50 == 0) PassMs(5);
  }
  Quiet();
  Hear(QueryV2({.code = 1'000}));
  PassMs(1'100);
  const auto said = Sent();
  EXPECT_THAT(said, SizeIs(14)) << "72 records in 1500 octets";
  size_t records = 0;
  for (const std::string& line : said) {
    for (size_t at = 0; (at = line.find("is-exclude", at)) != std::string::npos; ++at) ++records;
  }
  EXPECT_EQ(records, 1'000u);
}

// A hundred general queries that want to be answered at once: a flood makes us no amplifier.
TEST_F(MldQueryTest, GeneralQueriesAreAnsweredAtABoundedRate) {
  Join(kGroup);
  Quiet();
  for (int i = 0; i < 1'000; ++i) {
    Hear(QueryV2({.code = 0}));
    PassMs(1);
  }
  PassMs(200);
  const auto said = Sent();
  EXPECT_LE(said.size(), 12u);
  EXPECT_GE(said.size(), 8u);
}

TEST_F(MldQueryTest, DryPoolDelaysTheAnswer) {
  Join(kGroup);
  Quiet();
  PacketPtr query = Arrived(QueryV2({.group = kGroup, .code = 0}));
  {
    const Drought drought(*pool, 0);
    EXPECT_EQ(Fate(std::move(query)), "delivered");
    const Drought rest(*pool, 0);
    PassMs(50);
    EXPECT_THAT(Sent(), IsEmpty());
  }
  EXPECT_GT(Dropped(DropReason::kNoBuffer), 0u);
  PassMs(20);
  EXPECT_THAT(Sent(), ElementsAre(Report("is-exclude ff05::2")));
}

// Records that do not fit. RFC 3810 §5.2.15.
GroupFilter Many(iface::FilterMode mode, unsigned count) {
  std::vector<Ipv6Address> sources;
  for (unsigned i = 0; i < count; ++i) {
    sources.push_back(
        Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 1, static_cast<uint16_t>(i)}));
  }
  return GroupFilter::Of(mode, sources);
}
size_t SourcesIn(const std::string& line) {
  size_t count = 0;
  for (size_t at = 0; (at = line.find(" source ", at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST_F(MldQueryTest, IncludedSourcesAreSplit) {
  Join(kGroup, Many(iface::FilterMode::kInclude, 200));
  PassMs(10);
  const auto joined = Sent();
  EXPECT_THAT(joined, SizeIs(3));
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 0}));
  PassMs(5);
  const auto said = Sent();
  ASSERT_THAT(said, SizeIs(3));
  EXPECT_EQ(SourcesIn(said[0]), 89u);
  EXPECT_EQ(SourcesIn(said[1]), 89u);
  EXPECT_EQ(SourcesIn(said[2]), 22u);
  EXPECT_LE(last.size(), 1'500u);
}

TEST_F(MldQueryTest, ExcludedSourcesAreCutAlwaysAlike) {
  Join(kGroup, Many(iface::FilterMode::kExclude, 200));
  Quiet();
  std::vector<std::string> before;
  for (int i = 0; i < 3; ++i) {
    Hear(QueryV2({.group = kGroup, .code = 0}));
    PassMs(5);
    const auto said = Sent();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(SourcesIn(said[0]), 89u);
    EXPECT_EQ(last.size(), 40u + 8 + 8 + 20 + 89 * 16);
    if (i != 0) {
      EXPECT_EQ(said, before);
    }
    before = said;
  }
}

TEST_F(MldQueryTest, SmallMtu) {
  lan().SetMtu(1'280);
  Join(kGroup, Many(iface::FilterMode::kInclude, 100));
  PassMs(10);
  const auto said = Sent();
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_EQ(SourcesIn(said[0]), 75u);
  EXPECT_EQ(SourcesIn(said[1]), 25u);
}

}  // namespace
}  // namespace sextant::test
