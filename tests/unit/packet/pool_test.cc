// SPDX-License-Identifier: BSD-3-Clause
// The pool: full packets out, full pool again in the end, and running dry at every single take.
// Owned by one Core.
#include "packet/pool.h"

#include <gtest/gtest.h>

#include "support/chain.h"

namespace sextant::test {
namespace {

constexpr size_t kRoom = kPacketDataRoom - kPacketHeadroom;

TEST(PoolTest, GivesItsWholeCapacity) {
  const TestPool pool(64);
  EXPECT_EQ(pool->capacity(), 64U);
  PacketQueue all;
  while (PacketPtr packet = pool->Take()) all.Push(std::move(packet));
  EXPECT_EQ(all.size(), 64U);
  EXPECT_EQ(pool->available(), 0U);
  EXPECT_FALSE(pool->Take());
  while (PacketPtr packet = all.Pop()) packet.Free();
  EXPECT_EQ(pool->available(), 64U);
}

TEST(PoolTest, TwoPoolsAtOnceAndOneNameAgain) {
  const TestPool a(16, "a");
  { const TestPool b(16, "b"); }
  const TestPool b(16, "b");
  EXPECT_EQ(PacketPool::Create("a", 16), nullptr) << "the name is taken";
}

TEST(PoolTest, TooLargeForTheMemory) { EXPECT_EQ(PacketPool::Create("large", 150'000), nullptr); }

class CopyTest : public testing::TestWithParam<size_t> {};

// Contents of any length, in as many segments as they need.
TEST_P(CopyTest, HoldsTheBytes) {
  const TestPool pool;
  const Frame bytes = Pattern(GetParam());
  PacketPtr packet = pool->Copy(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->length(), bytes.size());
  EXPECT_TRUE(IsConsistent(*packet));
  EXPECT_EQ(Contents(*packet), bytes);
  EXPECT_EQ(SegmentSizes(*packet).size(), bytes.empty() ? 1 : (bytes.size() + kRoom - 1) / kRoom);
  EXPECT_TRUE(packet->IsOwned());
  packet.Free();
}

INSTANTIATE_TEST_SUITE_P(Lengths, CopyTest,
                         testing::Values(0, 1, 60, 1514, kRoom - 1, kRoom, kRoom + 1, 2 * kRoom,
                                         9'000, 65'535, 65'575));

// Each operation, with 0, 1, 2, … buffers left: it fails whole or succeeds whole, and the pool is
// full again in either case.
TEST(DryPoolTest, Take) {
  const TestPool pool;
  const Drought drought(*pool, 0);
  EXPECT_FALSE(pool->Take());
}

TEST(DryPoolTest, Copy) {
  const TestPool pool;
  const Frame bytes = Pattern(3 * kRoom);
  for (size_t left = 0; left <= 4; ++left) {
    const Drought drought(*pool, left);
    PacketPtr packet = pool->Copy(bytes);
    EXPECT_EQ(static_cast<bool>(packet), left >= 3) << left;
    if (packet) {
      packet.Free();
    }
    EXPECT_EQ(pool->available(), left);
  }
}

TEST(DryPoolTest, ShareTakesABufferPerSegment) {
  const TestPool pool;
  PacketPtr packet = Chain(*pool, Pattern(60), std::array<size_t, 3>{20, 20, 20});
  packet->meta().interface = 3;
  for (size_t left = 0; left <= 4; ++left) {
    const Drought drought(*pool, left);
    PacketPtr shared = pool->Share(*packet);
    EXPECT_EQ(static_cast<bool>(shared), left >= 3) << left;
    if (shared) {
      EXPECT_FALSE(packet->IsOwned());
      shared.Free();
    }
    EXPECT_TRUE(packet->IsOwned());
    EXPECT_EQ(Contents(*packet), Pattern(60));
    EXPECT_EQ(pool->available(), left);
  }
  packet.Free();
}

TEST(DryPoolTest, OwnLeavesThePacketWhenItFails) {
  const TestPool pool;
  for (size_t left = 0; left <= 3; ++left) {
    PacketPtr packet = pool->Copy(Pattern(kRoom + 60));
    PacketPtr shared = pool->Share(*packet);
    shared->meta().interface = 3;
    {
      const Drought drought(*pool, left);
      PacketPtr own = pool->Own(shared);
      EXPECT_EQ(static_cast<bool>(own), left >= 2) << left;
      EXPECT_EQ(static_cast<bool>(shared), left < 2) << left;
      PacketPtr& result = own ? own : shared;
      EXPECT_EQ(Contents(*result), Pattern(kRoom + 60));
      EXPECT_EQ(result->meta().interface, 3);
      result.Free();
    }
    packet.Free();
  }
}

TEST(DryPoolTest, FillIsAllOrNone) {
  const TestPool pool;
  for (size_t left = 0; left <= kBurstSize; ++left) {
    const Drought drought(*pool, left);
    Burst burst;
    EXPECT_EQ(pool->Fill(burst, 16), left >= 16) << left;
    EXPECT_EQ(burst.size(), left >= 16 ? 16U : 0U);
    burst.Drain([](PacketPtr packet) { packet.Free(); });
  }
}

TEST(PoolTest, FillTakesNoMoreThanTheBurstHolds) {
  const TestPool pool;
  Burst burst;
  EXPECT_TRUE(pool->Fill(burst, 20));
  EXPECT_TRUE(pool->Fill(burst, 20));
  EXPECT_TRUE(burst.full());
  EXPECT_TRUE(pool->Fill(burst, 1)) << "nothing to add is no failure";
  burst.Drain([](PacketPtr packet) {
    EXPECT_EQ(packet->length(), 0U);
    EXPECT_EQ(packet->meta().origin, Origin::kMade);
    packet.Free();
  });
}

TEST(PoolTest, OwnGivesBackWhatIsOwnedAlready) {
  const TestPool pool;
  PacketPtr packet = pool->Copy(Pattern(60));
  Packet* const raw = packet.get();
  PacketPtr own = pool->Own(packet);
  EXPECT_EQ(own.get(), raw);
  EXPECT_FALSE(packet);
  own.Free();
}

// A datagram without data behind a header that was stripped: zero bytes, and yet a packet.
TEST(PoolTest, OwnOfASharedEmptyPacket) {
  const TestPool pool;
  PacketPtr packet = pool->Take();
  PacketPtr shared = pool->Share(*packet);
  PacketPtr own = pool->Own(shared);
  EXPECT_TRUE(own);
  PacketPtr& result = own ? own : shared;
  EXPECT_EQ(result->length(), 0U);
  result.Free();
  packet.Free();
}

// A copy has room in front for headers, as any packet has.
TEST(PoolTest, OwnedCopyHasHeadroom) {
  const TestPool pool;
  PacketPtr packet = pool->Copy(Pattern(60));
  PacketPtr shared = pool->Share(*packet);
  PacketPtr own = pool->Own(shared);
  EXPECT_GE(own->headroom(), kPacketHeadroom);
  own.Free();
  packet.Free();
}

}  // namespace
}  // namespace sextant::test
