// SPDX-License-Identifier: BSD-3-Clause
#include "core/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

namespace sextant::test {
namespace {

TEST(ArenaTest, CellsAreApartAlignedAndUsedAgain) {
  constexpr size_t kSize = 200;
  constexpr size_t kCells = 20'000;  // several chunks
  Arena arena(kSize);
  std::set<uintptr_t> cells;
  for (size_t i = 0; i < kCells; ++i) {
    void* const cell = arena.Take();
    std::memset(cell, 0xa5, kSize);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(cell) % 64, 0U);
    EXPECT_TRUE(cells.insert(reinterpret_cast<uintptr_t>(cell)).second);
  }
  uintptr_t previous = 0;
  for (const uintptr_t cell : cells) {
    EXPECT_GE(cell - previous, kSize);
    previous = cell;
  }
  void* const last = reinterpret_cast<void*>(previous);
  arena.Give(last);
  EXPECT_EQ(arena.Take(), last) << "the one given back last is the warmest";
  for (const uintptr_t cell : cells) arena.Give(reinterpret_cast<void*>(cell));
}

TEST(ArenaDeathTest, ACellThatIsStillInUseIsABug) {
  EXPECT_DEATH(
      {
        Arena arena(64);
        static_cast<void>(arena.Take());
      },
      "taken_ == 0");
}

}  // namespace
}  // namespace sextant::test
