// SPDX-License-Identifier: BSD-3-Clause
// Simulator: hosts on one Ethernet segment in memory, on one clock that jumps from event to event.
// The same seed gives the same run, down to the bytes on the wire and their times; trace() is
// the proof. When it ends, every packet of every host must have met its fate and be back in its
// pool. Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/memory/memory_link.h"
#include "host/graph.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {

// What several hosts share.
class SharedClock final : public Clock {
 public:
  explicit SharedClock(ManualClock& clock) : clock_(clock) {}
  Instant Now() override { return clock_.Now(); }

 private:
  ManualClock& clock_;
};

// One host with one interface, lan0 (index 2).
class SimHost {
 public:
  SimHost(const std::string& name, const MacAddress& mac, ManualClock& clock, MemoryHub& hub,
          uint64_t seed);
  ~SimHost();
  SimHost(const SimHost&) = delete;
  SimHost& operator=(const SimHost&) = delete;

  Graph& graph() { return *graph_; }
  PacketPool& pool() { return *parts_.pool; }
  iface::Interface& lan() { return *graph_->interfaces().at(2); }
  void AddAddress(const Address& address, int probes);
  iface::AddressState StateOf(const Address& address);
  // "REACHABLE", or "none".
  std::string NeighborState(const Address& address);
  // Pulls its cable, or plugs it in.
  void SetUp(bool up);
  // Returns whether it did anything.
  bool Poll();
  uint64_t made_dropped(DropReason reason);

 private:
  HostParts parts_;
  std::unique_ptr<Graph> graph_;
  MemoryLink* link_ = nullptr;
};

class Simulator {
 public:
  explicit Simulator(uint64_t seed) : seed_(seed), rng_(seed), hub_(rng_) { Watch(); }

  SimHost& Add(const std::string& name, const Station& mac);
  MemoryHub& hub() { return hub_; }
  Instant now() { return clock_.Now(); }
  Duration elapsed() { return clock_.Now() - started_; }
  // Calls `action` at that time; it may ask for another.
  void At(Instant when, std::function<void()> action);

  // Until nothing is under way and no timer runs. Fails, and says the seed, when that takes more
  // than a million steps.
  bool RunUntilIdle();
  bool RunFor(Duration time);

  // All frames that were sent, and when, in one number.
  uint64_t trace() const { return trace_; }
  uint64_t frames() const { return frames_; }
  uint64_t steps() const { return steps_; }

 private:
  static constexpr uint64_t kMaxSteps = 1'000'000;

  struct Action {
    Instant when;
    std::function<void()> run;
  };

  void Watch();
  void Mix(Bytes bytes);
  // When something happens next.
  Instant Next();
  void Settle();
  bool Run(Instant end);

  const uint64_t seed_;
  SeededRng rng_;
  ManualClock clock_;
  const Instant started_ = clock_.Now();
  MemoryHub hub_;
  std::vector<std::unique_ptr<SimHost>> hosts_;
  std::vector<Action> actions_;
  uint64_t trace_ = 0xcbf2'9ce4'8422'2325;  // FNV-1a
  uint64_t frames_ = 0;
  uint64_t steps_ = 0;
};

}  // namespace sextant::test
