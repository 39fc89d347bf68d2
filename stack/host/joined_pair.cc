// SPDX-License-Identifier: BSD-3-Clause
// MakeJoinedPair: two hosts on a cable in memory.
// Owned by one Core.
#include "core/tsc_clock.h"
#include "drivers/memory/memory_link.h"
#include "host/graph.h"
#include "host/parts.h"
#include "sextant/control.h"

namespace sextant {
namespace {

constexpr size_t kPackets = 4095;
constexpr int kPrefixLength = 64;

// The hub dies after both hosts, whichever goes first: each link keeps it.
class CableEnd final : public Link {
 public:
  CableEnd(std::shared_ptr<MemoryHub> hub, std::string name)
      : hub_(std::move(hub)), end_(hub_->Join({.name = std::move(name)})) {}

  std::string description() const override { return end_->description(); }
  MacAddress mac_address() const override { return end_->mac_address(); }
  LinkCapabilities capabilities() const override { return end_->capabilities(); }
  size_t mtu() const override { return end_->mtu(); }
  bool SetMtu(size_t mtu) override { return end_->SetMtu(mtu); }
  bool is_up() override { return end_->is_up(); }
  void Receive(Burst& frames, Core& core) override { end_->Receive(frames, core); }
  void Transmit(Burst& frames, Core& core) override {
    end_->Transmit(frames, core);
    statistics_ = end_->statistics();  // by which packets are counted as sent
  }
  void SetGroups(std::span<const MacAddress> groups) override { end_->SetGroups(groups); }
  void SetAllGroups(bool all) override { end_->SetAllGroups(all); }
  void RefreshStatistics() override { statistics_ = end_->statistics(); }

 private:
  const std::shared_ptr<MemoryHub> hub_;
  const std::unique_ptr<MemoryLink> end_;
};

// One clock for both hosts: what one sends now must not be in the other's future.
class SharedClock final : public Clock {
 public:
  explicit SharedClock(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}
  Instant Now() override { return clock_->Now(); }

 private:
  const std::shared_ptr<Clock> clock_;
};

// A cable without faults draws no random numbers, but asks to be given some.
struct Cable {
  SeededRng rng{1};
  MemoryHub hub{rng};
};

struct Surroundings {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<MemoryHub> hub;
};

std::unique_ptr<Host> MakeEnd(const Surroundings& around, const std::string& name,
                              const Ipv6Address& address, std::string& error) {
  auto parts = std::make_unique<HostParts>();
  parts->clock = std::make_unique<SharedClock>(around.clock);
  parts->rng = std::make_unique<SystemRng>();
  parts->pool = PacketPool::Create("sx_" + name, kPackets);
  if (!parts->pool) {
    error = "not enough memory for " + std::to_string(kPackets) + " packet buffers";
    return nullptr;
  }
  auto host = std::make_unique<Host>(std::move(parts));
  iface::Interface* const interface =
      host->graph().AddInterface("lan0", std::make_unique<CableEnd>(around.hub, name));
  SX_CHECK(interface != nullptr);
  SX_CHECK(host->graph().AddLinkLocal(*interface, 0) == Errno::kOk);
  SX_CHECK(host->graph().AddAddress(*interface, {address, kPrefixLength}, 0) == Errno::kOk);
  return host;
}

}  // namespace

std::pair<std::unique_ptr<Host>, std::unique_ptr<Host>> MakeJoinedPair(std::string& error) {
  const auto cable = std::make_shared<Cable>();
  const Surroundings around{std::make_shared<TscClock>(), {cable, &cable->hub}};
  auto first = MakeEnd(around, "memory0", *Ipv6Address::Parse("fd00:6::1"), error);
  auto second =
      first ? MakeEnd(around, "memory1", *Ipv6Address::Parse("fd00:6::2"), error) : nullptr;
  if (!second) return {};
  return {std::move(first), std::move(second)};
}

}  // namespace sextant
