// SPDX-License-Identifier: BSD-3-Clause
// Outbox: everything pushed is carried, in order, also what is pushed while carrying.
// Owned by one Core.
#include "core/outbox.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/core.h"

namespace sextant::test {
namespace {

using Order = std::vector<uint16_t>;

// Records the packets' numbers; for those below `answers` it pushes one more, numbered 100 higher,
// as resolving a neighbor sends a solicitation.
struct Recorder : Outbox::Carrier {
  Outbox* box = nullptr;
  PacketPool* pool = nullptr;
  uint16_t answers = 0;
  Order carried;
  std::vector<size_t> bursts;
  int depth = 0;

  void Carry(Burst& packets) override {
    ASSERT_EQ(++depth, 1) << "carrying is not re-entered";
    bursts.push_back(packets.size());
    packets.Drain([&](PacketPtr packet) {
      const uint16_t number = packet->meta().interface;
      carried.push_back(number);
      packet.Free();
      if (number < answers) Push(static_cast<uint16_t>(number + 100));
    });
    --depth;
  }
  void Push(uint16_t number) {
    PacketPtr packet = pool->Take();
    packet->meta().interface = number;
    box->Push(std::move(packet));
  }
};

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    recorder_.box = &box_;
    recorder_.pool = &*pool_;
  }
  static Order Count(uint16_t first, uint16_t last) {
    Order order;
    for (uint16_t i = first; i < last; ++i) order.push_back(i);
    return order;
  }

  const TestPool pool_{128};
  Recorder recorder_;
  Outbox box_{recorder_};
};

TEST_F(OutboxTest, KeepsUntilFlushed) {
  for (uint16_t i = 0; i < 5; ++i) recorder_.Push(i);
  EXPECT_TRUE(recorder_.carried.empty());
  EXPECT_FALSE(box_.empty());
  box_.Flush();
  EXPECT_EQ(recorder_.carried, Count(0, 5));
  EXPECT_TRUE(box_.empty());
  EXPECT_EQ(recorder_.bursts, (std::vector<size_t>{5}));
}

TEST_F(OutboxTest, NothingToFlush) {
  box_.Flush();
  EXPECT_TRUE(recorder_.bursts.empty()) << "an empty burst is not carried";
}

TEST_F(OutboxTest, CarriesWhenFull) {
  for (uint16_t i = 0; i < 2 * kBurstSize + 3; ++i) recorder_.Push(i);
  EXPECT_EQ(recorder_.carried, Count(0, 2 * kBurstSize));
  box_.Flush();
  EXPECT_EQ(recorder_.carried, Count(0, 2 * kBurstSize + 3));
  EXPECT_EQ(recorder_.bursts, (std::vector<size_t>{kBurstSize, kBurstSize, 3}));
}

// One packet in four asks for another one, which goes in the next round of the same flush.
TEST_F(OutboxTest, CarriesWhatIsPushedWhileCarrying) {
  recorder_.answers = 2;
  for (uint16_t i = 0; i < 8; ++i) recorder_.Push(i);
  box_.Flush();
  EXPECT_TRUE(box_.empty());
  Order want = Count(0, 8);
  want.insert(want.end(), {100, 101});
  EXPECT_EQ(recorder_.carried, want);
  EXPECT_EQ(recorder_.bursts, (std::vector<size_t>{8, 2}));
}

// Each of a full burst asks for one: the box is full again while carrying, and is not re-entered.
TEST_F(OutboxTest, FullBurstAnswersWithAFullBurst) {
  recorder_.answers = kBurstSize;
  for (uint16_t i = 0; i < kBurstSize; ++i) recorder_.Push(i);
  EXPECT_TRUE(box_.empty());
  EXPECT_EQ(recorder_.carried.size(), 2 * kBurstSize);
  EXPECT_EQ(recorder_.carried.back(), 100 + kBurstSize - 1);
}

// A chain that never ends is cut, and goes on with the next flush: no poll lasts for ever.
TEST_F(OutboxTest, EndlessChainIsBounded) {
  recorder_.answers = 0xffff;
  recorder_.Push(0);
  box_.Flush();
  const size_t first = recorder_.carried.size();
  EXPECT_GE(first, 2U);
  EXPECT_LE(first, 16U);
  EXPECT_FALSE(box_.empty());
  box_.Flush();
  EXPECT_EQ(recorder_.carried.size(), 2 * first);
  recorder_.answers = 0;
  box_.Flush();
  EXPECT_TRUE(box_.empty());
}

}  // namespace
}  // namespace sextant::test
