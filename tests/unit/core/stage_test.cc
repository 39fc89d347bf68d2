// SPDX-License-Identifier: BSD-3-Clause
// RunStage and RunSink, with toy stages whose packets say what shall become of them.
// Owned by one Core.
#include "core/stage.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/core.h"

namespace sextant::test {
namespace {

enum class ToyNext : uint8_t { kA, kB };
constexpr wire::Icmp6Error kError = wire::Icmp6Error::Unreachable(wire::UnreachableCode::kPort);

// The first byte of a packet: 'a' and 'b' are edges, 'd' drop, 'r' refuse, 'h' hold.
Verdict<ToyNext> Obey(uint8_t order) {
  switch (order) {
    case 'a':
      return ToyNext::kA;
    case 'b':
      return ToyNext::kB;
    case 'r':
      return Verdict<ToyNext>::Refuse(DropReason::kUdpNoSocket, kError);
    default:
      return DropReason::kIp6NotForUs;
  }
}

struct Judging {
  using Next = ToyNext;
  static constexpr size_t kEdges = 2;
  Verdict<Next> Judge(const Packet& packet, Meta& meta) const {
    meta.upper = packet.bytes()[0];
    return Obey(packet.bytes()[0]);
  }
};

struct Taking {
  using Next = ToyNext;
  static constexpr size_t kEdges = 2;
  PacketQueue held;

  Verdict<Next> Take(PacketPtr& packet, Core&) {
    const uint8_t order = packet->bytes()[0];
    if (order != 'h') return Obey(order);
    held.Push(std::move(packet));
    return Verdict<Next>::Held();
  }
};

// Says that it took the packet, and did not.
struct Lying {
  using Next = ToyNext;
  static constexpr size_t kEdges = 2;
  Verdict<Next> Take(PacketPtr&, Core&) { return Verdict<Next>::Held(); }
};

class StageTest : public testing::Test {
 protected:
  // One packet per letter; second byte: its place.
  void Fill(Burst& burst, std::string_view orders) {
    for (size_t i = 0; i < orders.size(); ++i) {
      burst.Push(
          t_.Received(Frame{static_cast<uint8_t>(orders[i]), static_cast<uint8_t>('0' + i)}));
    }
  }
  // What came out of an edge, as "a0 a3"; consumes it.
  std::string Drained(Burst& burst) {
    std::string text;
    burst.Drain([&](PacketPtr packet) { text += Spell(std::move(packet)); });
    return text;
  }
  std::string Drained(PacketQueue& queue) {
    std::string text;
    while (PacketPtr packet = queue.Pop()) text += Spell(std::move(packet));
    return text;
  }

  TestCore t_;

 private:
  std::string Spell(PacketPtr packet) {
    std::string text(packet->bytes().begin(), packet->bytes().end());
    t_.core.Consume(std::move(packet));
    return text + ' ';
  }
};

using StageDeathTest = StageTest;

TEST_F(StageTest, JudgeSortsThePackets) {
  Burst in;
  Edges<Judging> out;
  Fill(in, "abdrab");
  Judging stage;
  RunStage(t_.core, stage, in, out);
  EXPECT_TRUE(in.empty());
  EXPECT_EQ(Drained(out[0]), "a0 a4 ");
  EXPECT_EQ(Drained(out[1]), "b1 b5 ");
  EXPECT_EQ(t_.dropped(DropReason::kIp6NotForUs), 1U);
  EXPECT_EQ(t_.core.counters().refused, 1U);
  EXPECT_EQ(t_.core.refused().front()->meta().error, kError);
  EXPECT_EQ(t_.core.refused().front()->meta().upper, 'r') << "Judge writes Meta";
  EXPECT_EQ(Drained(t_.core.refused()), "r3 ");
  EXPECT_EQ(t_.core.counters().held(), 0U);
}

TEST_F(StageTest, AConstStageJudges) {
  Burst in;
  Edges<Judging> out;
  Fill(in, "a");
  const Judging stage;
  RunStage(t_.core, stage, in, out);
  EXPECT_EQ(Drained(out[0]), "a0 ");
}

TEST_F(StageTest, TakeMayHold) {
  Burst in;
  Edges<Taking> out;
  Fill(in, "ahdrhb");
  Taking stage;
  RunStage(t_.core, stage, in, out);
  EXPECT_EQ(t_.core.counters().held(), 4U) << "two on edges, two held";
  EXPECT_EQ(Drained(out[0]), "a0 ");
  EXPECT_EQ(Drained(out[1]), "b5 ");
  EXPECT_EQ(Drained(stage.held), "h1 h4 ");
  EXPECT_EQ(Drained(t_.core.refused()), "r3 ");
  EXPECT_EQ(t_.core.counters().held(), 0U);
}

TEST_F(StageTest, NothingInNothingOut) {
  Burst in;
  Edges<Judging> out;
  Judging stage;
  RunStage(t_.core, stage, in, out);
  EXPECT_EQ(Drained(out[0]) + Drained(out[1]), "");
}

// 32 in are at most 32 out on one edge.
TEST_F(StageTest, FullBurstFits) {
  Burst in;
  Edges<Judging> out;
  Fill(in, std::string(kBurstSize, 'b'));
  Judging stage;
  RunStage(t_.core, stage, in, out);
  EXPECT_TRUE(out[1].full());
  EXPECT_EQ(Drained(out[1]).size(), 3 * kBurstSize);
}

TEST_F(StageTest, SinkEndsEveryPacket) {
  Burst in;
  Fill(in, "hdrh");
  Taking stage;
  RunSink(t_.core, stage, in);
  EXPECT_EQ(Drained(stage.held), "h0 h3 ");
  EXPECT_EQ(Drained(t_.core.refused()), "r2 ");
  EXPECT_EQ(t_.dropped(DropReason::kIp6NotForUs), 1U);
  EXPECT_EQ(t_.core.counters().held(), 0U);
}

TEST_F(StageDeathTest, HeldWithoutTaking) {
  Lying stage;
  Burst in;
  Edges<Lying> out;
  Fill(in, "a");
  EXPECT_DEATH(RunStage(t_.core, stage, in, out), "check failed");
  EXPECT_EQ(Drained(in), "a0 ");
}

}  // namespace
}  // namespace sextant::test
