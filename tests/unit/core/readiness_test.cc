// SPDX-License-Identifier: BSD-3-Clause
// Readiness: events that are raised and lowered, and watchers that hear of it.
// Owned by one Core.
#include "core/readiness.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/epoll.h>

#include <memory>
#include <vector>

namespace sextant::test {
namespace {

// The values are those of poll(2) and epoll(7).
static_assert(kReadyIn == POLLIN && kReadyIn == uint32_t{EPOLLIN});
static_assert(kReadyPriority == POLLPRI && kReadyPriority == uint32_t{EPOLLPRI});
static_assert(kReadyOut == POLLOUT && kReadyOut == uint32_t{EPOLLOUT});
static_assert(kReadyError == POLLERR && kReadyError == uint32_t{EPOLLERR});
static_assert(kReadyHangUp == POLLHUP && kReadyHangUp == uint32_t{EPOLLHUP});
static_assert(kReadyReadHangUp == uint32_t{EPOLLRDHUP});

struct Listener : Watcher {
  std::vector<uint32_t> heard;
  void OnReady(uint32_t raised) override { heard.push_back(raised); }
};

// Leaves as soon as it has heard something, as EPOLLONESHOT does.
struct Leaver : Watcher {
  int heard = 0;
  void OnReady(uint32_t) override {
    ++heard;
    Unlink();
  }
};

using Heard = std::vector<uint32_t>;

TEST(ReadinessTest, RaisesAndLowers) {
  Readiness readiness;
  EXPECT_EQ(readiness.events(), 0U);
  readiness.Raise(kReadyIn);
  readiness.Raise(kReadyOut | kReadyIn);
  EXPECT_EQ(readiness.events(), kReadyIn | kReadyOut);
  readiness.Lower(kReadyIn | kReadyError);
  EXPECT_EQ(readiness.events(), kReadyOut);
}

// Edge-triggered watchers need every raise, not only the first; lowering is silent.
TEST(ReadinessTest, TellsOfEveryRaise) {
  Readiness readiness;
  Listener listener;
  readiness.Raise(kReadyOut);
  readiness.Watch(listener);
  EXPECT_TRUE(listener.heard.empty()) << "what was true before is not told";
  readiness.Raise(kReadyIn);
  readiness.Raise(kReadyIn);
  readiness.Lower(kReadyIn);
  readiness.Raise(kReadyIn | kReadyError);
  EXPECT_EQ(listener.heard, (Heard{kReadyIn, kReadyIn, kReadyIn | kReadyError}));
}

TEST(ReadinessTest, TellsAllWatchers) {
  Readiness readiness;
  Listener a, b;
  readiness.Watch(a);
  readiness.Watch(b);
  readiness.Raise(kReadyIn);
  a.Unlink();
  readiness.Raise(kReadyOut);
  EXPECT_EQ(a.heard, (Heard{kReadyIn}));
  EXPECT_EQ(b.heard, (Heard{kReadyIn, kReadyOut}));
}

TEST(ReadinessTest, EitherMayDieFirst) {
  Listener survivor;
  {
    Readiness readiness;
    readiness.Watch(survivor);
    {
      Listener brief;
      readiness.Watch(brief);
    }
    readiness.Raise(kReadyIn);
  }
  EXPECT_EQ(survivor.heard, (Heard{kReadyIn}));
  survivor.Unlink();
}

TEST(ReadinessTest, AWatcherMayLeaveWhileItHears) {
  Readiness readiness;
  Leaver first;
  Listener second;
  Leaver third;
  readiness.Watch(first);
  readiness.Watch(second);
  readiness.Watch(third);
  readiness.Raise(kReadyIn);
  readiness.Raise(kReadyIn);
  EXPECT_EQ(first.heard, 1);
  EXPECT_EQ(second.heard.size(), 2U);
  EXPECT_EQ(third.heard, 1);
}

}  // namespace
}  // namespace sextant::test
