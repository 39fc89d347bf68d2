// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;

class EpollTest : public SocketRig {
 protected:
  EpollTest() : epoll_(*layer().EpollCreate(0)), from_(OpenAt("::1", 6)), to_(OpenAt("::1", 7)) {}

  Errno Control(int operation, int fd, uint32_t events, uint64_t data = 0) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return layer().EpollCtl(epoll_, operation, fd, &event);
  }
  void Deliver(int count = 1, uint16_t port = 7) {
    for (int i = 0; i < count; ++i) EXPECT_EQ(SendTo(from_, "x", At("::1", port)), kOk);
    Settle();
  }
  // "events:data ..." in hexadecimal.
  std::string Wait(size_t room = 8) {
    std::vector<epoll_event> events(room);
    const auto count = layer().EpollWait(epoll_, events);
    EXPECT_TRUE(count.ok());
    std::string out;
    for (size_t i = 0; i < *count; ++i) {
      char text[40];
      std::snprintf(text, sizeof text, "%x:%llx ", static_cast<unsigned>(events[i].events),
                    static_cast<unsigned long long>(events[i].data.u64));
      out += text;
    }
    return out;
  }

  const int epoll_;
  const int from_;
  const int to_;
};

TEST_F(EpollTest, LevelTriggered) {
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN, 0xabc), kOk);
  EXPECT_EQ(Wait(), "");
  Deliver(2);
  EXPECT_EQ(Wait(), "1:abc ");
  EXPECT_EQ(Wait(), "1:abc ");
  EXPECT_EQ(Receive(to_), "x");
  EXPECT_EQ(Wait(), "1:abc ");
  EXPECT_EQ(Receive(to_), "x");
  EXPECT_EQ(Wait(), "");
}

TEST_F(EpollTest, EdgeTriggered) {
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN | EPOLLET, 1), kOk);
  Deliver();
  EXPECT_EQ(Wait(), "1:1 ");
  EXPECT_EQ(Wait(), "");
  Deliver();  // more while it is readable still
  EXPECT_EQ(Wait(), "1:1 ");
  EXPECT_EQ(Receive(to_), "x");
  EXPECT_EQ(Wait(), "");
}

TEST_F(EpollTest, ReadyWhenAdded) {
  Deliver();
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN | EPOLLET, 1), kOk);
  EXPECT_EQ(Wait(), "1:1 ");
  EXPECT_EQ(Wait(), "");
  EXPECT_EQ(Control(EPOLL_CTL_MOD, to_, EPOLLIN | EPOLLET, 2), kOk);
  EXPECT_EQ(Wait(), "1:2 ");
}

TEST_F(EpollTest, OneShot) {
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN | EPOLLONESHOT, 1), kOk);
  Deliver();
  EXPECT_EQ(Wait(), "1:1 ");
  Deliver();
  EXPECT_EQ(Wait(), "");
  EXPECT_EQ(Control(EPOLL_CTL_MOD, to_, EPOLLIN | EPOLLONESHOT, 2), kOk);
  EXPECT_EQ(Wait(), "1:2 ");
  EXPECT_EQ(Wait(), "");
}

TEST_F(EpollTest, WritableAndErrors) {
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLOUT | EPOLLWRNORM, 1), kOk);
  EXPECT_EQ(Wait(), "104:1 ");
  EXPECT_EQ(Control(EPOLL_CTL_MOD, to_, 0, 2), kOk);
  EXPECT_EQ(Wait(), "");
  EXPECT_EQ(Connect(to_, At("::1", 999)), kOk);
  EXPECT_EQ(Send(to_, "x"), kOk);
  Settle();
  EXPECT_EQ(Wait(), "8:2 ");  // epoll_ctl(2): EPOLLERR is always told
  EXPECT_EQ(Get(to_, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  EXPECT_EQ(Wait(), "");
}

TEST_F(EpollTest, Hangup) {
  EXPECT_EQ(Connect(to_, At("::1", 6)), kOk);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN | EPOLLRDHUP | EPOLLET, 1), kOk);
  EXPECT_EQ(Wait(), "");
  EXPECT_EQ(layer().Shutdown(to_, SHUT_RDWR), kOk);
  EXPECT_EQ(Wait(), "2011:1 ");
  EXPECT_EQ(Wait(), "");
}

TEST_F(EpollTest, FewerPlacesThanReady) {
  // Each is told in turn, none twice before all others.
  std::string seen;
  for (uint16_t port = 101; port <= 103; ++port) {
    EXPECT_EQ(Control(EPOLL_CTL_ADD, OpenAt("::1", port), EPOLLIN, port - 100U), kOk);
    Deliver(1, port);
  }
  for (int i = 0; i < 4; ++i) seen += Wait(1);
  EXPECT_EQ(seen, "1:1 1:2 1:3 1:1 ");
}

TEST_F(EpollTest, ClosedDescriptorsLeave) {
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN), kOk);
  Deliver();
  EXPECT_EQ(layer().Close(to_), kOk);
  EXPECT_EQ(Wait(), "");
  EXPECT_EQ(Open(), to_);  // the same number, another socket
  EXPECT_EQ(Control(EPOLL_CTL_DEL, to_, 0), Errno::kNoEntry);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN), kOk);
  EXPECT_EQ(layer().Close(epoll_), kOk);
}

TEST_F(EpollTest, TwoInstances) {
  const int other = *layer().EpollCreate(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN, 1), kOk);
  EXPECT_EQ(layer().EpollCtl(other, EPOLL_CTL_ADD, to_, &event), kOk);
  Deliver();
  EXPECT_EQ(Wait(), "1:1 ");
  EXPECT_EQ(*layer().EpollWait(other, {&event, 1}), 1U);
  pollfd polled{other, POLLIN, 0};
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U);
  EXPECT_EQ(Receive(to_), "x");
  EXPECT_EQ(layer().Poll({&polled, 1}), 0U);
}

TEST_F(EpollTest, Misuse) {
  epoll_event event{};
  EXPECT_EQ(layer().EpollCreate(7).error(), Errno::kInvalid);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, epoll_, EPOLLIN), Errno::kInvalid);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, *layer().EpollCreate(0), EPOLLIN), Errno::kLoop);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, kNoFd, EPOLLIN), Errno::kBadDescriptor);
  EXPECT_EQ(Control(EPOLL_CTL_MOD, to_, EPOLLIN), Errno::kNoEntry);
  EXPECT_EQ(Control(EPOLL_CTL_DEL, to_, EPOLLIN), Errno::kNoEntry);
  EXPECT_EQ(Control(9, to_, EPOLLIN), Errno::kInvalid);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN), kOk);
  EXPECT_EQ(Control(EPOLL_CTL_ADD, to_, EPOLLIN), Errno::kExists);
  EXPECT_EQ(layer().EpollCtl(epoll_, EPOLL_CTL_MOD, to_, nullptr), Errno::kFault);
  EXPECT_EQ(layer().EpollCtl(epoll_, EPOLL_CTL_DEL, to_, nullptr), kOk);
  EXPECT_EQ(layer().EpollCtl(to_, EPOLL_CTL_ADD, from_, &event), Errno::kInvalid);
  EXPECT_EQ(layer().EpollWait(to_, {&event, 1}).error(), Errno::kInvalid);
  EXPECT_EQ(layer().EpollWait(kNoFd, {&event, 1}).error(), Errno::kBadDescriptor);
}

using PollTest = EpollTest;

TEST_F(PollTest, EachDescriptor) {
  Deliver();
  std::array<pollfd, 5> polled{{{to_, POLLIN | POLLRDNORM | POLLOUT, 0},
                                {from_, POLLIN, 0},
                                {from_, POLLOUT, 0},
                                {-1, POLLIN, 7},
                                {kNoFd, POLLIN, 0}}};
  EXPECT_EQ(layer().Poll(polled), 3U);
  EXPECT_EQ(polled[0].revents, POLLIN | POLLRDNORM | POLLOUT);
  EXPECT_EQ(polled[1].revents, 0);
  EXPECT_EQ(polled[2].revents, POLLOUT);
  EXPECT_EQ(polled[3].revents, 0);
  EXPECT_EQ(polled[4].revents, POLLNVAL);
}

}  // namespace
}  // namespace sextant::test
