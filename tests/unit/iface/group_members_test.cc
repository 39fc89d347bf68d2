// SPDX-License-Identifier: BSD-3-Clause
// The filters of a group's members, merged. RFC 3810 §4.2, beside a model that merges them
// literally.
// Owned by one Core.
#include "iface/group_members.h"

#include <gtest/gtest.h>

#include <set>

#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using iface::FilterMode;
using iface::GroupChange;
using iface::GroupFilter;
using iface::GroupMembers;

const Ipv6Address kS[] = {Ip("2001:db8::1"), Ip("2001:db8::2"), Ip("2001:db8::3")};

GroupFilter In(std::vector<Ipv6Address> sources) {
  return GroupFilter::Of(FilterMode::kInclude, std::move(sources));
}
GroupFilter Ex(std::vector<Ipv6Address> sources = {}) {
  return GroupFilter::Of(FilterMode::kExclude, std::move(sources));
}

struct MergeCase {
  const char* name;
  std::vector<GroupFilter> members;
  GroupFilter want;
};

// The first seven are the RFC's own examples.
// clang-format off
const MergeCase kMergeCases[] = {
    {"TwoExcludesOneInclude", {Ex({kS[0], kS[1]}), Ex({kS[1], kS[2]}), In({kS[2]})},   Ex({kS[1]})},
    {"IncludeTakesFromIt",    {Ex({kS[0], kS[1]}), Ex({kS[1]}), In({kS[1], kS[2]})},   Ex()},
    {"OnlyIncludes",          {In({kS[0]}), In({kS[1]}), In({kS[0], kS[2]})},          In({kS[0], kS[1], kS[2]})},
    {"AnySource",             {Ex()},                                                  Ex()},
    {"AnySourceBeatsAll",     {Ex(), Ex({kS[0]}), In({kS[1]})},                        Ex()},
    {"OneExclude",            {Ex({kS[0]})},                                           Ex({kS[0]})},
    {"Disjoint",              {Ex({kS[0]}), Ex({kS[1]})},                              Ex()},
    {"Nobody",                {},                                                      In({})},
    {"NoMember",              {In({})},                                                In({})},
};
// clang-format on

class MergeFilterTest : public testing::TestWithParam<MergeCase> {};

TEST_P(MergeFilterTest, Merges) {
  GroupMembers group;
  for (const GroupFilter& filter : GetParam().members) group.Replace(GroupFilter::None(), filter);
  EXPECT_EQ(group.Merged(), GetParam().want);
  for (const Ipv6Address& source : kS) {
    EXPECT_EQ(group.Accepts(source), GetParam().want.Accepts(source));
  }
  for (const GroupFilter& filter : GetParam().members) group.Replace(filter, GroupFilter::None());
  EXPECT_EQ(group.members(), 0u);
  EXPECT_EQ(group.named(), 0u);
  EXPECT_EQ(group.Merged(), GroupFilter::None());
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, MergeFilterTest, testing::ValuesIn(kMergeCases), kNameOf);

// RFC 3810 §4.2, word by word.
GroupFilter Model(const std::vector<GroupFilter>& members) {
  std::set<Ipv6Address> included;
  std::set<Ipv6Address> excluded;
  bool exclude = false;
  for (const GroupFilter& filter : members) {
    if (filter.mode == FilterMode::kInclude) {
      included.insert(filter.sources.begin(), filter.sources.end());
      continue;
    }
    std::set<Ipv6Address> both;
    for (const Ipv6Address& source : filter.sources) {
      if (!exclude || excluded.contains(source)) both.insert(source);
    }
    excluded = both;
    exclude = true;
  }
  if (!exclude) return In({included.begin(), included.end()});
  for (const Ipv6Address& source : included) excluded.erase(source);
  return Ex({excluded.begin(), excluded.end()});
}

void CheckChange(const GroupChange& change, const GroupFilter& before, const GroupFilter& after) {
  EXPECT_EQ(change.before, before.mode);
  EXPECT_EQ(change.after, after.mode);
  if (before.mode != after.mode) return;
  std::vector<Ipv6Address> allowed;
  std::vector<Ipv6Address> blocked;
  for (unsigned i = 0; i < 8; ++i) {
    const auto source =
        Ipv6Address::FromGroups({0x2001, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(i)});
    if (after.Accepts(source) && !before.Accepts(source)) allowed.push_back(source);
    if (!after.Accepts(source) && before.Accepts(source)) blocked.push_back(source);
  }
  EXPECT_EQ(change.allowed, allowed);
  EXPECT_EQ(change.blocked, blocked);
}

TEST(GroupMembersTest, RandomMembersAsTheModel) {
  SeededRng rng(Seed());
  for (int run = 0; run < 200; ++run) {
    GroupMembers group;
    std::vector<GroupFilter> members(1 + rng.Below(5));
    for (int step = 0; step < 60; ++step) {
      GroupFilter& member = members[rng.Below(static_cast<uint32_t>(members.size()))];
      std::vector<Ipv6Address> sources;
      for (uint32_t n = rng.Below(5); n > 0; --n) {
        sources.push_back(Ipv6Address::FromGroups(
            {0x2001, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(rng.Below(8))}));
      }
      const GroupFilter to =
          GroupFilter::Of(rng.Below(2) == 0 ? FilterMode::kInclude : FilterMode::kExclude, sources);
      const GroupFilter before = Model(members);
      const uint32_t count = group.members();
      const GroupChange change = group.Replace(member, to);
      member = to;
      const GroupFilter after = Model(members);
      ASSERT_EQ(group.Merged(), after);
      CheckChange(change, before, after);
      EXPECT_EQ(change.joined, count == 0 && group.members() != 0);
      EXPECT_EQ(change.left, count != 0 && group.members() == 0);
      ASSERT_FALSE(testing::Test::HasFailure()) << "SX_SEED=" << Seed();
    }
  }
}

}  // namespace
}  // namespace sextant::test
