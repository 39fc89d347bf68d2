// SPDX-License-Identifier: BSD-3-Clause
// What packets of several segments look like from outside: the same as those of one, wherever
// they are split. Every split into two, and many into three.
// Owned by one Core.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "support/chain.h"

namespace sextant::test {
namespace {

constexpr size_t kSize = 60;

// Calls `check` with packets of the same bytes in every split into one to three segments, empty
// segments among them. `check` frees its packet.
void ForEverySplit(PacketPool& pool, const Frame& bytes,
                   const std::function<void(PacketPtr packet)>& check) {
  for (size_t first = 0; first <= bytes.size(); ++first) {
    check(Chain(pool, bytes, std::array{first, bytes.size() - first}));
    for (size_t second = first; second <= bytes.size(); second += 7) {
      check(Chain(pool, bytes, std::array{first, second - first, bytes.size() - second}));
    }
    if (testing::Test::HasFatalFailure()) return;
  }
  check(Chain(pool, bytes, std::array{bytes.size()}));
}

class SegmentsTest : public testing::Test {
 protected:
  const TestPool pool_;
  const Frame bytes_ = Pattern(kSize);
};

TEST_F(SegmentsTest, CopyOutEveryRange) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    ASSERT_TRUE(IsConsistent(*packet));
    for (size_t offset = 0; offset <= kSize; offset += 3) {
      for (size_t length = 0; offset + length <= kSize; ++length) {
        Frame out(length);
        ASSERT_TRUE(packet->CopyOut(offset, out));
        ASSERT_TRUE(std::ranges::equal(out, Bytes(bytes_).subspan(offset, length)));
      }
      // One byte more than there is.
      Frame beyond(kSize - offset + 1);
      ASSERT_FALSE(packet->CopyOut(offset, beyond));
    }
    packet.Free();
  });
}

TEST_F(SegmentsTest, ShareRangeRefersToEveryRange) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    for (size_t offset = 0; offset < kSize; offset += 9) {
      for (size_t length = 1; offset + length <= kSize; length += 5) {
        PacketPtr shared = pool_->ShareRange(*packet, offset, length);
        ASSERT_TRUE(shared);
        ASSERT_TRUE(IsConsistent(*shared));
        ASSERT_TRUE(std::ranges::equal(Contents(*shared), Bytes(bytes_).subspan(offset, length)));
        ASSERT_FALSE(shared->IsOwned());
        shared.Free();
      }
    }
    // It lives as long as the last that refers to it, through another reference as well.
    PacketPtr once = pool_->ShareRange(*packet, 1, kSize - 1);
    PacketPtr twice = pool_->ShareRange(*once, 1, kSize - 2);
    packet.Free();
    once.Free();
    ASSERT_TRUE(std::ranges::equal(Contents(*twice), Bytes(bytes_).subspan(2)));
    twice.Free();
  });
}

TEST_F(SegmentsTest, ShareRangeOfADryPoolIsNothing) {
  PacketPtr packet = Chain(*pool_, bytes_, std::array<size_t, 3>{20, 20, 20});
  for (size_t left = 0; left < 3; ++left) {
    const Drought drought(*pool_, left);
    EXPECT_FALSE(pool_->ShareRange(*packet, 1, 58));
    EXPECT_EQ(pool_->available(), left);
  }
  packet.Free();
}

TEST_F(SegmentsTest, ForEachSegmentGivesTheRange) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    for (size_t offset = 0; offset <= kSize + 1; ++offset) {
      Frame seen;
      packet->ForEachSegment(offset, 17, [&](Bytes part) {
        ASSERT_FALSE(part.empty());
        seen.insert(seen.end(), part.begin(), part.end());
      });
      const size_t begin = std::min(offset, kSize);
      ASSERT_TRUE(std::ranges::equal(
          seen, Bytes(bytes_).subspan(begin, std::min<size_t>(17, kSize - begin))));
    }
    packet.Free();
  });
}

TEST_F(SegmentsTest, TrimToEveryLength) {
  for (size_t length = 0; length <= kSize; ++length) {
    const Frame want = Cut(bytes_, length);
    ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
      packet->Trim(length);
      ASSERT_EQ(packet->length(), length);
      const std::vector<size_t> sizes = SegmentSizes(*packet);
      ASSERT_TRUE(length == kSize || sizes.size() == 1 || sizes.back() > 0) << "cut away whole";
      ASSERT_TRUE(IsConsistent(*packet));
      ASSERT_EQ(Contents(*packet), want);
      packet.Free();
    });
  }
}

// What is left of a received packet for a socket: the payload, without headers and trailing bytes.
TEST_F(SegmentsTest, NarrowToEveryRange) {
  for (size_t offset = 0; offset <= 20; offset += 4) {
    for (size_t length = 0; offset + length <= kSize; length += 5) {
      ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
        if (packet->bytes().size() >= offset) {
          packet->Narrow(offset, length);
          ASSERT_EQ(packet->length(), length);
          ASSERT_TRUE(IsConsistent(*packet));
          const Bytes want = Bytes(bytes_).subspan(offset, length);
          ASSERT_EQ(Contents(*packet), Frame(want.begin(), want.end()));
        }
        packet.Free();
      });
    }
  }
}

TEST_F(SegmentsTest, PullEveryCount) {
  for (size_t count = 0; count <= kSize + 1; ++count) {
    ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
      ASSERT_EQ(packet->Pull(count), count <= kSize);
      ASSERT_TRUE(IsConsistent(*packet));
      ASSERT_EQ(Contents(*packet), bytes_) << "the bytes stay";
      if (count <= kSize) {
        ASSERT_GE(packet->bytes().size(), count);
        ASSERT_TRUE(std::ranges::equal(packet->bytes().first(count), Bytes(bytes_).first(count)));
      }
      packet.Free();
    });
  }
}

// As after an Ethernet header was read: offsets count from the new start.
TEST_F(SegmentsTest, StripAndUnstrip) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    const size_t count = std::min<size_t>(14, packet->bytes().size());
    packet->Strip(count);
    ASSERT_EQ(packet->length(), kSize - count);
    ASSERT_EQ(Contents(*packet), Frame(bytes_.begin() + ptrdiff_t(count), bytes_.end()));
    Frame out(kSize - count);
    ASSERT_TRUE(packet->CopyOut(0, out));
    packet->Unstrip(count);
    ASSERT_EQ(Contents(*packet), bytes_);
    ASSERT_TRUE(IsConsistent(*packet));
    packet.Free();
  });
}

// Taking one's own: the same bytes in the end, whoever else holds them.
TEST_F(SegmentsTest, OwnAndShare) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    const bool chained = packet->is_chained();
    packet->meta().interface = 7;
    PacketPtr shared = pool_->Share(*packet);
    ASSERT_TRUE(shared);
    ASSERT_EQ(Contents(*shared), bytes_);
    ASSERT_EQ(shared->meta().interface, 7);
    ASSERT_FALSE(packet->IsOwned());
    ASSERT_FALSE(shared->IsOwned());
    ASSERT_TRUE(shared->Writable().empty());
    ASSERT_EQ(shared->is_chained(), chained);

    PacketPtr own = pool_->Own(shared);
    ASSERT_TRUE(own);
    ASSERT_FALSE(shared);
    ASSERT_TRUE(own->IsOwned());
    ASSERT_EQ(own->meta().interface, 7);
    ASSERT_TRUE(IsConsistent(*own));
    own->Writable()[0] ^= 0xff;
    ASSERT_EQ(Contents(*packet), bytes_) << "the original does not change";
    ASSERT_TRUE(packet->IsOwned()) << "nobody else holds it any more";
    own.Free();
    packet.Free();
  });
}

// What was shared may be cut, stripped and freed in any order.
TEST_F(SegmentsTest, SharedPacketsAreCutIndependently) {
  ForEverySplit(*pool_, bytes_, [&](PacketPtr packet) {
    PacketPtr shared = pool_->Share(*packet);
    shared->Trim(20);
    ASSERT_EQ(Contents(*shared), Cut(bytes_, 20));
    ASSERT_EQ(Contents(*packet), bytes_);
    packet->Trim(10);
    ASSERT_EQ(Contents(*shared), Cut(bytes_, 20));
    packet.Free();
    ASSERT_EQ(Contents(*shared), Cut(bytes_, 20));
    shared.Free();
  });
}

}  // namespace
}  // namespace sextant::test
