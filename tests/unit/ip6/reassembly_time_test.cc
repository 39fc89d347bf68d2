// SPDX-License-Identifier: BSD-3-Clause
// Sixty seconds from the first fragment that arrived, and what is said then.
// RFC 8200 §4.5, RFC 4443 §3.3.
#include "ip6/reassembly_rig.h"

namespace sextant::test {
namespace {

constexpr wire::Icmp6Error kTimeExceeded = {wire::Icmp6Type::kTimeExceeded, 1, 0};
constexpr Duration kTimeout = Duration::Seconds(60);
constexpr Duration kTick = Duration::Milliseconds(2);

struct ExpiryCase {
  const char* name;
  const char* section;
  const char* fragments;
  const char* told_about;  // the fragment that is quoted; "" for silence
  const char* destination = "2001:db8::1";
};

// clang-format off
const ExpiryCase kExpiryCases[] = {
    {"FirstOnly",      "RFC 8200 §4.5", "0+8m",                  "0+8m"},
    {"FirstOnlyLong",  "RFC 8200 §4.5", "0+1232m",               "0+1232m"},
    {"FirstWithGap",   "RFC 8200 §4.5", "0+8m 16+8",             "0+8m"},
    {"GapThenFirst",   "RFC 8200 §4.5", "1240+8 0+1232mu8",      "0+1232mu8"},
    {"SecondOnly",     "RFC 8200 §4.5", "8+8",                   ""},
    {"SecondOnlyLong", "RFC 8200 §4.5", "8+1232m",               ""},
    {"Many",           "RFC 8200 §4.5", "8+8m 24+8m 0+8m 56+8m 40+8m 72+8", "0+8m"},
    {"ToGroup",        "RFC 4443 §2.4", "0+8m",                  "",     "ff02::1"},
};
// clang-format on

class ExpiryTest : public testing::TestWithParam<ExpiryCase> {};

TEST_P(ExpiryTest, TellsTheSource) {
  const ExpiryCase& c = GetParam();
  ReassemblyRig rig;
  size_t count = 0;
  for (FragmentSpec spec : ParseFragments(c.fragments)) {
    spec.destination = Ip(c.destination);
    EXPECT_EQ(rig.Take(spec).text(), "held");
    ++count;
  }
  rig.core.Pass(kTimeout - kTick);
  EXPECT_EQ(rig.statistics().fragments, count);
  rig.core.Pass(kTick + kTick);
  EXPECT_EQ(rig.statistics().fragments, 0U);
  EXPECT_EQ(rig.statistics().expired, 1U);
  const auto refused = TakeRefused(rig.core.core);
  const bool told = *c.told_about != '\0';
  ASSERT_EQ(refused.size(), told ? 1U : 0U) << c.section;
  EXPECT_EQ(rig.core.dropped(DropReason::kFragmentTimeout), count - refused.size());
  if (!told) return;
  auto quoted = FragmentSpec::Parse(c.told_about);
  quoted.destination = Ip(c.destination);
  EXPECT_EQ(refused[0].packet, quoted.bytes()) << "as it was received";
  EXPECT_EQ(refused[0].error, kTimeExceeded);
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, ExpiryTest, testing::ValuesIn(kExpiryCases), kNameOf);

TEST(ReassemblyTimeTest, RunsFromTheFirstThatArrivedAndIsNotRefreshed) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("8+8"), "held");
  rig.core.Pass(Duration::Seconds(59));
  EXPECT_EQ(rig.Run("24+8m"), "fragment-length");
  EXPECT_EQ(rig.Run("8+8m"), "held");
  rig.core.Pass(Duration::Seconds(30));
  EXPECT_EQ(rig.Run("16+8m"), "held");
  rig.core.Pass(Duration::Seconds(29));
  EXPECT_EQ(rig.statistics().fragments, 2U);
  rig.core.Pass(Duration::Seconds(2));
  EXPECT_EQ(rig.statistics().fragments, 0U);
}

TEST(ReassemblyTimeTest, CompletedOnesSayNothing) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("0+8m 8+8 0+16mi2 8+16mi2"), "held whole held fragment-overlap");
  rig.core.Pass(kTimeout + kTick);
  EXPECT_TRUE(rig.core.core.refused().empty());
  EXPECT_EQ(rig.statistics().expired, 0U);
}

TEST(ReassemblyTimeTest, ManyExpireInTheirOrder) {
  ReassemblyRig rig(2048);
  for (uint32_t i = 0; i < 1000; ++i) {
    FragmentSpec spec = FragmentSpec::Parse("8+8m");
    spec.identification = i;
    spec.source = static_cast<uint16_t>(i);
    EXPECT_EQ(rig.Take(spec).text(), "held");
    rig.core.Pass(Duration::Milliseconds(10));
  }
  rig.core.Pass(kTimeout - Duration::Seconds(10) - kTick);
  for (size_t left = 1000; left > 0; left -= 100) {
    EXPECT_NEAR(static_cast<double>(rig.statistics().datagrams), static_cast<double>(left), 1);
    rig.core.Pass(Duration::Seconds(1));
  }
  rig.core.Pass(Duration::Seconds(1));
  EXPECT_EQ(rig.statistics().datagrams, 0U);
}

// More than one call of the timer ends; the rest follows at the next ticks.
TEST(ReassemblyTimeTest, ThousandsAtOnce) {
  ReassemblyRig rig;
  for (uint32_t i = 0; i < 2000; ++i) {
    FragmentSpec spec = FragmentSpec::Parse("8+8m");
    spec.source = static_cast<uint16_t>(i);
    EXPECT_EQ(rig.Take(spec).text(), "held");
  }
  rig.core.Pass(kTimeout + kTick);
  EXPECT_LT(rig.statistics().datagrams, 2000U);
  for (int i = 0; i < 20; ++i) rig.core.Pass(kTick);
  EXPECT_EQ(rig.statistics().datagrams, 0U);
}

TEST(ReassemblyTimeTest, TimeoutMayBeChanged) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("8+8"), "held");
  rig.tunables().reassembly_timeout_ms = 1000;
  EXPECT_EQ(rig.Run("8+8i2"), "held");
  rig.core.Pass(Duration::Seconds(2));
  EXPECT_EQ(rig.statistics().datagrams, 0U);
}

TEST(ReassemblyTimeTest, TombstonesEndWithTheDatagramsTime) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("0+16m"), "held");
  rig.core.Pass(Duration::Seconds(20));
  EXPECT_EQ(rig.Run("8+16m 0+8m"), "fragment-overlap fragment-tombstone");
  rig.core.Pass(Duration::Seconds(39));
  EXPECT_EQ(rig.Run("0+8m"), "fragment-tombstone");
  rig.core.Pass(Duration::Seconds(2));
  EXPECT_EQ(rig.Run("0+8m 8+8"), "held whole");
}

// No packet to quote the first fragment in: dropped like the others.
TEST(ReassemblyTimeTest, DryPool) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("0+8m"), "held");
  const Drought drought(*rig.core.pool, 0);
  rig.core.Pass(kTimeout + kTick);
  EXPECT_EQ(rig.core.dropped(DropReason::kFragmentTimeout), 1U);
  EXPECT_TRUE(rig.core.core.refused().empty());
}

TEST(ReassemblyTimeTest, StopDropsEverything) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run("0+8m 1240+1232mi2 8+8m"), "held held held");
  rig.reassembly.Stop(rig.core.core);
  EXPECT_EQ(rig.core.dropped(DropReason::kHostStopped), 3U);
  EXPECT_EQ(rig.statistics().bytes, rig.empty_bytes);
  EXPECT_EQ(rig.core.core.timers().armed(), 0U);
}

}  // namespace
}  // namespace sextant::test
