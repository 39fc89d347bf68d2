// SPDX-License-Identifier: BSD-3-Clause
// Beside a querier that speaks MLDv1. RFC 2710 §4, §5; RFC 3810 §8.2.1, §9.12.
// Owned by one Core.
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using iface::GroupFilter;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using wire::MldVersion;

constexpr const char* kReported =
    "fe80::ff:fe00:2 > ff05::2 hl 1 hop-by-hop router-alert 0 icmp6 mld-report ff05::2";
constexpr const char* kDone =
    "fe80::ff:fe00:2 > ff02::2 hl 1 hop-by-hop router-alert 0 icmp6 mld-done ff05::2";

class V1Test : public MldRig {
 protected:
  // A general query of version 1, and its answers.
  void FallBack() {
    EXPECT_EQ(Hear(QueryV1("::", 100)), "delivered");
    PassMs(200);
    Sent();
    ASSERT_EQ(link().version(), MldVersion::kV1);
  }
};

TEST_F(V1Test, QueryOfVersionOneSwitches) {
  Join(kGroup);
  Quiet();
  EXPECT_EQ(link().version(), MldVersion::kV2);
  FallBack();
  EXPECT_EQ(link().reported(Ip(kGroup)), MldVersion::kV1);
}

TEST_F(V1Test, WithoutAnyGroup) {
  EXPECT_EQ(Hear(QueryV1("::", 100)), "delivered");
  Join(kGroup);
  EXPECT_THAT(Sent(), ElementsAre(kReported));
}

TEST_F(V1Test, MaySwitchTheFallbackOff) {
  core.tunables().mld_v1_fallback = 0;
  Join(kGroup);
  Quiet();
  Hear(QueryV1("::", 100));
  PassMs(110);
  EXPECT_THAT(Sent(), ElementsAre(testing::HasSubstr("mldv2-report is-exclude ff05::2")));
}

// RFC 2710 §4: a random time for every group, up to the query's.
TEST_F(V1Test, GeneralQuery) {
  Join(kGroup);
  Join(kOtherGroup);
  Join("ff02::1");
  Quiet();
  Hear(QueryV1("::", 2'000));
  PassMs(2'010);
  EXPECT_THAT(Sent(),
              testing::UnorderedElementsAre(kReported, testing::HasSubstr("mld-report ff05::3")));
  PassMs(30'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(V1Test, SpecificQuery) {
  Join(kGroup);
  Join(kOtherGroup);
  Quiet();
  Hear(QueryV1(kGroup, 1'000));
  PassMs(1'010);
  EXPECT_THAT(Sent(), ElementsAre(kReported));
  Hear(QueryV1(kGroup, 0));
  PassMs(5);
  EXPECT_THAT(Sent(), ElementsAre(kReported)) << "at once";
  Hear(QueryV1("ff05::99", 0));
  PassMs(5);
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 2710 §4: a running timer is shortened, never prolonged.
TEST_F(V1Test, ShorterDelayWins) {
  Join(kGroup);
  Quiet();
  FallBack();
  Hear(QueryV1(kGroup, 60'000));
  Hear(QueryV1(kGroup, 10));
  Hear(QueryV1(kGroup, 60'000));
  PassMs(15);
  EXPECT_THAT(Sent(), ElementsAre(kReported));
  PassMs(70'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 3810 §8.2.1: queries of version 2 are heard as such of version 1; sources are unknown to it.
TEST_F(V1Test, VersionTwoQueriesAreAnsweredByVersionOne) {
  Join(kGroup, Include({kA}));
  Quiet();
  FallBack();
  for (const Texts& sources : {Texts{}, Texts{kA}, Texts{kB}}) {
    Hear(QueryV2({.group = kGroup, .code = 100, .sources = sources}));
    PassMs(110);
    EXPECT_THAT(Sent(), ElementsAre(kReported));
  }
}

// RFC 2710 §4 and §7.10: at once, and again within ten seconds.
TEST_F(V1Test, JoinIsReportedTwice) {
  Join(kOtherGroup);
  Quiet();
  FallBack();
  Join(kGroup);
  EXPECT_THAT(Sent(), ElementsAre(kReported));
  EXPECT_EQ(listener.pending(), 1u);
  PassMs(10'010);
  EXPECT_THAT(Sent(), ElementsAre(kReported));
  PassMs(20'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(V1Test, SourcesAreNothingToReport) {
  Join(kGroup, Include({kA}));
  Quiet();
  FallBack();
  Set(kGroup, Include({kA}), Include({kA, kB}));
  Set(kGroup, Include({kA, kB}), Exclude({kC}));
  PassMs(25'000);
  EXPECT_THAT(Sent(), IsEmpty());
}

// RFC 2710 §5: Done is for the last reporter.
TEST_F(V1Test, DoneOfTheLastReporter) {
  Join(kOtherGroup);
  FallBack();
  Join(kGroup);
  Quiet();
  Set(kGroup, Exclude(), GroupFilter::None());
  EXPECT_THAT(Sent(), ElementsAre(kDone));
  PassMs(25'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(link().size(), 1u);
}

TEST_F(V1Test, NoDoneWhenAnotherReportedLater) {
  Join(kOtherGroup);
  FallBack();
  Join(kGroup);
  Quiet();
  EXPECT_EQ(Hear(ReportV1(kGroup)), "delivered");
  Set(kGroup, Exclude(), GroupFilter::None());
  PassMs(25'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(link().size(), 1u);
}

// RFC 2710 §4: suppression, of answers and of what is repeated.
TEST_F(V1Test, ReportsOfOthersSuppressOurs) {
  Join(kGroup);
  Quiet();
  FallBack();
  Hear(QueryV1(kGroup, 1'000));
  Hear(ReportV1(kGroup));
  PassMs(2'000);
  EXPECT_THAT(Sent(), IsEmpty());
  Join(kOtherGroup);
  Sent();
  Hear(ReportV1(kOtherGroup));
  PassMs(25'000);
  EXPECT_THAT(Sent(), IsEmpty());
  Hear(QueryV1(kGroup, 100));
  Hear(ReportV1(kOtherGroup));
  PassMs(110);
  EXPECT_THAT(Sent(), ElementsAre(kReported)) << "only of the same group";
}

// RFC 3810 §8.2.2: version 2 is not suppressed by reports of version 1.
TEST_F(V1Test, VersionTwoIsNotSuppressed) {
  Join(kGroup);
  Quiet();
  Hear(QueryV2({.group = kGroup, .code = 1'000}));
  EXPECT_EQ(Hear(ReportV1(kGroup)), "delivered");
  PassMs(1'010);
  EXPECT_THAT(Sent(), SizeIs(1));
}

// RFC 3810 §8.2.1: changing the version cancels what is pending.
TEST_F(V1Test, SwitchingCancelsWhatIsPending) {
  core.tunables().mld_robustness = 7;
  Join(kGroup);
  Set(kGroup, Exclude(), GroupFilter::None());
  Join(kOtherGroup);
  Hear(QueryV2({.code = 5'000}));
  Hear(QueryV2({.group = kOtherGroup, .code = 5'000}));
  Sent();
  Hear(QueryV1("ff05::99", 0));
  EXPECT_EQ(listener.pending(), 0u);
  PassMs(10'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(link().size(), 1u) << "what was left is forgotten";
}

struct TimeoutCase {
  const char* name;
  uint8_t robustness;  // of an MLDv2 query before; 0xff: none came
  uint8_t interval_code;
  uint16_t response_ms;  // of the MLDv1 query
  int64_t want_s;
};

// RFC 3810 §9.12: robustness × query interval + query response interval.
// clang-format off
const TimeoutCase kTimeoutCases[] = {
    {"Defaults",        0xff, 0,    10'000, 260},
    {"ShortResponse",   0xff, 0,    1'000,  251},
    {"FromQuerier",     3,    60,   10'000, 190},
    {"NothingTold",     0,    0,    10'000, 260},
    {"FloatingQqic",    2,    0x81, 10'000, 282},
};
// clang-format on

class TimeoutTest : public MldRig, public testing::WithParamInterface<TimeoutCase> {};

TEST_P(TimeoutTest, VersionTwoComesBack) {
  const TimeoutCase& c = GetParam();
  Join(kGroup);
  Quiet();
  if (c.robustness != 0xff)
    Hear(QueryV2({.robustness = c.robustness, .interval_code = c.interval_code}));
  Hear(QueryV1("::", c.response_ms));
  Pass(Duration::Seconds(c.want_s) - Duration::Milliseconds(20));
  EXPECT_EQ(link().version(), MldVersion::kV1);
  PassMs(30);
  EXPECT_EQ(link().version(), MldVersion::kV2);
  Sent();
  Hear(QueryV2({.code = 0}));
  PassMs(110);
  EXPECT_THAT(Sent(), ElementsAre(testing::HasSubstr("mldv2-report is-exclude ff05::2")));
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, TimeoutTest, testing::ValuesIn(kTimeoutCases), kNameOf);

TEST_F(V1Test, EveryQueryProlongsIt) {
  Join(kGroup);
  Quiet();
  for (int i = 0; i < 5; ++i) {
    Hear(QueryV1("::", 10'000));
    Pass(Duration::Seconds(250));
    EXPECT_EQ(link().version(), MldVersion::kV1);
    Hear(QueryV1(kGroup, 1'000));
  }
  Pass(Duration::Seconds(261));
  EXPECT_EQ(link().version(), MldVersion::kV2);
  Sent();
}

TEST_F(V1Test, UnspecifiedSourceWhileTentative) {
  Join(kOtherGroup);
  FallBack();
  lan().SetAddressState(Ip(kOurLinkLocal), iface::AddressState::kTentative);
  Join(kGroup);
  EXPECT_THAT(Sent(), ElementsAre(testing::StartsWith(":: > ff05::2 ")));
}

}  // namespace
}  // namespace sextant::test
