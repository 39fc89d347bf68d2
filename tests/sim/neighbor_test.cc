// SPDX-License-Identifier: BSD-3-Clause
// Hosts come, go, and want the same address.
// RFC 4861 §7.3, RFC 4862 §5.4, RFC 7527.
// Owned by one Core.
#include "sim/echo.h"

namespace sextant::test {
namespace {

using iface::AddressState;

constexpr const char* kAlice = "fd00:6::1";
constexpr const char* kBob = "fd00:6::2";
constexpr const char* kAliceMac = "02:00:00:00:00:0a";
constexpr const char* kBobMac = "02:00:00:00:00:0b";

class SeedTest : public testing::TestWithParam<uint64_t> {
 protected:
  const uint64_t seed_ = Seed() + GetParam();
  const testing::ScopedTrace trace_ = NameSeed(seed_);
  Simulator simulator_{seed_};
  SimHost& alice_ = simulator_.Add("alice", kAliceMac);
};
INSTANTIATE_TEST_SUITE_P(Seeded, SeedTest, testing::Range<uint64_t>(0, 10));

TEST_P(SeedTest, WhoComesLaterYields) {
  SimHost& bob = simulator_.Add("bob", kBobMac);
  alice_.AddAddress(kAlice, 1);
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(5)));
  EXPECT_EQ(alice_.StateOf(kAlice), AddressState::kPreferred);
  bob.AddAddress(kAlice, 1);
  ASSERT_TRUE(simulator_.RunUntilIdle());
  EXPECT_EQ(alice_.StateOf(kAlice), AddressState::kPreferred);
  EXPECT_EQ(bob.StateOf(kAlice), AddressState::kDuplicate);
}

TEST_P(SeedTest, NeverBoth) {
  SimHost& bob = simulator_.Add("bob", kBobMac);
  simulator_.hub().SetFaults({.delay = Duration::Milliseconds(5)});
  alice_.AddAddress(kAlice, 1);
  bob.AddAddress(kAlice, 1);
  ASSERT_TRUE(simulator_.RunUntilIdle());
  // Who probes later is heard by who waits already; at nearly the same time both are.
  const AddressState states[] = {alice_.StateOf(kAlice), bob.StateOf(kAlice)};
  EXPECT_THAT(states, testing::Contains(AddressState::kDuplicate));
  EXPECT_THAT(states, testing::Not(testing::Contains(AddressState::kTentative)));
}

TEST_P(SeedTest, DifferentAddressesAreBothFine) {
  SimHost& bob = simulator_.Add("bob", kBobMac);
  simulator_.hub().SetFaults({.duplication = 0.5, .delay = Duration::Milliseconds(5)});
  alice_.AddAddress(kAlice, 3);
  bob.AddAddress(kBob, 3);
  ASSERT_TRUE(simulator_.RunUntilIdle());
  EXPECT_EQ(alice_.StateOf(kAlice), AddressState::kPreferred);
  EXPECT_EQ(bob.StateOf(kBob), AddressState::kPreferred);
}

// RFC 4862 §5.4.5: two with the same hardware address cannot share a link.
TEST_P(SeedTest, TwinsSwitchThemselvesOff) {
  SimHost& twin = simulator_.Add("twin", kAliceMac);
  ASSERT_EQ(alice_.graph().AddLinkLocal(alice_.lan(), 1), Errno::kOk);
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(5)));
  ASSERT_EQ(twin.graph().AddLinkLocal(twin.lan(), 1), Errno::kOk);
  ASSERT_TRUE(simulator_.RunUntilIdle());
  EXPECT_FALSE(alice_.lan().is_disabled());
  EXPECT_TRUE(twin.lan().is_disabled());
}

TEST_P(SeedTest, ANeighborGoesAndComesBack) {
  SimHost& bob = simulator_.Add("bob", kBobMac);
  for (const auto& [host, address] : {std::pair{&alice_, kAlice}, {&bob, kBob}}) {
    ASSERT_EQ(host->graph().AddLinkLocal(host->lan(), 1), Errno::kOk);
    host->AddAddress(address, 1);
  }
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(5)));
  EchoServer server(simulator_, bob);
  EchoClient client(simulator_, alice_, kBob);
  client.Ask(400, Duration::Seconds(1));
  ASSERT_TRUE(simulator_.RunFor(Duration::Milliseconds(100'500)));
  EXPECT_EQ(client.answered(), client.asked());
  EXPECT_NE(alice_.NeighborState(kBob), "none");
  EXPECT_EQ(alice_.made_dropped(DropReason::kNeighborUnresolved), 0U);

  bob.SetUp(false);
  // REACHABLE for at most 45 s, then DELAY for 5 s, PROBE for 3 s, resolution for 3 s.
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(60)));
  const uint64_t answered = client.answered();
  EXPECT_GE(answered, 100U);
  EXPECT_LE(answered, 101U);
  EXPECT_GT(alice_.made_dropped(DropReason::kNeighborUnresolved), 0U);
  EXPECT_TRUE(alice_.NeighborState(kBob) == "INCOMPLETE" || alice_.NeighborState(kBob) == "none");

  bob.SetUp(true);
  ASSERT_TRUE(simulator_.RunFor(Duration::Seconds(10)));
  EXPECT_GT(client.answered(), answered) << "it is back";
  const uint64_t missed = client.asked() - client.answered();
  ASSERT_TRUE(simulator_.RunUntilIdle());
  EXPECT_EQ(client.asked(), 400U);
  EXPECT_EQ(client.asked() - client.answered(), missed) << "nothing is lost any more";
  EXPECT_EQ(alice_.NeighborState(kBob), "STALE") << "all is quiet";
}

}  // namespace
}  // namespace sextant::test
