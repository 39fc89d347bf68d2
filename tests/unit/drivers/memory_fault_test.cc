// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include <gtest/gtest.h>

#include <algorithm>

#include "drivers/memory/memory_link.h"
#include "link_host.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

constexpr size_t kFrames = 2000;
const Duration kLong = Duration::Seconds(1);

struct Arrived {
  std::vector<Frame> frames;
  FaultCounts counts;
};

// Frame i says i in its first two bytes; one is sent every 10 µs.
Arrived Carry(const LinkFaults& faults, uint64_t seed) {
  SeededRng rng(seed);
  MemoryHub hub(rng);
  const auto a = hub.Join({"a", {}, 1500, {}, 2 * kFrames});
  const auto b = hub.Join({"b", {}, 1500, {}, 2 * kFrames});
  hub.SetFaults(faults);
  LinkHost from("from");
  LinkHost to("to", 8192);
  for (uint16_t i = 0; i < kFrames; ++i) {
    from.clock().Advance(Duration::Microseconds(10));
    from.Send(*a, Poke16(Pattern(100), 0, i));
  }
  to.clock().JumpTo(from.clock().Now() + kLong);
  Arrived arrived{to.Take(*b, 1000), hub.fault_counts()};
  EXPECT_EQ(hub.NextArrival(), Instant::Never());
  EXPECT_EQ(arrived.counts.carried, kFrames);
  EXPECT_EQ(a->statistics().tx_packets, kFrames);
  return arrived;
}

bool IsIntact(const Frame& frame) {
  return frame.size() == 100 && Poke16(frame, 0, 1) == Pattern(100);
}

size_t OutOfOrder(const std::vector<Frame>& frames) {
  size_t count = 0;
  for (size_t i = 1; i < frames.size(); ++i) {
    if (frames[i].size() < 2 || frames[i - 1].size() < 2) continue;
    count += Load16(frames[i], 0) < Load16(frames[i - 1], 0);
  }
  return count;
}

struct FaultCase {
  const char* name;
  LinkFaults faults;
  uint64_t FaultCounts::*counter;
};

// All at one half, so that a wrong sense of the condition shows.
// clang-format off
const FaultCase kFaultCases[] = {
    {"Loss",        {.loss = 0.5},        &FaultCounts::lost},
    {"Duplication", {.duplication = 0.5}, &FaultCounts::duplicated},
    {"Reordering",  {.reordering = 0.5},  &FaultCounts::reordered},
    {"Corruption",  {.corruption = 0.5},  &FaultCounts::corrupted},
    {"Truncation",  {.truncation = 0.5},  &FaultCounts::truncated},
};
// clang-format on

class FaultTest : public testing::TestWithParam<FaultCase> {};

TEST_P(FaultTest, HappensAsOftenAsAskedAndIsCounted) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  const Arrived got = Carry(GetParam().faults, Seed());
  const auto counter = GetParam().counter;
  const uint64_t count = got.counts.*counter;
  // Five standard deviations of a fair coin.
  EXPECT_NEAR(static_cast<double>(count), kFrames / 2.0, 112);
  for (const auto other : {&FaultCounts::lost, &FaultCounts::duplicated, &FaultCounts::reordered,
                           &FaultCounts::corrupted, &FaultCounts::truncated}) {
    EXPECT_TRUE(other == counter || got.counts.*other == 0);
  }
  EXPECT_EQ(got.frames.size(), kFrames - got.counts.lost + got.counts.duplicated);
  const auto cut =
      std::ranges::count_if(got.frames, [](const Frame& f) { return f.size() != 100; });
  EXPECT_EQ(static_cast<uint64_t>(cut), got.counts.truncated);
  EXPECT_EQ(OutOfOrder(got.frames) > 0, got.counts.reordered > 0 || got.counts.corrupted > 0);
}

TEST_P(FaultTest, SameSeedSameFate) {
  EXPECT_EQ(Carry(GetParam().faults, 7).frames, Carry(GetParam().faults, 7).frames);
  EXPECT_NE(Carry(GetParam().faults, 7).frames, Carry(GetParam().faults, 8).frames);
}
INSTANTIATE_TEST_SUITE_P(Memory, FaultTest, testing::ValuesIn(kFaultCases), kNameOf);

TEST(MemoryFaultTest, NoneByDefault) {
  const Arrived got = Carry({}, 1);
  EXPECT_EQ(got.frames.size(), kFrames);
  EXPECT_TRUE(std::ranges::all_of(got.frames, IsIntact));
  EXPECT_EQ(OutOfOrder(got.frames), 0U);
}

TEST(MemoryFaultTest, CorruptionFlipsFewBits) {
  for (const Frame& frame : Carry({.corruption = 1}, 3).frames) {
    int flipped = 0;
    for (size_t i = 2; i < frame.size(); ++i) {
      flipped += std::popcount(static_cast<uint8_t>(frame[i] ^ i));
    }
    EXPECT_LE(flipped, 8);
  }
}

TEST(MemoryFaultTest, DelayAndJitterBoundTheArrival) {
  SeededRng rng(Seed());
  MemoryHub hub(rng);
  const auto a = hub.Join({"a", {}, 1500, {}, 16});
  const auto b = hub.Join({"b", {}, 1500, {}, 16});
  LinkHost host;
  const Duration delay = Duration::Milliseconds(20);
  const Duration jitter = Duration::Milliseconds(5);
  a->set_faults({.delay = delay, .jitter = jitter});
  for (int i = 0; i < 50; ++i) {
    host.Send(*a, Pattern(60));
    const Instant sent = host.core().now();
    const Instant due = hub.NextArrival();
    EXPECT_GE(due, sent + delay);
    EXPECT_LT(due, sent + delay + jitter);
    host.clock().JumpTo(due - Duration::Nanoseconds(1));
    EXPECT_TRUE(host.Take(*b).empty());
    host.clock().JumpTo(due);
    EXPECT_EQ(host.Take(*b).size(), 1U);
  }
}

}  // namespace
}  // namespace sextant::test
