// SPDX-License-Identifier: BSD-3-Clause
// The identity of the counters: received == delivered + held + refused + dropped, whatever
// happens to packets, and in any order.
// Owned by one Core.
#include "core/counters.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/core.h"

namespace sextant::test {
namespace {

// The fates of received packets, as the counters have them.
struct Fates {
  uint64_t received = 0, delivered = 0, refused = 0, dropped = 0, held = 0, made_dropped = 0;
  bool operator==(const Fates&) const = default;
};

Fates FatesOf(const Core& core) {
  const Counters& c = core.counters();
  return {c.received, c.delivered,
          c.refused,  Counters::Total(c.dropped),
          c.held(),   Counters::Total(c.made_dropped)};
}

void PrintTo(const Fates& f, std::ostream* out) {
  *out << "received " << f.received << " delivered " << f.delivered << " refused " << f.refused
       << " dropped " << f.dropped << " held " << f.held << " made_dropped " << f.made_dropped;
}

constexpr wire::Icmp6Error kError = wire::Icmp6Error::Unreachable(wire::UnreachableCode::kPort);

// Sends what was refused on its way, as the ICMPv6 sender does.
void DrainRefused(Core& core) {
  while (PacketPtr packet = core.refused().Pop()) {
    EXPECT_EQ(packet->meta().error, kError);
    EXPECT_EQ(packet->meta().origin, Origin::kMade);
    packet.Free();
  }
}

struct FateCase {
  const char* name;
  void (*happens)(TestCore& t);
  Fates want;
};

// clang-format off
const FateCase kFateCases[] = {
    {"Nothing",   [](TestCore&) {},                                              {}},
    {"Held",      [](TestCore& t) { PacketPtr p = t.Received(); const Fates held{1, 0, 0, 0, 1, 0};
                                    EXPECT_EQ(FatesOf(t.core), held);
                                    t.core.Consume(std::move(p)); },             {1, 1, 0, 0, 0, 0}},
    {"Consumed",  [](TestCore& t) { t.core.Consume(t.Received()); },             {1, 1, 0, 0, 0, 0}},
    {"Dropped",   [](TestCore& t) { t.core.Drop(t.Received(), DropReason::kIp6NotForUs); }, {1, 0, 0, 1, 0, 0}},
    {"Refused",   [](TestCore& t) { t.core.Refuse(t.Received(), DropReason::kUdpNoSocket, kError); }, {1, 0, 1, 0, 0, 0}},
    // A delivered packet may become a reply, which is dropped as one that was made here.
    {"DeliveredThenDropped", [](TestCore& t) { PacketPtr p = t.Received(); t.core.Delivered(*p);
                                    t.core.Drop(std::move(p), DropReason::kLinkFull); }, {1, 1, 0, 0, 0, 1}},
    {"DeliveredTwice", [](TestCore& t) { PacketPtr p = t.Received(); t.core.Delivered(*p);
                                    t.core.Consume(std::move(p)); },             {1, 1, 0, 0, 0, 0}},
    {"MadeDropped",  [](TestCore& t) { t.core.Drop(t.pool->Take(), DropReason::kOutputNoRoute); }, {0, 0, 0, 0, 0, 1}},
    {"MadeRefused",  [](TestCore& t) { t.core.Refuse(t.pool->Take(), DropReason::kOutputTooBig, kError); }, {0, 0, 0, 0, 0, 1}},
    {"NeverMade",    [](TestCore& t) { t.core.NeverMade(DropReason::kNoBuffer); }, {0, 0, 0, 0, 0, 1}},
    // The error message that is made of a refused packet is not received again when it is lost.
    {"RefusedThenDropped", [](TestCore& t) { t.core.Refuse(t.Received(), DropReason::kUdpNoSocket, kError);
                                    t.core.Drop(t.core.refused().Pop(), DropReason::kNoBuffer); }, {1, 0, 1, 0, 0, 1}},
    // Over the loopback interface a packet made here is received.
    {"LoopedBack",   [](TestCore& t) { PacketPtr p = t.pool->Take(); t.core.Sent(1); t.core.Received(*p);
                                    t.core.Consume(std::move(p)); },             {1, 1, 0, 0, 0, 0}},
};
// clang-format on

class CountersTest : public testing::TestWithParam<FateCase> {};

TEST_P(CountersTest, FateIsCounted) {
  TestCore t;
  GetParam().happens(t);
  DrainRefused(t.core);
  EXPECT_EQ(FatesOf(t.core), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Fates, CountersTest, testing::ValuesIn(kFateCases), kNameOf);

TEST(CountersTest, EveryReasonHasItsOwnCounter) {
  TestCore t;
  for (const DropReasonRow& row : kDropReasons) {
    t.core.Drop(t.Received(), row.reason);
    EXPECT_EQ(t.dropped(row.reason), 1U) << row.name;
    t.core.Drop(t.pool->Take(), row.reason);
    EXPECT_EQ(t.made_dropped(row.reason), 1U) << row.name;
    t.core.Refuse(t.Received(), row.reason, kError);
    EXPECT_EQ(t.core.counters().refused_for[static_cast<size_t>(row.reason)], 1U) << row.name;
    DrainRefused(t.core);
  }
  EXPECT_EQ(Counters::Total(t.core.counters().dropped), kDropReasonCount);
  EXPECT_EQ(t.core.counters().refused, kDropReasonCount);
}

TEST(CountersTest, IdentityHoldsAtEveryStep) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  TestCore t;
  std::vector<PacketPtr> held;
  uint64_t made_held = 0;
  for (int step = 0; step < Rounds(20'000); ++step) {
    const auto pick = [&] {
      std::swap(held[t.rng.Below(static_cast<uint32_t>(held.size()))], held.back());
      PacketPtr packet = std::move(held.back());
      held.pop_back();
      return packet;
    };
    const auto reason = DropReason(1 + t.rng.Below(kDropReasonCount - 1));
    const uint32_t action = t.rng.Below(5);
    if (held.empty() || (action == 0 && held.size() < 40)) {
      held.push_back(t.Received());
    } else if (action == 1) {
      t.core.Consume(pick());
    } else if (action == 2) {
      t.core.Drop(pick(), reason);
    } else if (action == 3) {
      t.core.Refuse(pick(), reason, kError);
    } else if (action == 4) {
      t.core.Delivered(*held.back());
    }
    made_held = 0;
    for (const PacketPtr& packet : held) made_held += packet->meta().origin == Origin::kMade;
    DrainRefused(t.core);
    ASSERT_EQ(t.core.counters().held() + made_held, held.size()) << "step " << step;
  }
  for (PacketPtr& packet : held) t.core.Consume(std::move(packet));
  EXPECT_EQ(t.core.counters().held(), 0U);
}

TEST(CoreTest, OneNowPerTick) {
  TestCore t;
  const Instant before = t.core.now();
  EXPECT_EQ(before, t.clock.Now());
  t.clock.Advance(Duration::Seconds(1));
  EXPECT_EQ(t.core.now(), before) << "until the next poll";
  t.core.Tick();
  EXPECT_EQ(t.core.now(), before + Duration::Seconds(1));
  PacketPtr packet = t.Received();
  EXPECT_EQ(packet->meta().arrived, t.core.now());
  t.core.Consume(std::move(packet));
}

TEST(CoreDeathTest, RefusedPacketsMustBeAnswered) {
  TestCore t;
  PacketPtr packet = t.pool->Take();
  EXPECT_DEATH(
      {
        Core core(t.clock, t.rng, *t.pool);
        core.Refuse(std::move(packet), DropReason::kUdpNoSocket, kError);
      },
      "check failed: refused_.empty");
  packet.Free();
}

}  // namespace
}  // namespace sextant::test
