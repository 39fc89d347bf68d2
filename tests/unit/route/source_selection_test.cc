// SPDX-License-Identifier: BSD-3-Clause
// Source address selection as a table: the rules of RFC 6724 §5, and its own examples (§10.1).
#include "route/source_selection.h"

#include "nd/rig.h"

namespace sextant {
namespace {

using iface::AddressState;
using route::SourceRule;
using test::Ip;

struct Candidate {
  const char* address;
  AddressState state = AddressState::kPreferred;
};

struct SourceCase {
  const char* name;
  const char* section;
  const char* destination;
  std::vector<Candidate> candidates;  // in the order of configuration
  const char* want;                   // empty: none
  SourceRule rule;
};

// clang-format off
const SourceCase kSourceCases[] = {
    {"NoAddress",           "RFC 6724 §5",       "2001:db8::1", {},                                                                   "", {}},
    {"OnlyTentative",       "RFC 4862 §5.4",     "2001:db8::1", {{"2001:db8::2", AddressState::kTentative}},                          "", {}},
    {"OnlyCandidate", "RFC 6724 §5", "2001:db8::1", {{"fe80::2"}}, "fe80::2", SourceRule::kOnlyCandidate},
    {"SameAddress", "RFC 6724 §5 r1", "2001:db8::2", {{"2001:db8::3"}, {"2001:db8::2"}}, "2001:db8::2", SourceRule::kSameAddress},
    {"GlobalForGlobal", "RFC 6724 §10.1", "2001:db8:1::1", {{"fe80::1"}, {"2001:db8:3::1"}}, "2001:db8:3::1", SourceRule::kScope},
    {"LinkLocalForLink", "RFC 6724 §5 r2", "fe80::9", {{"2001:db8::2"}, {"fe80::2"}}, "fe80::2", SourceRule::kScope},
    {"GroupOfLinkScope", "RFC 6724 §10.1", "ff02::1", {{"2001:db8:3::1"}, {"fe80::1"}}, "fe80::1", SourceRule::kScope},
    {"GroupOfGlobalScope", "RFC 6724 §10.1", "ff0e::1", {{"fe80::1"}, {"2001:db8:3::1"}}, "2001:db8:3::1", SourceRule::kScope},
    {"NotDeprecated", "RFC 6724 r3", "2001:db8::9", {{"2001:db8::2", AddressState::kDeprecated}, {"2001:db9::2"}}, "2001:db9::2", SourceRule::kNotDeprecated},
    {"DeprecatedIfAlone", "RFC 6724 §5 r3", "2001:db8::1", {{"2001:db8::2", AddressState::kDeprecated}}, "2001:db8::2", SourceRule::kOnlyCandidate},
    {"ScopeBeforeState", "RFC 6724 §5 r2", "2001:db8::1", {{"fe80::2"}, {"2001:db8::2", AddressState::kDeprecated}}, "2001:db8::2", SourceRule::kScope},
    {"LabelUlaForUla", "RFC 6724 §5 r6", "fd00:6::1", {{"2001:db8::2"}, {"fd00:7::2"}}, "fd00:7::2", SourceRule::kLabel},
    {"LabelGlobalForGlobal","RFC 6724 §5 r6", "2001:db8::1", {{"fd00:6::2"}, {"2001:db9::2"}}, "2001:db9::2", SourceRule::kLabel},
    {"Label6to4", "RFC 6724 §10.1", "2002:c633:6401::9", {{"2001:db8:1::2"}, {"2002:c633:6401::2"}}, "2002:c633:6401::2", SourceRule::kLabel},
    {"LongestPrefix", "RFC 6724 §10.1", "2001:db8:1::1", {{"2001:db8:3::2"}, {"2001:db8:1::2"}}, "2001:db8:1::2", SourceRule::kLongestPrefix},
    {"FirstConfigured", "RFC 6724 §5", "2001:db8:1::1", {{"2001:db8:1::3"}, {"2001:db8:1::2"}}, "2001:db8:1::3", SourceRule::kFirstConfigured},
};
// clang-format on

class SourceTest : public test::Rig, public testing::WithParamInterface<SourceCase> {};

TEST_P(SourceTest, Chooses) {
  const SourceCase& c = GetParam();
  for (const Candidate& candidate : c.candidates) AddAddress(candidate.address, candidate.state);
  const auto choice = route::ExplainSource(lan(), Ip(c.destination));
  ASSERT_EQ(choice.has_value(), *c.want != '\0') << c.section;
  if (!choice) return;
  EXPECT_EQ(choice->address, Ip(c.want)) << c.section;
  EXPECT_EQ(choice->rule, c.rule) << c.section;
}

INSTANTIATE_TEST_SUITE_P(Rfc6724, SourceTest, testing::ValuesIn(kSourceCases), test::kNameOf);

TEST(PolicyTable, IsTheDefaultOne) {
  struct Row {
    const char* address;
    int precedence;
    int label;
  };
  // RFC 6724 §2.1.
  const Row rows[] = {{"::1", 50, 0},      {"2001:db8::1", 40, 1}, {"::ffff:1.2.3.4", 35, 4},
                      {"2002::1", 30, 2},  {"2001::1", 5, 5},      {"fd00::1", 3, 13},
                      {"::1.2.3.4", 1, 3}, {"fec0::1", 1, 11},     {"3ffe::1", 1, 12},
                      {"fe80::1", 40, 1}};
  for (const Row& row : rows) {
    EXPECT_EQ(route::FindPolicy(Ip(row.address)).precedence, row.precedence) << row.address;
    EXPECT_EQ(route::FindPolicy(Ip(row.address)).label, row.label) << row.address;
  }
}

}  // namespace
}  // namespace sextant
