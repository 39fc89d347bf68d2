// SPDX-License-Identifier: BSD-3-Clause
// State change reports: every change of an interface's filter, what is repeated, what is merged.
// RFC 3810 §6.1.
// Owned by one Core.
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using iface::GroupFilter;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

// One member goes from this filter to that one.
struct ChangeCase {
  const char* name;
  GroupFilter from;
  GroupFilter to;
  const char* want;  // the record; "": none
};

// RFC 3810 §6.1, the table of differences.
// clang-format off
const ChangeCase kChangeCases[] = {
    {"JoinAny",           GroupFilter::None(), Exclude(),           "to-exclude ff05::2"},
    {"JoinExcluding",     GroupFilter::None(), Exclude({kA}),       "to-exclude ff05::2 source 2001:db8::a"},
    {"JoinOneSource",     GroupFilter::None(), Include({kA}),       "allow ff05::2 source 2001:db8::a"},
    {"LeaveAny",          Exclude(),           GroupFilter::None(), "to-include ff05::2"},
    {"LeaveExcluding",    Exclude({kA}),       GroupFilter::None(), "to-include ff05::2"},
    {"LeaveOneSource",    Include({kA}),       GroupFilter::None(), "block ff05::2 source 2001:db8::a"},
    {"MoreSources",       Include({kA}),       Include({kA, kB}),   "allow ff05::2 source 2001:db8::b"},
    {"FewerSources",      Include({kA, kB}),   Include({kB}),       "block ff05::2 source 2001:db8::a"},
    {"OtherSources",      Include({kA}),       Include({kB}),       "allow ff05::2 source 2001:db8::b block ff05::2 source 2001:db8::a"},
    {"ExcludeMore",       Exclude(),           Exclude({kA}),       "block ff05::2 source 2001:db8::a"},
    {"ExcludeFewer",      Exclude({kA, kB}),   Exclude({kB}),       "allow ff05::2 source 2001:db8::a"},
    {"ExcludeOthers",     Exclude({kA}),       Exclude({kB}),       "allow ff05::2 source 2001:db8::a block ff05::2 source 2001:db8::b"},
    {"IncludeToExclude",  Include({kA}),       Exclude({kB}),       "to-exclude ff05::2 source 2001:db8::b"},
    {"ExcludeToInclude",  Exclude({kB}),       Include({kA}),       "to-include ff05::2 source 2001:db8::a"},
    {"NothingInclude",    Include({kA}),       Include({kA}),       ""},
    {"NothingExclude",    Exclude({kA}),       Exclude({kA}),       ""},
};
// clang-format on

class ChangeTest : public MldRig, public testing::WithParamInterface<ChangeCase> {};

TEST_P(ChangeTest, IsReportedTwice) {
  Join(kGroup, GetParam().from);
  Quiet();
  Set(kGroup, GetParam().from, GetParam().to);
  const std::string head =
      "fe80::ff:fe00:2 > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report ";
  const bool any = *GetParam().want != '\0';
  EXPECT_THAT(Sent(), SizeIs(any ? 1 : 0));
  PassMs(1'010);
  const auto again = Sent();
  if (any) {
    EXPECT_THAT(again, ElementsAre(head + GetParam().want));
  } else {
    EXPECT_THAT(again, IsEmpty());
  }
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(listener.pending(), 0u);
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, ChangeTest, testing::ValuesIn(kChangeCases), kNameOf);

class MergeTest : public MldRig {
 protected:
  MergeTest() { core.tunables().mld_robustness = 3; }
  // What follows "mldv2-report" in everything that was sent.
  std::vector<std::string> Records() {
    std::vector<std::string> out;
    for (const std::string& line : Sent()) out.push_back(line.substr(line.find("report ") + 7));
    return out;
  }
};

// The earlier change's reports end; each source is named as often as the robustness variable says.
TEST_F(MergeTest, SourcesKeepTheirCounts) {
  Join(kGroup, Include({kA}));
  EXPECT_THAT(Records(), ElementsAre("allow ff05::2 source 2001:db8::a"));
  Set(kGroup, Include({kA}), Include({kA, kB}));
  EXPECT_THAT(Records(), ElementsAre("allow ff05::2 source 2001:db8::a source 2001:db8::b"));
  PassMs(5'000);
  EXPECT_THAT(Records(), ElementsAre("allow ff05::2 source 2001:db8::a source 2001:db8::b",
                                     "allow ff05::2 source 2001:db8::b"));
}

// What is said of a source is what is true when it is said.
TEST_F(MergeTest, AllowedThenBlocked) {
  Join(kGroup, Include({kA, kB}));
  Set(kGroup, Include({kA, kB}), Include({kB}));
  EXPECT_THAT(Records(),
              ElementsAre("allow ff05::2 source 2001:db8::a source 2001:db8::b",
                          "allow ff05::2 source 2001:db8::b block ff05::2 source 2001:db8::a"));
  PassMs(5'000);
  EXPECT_THAT(Records(),
              ElementsAre("allow ff05::2 source 2001:db8::b block ff05::2 source 2001:db8::a",
                          "block ff05::2 source 2001:db8::a"));
}

// A change of mode goes out as often, whatever happens to the sources meanwhile.
TEST_F(MergeTest, ModeChangeComesFirst) {
  Join(kGroup, Exclude());
  Set(kGroup, Exclude(), Exclude({kA}));
  EXPECT_THAT(Records(),
              ElementsAre("to-exclude ff05::2", "to-exclude ff05::2 source 2001:db8::a"));
  PassMs(5'000);
  EXPECT_THAT(Records(), ElementsAre("to-exclude ff05::2 source 2001:db8::a",
                                     "block ff05::2 source 2001:db8::a"));
}

TEST_F(MergeTest, JoinLeaveJoin) {
  Join(kGroup);
  Set(kGroup, Exclude(), GroupFilter::None());
  Join(kGroup, Include({kA}));
  EXPECT_THAT(Records(), ElementsAre("to-exclude ff05::2", "to-include ff05::2",
                                     "to-include ff05::2 source 2001:db8::a"));
  PassMs(5'000);
  EXPECT_THAT(Records(), ElementsAre("to-include ff05::2 source 2001:db8::a",
                                     "allow ff05::2 source 2001:db8::a"));
}

// Members that agree with what the interface wants already change nothing.
TEST_F(MergeTest, OnlyTheInterfaceCounts) {
  Join(kGroup, Exclude({kA}));
  Join(kGroup, Exclude({kA, kB}));
  Join(kGroup, Include({kB}));
  PassMs(5'000);
  EXPECT_THAT(Records(), Each(testing::Eq("to-exclude ff05::2 source 2001:db8::a")));
  Join(kGroup, Exclude());
  PassMs(5'000);
  EXPECT_THAT(Records(),
              ElementsAre("allow ff05::2 source 2001:db8::a", "allow ff05::2 source 2001:db8::a",
                          "allow ff05::2 source 2001:db8::a"));
}

// At one time, many: the first few at once, the others together.
TEST_F(MergeTest, ManyChangesShareReports) {
  for (unsigned i = 0; i < 500; ++i) {
    lan().Join(Ipv6Address::FromGroups({0xff05, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(i + 1)}));
  }
  EXPECT_LE(Sent().size(), 8u + 7u);
  PassMs(5'000);
  EXPECT_EQ(listener.pending(), 0u);
  EXPECT_EQ(link().size(), 500u);
  Sent();
  for (unsigned i = 0; i < 500; ++i) {
    lan().Leave(Ipv6Address::FromGroups({0xff05, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(i + 1)}));
  }
  PassMs(5'000);
  EXPECT_EQ(link().size(), 0u) << "nothing is remembered of what is gone";
  Sent();
}

// LIMIT: more changed sources than are counted one by one.
TEST_F(MergeTest, VeryManySources) {
  Join(kGroup, Exclude());
  Quiet();
  std::vector<Ipv6Address> sources;
  for (unsigned i = 0; i < 300; ++i) {
    sources.push_back(
        Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 1, static_cast<uint16_t>(i)}));
  }
  Set(kGroup, Exclude(), GroupFilter::Of(iface::FilterMode::kExclude, sources));
  EXPECT_THAT(Records(), ElementsAre(StartsWith("to-exclude ff05::2 source 2001:db8::1:0 ")));
  PassMs(5'000);
  EXPECT_EQ(listener.pending(), 0u);
  Sent();
}

TEST_F(MergeTest, EveryGroupIsNeverReported) {
  EXPECT_EQ(lan().Join(Ipv6Address()), Errno::kOk);
  PassMs(3'000);
  lan().Leave(Ipv6Address());
  PassMs(3'000);
  EXPECT_THAT(Records(), IsEmpty());
}

// The link was down: everything is said anew, as a change that states the whole filter.
TEST_F(MergeTest, ReportAllSaysTheWholeFilter) {
  Join(kGroup, Include({kA, kB}));
  Join(kOtherGroup, Exclude({kC}));
  Quiet();
  listener.ReportAll(lan());
  PassMs(3'100);
  const auto said = Records();
  size_t include = 0;
  size_t exclude = 0;
  for (const std::string& line : said) {
    include +=
        line.find("to-include ff05::2 source 2001:db8::a source 2001:db8::b") != std::string::npos;
    exclude += line.find("to-exclude ff05::3 source 2001:db8::c") != std::string::npos;
  }
  EXPECT_EQ(include, 3u);
  EXPECT_EQ(exclude, 3u);
}

}  // namespace
}  // namespace sextant::test
