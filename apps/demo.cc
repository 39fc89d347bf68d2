// SPDX-License-Identifier: BSD-3-Clause
// sextant-demo: a host on a TAP device, and this machine's kernel as somebody
// who pings it and talks to it. `apps/demo` runs it in a network namespace of
// its own; with --memory, or where no TAP can be had, two hosts in memory.
// Owned by one Core.
#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <string_view>

#include "demo_address.h"
#include "demo_kernel.h"
#include "demo_memory.h"
#include "demo_table.h"
#include "engine.h"
#include "signals.h"

namespace sextant {
namespace {

constexpr int64_t kPatience = 5'000'000;
// Signals, the client's process and the table cost system calls.
constexpr int64_t kLookInterval = 10'000'000;
// What the demo is to take at most, when something goes wrong; nanoseconds.
constexpr int64_t kTooLong = 20'000'000'000;

int Fail(const std::string& error) {
  std::fprintf(stderr, "sextant-demo: %s\n", error.c_str());
  return 1;
}

EngineConfig EchoEngine() {
  EngineConfig engine;
  engine.name = "echo";
  engine.type = "udp-echo";
  engine.port = DemoPlan::kPort;
  return engine;
}

Config OnTap() {
  InterfaceConfig interface;
  interface.name = "lan0";
  interface.device = std::string("tap:") + kDemoTap;
  interface.addresses = {std::string(kDemoAddress) + "/64"};
  interface.peer = std::string(kDemoPeer) + "/64";
  Config config;
  config.interfaces.push_back(interface);
  return config;
}

// Why the client could not do its work, if that is so.
std::string ClientError(const DemoTotals& totals) {
  if (totals.client_failed == 0) return {};
  return std::string("the client's sockets: ") +
         std::strerror(static_cast<int>(totals.client_failed));
}

int Conclude(Host& host, DemoTable& table, const DemoTotals& totals) {
  const std::string error = ClientError(totals);
  if (!error.empty()) return Fail(error);
  if (table.Summarise(Statistics(host))) return 0;
  return Fail("something was lost; `show drops` of apps/sextant tells reasons");
}

// `client` is told to begin once the host is up.
int RunOnTap(Host& host, DemoKernelClient& client, const DemoTotals& totals, Signals& signals) {
  DemoTable table(DemoMode::kKernel, totals);
  std::string error;
  const auto echo = Engine::Create(host, EchoEngine(), error);
  if (!echo) return Fail(error);
  table.Introduce();
  std::puts("Looking whether anybody else has these addresses (RFC 4862) ...\n");
  std::fflush(stdout);
  if (!host.WaitForAddresses(error)) return Fail(error);
  client.Go();
  const int64_t end = host.now_ns() + kTooLong;
  int64_t looked = 0;
  for (bool finished = false; !finished;) {
    host.Poll(kPatience);
    echo->Run();
    if (host.now_ns() - looked < kLookInterval) continue;
    looked = host.now_ns();
    if (signals.Ended()) return Fail("interrupted");
    if (host.now_ns() > end) return Fail("it takes too long; given up");
    table.Show(Statistics(host), host.now_ns());
    finished = client.Finished();
  }
  return Conclude(host, table, totals);
}

int RunInMemory(DemoTotals& totals, Signals& signals) {
  DemoTable table(DemoMode::kMemory, totals);
  std::string error;
  const auto [asking, answering] = MakeJoinedPair(error);
  if (!asking) return Fail(error);
  const auto echo = Engine::Create(*answering, EchoEngine(), error);
  if (!echo) return Fail(error);
  table.Introduce();
  asking->PollOnce();
  DemoMemoryClient client(*asking, totals);
  const int64_t end = asking->now_ns() + kTooLong;
  while (client.Turn()) {
    asking->Poll(kPatience);
    answering->Poll(kPatience);
    echo->Run();
    if (signals.Ended()) return Fail("interrupted");
    if (asking->now_ns() > end) return Fail("it takes too long; given up");
    table.Show(Statistics(*answering), asking->now_ns());
  }
  return Conclude(*answering, table, totals);
}

int Main(bool in_memory) {
  Signals signals;
  DemoTotals* const totals = ShareTotals();
  if (totals == nullptr) return Fail("no memory");
  // The client's process is made before DPDK makes threads.
  auto client = in_memory ? nullptr : std::make_unique<DemoKernelClient>(*totals);
  std::string error;
  if (!StartEal({}, error)) return Fail(error);
  if (client) {
    const auto host = Host::Create(OnTap(), error);
    if (host) return RunOnTap(*host, *client, *totals, signals);
    std::printf("No TAP device can be had here (%s).\n", error.c_str());
    client.reset();
  }
  return RunInMemory(*totals, signals);
}

}  // namespace
}  // namespace sextant

int main(int argc, char** argv) {
  const bool in_memory = argc == 2 && std::string_view(argv[1]) == "--memory";
  if (argc > 1 && !in_memory) {
    std::fputs("usage: sextant-demo [--memory]; see apps/demo\n", stderr);
    return 1;
  }
  return sextant::Main(in_memory);
}
