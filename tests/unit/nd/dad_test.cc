// SPDX-License-Identifier: BSD-3-Clause
// Duplicate address detection, scene by scene. RFC 4862 §5.4, RFC 7527, RFC 9131.
// Owned by one Core.
#include <set>

#include "unit/nd/nd_rig.h"

namespace sextant::test {
namespace {

using iface::AddressState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kNew = "fd00::5";
constexpr const char* kNewGroup = "ff02::1:ff00:5";
constexpr const char* kHardware = "fe80::1:2";
constexpr const char* kProbe =
    ":: > ff02::1:ff00:5 hl 255 icmp6 ns target fd00::5 nonce => 33:33:ff:00:00:05";
constexpr const char* kAnnouncement =
    "fd00::5 > ff02::2 hl 255 icmp6 na target fd00::5 R=0 S=0 O=0 tlla 02:00:00:00:00:02"
    " => 33:33:00:00:00:02";

const Ip6 kForeignProbe = Ip6().From("::").To(kNewGroup).NeighborSolicitation(kNew);
const Ip6 kDefence =
    Ip6().From(kNew).To("ff02::1").NeighborAdvertisement(kNew, kOverrideFlag, kOtherMac);

class DadTest : public NdRig {
 protected:
  DadTest() {
    core.tunables().dad_delay_ms = 0;
    AddAddress(kNew, AddressState::kTentative);
  }
  void Start(int probes = 1) {
    discovery.dad().Start(lan(), Ip(kNew), probes);
    PassMs(5);
  }
  AddressState State(const char* address = kNew) { return lan().Find(Ip(address))->state; }
  bool IsMember(const char* group = kNewGroup) { return lan().IsMember(Ip(group)); }

  void OnGroupChange(iface::Interface&, const Ipv6Address& group,
                     const iface::GroupChange& change) override {
    sent.push_back((change.joined ? "join " : "leave ") + group.ToString());
  }
  void OnAddressChange(iface::Interface&, const iface::InterfaceAddress&) override { ++changes; }

  int changes = 0;
};

TEST_F(DadTest, UndisturbedBecomesPreferred) {
  Start();
  EXPECT_THAT(Sent(), ElementsAre("join ff02::1:ff00:5", kProbe));
  EXPECT_TRUE(discovery.dad().busy());
  PassMs(990);
  EXPECT_EQ(State(), AddressState::kTentative);
  PassMs(20);
  EXPECT_EQ(State(), AddressState::kPreferred);
  EXPECT_THAT(Sent(), ElementsAre(kAnnouncement));
  EXPECT_FALSE(discovery.dad().busy());
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 9131 is about routers' caches for addresses that packets come back to from afar.
TEST_F(DadTest, LinkLocalIsNotAnnounced) {
  AddAddress("fe80::5", AddressState::kTentative);
  discovery.dad().Start(lan(), Ip("fe80::5"), 1);
  PassMs(1'100);
  EXPECT_EQ(State("fe80::5"), AddressState::kPreferred);
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("join"), HasSubstr("ns target fe80::5")));
}

TEST_F(DadTest, EveryProbeHasANonceOfItsOwn) {
  Start(3);
  std::set<Frame> nonces;
  for (int probe = 0; probe < 3; ++probe) {
    EXPECT_EQ(State(), AddressState::kTentative);
    nonces.insert(Frame(last.end() - 6, last.end()));
    EXPECT_THAT(Sent(), SizeIs(probe == 0 ? 2 : 1));
    PassMs(1'005);
  }
  EXPECT_THAT(nonces, SizeIs(3));
  EXPECT_EQ(State(), AddressState::kPreferred);
}

TEST_F(DadTest, NoProbesNoWaiting) {
  Start(0);
  EXPECT_EQ(State(), AddressState::kPreferred);
  EXPECT_THAT(Sent(), ElementsAre("join ff02::1:ff00:5", kAnnouncement));
}

// RFC 4862 §5.4.2: the join and the first probe come after a random delay.
TEST_F(DadTest, FirstProbeIsDelayed) {
  core.tunables().dad_delay_ms = 1'000;
  std::vector<int64_t> delays;
  for (int i = 0; i < 8; ++i) {
    const Instant start = core.now();
    discovery.dad().Start(lan(), Ip(kNew), 1);
    Sent();
    while (Sent().empty()) PassMs(5);
    delays.push_back((core.now() - start).milliseconds());
    EXPECT_LE(delays.back(), 1'010);
  }
  EXPECT_GT(*std::ranges::max_element(delays) - *std::ranges::min_element(delays), 200);
}

struct ConflictCase {
  const char* name;
  const char* section;
  int64_t at_ms;  // after the first probe
  int probes;
  Frame heard;
  AddressState want;
};

// clang-format off
const ConflictCase kConflictCases[] = {
    {"Defended",        "RFC 4862 §5.4.4", 300,   1, kDefence,                                              AddressState::kDuplicate},
    {"DefendedUnicast", "RFC 4862 §5.4.4", 300,   1, kDefence.To(kNew).NeighborAdvertisement(kNew, 0),      AddressState::kDuplicate},
    {"Contended",       "RFC 4862 §5.4.3", 300,   1, kForeignProbe,                                         AddressState::kDuplicate},
    {"OtherNonce",      "RFC 7527 §4.2",   300,   1, kForeignProbe.Append({14, 1, 1, 2, 3, 4, 5, 6}),       AddressState::kDuplicate},
    {"SecondProbe",     "RFC 4862 §5.4",   1'300, 2, kDefence,                                              AddressState::kDuplicate},
    {"LastMoment",      "RFC 4862 §5.4",   990,   1, kDefence,                                              AddressState::kDuplicate},
    {"TooLate",         "RFC 4862 §5.4.4", 1'100, 1, kDefence,                                              AddressState::kPreferred},
    {"Resolution",      "RFC 4862 §5.4.3", 300,   1, kForeignProbe.From(kPeer),                             AddressState::kPreferred},
    {"AnotherAddress",  "RFC 4862 §5.4.3", 300,   1, kForeignProbe.NeighborSolicitation("fd00:1::5"),       AddressState::kPreferred},
};
// clang-format on

class DadConflictTest : public DadTest, public testing::WithParamInterface<ConflictCase> {};

TEST_P(DadConflictTest, Ends) {
  Start(GetParam().probes);
  PassMs(GetParam().at_ms);
  Sent();
  Hear(GetParam().heard);
  if (GetParam().want == AddressState::kDuplicate) {
    EXPECT_EQ(State(), AddressState::kDuplicate) << "at once";
    EXPECT_THAT(Sent(), ElementsAre("leave ff02::1:ff00:5"));
  }
  PassMs(5'000);
  EXPECT_EQ(State(), GetParam().want);
  EXPECT_EQ(IsMember(), GetParam().want == AddressState::kPreferred);
  EXPECT_FALSE(discovery.dad().busy());
  EXPECT_FALSE(lan().is_disabled());
}

INSTANTIATE_TEST_SUITE_P(Rfc4862, DadConflictTest, testing::ValuesIn(kConflictCases), kNameOf);

// RFC 4862 §5.4.3: another node is quicker; its probe comes while we still wait.
TEST_F(DadTest, ContendedBeforeOurProbe) {
  core.tunables().dad_delay_ms = 10'000;
  discovery.dad().Start(lan(), Ip(kNew), 1);
  Hear(kForeignProbe);
  EXPECT_EQ(State(), AddressState::kDuplicate);
  PassMs(11'000);
  EXPECT_THAT(Sent(), IsEmpty()) << "neither joined nor left, no probe";
}

// Two addresses share a solicited-node group; the one that never joined must not leave it.
TEST_F(DadTest, SharedGroupStays) {
  Start(0);
  core.tunables().dad_delay_ms = 10'000;
  AddAddress("fd00:1::5", AddressState::kTentative);
  discovery.dad().Start(lan(), Ip("fd00:1::5"), 1);
  Hear(kForeignProbe.NeighborSolicitation("fd00:1::5"));
  EXPECT_EQ(State("fd00:1::5"), AddressState::kDuplicate);
  EXPECT_TRUE(IsMember());
}

// RFC 4862 §5.4.5.
TEST_F(DadTest, DuplicateHardwareAddressDisablesTheInterface) {
  AddAddress(kHardware, AddressState::kTentative, true);
  Start();
  discovery.dad().Start(lan(), Ip(kHardware), 1);
  PassMs(100);
  Hear(
      Ip6().From(kHardware).To("ff02::1").NeighborAdvertisement(kHardware, kOverrideFlag, kOurMac));
  EXPECT_TRUE(lan().is_disabled());
  EXPECT_FALSE(lan().is_up());
  EXPECT_FALSE(discovery.dad().busy());
  EXPECT_EQ(State(), AddressState::kDuplicate);
  EXPECT_FALSE(IsMember());
  EXPECT_FALSE(IsMember("ff02::1:ff01:2"));
  Sent();
  PassMs(5'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(DadTest, DuplicateConfiguredLinkLocalDoesNot) {
  AddAddress("fe80::5", AddressState::kTentative, false);
  discovery.dad().Start(lan(), Ip("fe80::5"), 1);
  PassMs(100);
  Hear(kForeignProbe.NeighborSolicitation("fe80::5"));
  EXPECT_EQ(State("fe80::5"), AddressState::kDuplicate);
  EXPECT_FALSE(lan().is_disabled());
}

// RFC 7527 §4.1: a loop gives our probe back; three more, and again until none comes back.
TEST_F(DadTest, LoopedBackProbes) {
  Start();
  for (int looped = 0; looped < 4; ++looped) {
    EXPECT_EQ(Hear(last), DropReason::kNdOwnProbe);
    Sent();
    PassMs(1'005);
    EXPECT_THAT(Sent(), ElementsAre(kProbe));
    EXPECT_EQ(State(), AddressState::kTentative);
  }
  // The first of a second batch; it has not come back, nor do the two behind it.
  PassMs(2'900);
  EXPECT_THAT(Sent(), ElementsAre(kProbe, kProbe));
  EXPECT_EQ(State(), AddressState::kTentative);
  PassMs(200);
  EXPECT_EQ(State(), AddressState::kPreferred);
}

TEST_F(DadTest, OldProbeLoopedBackLate) {
  Start(3);
  const Frame first = last;
  PassMs(2'100);
  EXPECT_EQ(Hear(first), DropReason::kNdOwnProbe);
}

TEST_F(DadTest, ConflictAmongLoopedProbes) {
  Start();
  Hear(last);
  PassMs(1'500);
  Hear(kForeignProbe.Append({14, 1, 9, 9, 9, 9, 9, 9}));
  EXPECT_EQ(State(), AddressState::kDuplicate);
}

// RFC 4862 §5.4: after the link was away, as if for the first time.
TEST_F(DadTest, RestartChecksAgain) {
  AddAddress("fd00::6", AddressState::kTentative);
  Start();
  discovery.dad().Start(lan(), Ip("fd00::6"), 1);
  Hear(kForeignProbe.To("ff02::1:ff00:6").NeighborSolicitation("fd00::6"));
  PassMs(1'100);
  ASSERT_EQ(State(), AddressState::kPreferred);
  Sent();
  discovery.dad().Restart(lan());
  EXPECT_EQ(State(), AddressState::kTentative);
  EXPECT_EQ(State(kOurLinkLocal), AddressState::kTentative);
  EXPECT_EQ(State("fd00::6"), AddressState::kDuplicate);
  PassMs(5);
  EXPECT_THAT(Sent(), testing::UnorderedElementsAre("leave ff02::1:ff00:5", "join ff02::1:ff00:2",
                                                    HasSubstr("fe80::ff:fe00:2"),
                                                    "join ff02::1:ff00:5", kProbe));
  PassMs(1'100);
  EXPECT_EQ(State(), AddressState::kPreferred);
  EXPECT_EQ(State(kOurLinkLocal), AddressState::kPreferred);
  EXPECT_TRUE(IsMember());
}

TEST_F(DadTest, RestartInTheMiddleBeginsAnew) {
  Start();
  Sent();
  PassMs(900);
  discovery.dad().Restart(lan());
  PassMs(900);
  EXPECT_EQ(State(), AddressState::kTentative);
  PassMs(200);
  EXPECT_EQ(State(), AddressState::kPreferred);
  lan().Leave(Ip(kNewGroup));
  EXPECT_FALSE(IsMember()) << "joined exactly once";
}

// Without probes there is nothing to wait for: the address stays in use, and says so again.
TEST_F(DadTest, RestartWithoutProbes) {
  Start(0);
  Sent();
  changes = 0;
  discovery.dad().Restart(lan());
  EXPECT_EQ(changes, 0);
  EXPECT_THAT(Sent(), testing::IsSupersetOf({std::string("leave ff02::1:ff00:5"),
                                             std::string("join ff02::1:ff00:5"),
                                             std::string(kAnnouncement)}));
  EXPECT_TRUE(IsMember());
}

TEST_F(DadTest, ForgetLeavesTheGroup) {
  Start();
  discovery.dad().Forget(lan(), Ip(kNew));
  lan().RemoveAddress(Ip(kNew));
  EXPECT_FALSE(IsMember());
  EXPECT_FALSE(discovery.dad().busy());
  PassMs(2'000);
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("join"), kProbe, HasSubstr("leave")));
}

TEST_F(DadTest, ForgetAfterwards) {
  Start(0);
  discovery.dad().Forget(lan(), Ip(kNew));
  EXPECT_FALSE(IsMember());
}

// Somebody removes the address without telling: the check notices.
TEST_F(DadTest, AddressGoneMeanwhile) {
  Start(2);
  lan().RemoveAddress(Ip(kNew));
  PassMs(2'000);
  EXPECT_FALSE(discovery.dad().busy());
  EXPECT_FALSE(IsMember());
}

TEST_F(DadTest, NoBufferForTheProbe) {
  {
    const Drought drought(*pool, 0);
    Start(2);
  }
  EXPECT_EQ(Dropped(DropReason::kNoBuffer), 1u);
  PassMs(2'100);
  EXPECT_THAT(Sent(), ElementsAre(HasSubstr("join"), kProbe, kAnnouncement));
}

TEST_F(DadTest, LoopbackNeedsNone) {
  interfaces.loopback().AddAddress({Ipv6Address::Loopback(), 128, AddressState::kTentative, false});
  discovery.dad().Start(interfaces.loopback(), Ipv6Address::Loopback(), 1);
  EXPECT_EQ(interfaces.loopback().addresses()[0].state, AddressState::kPreferred);
}

TEST_F(DadTest, TentativeAddressIsNotAnsweredFor) {
  Start();
  Sent();
  Hear(Ip6().From(kPeer).To(kNewGroup).NeighborSolicitation(kNew, kPeerMac));
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(Dropped(DropReason::kIp6Tentative), 1u);
  EXPECT_EQ(StateOf(kPeer), "none");
}

}  // namespace
}  // namespace sextant::test
