// SPDX-License-Identifier: BSD-3-Clause
// Burst and PacketQueue: order, limits, and that nothing gets lost in them.
// Owned by one Core.
#include "packet/burst.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/chain.h"

namespace sextant::test {
namespace {

class BurstTest : public testing::Test {
 protected:
  // A packet that is known by its number.
  PacketPtr Numbered(uint16_t number) {
    PacketPtr packet = pool_->Take();
    packet->meta().interface = number;
    return packet;
  }
  static uint16_t NumberOf(PacketPtr packet) {
    const uint16_t number = packet->meta().interface;
    packet.Free();
    return number;
  }

  const TestPool pool_;
};

using BurstDeathTest = BurstTest;
using Order = std::vector<uint16_t>;

Order Drained(Burst& burst, uint16_t (*number_of)(PacketPtr)) {
  Order order;
  burst.Drain([&](PacketPtr packet) { order.push_back(number_of(std::move(packet))); });
  return order;
}

TEST_F(BurstTest, KeepsOrderUpToItsSize) {
  Burst burst;
  Order want;
  EXPECT_TRUE(burst.empty());
  for (uint16_t i = 0; i < kBurstSize; ++i) {
    EXPECT_FALSE(burst.full());
    burst.Push(Numbered(i));
    want.push_back(i);
    EXPECT_EQ(burst.size(), i + 1U);
  }
  EXPECT_TRUE(burst.full());
  EXPECT_EQ(burst.packets().size(), kBurstSize);
  EXPECT_EQ(Drained(burst, NumberOf), want);
  EXPECT_TRUE(burst.empty());
  EXPECT_TRUE(Drained(burst, NumberOf).empty());
}

// A stage may hand a packet back into the burst it came from: at most one for one.
TEST_F(BurstTest, OneForOneWhileDraining) {
  Burst burst;
  for (uint16_t i = 0; i < kBurstSize; ++i) burst.Push(Numbered(i));
  Order want;
  for (uint16_t i = 0; i < kBurstSize; ++i) want.push_back(i);
  burst.Drain([&](PacketPtr packet) { burst.Push(std::move(packet)); });
  EXPECT_EQ(Drained(burst, NumberOf), want);
}

TEST_F(BurstTest, DriversFillSlots) {
  Burst burst;
  for (uint16_t i = 0; i < 5; ++i) burst.slots()[i] = Numbered(i).release();
  burst.set_size(5);
  EXPECT_EQ(Drained(burst, NumberOf), (Order{0, 1, 2, 3, 4}));
}

TEST_F(BurstDeathTest, TooMany) {
  Burst burst;
  for (uint16_t i = 0; i < kBurstSize; ++i) burst.Push(Numbered(i));
  PacketPtr packet = Numbered(99);
  EXPECT_DEATH(burst.Push(std::move(packet)), "check failed: size_ < kBurstSize");
  packet.Free();
  Drained(burst, NumberOf);
}

TEST_F(BurstDeathTest, DyingWithAPacketInside) {
  PacketPtr packet = Numbered(1);
  EXPECT_DEATH(
      {
        Burst burst;
        burst.Push(std::move(packet));
      },
      "check failed: size_ == 0");
  packet.Free();
}

TEST_F(BurstDeathTest, SizeBeyondTheSlots) {
  Burst burst;
  EXPECT_DEATH(burst.set_size(kBurstSize + 1), "check failed");
}

TEST_F(BurstTest, QueueKeepsOrder) {
  PacketQueue queue;
  EXPECT_EQ(queue.front(), nullptr);
  EXPECT_FALSE(queue.Pop());
  uint16_t in = 0;
  uint16_t out = 0;
  // Grows and shrinks, through empty as well.
  for (const int change : {+1, -1, +3, -2, +5, -6, +20, -20, +2, -2}) {
    for (int i = 0; i < change; ++i) queue.Push(Numbered(in++));
    for (int i = 0; i < -change; ++i) {
      EXPECT_EQ(queue.front()->meta().interface, out);
      EXPECT_EQ(NumberOf(queue.Pop()), out++);
    }
    EXPECT_EQ(queue.size(), size_t{in} - out);
    EXPECT_EQ(queue.empty(), in == out);
    EXPECT_EQ(queue.front() == nullptr, in == out);
  }
}

TEST_F(BurstDeathTest, QueueDyingWithAPacketInside) {
  PacketPtr packet = Numbered(1);
  EXPECT_DEATH(
      {
        PacketQueue queue;
        queue.Push(std::move(packet));
      },
      "check failed: size_ == 0");
  packet.Free();
}

}  // namespace
}  // namespace sextant::test
