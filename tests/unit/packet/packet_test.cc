// SPDX-License-Identifier: BSD-3-Clause
// One packet: what owns it, its ends, its limits.
// Owned by one Core.
#include "packet/packet.h"

#include <gtest/gtest.h>

#include "support/chain.h"

namespace sextant::test {
namespace {

class PacketTest : public testing::Test {
 protected:
  const TestPool pool_;
};

using PacketDeathTest = PacketTest;

TEST_F(PacketTest, FreshOneIsEmptyWithFreshMeta) {
  for (int round = 0; round < 2; ++round) {
    PacketPtr packet = pool_->Take();
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->length(), 0U);
    EXPECT_TRUE(packet->bytes().empty());
    EXPECT_FALSE(packet->is_chained());
    EXPECT_TRUE(packet->IsOwned());
    EXPECT_EQ(packet->headroom(), kPacketHeadroom);
    EXPECT_EQ(packet->meta().next, nullptr);
    EXPECT_EQ(packet->meta().origin, Origin::kMade);
    EXPECT_EQ(packet->meta().checksum, ChecksumState::kUnknown);
    EXPECT_EQ(packet->meta().interface, 0);
    EXPECT_TRUE(packet->meta().next_hop.is_unspecified());
    // Whatever is left behind must not be seen by the next user of the buffer.
    packet->meta().interface = 9;
    packet->meta().origin = Origin::kReceived;
    packet->meta().looped = true;
    packet.Free();
  }
}

TEST_F(PacketTest, AnMbufAndAPacketAreTheSame) {
  PacketPtr packet = pool_->Take();
  EXPECT_EQ(Packet::FromMbuf(packet->mbuf()), packet.get());
  packet.Free();
}

TEST_F(PacketTest, GrowsAtBothEnds) {
  PacketPtr packet = pool_->Take();
  std::ranges::copy(Pattern(10, 20), packet->Append(10).begin());
  std::ranges::copy(Pattern(20), packet->Prepend(20).begin());
  EXPECT_EQ(Contents(*packet), Pattern(30));
  EXPECT_EQ(packet->headroom(), kPacketHeadroom - 20);
  packet.Free();
}

TEST_F(PacketTest, ThereIsNoRoomBeyondTheBuffer) {
  PacketPtr packet = pool_->Take();
  constexpr size_t kTail = kPacketDataRoom - kPacketHeadroom;
  EXPECT_TRUE(packet->Append(kTail + 1).empty());
  EXPECT_TRUE(packet->Append(70'000).empty()) << "does not wrap around";
  EXPECT_EQ(packet->Append(kTail).size(), kTail);
  EXPECT_TRUE(packet->Append(1).empty());
  EXPECT_TRUE(packet->Prepend(kPacketHeadroom + 1).empty());
  EXPECT_TRUE(packet->Prepend(0x1'0000 + 8).empty()) << "does not wrap around";
  EXPECT_EQ(packet->Prepend(kPacketHeadroom).size(), kPacketHeadroom);
  EXPECT_EQ(packet->length(), kPacketDataRoom);
  packet.Free();
}

TEST_F(PacketTest, AppendGoesToTheLastSegment) {
  PacketPtr packet = Chain(*pool_, Pattern(30), std::array<size_t, 2>{10, 20});
  std::ranges::copy(Pattern(5, 30), packet->Append(5).begin());
  EXPECT_EQ(Contents(*packet), Pattern(35));
  EXPECT_EQ(SegmentSizes(*packet), (std::vector<size_t>{10, 25}));
  packet.Free();
}

// The first segment is full: what cannot be pulled together stays as it is.
TEST_F(PacketTest, PullNeedsRoom) {
  constexpr size_t kFull = kPacketDataRoom - kPacketHeadroom;
  const Frame bytes = Pattern(kFull + 50);
  PacketPtr packet = Chain(*pool_, bytes, std::array<size_t, 2>{kFull, 50});
  EXPECT_FALSE(packet->Pull(kFull + 1));
  EXPECT_TRUE(packet->Pull(kFull));
  EXPECT_EQ(Contents(*packet), bytes);
  packet.Free();
}

// Pull() writes into the first segment, which others may be reading.
TEST_F(PacketTest, PullNeedsOwnership) {
  PacketPtr packet = Chain(*pool_, Pattern(40), std::array<size_t, 2>{20, 20});
  PacketPtr shared = pool_->Share(*packet);
  EXPECT_TRUE(packet->Pull(20)) << "nothing to write";
  EXPECT_FALSE(packet->Pull(21));
  EXPECT_FALSE(shared->Pull(21));
  shared.Free();
  EXPECT_TRUE(packet->Pull(21));
  EXPECT_EQ(Contents(*packet), Pattern(40));
  packet.Free();
}

// A header of our own in front of bytes that are shared: RFC 4443 errors, multicast copies.
TEST_F(PacketTest, PullTakesFromASharedSecondSegment) {
  PacketPtr original = pool_->Copy(Pattern(40, 10));
  PacketPtr shared = pool_->Share(*original);
  PacketPtr packet = pool_->Copy(Pattern(10));
  packet->Chain(std::move(shared));
  ASSERT_TRUE(packet->Pull(30));
  EXPECT_EQ(Contents(*packet), Pattern(50));
  EXPECT_EQ(Contents(*original), Pattern(40, 10));
  ASSERT_TRUE(packet->Pull(50));
  EXPECT_FALSE(packet->is_chained());
  EXPECT_TRUE(original->IsOwned());
  original.Free();
  packet.Free();
}

TEST_F(PacketTest, PointersMove) {
  PacketPtr a = pool_->Take();
  Packet* const raw = a.get();
  PacketPtr b = std::move(a);
  EXPECT_FALSE(a);
  EXPECT_EQ(b.get(), raw);
  PacketPtr c;
  c = std::move(b);
  EXPECT_EQ(c.get(), raw);
  PacketPtr d(c.release());
  EXPECT_FALSE(c);
  d.Free();
  EXPECT_FALSE(d);
}

TEST_F(PacketDeathTest, LostPacketStopsTheProgram) {
  PacketPtr packet = pool_->Take();
  EXPECT_DEATH(PacketPtr(std::move(packet)), "check failed");
  packet.Free();
}

TEST_F(PacketDeathTest, OverwrittenPacketStopsTheProgram) {
  PacketPtr packet = pool_->Take();
  PacketPtr other = pool_->Take();
  EXPECT_DEATH(packet = std::move(other), "check failed");
  packet.Free();
  other.Free();
}

TEST_F(PacketDeathTest, StripBeyondTheFirstSegment) {
  PacketPtr packet = Chain(*pool_, Pattern(40), std::array<size_t, 2>{20, 20});
  EXPECT_DEATH(packet->Strip(21), "check failed");
  packet.Free();
}

TEST_F(PacketDeathTest, UnstripBeyondTheBuffer) {
  PacketPtr packet = pool_->Take();
  EXPECT_DEATH(packet->Unstrip(kPacketHeadroom + 1), "check failed");
  packet.Free();
}

TEST_F(PacketDeathTest, TrimDoesNotGrow) {
  PacketPtr packet = pool_->Copy(Pattern(40));
  EXPECT_DEATH(packet->Trim(41), "check failed");
  packet.Free();
}

TEST_F(PacketDeathTest, NarrowDoesNotGrow) {
  PacketPtr packet = pool_->Copy(Pattern(40));
  PacketPtr chained = Chain(*pool_, Pattern(40), std::array<size_t, 2>{20, 20});
  EXPECT_DEATH(packet->Narrow(10, 31), "check failed");
  EXPECT_DEATH(chained->Narrow(10, 31), "check failed");
  packet.Free();
  chained.Free();
}

}  // namespace
}  // namespace sextant::test
