// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores in network byte order.
// Any thread.
#include "base/bytes.h"

#include <gtest/gtest.h>

namespace sextant::test {
namespace {

constexpr bool NetworkOrderAtEveryOffset() {
  for (size_t offset = 0; offset < 4; ++offset) {
    std::array<uint8_t, 8> bytes{};
    Store32(bytes, offset, 0x01020304);
    for (size_t i = 0; i < 4; ++i) {
      if (bytes[offset + i] != i + 1) return false;
    }
    if (Load32(bytes, offset) != 0x01020304 || Load16(bytes, offset + 1) != 0x0203) return false;
    Store16(bytes, offset, 0xfffe);
    if (bytes[offset] != 0xff || bytes[offset + 1] != 0xfe || bytes[offset + 2] != 3) return false;
  }
  return true;
}
static_assert(NetworkOrderAtEveryOffset());

// At run time other code does it.
TEST(BytesTest, NetworkOrderAtRunTime) { EXPECT_TRUE(NetworkOrderAtEveryOffset()); }

// Stored as they lie in memory, such values stand in network order.
TEST(BytesTest, ToWire) {
  std::array<uint8_t, 4> bytes{};
  const uint32_t word = ToWire(uint32_t{0x0102'0304});
  std::memcpy(bytes.data(), &word, sizeof word);
  EXPECT_EQ(Load32(bytes, 0), 0x0102'0304U);
  const uint16_t half = ToWire(uint16_t{0x0506});
  std::memcpy(bytes.data(), &half, sizeof half);
  EXPECT_EQ(Load16(bytes, 0), 0x0506);
  EXPECT_EQ(ToWire(word), 0x0102'0304U) << "its own inverse";
}

TEST(BytesTest, EveryHalfWordComesBack) {
  std::array<uint8_t, 4> bytes{};
  for (uint32_t value = 0; value <= 0xffff; ++value) {
    Store16(bytes, 1, static_cast<uint16_t>(value));
    ASSERT_EQ(Load16(bytes, 1), value);
  }
}

// Words lie in memory as the machine has them, at any address.
TEST(BytesTest, MachineWords) {
  std::array<uint8_t, 16> bytes{};
  for (size_t offset = 0; offset < 8; ++offset) {
    const uint64_t word = 0x1122'3344'5566'7788;
    std::memcpy(bytes.data() + offset, &word, sizeof word);
    ASSERT_EQ(LoadWord64(bytes.data() + offset), word);
    if constexpr (std::endian::native == std::endian::little) {
      ASSERT_EQ(LoadWord32(bytes.data() + offset), 0x5566'7788U);
      ASSERT_EQ(LoadWord16(bytes.data() + offset), 0x7788U);
    }
  }
}

}  // namespace
}  // namespace sextant::test
