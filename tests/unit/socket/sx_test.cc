// SPDX-License-Identifier: BSD-3-Clause
// The C functions: what they add is errno, waiting, and the thread they belong to.
// Owned by one Core.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include "host/sx_context.h"
#include "sextant/socket.h"

namespace sextant::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

sockaddr_in6 Loopback(uint16_t port) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_addr = in6addr_loopback;
  out.sin6_port = htons(port);
  return out;
}
const sockaddr* Cast(const sockaddr_in6& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// A stack with nothing but the loopback interface.
class SxTest : public testing::Test {
 protected:
  SxTest() {
    SetEalIsUp();  // by the tests' main()
    std::array<char*, 1> arguments{program_.data()};
    EXPECT_EQ(sx_init(1, arguments.data()), 0);
  }
  ~SxTest() override { sx_fini(); }

  static int OpenAt(uint16_t port, int flags = 0) {
    const int fd = sx_socket(AF_INET6, SOCK_DGRAM | flags, 0);
    const sockaddr_in6 at = Loopback(port);
    EXPECT_EQ(sx_bind(fd, Cast(at), sizeof at), 0);
    return fd;
  }
  static ssize_t SendTo(int fd, std::string_view data, uint16_t port) {
    const sockaddr_in6 to = Loopback(port);
    return sx_sendto(fd, data.data(), data.size(), 0, Cast(to), sizeof to);
  }
  static std::string Receive(int fd, int flags = 0) {
    std::array<char, 100> data;
    const ssize_t size = sx_recv(fd, data.data(), data.size(), flags);
    if (size < 0) return strerrorname_np(errno);
    return {data.data(), static_cast<size_t>(size)};
  }
  static milliseconds TimeOf(const std::function<void()>& work) {
    const auto begin = steady_clock::now();
    work();
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  }

  std::string program_ = "test";
};

TEST_F(SxTest, ABlockingCallDrivesTheStack) {
  const int fd = OpenAt(7);
  EXPECT_EQ(SendTo(fd, "hello", 7), 5);
  EXPECT_EQ(Receive(fd), "hello");
  EXPECT_EQ(SendTo(fd, "hello", 7), 5);
  EXPECT_EQ(Receive(fd, MSG_DONTWAIT), "hello");  // and one that does not block looks once
  EXPECT_EQ(Receive(fd, MSG_DONTWAIT), "EAGAIN");
}

TEST_F(SxTest, TimesOut) {
  const int fd = OpenAt(7);
  const timeval timeout{0, 50'000};
  EXPECT_EQ(sx_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout), 0);
  const milliseconds waited = TimeOf([&] { EXPECT_EQ(Receive(fd), "EAGAIN"); });
  EXPECT_GE(waited, milliseconds(49));
  EXPECT_LT(waited, milliseconds(1000));
  EXPECT_EQ(sx_fcntl(fd, F_SETFL, O_NONBLOCK), 0);
  EXPECT_LT(TimeOf([&] { EXPECT_EQ(Receive(fd), "EAGAIN"); }), milliseconds(40));
}

TEST_F(SxTest, PollAndEpollWait) {
  const int fd = OpenAt(7);
  pollfd polled{fd, POLLIN, 0};
  EXPECT_EQ(sx_poll(&polled, 1, 0), 0);
  EXPECT_GE(TimeOf([&] { EXPECT_EQ(sx_poll(&polled, 1, 30), 0); }), milliseconds(29));
  const int epoll = sx_epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  EXPECT_EQ(sx_epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
  EXPECT_GE(TimeOf([&] { EXPECT_EQ(sx_epoll_wait(epoll, &event, 1, 30), 0); }), milliseconds(29));
  EXPECT_EQ(SendTo(fd, "x", 7), 1);
  EXPECT_EQ(sx_epoll_wait(epoll, &event, 1, -1), 1);
  EXPECT_EQ(sx_poll(&polled, 1, -1), 1);
  EXPECT_EQ(sx_epoll_wait(epoll, &event, 0, -1), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(SxTest, AlwaysReadySocketsDoNotStarveTheLinks) {
  const int fd = OpenAt(7);
  EXPECT_EQ(SendTo(fd, "x", 7), 1);
  pollfd polled{fd, POLLIN | POLLOUT, 0};
  EXPECT_EQ(sx_poll(&polled, 1, -1), 1);
  EXPECT_EQ(polled.revents, POLLIN | POLLOUT);
}

TEST_F(SxTest, RecvmmsgWaitsForAllOrOne) {
  const int fd = OpenAt(7);
  std::array<mmsghdr, 3> messages{};
  timespec patience{0, 20'000'000};
  EXPECT_EQ(SendTo(fd, "", 7), 0);
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 3, MSG_WAITFORONE, nullptr), 1);
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 3, 0, &patience), -1);
  EXPECT_EQ(errno, EAGAIN);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(SendTo(fd, "", 7), 0);
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 3, 0, &patience), 2);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(SendTo(fd, "", 7), 0);
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 3, 0, nullptr), 3);
  patience.tv_nsec = 1'000'000'000;
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 3, 0, &patience), -1);
  EXPECT_EQ(errno, EINVAL);
}

volatile std::sig_atomic_t signals = 0;

// Raises SIGALRM in 20 ms and then every 20 ms.
class Alarm {
 public:
  explicit Alarm(int flags) {
    struct sigaction action {};
    action.sa_handler = [](int) { signals = signals + 1; };
    action.sa_flags = flags;
    sigaction(SIGALRM, &action, &before_);
    const itimerval every{{0, 20'000}, {0, 20'000}};
    setitimer(ITIMER_REAL, &every, nullptr);
    signals = 0;
  }
  ~Alarm() {
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  struct sigaction before_ {};
};

TEST_F(SxTest, SignalsInterruptWhatSleeps) {
  const int fd = OpenAt(7);
  pollfd polled{fd, POLLIN, 0};
  const Alarm alarm(0);
  EXPECT_EQ(Receive(fd), "EINTR");
  EXPECT_EQ(sx_poll(&polled, 1, -1), -1);
  EXPECT_EQ(errno, EINTR);
  EXPECT_GE(signals, 2);
}

TEST_F(SxTest, RestartingHandlersInterruptPollOnly) {
  const int fd = OpenAt(7);
  pollfd polled{fd, POLLIN, 0};
  const Alarm alarm(SA_RESTART);
  EXPECT_EQ(sx_poll(&polled, 1, -1), -1);
  EXPECT_EQ(errno, EINTR);
  const timespec longer{0, 70'000'000};
  timespec patience = longer;
  std::array<mmsghdr, 1> messages{};
  // With a timeout every handler interrupts (signal(7)).
  EXPECT_EQ(sx_recvmmsg(fd, messages.data(), 1, 0, &patience), -1);
  EXPECT_EQ(errno, EINTR);
}

TEST_F(SxTest, RunCallsBackUntilItIsDone) {
  struct State {
    int fd;
    int calls;
    std::string got;
  } state{OpenAt(7), 0, ""};
  const int result = sx_run(
      [](void* at) {
        auto& s = *static_cast<State*>(at);
        if (++s.calls == 1) {
          EXPECT_EQ(sx_run([](void*) { return 1; }, nullptr), -1);  // not inside itself
          EXPECT_EQ(SendTo(s.fd, "a", 7), 1);
          EXPECT_EQ(Receive(s.fd, MSG_DONTWAIT), "EAGAIN");  // nothing polls inside loop()
          return 0;
        }
        if (s.calls == 2) return 0;
        s.got = Receive(s.fd, MSG_DONTWAIT);
        EXPECT_EQ(SendTo(s.fd, "b", 7), 1);
        s.got += Receive(s.fd);  // unless it has to wait; and loop() is not entered again
        return 42;
      },
      &state);
  EXPECT_EQ(result, 42);
  EXPECT_EQ(state.calls, 3);
  EXPECT_EQ(state.got, "ab");
  EXPECT_EQ(sx_run(nullptr, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(SxTest, OtherThreadsOwnNoCore) {
  const int fd = OpenAt(7);
  std::thread([fd] {
    EXPECT_EQ(sx_close(fd), -1);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(sx_socket(AF_INET6, SOCK_DGRAM, 0), -1);
    EXPECT_EQ(sx_poll(nullptr, 0, 0), -1);
    EXPECT_EQ(sx_if_nametoindex("lo"), 0U);
    sx_fini();
  }).join();
  EXPECT_EQ(sx_close(fd), 0);
}

TEST_F(SxTest, Errno) {
  const int fd = OpenAt(7);
  int value = 0;
  EXPECT_EQ(sx_listen(fd, 1), -1);
  EXPECT_EQ(errno, EOPNOTSUPP);
  EXPECT_EQ(sx_accept(99, nullptr, nullptr), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(sx_write(fd, "x", 1), -1);
  EXPECT_EQ(errno, ENOTCONN);
  EXPECT_EQ(sx_sendmsg(fd, nullptr, 0), -1);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(sx_recvmmsg(fd, nullptr, 1, 0, nullptr), -1);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(sx_ioctl(fd, FIONREAD, &value), 0);
  EXPECT_EQ(sx_fcntl(fd, F_GETFL), O_RDWR);
  EXPECT_EQ(sx_poll(nullptr, 1, 0), -1);
  EXPECT_EQ(errno, EFAULT);
}

TEST_F(SxTest, Privileges) {
  const sx_cred nobody{1, 65534, 0};
  const sx_cred unknown{1, 0, 0x100};
  EXPECT_EQ(sx_setcred(&unknown), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sx_setcred(&nobody), 0);
  const int fd = sx_socket(AF_INET6, SOCK_DGRAM, 0);
  const sockaddr_in6 at = Loopback(7);
  EXPECT_EQ(sx_bind(fd, Cast(at), sizeof at), -1);
  EXPECT_EQ(errno, EACCES);
}

TEST_F(SxTest, InterfaceNames) {
  EXPECT_EQ(sx_if_nametoindex("lo"), 1U);
  EXPECT_EQ(sx_if_nametoindex("eth9"), 0U);
  EXPECT_EQ(errno, ENODEV);
  char name[IF_NAMESIZE];
  EXPECT_STREQ(sx_if_indextoname(1, name), "lo");
  EXPECT_EQ(sx_if_indextoname(2, name), nullptr);
  EXPECT_EQ(errno, ENXIO);
  struct if_nameindex* const all = sx_if_nameindex();
  EXPECT_EQ(all[0].if_index, 1U);
  EXPECT_STREQ(all[0].if_name, "lo");
  EXPECT_EQ(all[1].if_index, 0U);
  EXPECT_EQ(all[1].if_name, nullptr);
  sx_if_freenameindex(all);
}

TEST_F(SxTest, TheWholeLoopFills) {
  // More than the loopback interface queues between two polls: sending polls now and then.
  const int fd = OpenAt(7);
  for (int i = 0; i < 10'000; ++i) EXPECT_EQ(SendTo(fd, "x", 7), 1);
  EXPECT_EQ(Receive(fd), "x");
}

class SxInitTest : public testing::Test {
 protected:
  // Calls sx_init() with these; returns what it returned and the arguments afterwards.
  std::string Init(std::vector<std::string> arguments) {
    SetEalIsUp();
    std::vector<char*> raw;
    for (std::string& a : arguments) raw.push_back(a.data());
    const int argc = static_cast<int>(raw.size());
    const int used = sx_init(argc, raw.data());
    if (used < 0) return std::string(strerrorname_np(errno));
    std::string out = std::to_string(used);
    for (int i = used; i < argc; ++i) out += std::string(" ") + raw[static_cast<size_t>(i)];
    sx_fini();
    return out;
  }
};

TEST_F(SxInitTest, LeavesTheProgramItsOwnArguments) {
  EXPECT_EQ(Init({"prog"}), "0 prog");
  EXPECT_EQ(Init({"prog", "mine", "too"}), "0 prog mine too");
  EXPECT_EQ(Init({"prog", "-m", "256", "--", "mine"}), "3 prog mine");
  EXPECT_EQ(Init({"prog", "--no-huge", "--", "mine", "--", "--config"}), "3 prog mine --config");
}

TEST_F(SxInitTest, SaysWhatIsWrong) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Init({"prog", "--config"}), "EINVAL");
  EXPECT_EQ(Init({"prog", "--interface", "lan0=nothing:x"}), "EINVAL");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("--config: its value"));
}

TEST_F(SxInitTest, EnginesBelongToAnotherProgram) {
  const std::string path = testing::TempDir() + "sx_engine.ini";
  FILE* const file = fopen(path.c_str(), "w");
  fputs("[engine echo]\ntype = udp-echo\nport = 7\n", file);
  fclose(file);
  testing::internal::CaptureStderr();
  EXPECT_EQ(Init({"prog", "--config", path}), "EINVAL");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("[engine echo]"));
  remove(path.c_str());
}

TEST_F(SxInitTest, OnceAtATime) {
  SetEalIsUp();
  char program[] = "prog";
  std::array<char*, 1> arguments{program};
  EXPECT_EQ(sx_init(1, arguments.data()), 0);
  testing::internal::CaptureStderr();
  EXPECT_EQ(sx_init(1, arguments.data()), -1);
  EXPECT_EQ(errno, EALREADY);
  testing::internal::GetCapturedStderr();
  sx_fini();
  EXPECT_EQ(sx_socket(AF_INET6, SOCK_DGRAM, 0), -1);
  EXPECT_EQ(errno, EPERM);
}

}  // namespace
}  // namespace sextant::test
