// SPDX-License-Identifier: BSD-3-Clause
// Multicast listener reports: what they say, from where, how often.
// RFC 3810 §5.2, §6.1; RFC 3590 §4.
// Owned by one Core.
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using iface::AddressState;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kSolicited = "ff02::1:ff00:2";
constexpr const char* kJoined =
    "fe80::ff:fe00:2 > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report"
    " to-exclude ff02::1:ff00:2";
constexpr const char* kLeft =
    "fe80::ff:fe00:2 > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report"
    " to-include ff02::1:ff00:2";

class ListenerTest : public MldRig {};

// Byte for byte, so that nothing rests on the code under test.
TEST_F(ListenerTest, ReportBytes) {
  lan().Join(Ip(kSolicited));
  EXPECT_THAT(Sent(), ElementsAre(kJoined));
  constexpr uint8_t kToExclude = 4;
  EXPECT_EQ(last, Ip6().From(kOurLinkLocal).MldReport(kToExclude, kSolicited).bytes());
  EXPECT_EQ(last_meta.interface, kLan);
  EXPECT_EQ(last_meta.next_hop, Ip("ff02::16"));
  EXPECT_EQ(last_meta.upper_offset, 48);
  EXPECT_EQ(last_meta.upper_length, 28);
  EXPECT_EQ(last_meta.upper, 58);
  EXPECT_EQ(last_meta.checksum, ChecksumState::kComplete);
}

// RFC 3810 §6.1: Robustness Variable times in all, within an interval each.
TEST_F(ListenerTest, ReportedTwice) {
  lan().Join(Ip(kSolicited));
  EXPECT_THAT(Sent(), SizeIs(1));
  EXPECT_EQ(listener.pending(), 1u);
  PassMs(1'010);
  EXPECT_THAT(Sent(), ElementsAre(kJoined));
  EXPECT_EQ(listener.pending(), 0u);
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(ListenerTest, RobustnessIsATunable) {
  core.tunables().mld_robustness = 5;
  lan().Join(Ip(kSolicited));
  PassMs(4'050);
  EXPECT_THAT(Sent(), SizeIs(5));
  core.tunables().mld_robustness = 1;
  lan().Leave(Ip(kSolicited));
  EXPECT_EQ(listener.pending(), 0u);
  PassMs(4'050);
  EXPECT_THAT(Sent(), ElementsAre(kLeft));
}

TEST_F(ListenerTest, IntervalsAreRandom) {
  core.tunables().mld_robustness = 7;
  lan().Join(Ip(kSolicited));
  Sent();
  std::vector<int64_t> gaps;
  Instant before = core.now();
  while (gaps.size() < 6) {
    PassMs(5);
    if (Sent().empty()) continue;
    gaps.push_back((core.now() - before).milliseconds());
    before = core.now();
  }
  EXPECT_LE(*std::ranges::max_element(gaps), 1'010);
  EXPECT_GT(*std::ranges::max_element(gaps) - *std::ranges::min_element(gaps), 100);
}

// RFC 3810 §6.1: the newest change is what is repeated.
TEST_F(ListenerTest, LeavingEndsTheJoinsReports) {
  core.tunables().mld_robustness = 3;
  lan().Join(Ip(kSolicited));
  lan().Leave(Ip(kSolicited));
  EXPECT_THAT(Sent(), ElementsAre(kJoined, kLeft));
  PassMs(3'000);
  EXPECT_THAT(Sent(), ElementsAre(kLeft, kLeft));
}

TEST_F(ListenerTest, OnlyFirstAndLastMemberCount) {
  lan().Join(Ip(kSolicited));
  lan().Join(Ip(kSolicited));
  PassMs(1'100);
  EXPECT_THAT(Sent(), SizeIs(2));
  lan().Leave(Ip(kSolicited));
  PassMs(1'100);
  EXPECT_THAT(Sent(), IsEmpty());
  lan().Leave(Ip(kSolicited));
  PassMs(1'100);
  EXPECT_THAT(Sent(), ElementsAre(kLeft, kLeft));
}

struct ScopeCase {
  const char* name;
  const char* group;
  bool reported;
};

// RFC 3810 §6.
// clang-format off
const ScopeCase kScopeCases[] = {
    {"AllNodes",       "ff02::1",    false},
    {"ReservedScope",  "ff00::5",    false},
    {"InterfaceLocal", "ff01::5",    false},
    {"LinkLocal",      "ff02::5",    true},
    {"SiteAllNodes",   "ff05::1",    true},
    {"Global",         "ff0e::5",    true},
    {"Transient",      "ff12::1",    true},
};
// clang-format on

class ListenerScopeTest : public ListenerTest, public testing::WithParamInterface<ScopeCase> {};

TEST_P(ListenerScopeTest, Reports) {
  lan().Join(Ip(GetParam().group));
  EXPECT_EQ(!Sent().empty(), GetParam().reported);
  lan().Leave(Ip(GetParam().group));
  EXPECT_EQ(!Sent().empty(), GetParam().reported);
  listener.ReportAll(lan());
  EXPECT_EQ(listener.pending(), GetParam().reported ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(Rfc3810, ListenerScopeTest, testing::ValuesIn(kScopeCases), kNameOf);

TEST_F(ListenerTest, NeverOnLoopback) {
  interfaces.loopback().Join(Ip("ff02::5"));
  interfaces.loopback().Leave(Ip("ff02::5"));
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 3810 §5.2.13 and RFC 3590 §4: from :: while the address is checked, then once more properly.
TEST_F(ListenerTest, UnspecifiedSourceUntilThereIsAnAddress) {
  lan().SetAddressState(Ip(kOurLinkLocal), AddressState::kTentative);
  lan().Join(Ip(kSolicited));
  lan().Join(Ip("ff02::5"));
  lan().Join(Ip("ff02::1"));
  PassMs(1'100);
  const auto early = Sent();
  EXPECT_THAT(early, SizeIs(4));
  EXPECT_THAT(early, Each(StartsWith(":: > ff02::16 hl 1")));
  lan().SetAddressState(Ip(kOurLinkLocal), AddressState::kPreferred);
  PassMs(2'100);
  const auto late = Sent();
  EXPECT_THAT(late, SizeIs(4));
  EXPECT_THAT(late, Each(StartsWith("fe80::ff:fe00:2 > ff02::16 hl 1")));
  EXPECT_THAT(late, Each(HasSubstr("to-exclude")));
  AddAddress("fd00::2", AddressState::kPreferred);
  PassMs(2'100);
  EXPECT_THAT(Sent(), IsEmpty()) << "owed once";
}

TEST_F(ListenerTest, NothingIsOwedWithoutAnUnspecifiedReport) {
  lan().Join(Ip(kSolicited));
  PassMs(1'100);
  Sent();
  lan().SetAddressState(Ip(kOurLinkLocal), AddressState::kDeprecated);
  AddAddress("fe80::77", AddressState::kPreferred);
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(ListenerTest, GlobalAddressIsNoSource) {
  lan().SetAddressState(Ip(kOurLinkLocal), AddressState::kTentative);
  AddAddress("fd00::2", AddressState::kPreferred);
  lan().Join(Ip(kSolicited));
  EXPECT_THAT(Sent(), ElementsAre(StartsWith(":: > ")));
}

TEST_F(ListenerTest, NoBuffer) {
  {
    const Drought drought(*pool, 0);
    lan().Join(Ip(kSolicited));
  }
  EXPECT_EQ(Dropped(DropReason::kNoBuffer), 1u);
  PassMs(1'100);
  EXPECT_THAT(Sent(), ElementsAre(kJoined)) << "the repetition makes up for it";
}

// A program that joins and leaves without end: what is pending stays bounded.
TEST_F(ListenerTest, PendingIsBounded) {
  for (unsigned i = 0; i < 40'000; ++i) {
    const auto group = Ipv6Address::FromGroups(
        {0xff05, 0, 0, 0, 0, 0, static_cast<uint16_t>(i >> 16), static_cast<uint16_t>(i)});
    lan().Join(group);
    lan().Leave(group);
    if (i % 64 == 0) Sent();
  }
  EXPECT_LE(listener.pending(), 32'768u);
  PassMs(1'100);
  EXPECT_EQ(listener.pending(), 0u);
}

TEST_F(ListenerTest, StopEndsReports) {
  lan().Join(Ip(kSolicited));
  Sent();
  listener.Stop();
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

}  // namespace
}  // namespace sextant::test
