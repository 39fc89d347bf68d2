// SPDX-License-Identifier: BSD-3-Clause
// The table of neighbors, beside a std::map that does the same slowly.
// Owned by one Core.
#include "nd/neighbor_cache.h"

#include <map>

#include "unit/nd/rig.h"

namespace sextant::test {
namespace {

class NeighborCacheTest : public Rig, public nd::NeighborTimerHandler {
 protected:
  void OnNeighborTimer(nd::Neighbor&) override { ++fired; }

  static Ipv6Address Numbered(unsigned number) {
    return Ipv6Address::FromGroups({0xfe80, 0, 0, 0, 0, 0, 0, static_cast<uint16_t>(number)});
  }

  nd::NeighborCache cache{core, *this};
  int fired = 0;
};

TEST_F(NeighborCacheTest, BeginsEmpty) {
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.Find(kLan, Numbered(1)), nullptr);
  EXPECT_EQ(cache.Find(0, Ipv6Address()), nullptr);
  EXPECT_EQ(cache.FindFront(0, Ipv6Address()), nullptr);
}

TEST_F(NeighborCacheTest, FrontForgetsTheRemoved) {
  nd::Neighbor* const one = cache.Insert(kLan, Numbered(1));
  EXPECT_EQ(cache.Find(kLan, Numbered(1)), one);
  EXPECT_EQ(cache.FindFront(kLan, Numbered(1)), one);
  EXPECT_EQ(cache.Find(3, Numbered(1)), nullptr) << "another interface";
  cache.Remove(*one);
  EXPECT_EQ(cache.FindFront(kLan, Numbered(1)), nullptr);
  EXPECT_EQ(cache.Find(kLan, Numbered(1)), nullptr);
  // The entry serves somebody else now; the front slot still names it.
  nd::Neighbor* const two = cache.Insert(kLan, Numbered(2));
  EXPECT_EQ(cache.FindFront(kLan, Numbered(1)), nullptr);
  EXPECT_EQ(cache.Find(kLan, Numbered(2)), two);
}

TEST_F(NeighborCacheTest, RemovingCancelsTheTimer) {
  nd::Neighbor* const one = cache.Insert(kLan, Numbered(1));
  core.Arm(one->timer, Duration::Milliseconds(10));
  cache.Remove(*one);
  PassMs(100);
  EXPECT_EQ(fired, 0);
}

TEST_F(NeighborCacheTest, AgreesWithAMap) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  std::map<std::pair<uint16_t, Ipv6Address>, nd::NeighborState> model;
  for (int i = 0; i < Rounds(100'000); ++i) {
    const auto interface = static_cast<uint16_t>(2 + rng.Below(3));
    const Ipv6Address address = Numbered(rng.Below(250));
    const auto known = model.find({interface, address});
    nd::Neighbor* const found = cache.Find(interface, address);
    ASSERT_EQ(found != nullptr, known != model.end());
    if (found == nullptr) {
      ASSERT_NE(cache.Insert(interface, address), nullptr);
      model[{interface, address}] = nd::NeighborState::kIncomplete;
      continue;
    }
    ASSERT_EQ(found->address, address);
    ASSERT_EQ(found->interface, interface);
    ASSERT_EQ(found->state, known->second);
    if (rng.Below(3) == 0) {
      cache.Remove(*found);
      model.erase(known);
    } else {
      known->second = static_cast<nd::NeighborState>(1 + rng.Below(4));
      cache.SetState(*found, known->second);
    }
    ASSERT_EQ(cache.size(), model.size());
  }
  size_t seen = 0;
  cache.ForEach([&](nd::Neighbor& neighbor) {
    ++seen;
    EXPECT_TRUE(model.contains({neighbor.interface, neighbor.address}));
  });
  EXPECT_EQ(seen, model.size());
  const auto incomplete = std::ranges::count_if(
      model, [](const auto& row) { return row.second == nd::NeighborState::kIncomplete; });
  EXPECT_EQ(cache.incomplete(), static_cast<size_t>(incomplete));
  cache.ForEach([&](nd::Neighbor& neighbor) { cache.Remove(neighbor); });
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.incomplete(), 0u);
}

}  // namespace
}  // namespace sextant::test
