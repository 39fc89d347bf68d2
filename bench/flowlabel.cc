// SPDX-License-Identifier: BSD-3-Clause
// flowlabel-bench: what a flow label costs, with 1, 4000 and a million of them there, and beside
// it, in the same run, what the same call costs at the kernel's own label manager.
//   flowlabel-bench [ROUNDS]
// Each figure is the median of the rounds, in nanoseconds per call. Sockets hold up to 32 leases
// each, and start with none. The kernel has room for 4096 labels, which linger for six seconds: its
// rounds are few. Owned by the measuring thread.
#include <arpa/inet.h>
#include <linux/in6.h>
#include <rte_eal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include "flowlabel/automatic.h"
#include "flowlabel/manager.h"

namespace sextant::bench {
namespace {

using flowlabel::Action;
using flowlabel::Caller;
using flowlabel::Manager;
using flowlabel::Request;
using flowlabel::SocketLabels;

constexpr size_t kPerSocket = 16;
constexpr size_t kBatch = 16 * kPerSocket;  // calls that are timed together
constexpr Ipv6Address kDestination = Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 0, 1});
constexpr Caller kRoot = {.pid = 1, .user = 0, .net_admin = true, .net_raw = true};

class Median {
 public:
  // Times `work`, which makes `calls` calls.
  template <typename F>
  void Time(size_t calls, F&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    values_.push_back(took.count() / static_cast<double>(calls));
  }
  double value() {
    if (values_.empty()) return 0;
    std::ranges::nth_element(values_, values_.begin() + static_cast<ptrdiff_t>(values_.size() / 2));
    return values_[values_.size() / 2];
  }

 private:
  std::vector<double> values_;
};

struct Figures {
  Median create, join, may_send, put, lapse;
};

Request Ask(Action action, uint32_t label) {
  Request request;
  request.destination = kDestination;
  request.label = label;
  request.action = action;
  request.share = flowlabel::Share::kUser;
  request.flags = flowlabel::kFlagCreate;
  return request;
}

void Check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "flowlabel-bench: %s failed\n", what);
  std::exit(EXIT_FAILURE);
}

// A manager with so many labels, each batch on sockets that have leased nothing before.
class Ours {
 public:
  explicit Ours(PacketPool& pool) : core_(clock_, rng_, pool) {
    core_.tunables().flowlabel_entries = 1 << 20;
  }
  ~Ours() {
    for (SocketLabels& socket : crowd_) manager_.Release(socket);
  }

  void Fill(size_t count) {
    while (manager_.table().size() < count) {
      SocketLabels& socket = crowd_.emplace_back(false);
      for (size_t i = 0; i < kPerSocket && manager_.table().size() < count; ++i) {
        Check(manager_.Set(socket, kRoot, Ask(Action::kGet, 0)).error == Errno::kOk, "fill");
      }
    }
  }
  void Round(Figures& figures) {
    std::deque<SocketLabels> sockets;
    for (size_t i = 0; i < kBatch / kPerSocket; ++i) sockets.emplace_back(false);
    std::vector<uint32_t> labels(kBatch);
    size_t good = 0;
    const auto each = [&](Median& median, auto&& call) {
      median.Time(kBatch, [&] {
        for (size_t i = 0; i < kBatch; ++i) {
          good += call(sockets[i / kPerSocket], labels[i]) == Errno::kOk ? 1 : 0;
        }
      });
    };
    each(figures.create, [&](SocketLabels& socket, uint32_t& label) {
      const auto grant = manager_.Set(socket, kRoot, Ask(Action::kGet, 0));
      label = grant.label;
      return grant.error;
    });
    each(figures.join, [&](SocketLabels& socket, uint32_t label) {
      return manager_.Set(socket, kRoot, Ask(Action::kGet, label)).error;
    });
    each(figures.may_send, [&](SocketLabels& socket, uint32_t label) {
      return manager_.MaySend(socket, label, kDestination);
    });
    for (int twice = 0; twice < 2; ++twice) {
      each(figures.put, [&](SocketLabels& socket, uint32_t label) {
        return manager_.Set(socket, kRoot, Ask(Action::kPut, label)).error;
      });
    }
    Check(good == 5 * kBatch, "a call");
    clock_.Advance(Duration::Seconds(7));
    core_.Tick();
    figures.lapse.Time(kBatch, [&] { core_.timers().Advance(core_.now(), core_); });
  }
  size_t size() const { return manager_.table().size(); }

 private:
  ManualClock clock_;
  SystemRng rng_;
  Core core_;
  Manager manager_{core_, flowlabel::kRfcPolicy};
  std::deque<SocketLabels> crowd_;
};

// The kernel's, in a round of its own: it grows from nothing to 4096 labels.
class Kernel {
 public:
  ~Kernel() {
    for (const int socket : sockets_) close(socket);
  }
  void Round(Figures& few, Figures& many) {
    Batch(few);
    while (used_ < 4000) Call(Socket(used_), 0, IPV6_FL_A_GET);
    Batch(many);
  }

 private:
  static constexpr size_t kFew = 64;  // few enough to fit

  int Socket(size_t number) {
    while (sockets_.size() <= number / kPerSocket) {
      sockets_.push_back(socket(AF_INET6, SOCK_DGRAM, 0));
    }
    return sockets_[number / kPerSocket];
  }
  uint32_t Call(int socket, uint32_t label, uint8_t action) {
    in6_flowlabel_req request{};
    std::ranges::copy(kDestination.bytes(), request.flr_dst.s6_addr);
    request.flr_label = label;
    request.flr_action = action;
    request.flr_share = IPV6_FL_S_USER;
    request.flr_flags = IPV6_FL_F_CREATE;
    const int result = setsockopt(socket, IPPROTO_IPV6, 32, &request, sizeof request);
    Check(result == 0, "setsockopt(IPV6_FLOWLABEL_MGR)");
    if (action == IPV6_FL_A_GET && label == 0) ++used_;
    return request.flr_label;
  }
  void Batch(Figures& figures) {
    std::vector<uint32_t> labels(kFew);
    used_ = (used_ + kPerSocket - 1) / kPerSocket * kPerSocket;
    const size_t first = used_;
    for (size_t i = 0; i < kFew; ++i) Socket(first + i);
    const auto each = [&](Median& median, auto&& call) {
      median.Time(kFew, [&] {
        for (size_t i = 0; i < kFew; ++i) call(Socket(first + i), labels[i]);
      });
    };
    each(figures.create,
         [&](int socket, uint32_t& label) { label = Call(socket, 0, IPV6_FL_A_GET); });
    each(figures.join, [&](int socket, uint32_t label) { Call(socket, label, IPV6_FL_A_GET); });
    for (int twice = 0; twice < 2; ++twice) {
      each(figures.put, [&](int socket, uint32_t label) { Call(socket, label, IPV6_FL_A_PUT); });
    }
  }

  std::vector<int> sockets_;
  size_t used_ = 0;
};

double AutomaticCost(SystemRng& rng) {
  const HashKey key = HashKey::Draw(rng);
  flowlabel::Flow flow;
  flow.source = kDestination;
  flow.protocol = 17;
  constexpr size_t kCalls = 100'000;
  uint32_t sum = 0;
  Median median;
  for (int i = 0; i < 9; ++i) {
    median.Time(kCalls, [&] {
      for (size_t n = 0; n < kCalls; ++n) {
        flow.source_port = static_cast<uint16_t>(n);
        sum += flowlabel::AutomaticLabel(key, flow, false);
      }
    });
  }
  Check(sum != 0, "hashing");
  return median.value();
}

void Print(const char* who, size_t labels, Figures& figures) {
  std::printf("%-8s %8zu %8.1f %8.1f %8.1f %8.1f %8.1f\n", who, labels, figures.create.value(),
              figures.join.value(), figures.may_send.value(), figures.put.value(),
              figures.lapse.value());
}

int Main(int rounds) {
  std::vector<std::string> words = {
      "flowlabel-bench", "--no-pci", "--no-huge",      "--no-shconf",        "-m", "64",
      "--lcores",        "0@(0,1)",  "--no-telemetry", "--log-level=*:error"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  Check(rte_eal_init(static_cast<int>(argv.size()), argv.data()) >= 0, "the EAL");
  const auto pool = PacketPool::Create("labels", 64);
  Check(pool != nullptr, "the pool");

  std::printf("ns per call    labels   create     join may-send      put    lapse\n");
  for (const size_t labels : {size_t{1}, size_t{4000}, size_t{1'000'000}}) {
    Ours ours(*pool);
    ours.Fill(labels);
    Figures figures;
    Figures unused;
    ours.Round(unused);  // touches what is touched once
    for (int i = 0; i < rounds; ++i) ours.Round(figures);
    Print("sextant", ours.size(), figures);
  }
  Figures few;
  Figures many;
  for (int i = 0; i < std::min(rounds, 3); ++i) {
    if (i > 0) sleep(8);  // the last round's labels linger
    Kernel().Round(few, many);
  }
  Print("kernel", 1, few);
  Print("kernel", 4000, many);
  SystemRng rng;
  std::printf("automatic label: %.1f ns\n", AutomaticCost(rng));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace sextant::bench

int main(int argc, char** argv) {
  return sextant::bench::Main(argc > 1 ? std::max(1, std::atoi(argv[1])) : 101);
}
