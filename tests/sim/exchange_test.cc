// SPDX-License-Identifier: BSD-3-Clause
// Two hosts exchange datagrams over a segment that loses, repeats, delays and damages them.
// RFC 768, RFC 8085, RFC 4861 §7.2.2.
// Owned by one Core.
#include "sim/echo.h"

namespace sextant::test {
namespace {

constexpr const char* kAlice = "fd00:6::1";
constexpr const char* kBob = "fd00:6::2";

// Two hosts, the second of which echoes.
struct Pair {
  explicit Pair(uint64_t seed, int probes = 0) : simulator(seed) {
    for (const auto& [host, address] : {std::pair{&alice, kAlice}, {&bob, kBob}}) {
      SX_CHECK(host->graph().AddLinkLocal(host->lan(), probes) == Errno::kOk);
      host->AddAddress(address, probes);
    }
  }

  Simulator simulator;
  SimHost& alice = simulator.Add("alice", "02:00:00:00:00:0a");
  SimHost& bob = simulator.Add("bob", "02:00:00:00:00:0b");
  EchoServer server{simulator, bob};
  EchoClient client{simulator, alice, kBob};
};

struct ExchangeCase {
  const char* name;
  LinkFaults faults;
  double answered_low;  // of all questions
  double answered_high;
};

// clang-format off
const ExchangeCase kExchangeCases[] = {
    {"Perfect",     {},                                                                     1,    1},
    {"Slow",        {.delay = Duration::Milliseconds(300)},                                 1,    1},
    {"Jitter",      {.delay = Duration::Milliseconds(5), .jitter = Duration::Milliseconds(50)}, 1, 1},
    {"Duplication", {.duplication = 0.3},                                                   1,    1},
    {"Reordering",  {.reordering = 0.3, .reorder_delay = Duration::Milliseconds(50)},       1,    1},
    {"Loss",        {.loss = 0.2},                                                          0.55, 0.70},
    {"Corruption",  {.corruption = 0.2},                                                    0.55, 0.72},
    {"Truncation",  {.truncation = 0.2},                                                    0.55, 0.70},
    {"Everything",  {.loss = 0.1, .duplication = 0.1, .reordering = 0.1,
                     .reorder_delay = Duration::Milliseconds(30), .corruption = 0.1, .truncation = 0.1,
                     .delay = Duration::Milliseconds(2), .jitter = Duration::Milliseconds(3)}, 0.30, 0.70},
};
// clang-format on

class ExchangeTest : public testing::TestWithParam<std::tuple<ExchangeCase, uint64_t>> {};

TEST_P(ExchangeTest, NothingIsInvented) {
  const auto& [row, offset] = GetParam();
  const uint64_t seed = Seed() + offset;
  const testing::ScopedTrace trace = NameSeed(seed);
  constexpr uint64_t kQuestions = 2000;
  Pair pair(seed);
  pair.client.Ask(1, Duration::Seconds(1));  // finds out where the other one is
  ASSERT_TRUE(pair.simulator.RunFor(Duration::Seconds(1)));
  pair.simulator.hub().SetFaults(row.faults);
  pair.client.Ask(kQuestions - 1, Duration::Milliseconds(10));
  ASSERT_TRUE(pair.simulator.RunUntilIdle());
  const EchoClient& client = pair.client;
  EXPECT_EQ(client.asked(), kQuestions);
  const double answered = static_cast<double>(client.answered()) / kQuestions;
  EXPECT_GE(answered, row.answered_low);
  EXPECT_LE(answered, row.answered_high);
  // Of damaged frames one in thirty fools the Internet checksum, at most.
  EXPECT_LE(client.mangled(), pair.simulator.hub().fault_counts().corrupted / 30);
  EXPECT_EQ(client.repeated() > 0, row.faults.duplication > 0);
  const bool reorders = row.faults.reordering > 0 || row.faults.jitter > Duration::Milliseconds(10);
  EXPECT_EQ(client.overtaken() > 0, reorders);
}
INSTANTIATE_TEST_SUITE_P(Seeded, ExchangeTest,
                         testing::Combine(testing::ValuesIn(kExchangeCases),
                                          testing::Range<uint64_t>(0, 4)),
                         [](const auto& row) {
                           return std::string(std::get<0>(row.param).name) +
                                  std::to_string(std::get<1>(row.param));
                         });

// The same seed, the same frames at the same times.

uint64_t TraceOf(uint64_t seed) {
  Pair pair(seed, 1);
  pair.simulator.hub().SetFaults({.loss = 0.1,
                                  .duplication = 0.1,
                                  .reordering = 0.1,
                                  .corruption = 0.1,
                                  .truncation = 0.1,
                                  .jitter = Duration::Milliseconds(3)});
  EXPECT_TRUE(pair.simulator.RunFor(Duration::Seconds(3)));
  pair.client.Ask(300, Duration::Milliseconds(200));
  pair.simulator.At(pair.simulator.now() + Duration::Seconds(10), [&] { pair.bob.SetUp(false); });
  pair.simulator.At(pair.simulator.now() + Duration::Seconds(20), [&] { pair.bob.SetUp(true); });
  EXPECT_TRUE(pair.simulator.RunUntilIdle());
  EXPECT_GT(pair.simulator.frames(), 300U);
  return pair.simulator.trace();
}

TEST(TraceTest, SameSeedSameRun) {
  for (uint64_t seed = Seed(); seed < Seed() + 5; ++seed) {
    const testing::ScopedTrace trace = NameSeed(seed);
    EXPECT_EQ(TraceOf(seed), TraceOf(seed));
  }
}

TEST(TraceTest, OtherSeedOtherRun) { EXPECT_NE(TraceOf(Seed()), TraceOf(Seed() + 1)); }

// Nearly three hours.
TEST(LongRunTest, TenThousandSeconds) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  Pair pair(Seed(), 1);
  pair.simulator.hub().SetFaults({.loss = 0.02,
                                  .duplication = 0.02,
                                  .corruption = 0.02,
                                  .delay = Duration::Milliseconds(1),
                                  .jitter = Duration::Milliseconds(1)});
  ASSERT_TRUE(pair.simulator.RunFor(Duration::Seconds(5)));
  pair.client.Ask(9'990, Duration::Seconds(1));
  ASSERT_TRUE(pair.simulator.RunFor(Duration::Seconds(9'995)));
  EXPECT_EQ(pair.simulator.elapsed(), Duration::Seconds(10'000));
  EXPECT_EQ(pair.client.asked(), 9'990U);
  EXPECT_GT(pair.client.answered(), 9'000U);
  EXPECT_LT(pair.simulator.steps(), 200'000U) << "nobody polls without a reason";
}

}  // namespace
}  // namespace sextant::test
