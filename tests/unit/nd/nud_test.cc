// SPDX-License-Identifier: BSD-3-Clause
// The states of a neighbor: every row of RFC 4861 Appendix C, and the times between them.
// Owned by one Core.
#include "unit/nd/nd_rig.h"

namespace sextant::test {
namespace {

using nd::NeighborState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const Ip6 kFromPeer = Ip6().From(kPeer).To(kOurLinkLocal);

class NudTest : public NdRig {
 protected:
  // Brings kPeer, at kPeerMac where that is known, into a state by the shortest way.
  void Reach(NeighborState state) {
    switch (state) {
      case NeighborState::kIncomplete:
        SendTo(kPeer);
        break;
      case NeighborState::kReachable:
        SendTo(kPeer);
        Hear(kFromPeer.NeighborAdvertisement(kPeer, kSolicitedFlag, kPeerMac));
        break;
      case NeighborState::kStale:
        Hear(kFromPeer.NeighborSolicitation(kOurLinkLocal, kPeerMac));
        // Our answer is a packet like any other: it starts the delay. Back to STALE.
        Hear(kFromPeer.NeighborAdvertisement(kPeer, kOverrideFlag, kOtherMac));
        Hear(kFromPeer.NeighborAdvertisement(kPeer, kOverrideFlag, kPeerMac));
        break;
      case NeighborState::kDelay:
        Reach(NeighborState::kStale);
        SendTo(kPeer);
        break;
      case NeighborState::kProbe:
        Reach(NeighborState::kDelay);
        PassMs(5'010);
        break;
    }
    Sent();
    ASSERT_EQ(Neighbor(kPeer)->state, state);
  }
};

enum class Lla { kNone, kSame, kOther };

// What an advertisement does, by the state it finds. Null: nothing.
struct AdvertisementCase {
  const char* name;
  uint8_t flags;
  Lla link_address;
  const char* incomplete;
  const char* reachable;
  const char* other;  // STALE, DELAY, PROBE
};

constexpr uint8_t kS = kSolicitedFlag;
constexpr uint8_t kO = kOverrideFlag;
constexpr const char* kStalePeer = "STALE 02:00:00:00:00:01";
constexpr const char* kStaleOther = "STALE 02:00:00:00:00:99";
constexpr const char* kDelayPeer = "DELAY 02:00:00:00:00:01";
constexpr const char* kDelayOther = "DELAY 02:00:00:00:00:99";
constexpr const char* kReachPeer = "REACHABLE 02:00:00:00:00:01";
constexpr const char* kReachOther = "REACHABLE 02:00:00:00:00:99";

// RFC 4861 Appendix C, §7.2.5. What waits for an INCOMPLETE neighbor is sent at once, so that a
// STALE one is in DELAY when we look.
// clang-format off
const AdvertisementCase kAdvertisementCases[] = {
    // name            S O       link address   INCOMPLETE   REACHABLE    STALE, DELAY, PROBE
    {"S0O0NoAddress",  0,        Lla::kNone,    nullptr,     nullptr,     nullptr},
    {"S0O0Same",       0,        Lla::kSame,    kDelayPeer,  nullptr,     nullptr},
    {"S0O0Other",      0,        Lla::kOther,   kDelayOther, kStalePeer,  nullptr},
    {"S0O1NoAddress",  kO,       Lla::kNone,    nullptr,     nullptr,     nullptr},
    {"S0O1Same",       kO,       Lla::kSame,    kDelayPeer,  nullptr,     nullptr},
    {"S0O1Other",      kO,       Lla::kOther,   kDelayOther, kStaleOther, kStaleOther},
    {"S1O0NoAddress",  kS,       Lla::kNone,    nullptr,     kReachPeer,  kReachPeer},
    {"S1O0Same",       kS,       Lla::kSame,    kReachPeer,  kReachPeer,  kReachPeer},
    {"S1O0Other",      kS,       Lla::kOther,   kReachOther, kStalePeer,  nullptr},
    {"S1O1NoAddress",  kS | kO,  Lla::kNone,    nullptr,     kReachPeer,  kReachPeer},
    {"S1O1Same",       kS | kO,  Lla::kSame,    kReachPeer,  kReachPeer,  kReachPeer},
    {"S1O1Other",      kS | kO,  Lla::kOther,   kReachOther, kReachOther, kReachOther},
};
// clang-format on

class NudAdvertisementTest : public NudTest, public testing::WithParamInterface<AdvertisementCase> {
 protected:
  void Expect(NeighborState before, const char* want) {
    Reach(before);
    const std::string unchanged = StateOf(kPeer);
    std::optional<Station> link_address;
    if (GetParam().link_address == Lla::kSame) link_address = kPeerMac;
    if (GetParam().link_address == Lla::kOther) link_address = kOtherMac;
    Hear(kFromPeer.NeighborAdvertisement(kPeer, GetParam().flags, link_address));
    EXPECT_EQ(StateOf(kPeer), want == nullptr ? unchanged : want);
  }
};

TEST_P(NudAdvertisementTest, FindsIncomplete) {
  Expect(NeighborState::kIncomplete, GetParam().incomplete);
}
TEST_P(NudAdvertisementTest, FindsReachable) {
  Expect(NeighborState::kReachable, GetParam().reachable);
}
TEST_P(NudAdvertisementTest, FindsStale) { Expect(NeighborState::kStale, GetParam().other); }
TEST_P(NudAdvertisementTest, FindsDelay) { Expect(NeighborState::kDelay, GetParam().other); }
TEST_P(NudAdvertisementTest, FindsProbe) { Expect(NeighborState::kProbe, GetParam().other); }

INSTANTIATE_TEST_SUITE_P(Rfc4861AppendixC, NudAdvertisementTest,
                         testing::ValuesIn(kAdvertisementCases), kNameOf);

// What else may happen to a neighbor. Only "no entry" needs no state to begin with.
struct EventCase {
  const char* name;
  std::optional<NeighborState> before;
  enum { kHearSame, kHearOther, kHearNone, kConfirm, kSend } event;
  const char* want;
};

constexpr const char* kProbePeer = "PROBE 02:00:00:00:00:01";

// RFC 4861 Appendix C, §7.2.3, §7.3.3. A solicitation heard is answered, and the answer is a
// packet sent: what was STALE for a moment is in DELAY.
// clang-format off
const EventCase kEventCases[] = {
    {"SolicitationNew",             {},                         EventCase::kHearSame,  kDelayPeer},
    {"SolicitationNewBare",         {},                         EventCase::kHearNone,  "INCOMPLETE"},
    {"SolicitationIncomplete",      NeighborState::kIncomplete, EventCase::kHearSame,  kDelayPeer},
    {"SolicitationReachableSame",   NeighborState::kReachable,  EventCase::kHearSame,  kReachPeer},
    {"SolicitationReachableOther",  NeighborState::kReachable,  EventCase::kHearOther, kDelayOther},
    {"SolicitationReachableBare",   NeighborState::kReachable,  EventCase::kHearNone,  kReachPeer},
    {"SolicitationStaleSame",       NeighborState::kStale,      EventCase::kHearSame,  kDelayPeer},
    {"SolicitationStaleOther",      NeighborState::kStale,      EventCase::kHearOther, kDelayOther},
    {"SolicitationDelaySame",       NeighborState::kDelay,      EventCase::kHearSame,  kDelayPeer},
    {"SolicitationDelayOther",      NeighborState::kDelay,      EventCase::kHearOther, kDelayOther},
    {"SolicitationProbeSame",       NeighborState::kProbe,      EventCase::kHearSame,  kProbePeer},
    {"SolicitationProbeOther",      NeighborState::kProbe,      EventCase::kHearOther, kDelayOther},
    {"ConfirmNew",                  {},                         EventCase::kConfirm,   "none"},
    {"ConfirmIncomplete",           NeighborState::kIncomplete, EventCase::kConfirm,   "INCOMPLETE"},
    {"ConfirmReachable",            NeighborState::kReachable,  EventCase::kConfirm,   kReachPeer},
    {"ConfirmStale",                NeighborState::kStale,      EventCase::kConfirm,   kReachPeer},
    {"ConfirmDelay",                NeighborState::kDelay,      EventCase::kConfirm,   kReachPeer},
    {"ConfirmProbe",                NeighborState::kProbe,      EventCase::kConfirm,   kReachPeer},
    {"SendNew",                     {},                         EventCase::kSend,      "INCOMPLETE"},
    {"SendIncomplete",              NeighborState::kIncomplete, EventCase::kSend,      "INCOMPLETE"},
    {"SendReachable",               NeighborState::kReachable,  EventCase::kSend,      kReachPeer},
    {"SendStale",                   NeighborState::kStale,      EventCase::kSend,      kDelayPeer},
    {"SendDelay",                   NeighborState::kDelay,      EventCase::kSend,      kDelayPeer},
    {"SendProbe",                   NeighborState::kProbe,      EventCase::kSend,      kProbePeer},
};
// clang-format on

class NudEventTest : public NudTest, public testing::WithParamInterface<EventCase> {};

TEST_P(NudEventTest, Leads) {
  if (GetParam().before) Reach(*GetParam().before);
  switch (GetParam().event) {
    case EventCase::kHearSame:
      Hear(kFromPeer.NeighborSolicitation(kOurLinkLocal, kPeerMac));
      break;
    case EventCase::kHearOther:
      Hear(kFromPeer.NeighborSolicitation(kOurLinkLocal, kOtherMac));
      break;
    case EventCase::kHearNone:
      Hear(kFromPeer.NeighborSolicitation(kOurLinkLocal));
      break;
    case EventCase::kConfirm:
      discovery.Confirm(kLan, Ip(kPeer));
      break;
    case EventCase::kSend:
      SendTo(kPeer);
      break;
  }
  outbox.Flush();
  EXPECT_EQ(StateOf(kPeer), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Rfc4861AppendixC, NudEventTest, testing::ValuesIn(kEventCases), kNameOf);

// RFC 4861 §7.3.3: use, five seconds, three unicast probes a second apart, gone.
TEST_F(NudTest, UnansweredProbesEndIt) {
  Reach(NeighborState::kStale);
  PassMs(100'000);
  EXPECT_EQ(StateOf(kPeer), kStalePeer) << "nothing happens to what is not used";
  SendTo(kPeer);
  Sent();
  PassMs(4'990);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(StateOf(kPeer), kDelayPeer);
  const char* const kProbe =
      "fe80::ff:fe00:2 > fe80::1 hl 255 icmp6 ns target fe80::1 slla 02:00:00:00:00:02"
      " => 02:00:00:00:00:01";
  for (int probe = 0; probe < 3; ++probe) {
    PassMs(probe == 0 ? 20 : 1'005);
    EXPECT_THAT(Sent(), ElementsAre(kProbe)) << probe;
    EXPECT_EQ(StateOf(kPeer), kProbePeer);
  }
  PassMs(980);
  EXPECT_EQ(StateOf(kPeer), kProbePeer);
  PassMs(40);
  EXPECT_EQ(StateOf(kPeer), "none");
  EXPECT_THAT(Sent(), IsEmpty());
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(NudTest, AnsweredProbeEndsProbing) {
  Reach(NeighborState::kProbe);
  Hear(kFromPeer.NeighborAdvertisement(kPeer, kSolicitedFlag));
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(StateOf(kPeer), kReachPeer);
}

// RFC 4861 §7.3.1: confirmation from above instead of probes.
TEST_F(NudTest, ConfirmationSavesTheProbe) {
  Reach(NeighborState::kDelay);
  PassMs(4'000);
  discovery.Confirm(kLan, Ip(kPeer));
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 4861 §6.3.2: between half and one and a half of the base, not always the same.
TEST_F(NudTest, ReachableTimeIsRandom) {
  std::vector<int64_t> lasted;
  for (int i = 0; i < 10; ++i) {
    Reach(NeighborState::kReachable);
    const Instant since = core.now();
    while (StateOf(kPeer) == kReachPeer) PassMs(50);
    EXPECT_EQ(StateOf(kPeer), kStalePeer);
    lasted.push_back((core.now() - since).milliseconds());
    EXPECT_GE(lasted.back(), 15'000);
    EXPECT_LE(lasted.back(), 45'060);
    discovery.Flush(kLan);
  }
  EXPECT_GT(*std::ranges::max_element(lasted) - *std::ranges::min_element(lasted), 3'000);
}

TEST_F(NudTest, ConfirmationProlongsReachable) {
  core.tunables().nd_reachable_ms = 1'000;
  Reach(NeighborState::kReachable);
  for (int i = 0; i < 100; ++i) {
    PassMs(400);
    ASSERT_EQ(StateOf(kPeer), kReachPeer) << i;
    discovery.Confirm(kLan, Ip(kPeer));
  }
  PassMs(1'510);
  EXPECT_EQ(StateOf(kPeer), kStalePeer);
}

struct RouterCase {
  const char* name;
  uint8_t flags;
  const char* link_address;
  bool is_router;
};

// RFC 4861 §7.2.5: IsRouter is taken from every advertisement that is believed.
// clang-format off
const RouterCase kRouterCases[] = {
    {"Same",          kRouterFlag,                  kPeerMac,  true},
    {"OtherOverride", kRouterFlag | kOverrideFlag,  kOtherMac, true},
    {"OtherDoubted",  kRouterFlag,                  kOtherMac, false},
    {"Cleared",       kSolicitedFlag,               kPeerMac,  false},
};
// clang-format on

class NudRouterTest : public NudTest, public testing::WithParamInterface<RouterCase> {};

TEST_P(NudRouterTest, Remembers) {
  Reach(NeighborState::kReachable);
  Hear(kFromPeer.NeighborAdvertisement(kPeer, GetParam().flags, GetParam().link_address));
  EXPECT_EQ(Neighbor(kPeer)->is_router, GetParam().is_router);
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, NudRouterTest, testing::ValuesIn(kRouterCases), kNameOf);

TEST_F(NudTest, InfoTellsAgeAndState) {
  Reach(NeighborState::kReachable);
  PassMs(2'000);
  const auto info = Neighbor(kPeer);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->age, Duration::Seconds(2));
  EXPECT_EQ(info->interface, kLan);
  EXPECT_EQ(discovery.neighbor_count(), 1u);
}

}  // namespace
}  // namespace sextant::test
