// SPDX-License-Identifier: BSD-3-Clause
// An interface's groups: limits, who is told, what the link is told and how often.
// RFC 3810 §4.2, RFC 2464 §7, requirement B-6 (::).
// Owned by one Core.
#include "unit/nd/rig.h"

namespace sextant::test {
namespace {

using iface::FilterMode;
using iface::GroupFilter;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kGroup = "ff05::2";
const Address kA = "2001:db8::a";
const Address kB = "2001:db8::b";

// What a link was told, and how often.
struct Told {
  int times = 0;
  bool all = false;
  std::vector<MacAddress> groups;
};

class ToldLink final : public Link {
 public:
  explicit ToldLink(Told& told) : told_(told) {}
  std::string description() const override { return "told"; }
  MacAddress mac_address() const override { return Mac("02:00:00:00:00:09"); }
  size_t mtu() const override { return 1500; }
  bool SetMtu(size_t) override { return true; }
  bool is_up() override { return true; }
  void Receive(Burst&, Core&) override {}
  void Transmit(Burst& frames, Core& core) override {
    frames.Drain([&](PacketPtr p) { core.Drop(std::move(p), DropReason::kLinkFull); });
  }
  void SetGroups(std::span<const MacAddress> groups) override {
    ++told_.times;
    told_.groups.assign(groups.begin(), groups.end());
  }
  void SetAllGroups(bool all) override { told_.all = all; }

 private:
  Told& told_;
};

class InterfaceGroupsTest : public Rig {
 protected:
  InterfaceGroupsTest() { lan1_ = interfaces.Add("lan1", std::make_unique<ToldLink>(told_)); }
  void OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                     const iface::GroupChange& change) override {
    changes_.push_back(interface.name() + ' ' + group.ToString() +
                       (change.joined ? " joined" : "") + (change.left ? " left" : ""));
  }
  std::vector<std::string> Changes() { return std::exchange(changes_, {}); }
  Errno Set(const GroupFilter& from, const GroupFilter& to, const char* group = kGroup) {
    return lan1_->SetFilter(Ip(group), from, to);
  }
  static Ipv6Address Group(unsigned i) {
    return Ipv6Address::FromGroups(
        {0xff05, 0, 0, 0, 0, 0, static_cast<uint16_t>(i >> 16), static_cast<uint16_t>(i)});
  }

  Told told_;
  iface::Interface* lan1_ = nullptr;
  std::vector<std::string> changes_;
};

TEST_F(InterfaceGroupsTest, MembersAreCounted) {
  EXPECT_EQ(lan1_->Join(Ip(kGroup)), Errno::kOk);
  EXPECT_EQ(lan1_->Join(Ip(kGroup)), Errno::kOk);
  EXPECT_TRUE(lan1_->IsMember(Ip(kGroup)));
  EXPECT_FALSE(lan().IsMember(Ip(kGroup))) << "per interface";
  lan1_->Leave(Ip(kGroup));
  EXPECT_TRUE(lan1_->IsMember(Ip(kGroup)));
  lan1_->Leave(Ip(kGroup));
  EXPECT_FALSE(lan1_->IsMember(Ip(kGroup)));
  lan1_->Leave(Ip(kGroup));
  EXPECT_THAT(Changes(), ElementsAre("lan1 ff05::2 joined", "lan1 ff05::2 left"));
}

TEST_F(InterfaceGroupsTest, SourcesAreJudged) {
  const GroupFilter only_a = GroupFilter::Of(FilterMode::kInclude, {kA});
  EXPECT_EQ(Set(GroupFilter::None(), only_a), Errno::kOk);
  EXPECT_TRUE(lan1_->Accepts(Ip(kGroup), kA));
  EXPECT_FALSE(lan1_->Accepts(Ip(kGroup), kB));
  EXPECT_FALSE(lan1_->Accepts(Ip("ff05::3"), kA));
  EXPECT_EQ(Set(only_a, GroupFilter::Of(FilterMode::kExclude, {kA})), Errno::kOk);
  EXPECT_FALSE(lan1_->Accepts(Ip(kGroup), kA));
  EXPECT_TRUE(lan1_->Accepts(Ip(kGroup), kB));
  EXPECT_THAT(Changes(), ElementsAre("lan1 ff05::2 joined", "lan1 ff05::2"));
  EXPECT_EQ(lan1_->groups().at(Ip(kGroup)).members(), 1u);
}

TEST_F(InterfaceGroupsTest, NoMemberIsNoGroup) {
  EXPECT_EQ(Set(GroupFilter::None(), GroupFilter::None()), Errno::kOk);
  EXPECT_THAT(lan1_->groups(), IsEmpty());
  EXPECT_THAT(Changes(), IsEmpty());
}

TEST_F(InterfaceGroupsTest, GroupsAreLimited) {
  core.tunables().mld_max_groups = 16;
  for (unsigned i = 0; i < 16; ++i) EXPECT_EQ(lan1_->Join(Group(i)), Errno::kOk);
  EXPECT_EQ(lan1_->Join(Group(16)), Errno::kNoBuffers);
  EXPECT_FALSE(lan1_->IsMember(Group(16)));
  EXPECT_EQ(lan1_->Join(Group(3)), Errno::kOk) << "another member of one that is there";
  EXPECT_EQ(lan1_->Join(Ipv6Address()), Errno::kOk) << ":: is no group";
  lan1_->Leave(Group(5));
  EXPECT_EQ(lan1_->Join(Group(16)), Errno::kOk);
  lan1_->Leave(Ipv6Address());
}

TEST_F(InterfaceGroupsTest, SourcesAreLimited) {
  core.tunables().mld_max_sources = 64;
  std::vector<Ipv6Address> sources;
  for (unsigned i = 0; i < 65; ++i) sources.push_back(Group(i));
  const GroupFilter all = GroupFilter::Of(FilterMode::kInclude, sources);
  EXPECT_EQ(Set(GroupFilter::None(), all), Errno::kNoBuffers);
  EXPECT_FALSE(lan1_->IsMember(Ip(kGroup)));
  sources.pop_back();
  const GroupFilter some = GroupFilter::Of(FilterMode::kInclude, sources);
  EXPECT_EQ(Set(GroupFilter::None(), some), Errno::kOk);
  EXPECT_EQ(Set(GroupFilter::None(), some), Errno::kOk) << "the same ones";
  EXPECT_EQ(Set(GroupFilter::None(), GroupFilter::Of(FilterMode::kInclude, {kA})),
            Errno::kNoBuffers);
  EXPECT_FALSE(lan1_->Accepts(Ip(kGroup), kA));
  core.tunables().mld_max_sources = 1;
  EXPECT_EQ(Set(some, GroupFilter::None()), Errno::kOk) << "leaving is always possible";
}

// Requirement B-6.
TEST_F(InterfaceGroupsTest, EveryGroup) {
  lan1_->UpdateLink();
  EXPECT_EQ(lan1_->Join(Ipv6Address()), Errno::kOk);
  EXPECT_EQ(lan1_->Join(Ipv6Address()), Errno::kOk);
  lan1_->UpdateLink();
  EXPECT_TRUE(told_.all);
  EXPECT_TRUE(lan1_->IsMember(Ip(kGroup)));
  EXPECT_TRUE(lan1_->Accepts(Ip(kGroup), kA));
  lan1_->Leave(Ipv6Address());
  lan1_->UpdateLink();
  EXPECT_TRUE(told_.all);
  lan1_->Leave(Ipv6Address());
  lan1_->Leave(Ipv6Address());
  lan1_->UpdateLink();
  EXPECT_FALSE(told_.all);
  EXPECT_FALSE(lan1_->IsMember(Ip(kGroup)));
  EXPECT_THAT(Changes(), IsEmpty());
  EXPECT_EQ(lan1_->filter_overflows(), 0u) << "asked for";
}

// Changes reach the link together, and only those that concern it.
TEST_F(InterfaceGroupsTest, LinkIsToldOncePerPoll) {
  core.tunables().mld_max_groups = 1 << 20;
  for (unsigned i = 0; i < 4'000; ++i) EXPECT_EQ(lan1_->Join(Group(i)), Errno::kOk);
  EXPECT_EQ(told_.times, 0);
  lan1_->UpdateLink();
  lan1_->UpdateLink();
  EXPECT_EQ(told_.times, 1);
  EXPECT_THAT(told_.groups, SizeIs(4'000));
  EXPECT_TRUE(std::ranges::is_sorted(told_.groups));
  EXPECT_EQ(told_.groups[7], MacAddress::ForGroup(Group(7)));
  EXPECT_EQ(lan1_->Join(Group(7)), Errno::kOk);
  EXPECT_EQ(
      lan1_->SetFilter(Group(7), GroupFilter::Any(), GroupFilter::Of(FilterMode::kInclude, {kA})),
      Errno::kOk);
  lan1_->UpdateLink();
  EXPECT_EQ(told_.times, 1);
  EXPECT_EQ(
      lan1_->SetFilter(Group(7), GroupFilter::Of(FilterMode::kInclude, {kA}), GroupFilter::None()),
      Errno::kOk);
  lan1_->Leave(Group(7));
  lan1_->UpdateLink();
  EXPECT_EQ(told_.times, 2);
  EXPECT_THAT(told_.groups, SizeIs(3'999));
}

// RFC 2464 §7: ff02::1:2 and ff05::1:2 are one address to the link.
TEST_F(InterfaceGroupsTest, GroupsShareLinkAddresses) {
  EXPECT_EQ(lan1_->Join(Ip("ff02::1:2")), Errno::kOk);
  EXPECT_EQ(lan1_->Join(Ip("ff05::1:2")), Errno::kOk);
  lan1_->UpdateLink();
  EXPECT_THAT(told_.groups, ElementsAre(Mac("33:33:00:01:00:02")));
  lan1_->Leave(Ip("ff02::1:2"));
  lan1_->UpdateLink();
  EXPECT_EQ(told_.times, 1);
  lan1_->Leave(Ip("ff05::1:2"));
  lan1_->UpdateLink();
  EXPECT_THAT(told_.groups, IsEmpty());
}

TEST_F(InterfaceGroupsTest, TooManyForTheLink) {
  core.tunables().mld_max_groups = 1 << 20;
  for (unsigned i = 0; i < 100'000; ++i) ASSERT_EQ(lan1_->Join(Group(i)), Errno::kOk);
  lan1_->UpdateLink();
  EXPECT_TRUE(told_.all);
  EXPECT_EQ(told_.times, 0);
  EXPECT_EQ(lan1_->filter_overflows(), 1u);
  EXPECT_TRUE(lan1_->IsMember(Group(99'999)));
  for (unsigned i = 0; i < 99'990; ++i) lan1_->Leave(Group(i));
  lan1_->UpdateLink();
  EXPECT_FALSE(told_.all);
  EXPECT_THAT(told_.groups, SizeIs(10));
  EXPECT_EQ(lan1_->filter_overflows(), 1u);
}

TEST_F(InterfaceGroupsTest, LoopbackHasGroupsAndNoLink) {
  iface::Interface& lo = interfaces.loopback();
  EXPECT_EQ(lo.Join(Ip(kGroup)), Errno::kOk);
  lo.UpdateLink();
  EXPECT_TRUE(lo.IsMember(Ip(kGroup)));
  EXPECT_EQ(lo.filter_overflows(), 0u);
}

}  // namespace
}  // namespace sextant::test
