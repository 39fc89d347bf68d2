// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "demo_kernel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "demo_address.h"
#include "demo_echoes.h"

namespace sextant {
namespace {

// Replies to pings are few, those to datagrams many.
constexpr int kReceiveBuffer = 1 << 20;

int64_t Now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int OpenSocket(int type, int protocol, uint16_t port) {
  const int fd = socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(port);
  inet_pton(AF_INET6, kDemoAddress, &to.sin6_addr);
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) return fd;
  close(fd);
  return -1;
}

// Owners of raw sockets filter for themselves, others get only what is theirs.
int OpenPing() {
  const int fd = OpenSocket(SOCK_RAW, IPPROTO_ICMPV6, 0);
  if (fd < 0) return OpenSocket(SOCK_DGRAM, IPPROTO_ICMPV6, 0);
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
  setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
  return fd;
}

class Client {
 public:
  explicit Client(DemoTotals& totals) : totals_(totals), echoes_(totals) {}

  // 0, or the errno of what could not be done.
  int Run() {
    const int ping = OpenPing();
    const int udp = ping < 0 ? -1 : OpenSocket(SOCK_DGRAM, 0, DemoPlan::kPort);
    if (udp < 0) return errno == 0 ? EIO : errno;
    start_ = Now();
    while (!Done()) {
      SendDue(ping, udp);
      std::array<pollfd, 2> waiting = {pollfd{ping, POLLIN, 0}, pollfd{udp, POLLIN, 0}};
      poll(waiting.data(), waiting.size(), 5);
      while (ReceivePing(ping) || ReceiveEcho(udp)) {
      }
      if (Now() - published_ > DemoPlan::kTick / 2) Publish();
    }
    Publish();
    return 0;
  }

 private:
  bool Done() const {
    const bool all = pings_sent_ == DemoPlan::kTicks && echoes_.all_sent();
    const bool quiet = Now() - std::max(echoes_.last_return(), last_answer_) > DemoPlan::kPatience;
    const bool complete = all && echoes_.all_returned() && pings_answered_ == pings_sent_;
    return complete || (quiet && Now() - start_ > DemoPlan::kPatience);
  }

  void SendDue(int ping, int udp) {
    const int64_t elapsed = Now() - start_;
    if (pings_sent_ < DemoPlan::TicksAt(elapsed)) SendPing(ping);
    while (echoes_.MaySend(elapsed)) {
      const std::vector<uint8_t> payload = DemoPayload(echoes_.next());
      if (send(udp, payload.data(), payload.size(), 0) < 0 && errno != ECONNREFUSED) return;
      echoes_.Sent(Now());
    }
  }

  void SendPing(int fd) {
    icmp6_hdr request{};
    request.icmp6_type = ICMP6_ECHO_REQUEST;
    request.icmp6_id = htons(static_cast<uint16_t>(getpid()));
    request.icmp6_seq = htons(static_cast<uint16_t>(pings_sent_));
    pings_at_[pings_sent_] = Now();
    if (send(fd, &request, sizeof request, 0) == sizeof request) ++pings_sent_;
  }

  bool ReceivePing(int fd) {
    icmp6_hdr reply{};
    if (recv(fd, &reply, sizeof reply, 0) < static_cast<ssize_t>(sizeof reply)) return false;
    const uint16_t number = ntohs(reply.icmp6_seq);
    if (reply.icmp6_type != ICMP6_ECHO_REPLY || number >= pings_sent_ || answered_[number]) {
      return true;
    }
    answered_[number] = true;
    ++pings_answered_;
    last_answer_ = Now();
    ping_times_.Add(last_answer_ - pings_at_[number]);
    return true;
  }

  bool ReceiveEcho(int fd) {
    std::array<uint8_t, 2048> data;
    const ssize_t size = recv(fd, data.data(), data.size(), 0);
    if (size < 0) return false;
    echoes_.Returned(std::span(data).first(static_cast<size_t>(size)), Now());
    return true;
  }

  void Publish() {
    published_ = Now();
    totals_.pings_sent = pings_sent_;
    totals_.pings_answered = pings_answered_;
    totals_.ping_median_ns = ping_times_.Below(0.5);
    echoes_.Publish();
  }

  DemoTotals& totals_;
  DemoEchoes echoes_;
  std::array<int64_t, DemoPlan::kTicks> pings_at_{};
  std::array<bool, DemoPlan::kTicks> answered_{};
  RoundTrips ping_times_;
  uint64_t pings_sent_ = 0;
  uint64_t pings_answered_ = 0;
  int64_t start_ = 0;
  int64_t last_answer_ = 0;
  int64_t published_ = 0;
};

}  // namespace

DemoTotals* ShareTotals() {
  void* const memory =
      mmap(nullptr, sizeof(DemoTotals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) DemoTotals;
}

DemoKernelClient::DemoKernelClient(DemoTotals& totals) {
  if (pipe2(start_, O_CLOEXEC) != 0) return;
  child_ = fork();
  if (child_ != 0) return;
  // When the other process is gone there is nothing to talk to.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(start_[1]);
  char go = 0;
  if (read(start_[0], &go, 1) == 1) {
    totals.client_failed = static_cast<uint64_t>(Client(totals).Run());
  }
  _exit(0);
}

DemoKernelClient::~DemoKernelClient() {
  for (const int fd : start_) close(fd);
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

void DemoKernelClient::Go() {
  const char go = 1;
  // A child that is not there is found out by Finished().
  static_cast<void>(write(start_[1], &go, 1));
}

bool DemoKernelClient::Finished() {
  if (child_ > 0 && waitpid(child_, nullptr, WNOHANG) == child_) child_ = 0;
  return child_ <= 0;
}

}  // namespace sextant
