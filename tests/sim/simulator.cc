// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "sim/simulator.h"

#include <algorithm>
#include <array>

#include "support/main.h"

namespace sextant::test {
namespace {

constexpr size_t kPackets = 2047;

}  // namespace

SimHost::SimHost(const std::string& name, const MacAddress& mac, ManualClock& clock, MemoryHub& hub,
                 uint64_t seed) {
  parts_.clock = std::make_unique<SharedClock>(clock);
  parts_.rng = std::make_unique<SeededRng>(seed);
  parts_.pool = PacketPool::Create(name, kPackets);
  graph_ = std::make_unique<Graph>(parts_);
  MemoryLinkOptions options;
  options.name = name;
  options.mac = mac;
  auto link = hub.Join(std::move(options));
  link_ = link.get();
  SX_CHECK(graph_->AddInterface("lan0", std::move(link)) != nullptr);
}

SimHost::~SimHost() {
  const Counters& all = graph_->core().counters();
  EXPECT_EQ(all.received, all.delivered + all.refused + Counters::Total(all.dropped));
  graph_.reset();
  EXPECT_EQ(parts_.pool->available(), parts_.pool->capacity()) << "packets were lost";
}

void SimHost::AddAddress(const Address& address, int probes) {
  SX_CHECK(graph_->AddAddress(lan(), {address, 64}, probes) == Errno::kOk);
}

iface::AddressState SimHost::StateOf(const Address& address) {
  const iface::InterfaceAddress* const found = lan().Find(address);
  SX_CHECK(found != nullptr);
  return found->state;
}

std::string SimHost::NeighborState(const Address& address) {
  std::string state = "none";
  graph_->neighbors().ForEachNeighbor([&](const nd::NeighborInfo& info) {
    if (info.address == address) state = Name(info.state);
  });
  return state;
}

void SimHost::SetUp(bool up) {
  link_->SetUp(up);
  graph_->RefreshLinks();
}

bool SimHost::Poll() {
  graph_->Tick();
  const bool received = graph_->Receive();
  const bool timers = graph_->Timers();
  return graph_->Transmit() || received || timers;
}

uint64_t SimHost::made_dropped(DropReason reason) {
  return graph_->core().counters().made_dropped[static_cast<size_t>(reason)];
}

SimHost& Simulator::Add(const std::string& name, const Station& mac) {
  hosts_.push_back(std::make_unique<SimHost>(name, mac, clock_, hub_, rng_.Next64()));
  return *hosts_.back();
}

void Simulator::Mix(Bytes bytes) {
  for (const uint8_t byte : bytes) trace_ = (trace_ ^ byte) * 0x100'0000'01b3;
}

void Simulator::Watch() {
  hub_.SetObserver([this](const MemoryLink* sender, Bytes frame) {
    ++frames_;
    std::array<uint8_t, 8> time{};
    Store32(time, 0, static_cast<uint32_t>(clock_.Now().nanoseconds() >> 32));
    Store32(time, 4, static_cast<uint32_t>(clock_.Now().nanoseconds()));
    Mix(time);
    if (sender != nullptr) Mix(sender->mac_address().bytes());
    Mix(frame);
  });
}

void Simulator::At(Instant when, std::function<void()> action) {
  actions_.push_back({when, std::move(action)});
}

Instant Simulator::Next() {
  Instant next = hub_.NextArrival();
  for (const auto& host : hosts_) next = std::min(next, host->graph().NextDeadline());
  for (const Action& action : actions_) next = std::min(next, action.when);
  return next;
}

// Everything that happens at this time.
void Simulator::Settle() {
  for (bool busy = true; busy && steps_ < kMaxSteps; ++steps_) {
    busy = false;
    for (size_t i = 0; i < actions_.size(); ++i) {
      if (actions_[i].when > clock_.Now()) continue;
      const Action due = std::move(actions_[i]);
      actions_.erase(actions_.begin() + static_cast<ptrdiff_t>(i));
      due.run();
      busy = true;
      break;
    }
    for (const auto& host : hosts_) busy |= host->Poll();
  }
}

bool Simulator::Run(Instant end) {
  steps_ = 0;
  while (true) {
    Settle();
    if (steps_ >= kMaxSteps) {
      ADD_FAILURE() << "no end after " << steps_ << " steps; SX_SEED=" << seed_;
      return false;
    }
    const Instant next = Next();
    if (next > end || next == Instant::Never()) break;
    clock_.JumpTo(std::max(next, clock_.Now()));
  }
  if (end != Instant::Never()) clock_.JumpTo(end);
  for (const auto& host : hosts_) host->Poll();
  return true;
}

bool Simulator::RunUntilIdle() { return Run(Instant::Never()); }
bool Simulator::RunFor(Duration time) { return Run(clock_.Now() + time); }

}  // namespace sextant::test
