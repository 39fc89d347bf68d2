// SPDX-License-Identifier: BSD-3-Clause
// The checksum over packets: the same however they are split.
// Owned by one Core.
#include "packet/sum.h"

#include <gtest/gtest.h>

#include "support/chain.h"

namespace sextant::test {
namespace {

// RFC 1071 §2(B): every split into three, odd ones and empty ones too, and every beginning.
TEST(SumTest, EverySplit) {
  const TestPool pool;
  const Frame bytes = Pattern(40);
  for (size_t first = 0; first <= bytes.size(); ++first) {
    for (size_t second = first; second <= bytes.size(); ++second) {
      PacketPtr packet =
          Chain(*pool, bytes, std::array{first, second - first, bytes.size() - second});
      for (size_t offset = 0; offset <= bytes.size(); offset += 5) {
        for (size_t length = 0; offset + length <= bytes.size(); length += 3) {
          ASSERT_EQ(SumOf(*packet, offset, length).Checksum(),
                    static_cast<uint16_t>(~PlainSum(Bytes(bytes).subspan(offset, length))))
              << first << ' ' << second << ' ' << offset << ' ' << length;
        }
      }
      packet.Free();
    }
  }
}

TEST(SumTest, LongChain) {
  const TestPool pool(128);
  const Frame bytes = Pattern(65'535);
  PacketPtr packet = pool->Copy(bytes);
  EXPECT_EQ(SumOf(*packet, 0, bytes.size()).Checksum(), static_cast<uint16_t>(~PlainSum(bytes)));
  EXPECT_EQ(SumOf(*packet, 40, bytes.size() - 40).Checksum(),
            static_cast<uint16_t>(~PlainSum(Bytes(bytes).subspan(40))));
  packet.Free();
}

}  // namespace
}  // namespace sextant::test
