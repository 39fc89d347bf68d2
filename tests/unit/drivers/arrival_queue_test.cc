// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/memory/arrival_queue.h"

#include <gtest/gtest.h>

namespace sextant {
namespace {

Instant At(int64_t ns) { return Instant::FromNanoseconds(ns); }

void Push(ArrivalQueue& queue, uint8_t name, int64_t due) {
  queue.Stage(std::to_array<uint8_t>({name}));
  queue.Commit(At(due));
}

TEST(ArrivalQueueTest, OrdersByTimeThenBySending) {
  ArrivalQueue queue(8);
  EXPECT_EQ(queue.next(), Instant::Never());
  Push(queue, 'd', 30);
  Push(queue, 'b', 20);
  Push(queue, 'c', 20);
  Push(queue, 'a', 10);
  std::string order;
  for (const int64_t due : {10, 20, 20, 30}) {
    EXPECT_EQ(queue.next(), At(due));
    order += static_cast<char>(queue.front()[0]);
    queue.Pop();
  }
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(queue.next(), Instant::Never());
}

TEST(ArrivalQueueTest, IsFullAtItsLimitAndEmptyAfterClear) {
  ArrivalQueue queue(3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(queue.full());
    Push(queue, 'x', i);
  }
  EXPECT_TRUE(queue.full());
  queue.Clear();
  EXPECT_EQ(queue.size(), 0U);
}

TEST(ArrivalQueueTest, BuffersAreUsedAgain) {
  ArrivalQueue queue(2);
  Push(queue, 'x', 1);
  const uint8_t* const buffer = queue.front().data();
  queue.Pop();
  Push(queue, 'y', 2);
  EXPECT_EQ(queue.front().data(), buffer);
  EXPECT_EQ(queue.front()[0], 'y');
}

}  // namespace
}  // namespace sextant
