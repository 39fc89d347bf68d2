// SPDX-License-Identifier: BSD-3-Clause
// IntrusiveList, against std::list.
// Owned by one Core.
#include "base/intrusive_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "base/rng.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

struct OneTag;
struct OtherTag;

struct Item : ListNode<OneTag>, ListNode<OtherTag> {
  explicit Item(int n) : number(n) {}
  int number;
  bool in_one() const { return ListNode<OneTag>::is_linked(); }
  bool in_other() const { return ListNode<OtherTag>::is_linked(); }
  void LeaveOne() { ListNode<OneTag>::Unlink(); }
};

using One = IntrusiveList<Item, OneTag>;
using Other = IntrusiveList<Item, OtherTag>;

template <typename List>
std::vector<int> Numbers(List& list) {
  std::vector<int> numbers;
  for (Item* item = list.front(); item != nullptr; item = list.Next(*item)) {
    numbers.push_back(item->number);
  }
  return numbers;
}

using Order = std::vector<int>;

TEST(IntrusiveListTest, EmptyList) {
  One list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.front(), nullptr);
  EXPECT_EQ(list.back(), nullptr);
  EXPECT_EQ(list.PopFront(), nullptr);
}

TEST(IntrusiveListTest, KeepsOrder) {
  One list;
  Item a(1), b(2), c(3);
  list.PushBack(b);
  list.PushBack(c);
  list.PushFront(a);
  EXPECT_EQ(Numbers(list), (Order{1, 2, 3}));
  EXPECT_EQ(list.front(), &a);
  EXPECT_EQ(list.back(), &c);
  EXPECT_EQ(list.PopFront(), &a);
  EXPECT_FALSE(a.in_one());
  EXPECT_EQ(Numbers(list), (Order{2, 3}));
}

TEST(IntrusiveListTest, UnlinkAnywhereAndTwice) {
  One list;
  Item a(1), b(2), c(3);
  for (Item* item : {&a, &b, &c}) list.PushBack(*item);
  b.LeaveOne();
  b.LeaveOne();
  EXPECT_EQ(Numbers(list), (Order{1, 3}));
  a.LeaveOne();
  c.LeaveOne();
  EXPECT_TRUE(list.empty());
  list.PushBack(b);
  EXPECT_EQ(Numbers(list), (Order{2}));
}

TEST(IntrusiveListTest, DyingMembersLeave) {
  One list;
  Item a(1);
  list.PushBack(a);
  {
    Item b(2);
    list.PushBack(b);
    EXPECT_EQ(Numbers(list), (Order{1, 2}));
  }
  EXPECT_EQ(Numbers(list), (Order{1}));
}

TEST(IntrusiveListTest, MembersSurviveTheirList) {
  Item a(1), b(2);
  {
    One list;
    list.PushBack(a);
    list.PushBack(b);
  }
  a.LeaveOne();
  b.LeaveOne();
  EXPECT_FALSE(a.in_one());
}

TEST(IntrusiveListTest, TwoTagsAreTwoPlaces) {
  One one;
  Other other;
  Item a(1), b(2);
  one.PushBack(a);
  one.PushBack(b);
  other.PushBack(b);
  other.PushBack(a);
  EXPECT_EQ(Numbers(one), (Order{1, 2}));
  EXPECT_EQ(Numbers(other), (Order{2, 1}));
  a.LeaveOne();
  EXPECT_EQ(Numbers(one), (Order{2}));
  EXPECT_TRUE(a.in_other());
}

TEST(IntrusiveListTest, SpliceKeepsOrder) {
  One first, second, nothing;
  Item a(1), b(2), c(3), d(4);
  first.PushBack(a);
  first.PushBack(b);
  second.PushBack(c);
  second.PushBack(d);
  first.Splice(second);
  EXPECT_EQ(Numbers(first), (Order{1, 2, 3, 4}));
  EXPECT_TRUE(second.empty());
  first.Splice(nothing);
  nothing.Splice(first);
  EXPECT_EQ(Numbers(nothing), (Order{1, 2, 3, 4}));
}

TEST(IntrusiveListDeathTest, OnePlaceAtATime) {
  One list, another;
  Item a(1);
  list.PushBack(a);
  EXPECT_DEATH(another.PushBack(a), "check failed");
  EXPECT_DEATH(list.PushFront(a), "check failed");
}

// Any sequence of operations leaves the same order as in a std::list.
TEST(IntrusiveListTest, AgreesWithStdList) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  std::list<int> model;
  std::vector<std::unique_ptr<Item>> items;
  One list;
  for (int i = 0; i < 20; ++i) items.push_back(std::make_unique<Item>(i));
  for (int step = 0; step < Rounds(20'000); ++step) {
    auto& item = items[rng.Below(20)];
    const int number = item->number;
    switch (rng.Below(5)) {
      case 0:
        if (!item->in_one()) list.PushBack(*item), model.push_back(number);
        break;
      case 1:
        if (!item->in_one()) list.PushFront(*item), model.push_front(number);
        break;
      case 2:
        item->LeaveOne();
        model.remove(number);
        break;
      case 3:
        item = std::make_unique<Item>(number);  // the old one dies in its place
        model.remove(number);
        break;
      default:
        if (const Item* const front = list.PopFront()) {
          ASSERT_EQ(front->number, model.front());
          model.pop_front();
        }
    }
    ASSERT_EQ(Numbers(list), Order(model.begin(), model.end())) << "step " << step;
    ASSERT_EQ(list.empty(), model.empty());
    if (!model.empty()) {
      ASSERT_EQ(list.back()->number, model.back());
    }
  }
}

}  // namespace
}  // namespace sextant::test
