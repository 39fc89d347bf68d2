// SPDX-License-Identifier: BSD-3-Clause
// Rig: what the tests of nd and mld stand on: a core on manual time with a seeded RNG, one
// Ethernet interface (index 2) over a link that leads nowhere, and an Outbox whose carrier writes
// down what leaves, one line per packet as Describe() puts it.
// Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/outbox.h"
#include "core/stage.h"
#include "iface/interface_table.h"
#include "support/chain.h"
#include "support/describe.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {

inline constexpr const char* kOurMac = "02:00:00:00:00:02";
inline constexpr const char* kOurLinkLocal = "fe80::ff:fe00:2";
inline constexpr uint16_t kLan = 2;

// A link without another end. What a test hands to Arrive() comes in; what is sent ends here.
class IdleLink final : public Link {
 public:
  explicit IdleLink(bool& up) : up_(up) {}
  std::string description() const override { return "idle"; }
  MacAddress mac_address() const override { return Mac(kOurMac); }
  size_t mtu() const override { return 1500; }
  bool SetMtu(size_t) override { return true; }
  bool is_up() override { return up_; }
  void Receive(Burst& frames, Core&) override {
    if (arriving_) frames.Push(std::move(arriving_));
  }
  void Arrive(PacketPtr frame) { arriving_ = std::move(frame); }
  void Transmit(Burst& frames, Core& core) override {
    frames.Drain([&](PacketPtr p) { core.Drop(std::move(p), DropReason::kLinkFull); });
  }
  void SetGroups(std::span<const MacAddress>) override {}

 private:
  bool& up_;
  PacketPtr arriving_;
};

class Rig : public testing::Test, public iface::InterfaceObserver, public Outbox::Carrier {
 protected:
  Rig() {
    interfaces.Add("lo", nullptr);
    interfaces.Add("lan0", std::make_unique<IdleLink>(link_up));
  }
  ~Rig() override {
    while (!core.refused().empty()) core.refused().Pop().Free();
  }

  iface::Interface& lan() { return *interfaces.at(kLan); }
  void AddAddress(const char* address, iface::AddressState state, bool from_hardware = false) {
    lan().AddAddress({Ip(address), 64, state, from_hardware});
  }

  // Lets time pass in small steps, firing timers and carrying what they send.
  void Pass(Duration time) {
    const Instant end = clock.Now() + time;
    while (clock.Now() < end) {
      const Instant next = std::min(end, clock.Now() + Duration::Milliseconds(5));
      clock.JumpTo(next);
      core.Tick();
      core.timers().Advance(core.now(), core);
      BeforeCarrying();
      outbox.Flush();
    }
  }
  void PassMs(int64_t milliseconds) { Pass(Duration::Milliseconds(milliseconds)); }

  // What the graph does at the end of a poll.
  virtual void BeforeCarrying() {}

  // What has left since the last call.
  std::vector<std::string> Sent() {
    BeforeCarrying();
    outbox.Flush();
    return std::exchange(sent, {});
  }
  uint64_t Dropped(DropReason reason) const {
    return core.counters().dropped[static_cast<size_t>(reason)] +
           core.counters().made_dropped[static_cast<size_t>(reason)];
  }
  PacketPtr MakePacket(const Frame& bytes) { return pool->Copy(bytes); }

  // iface::InterfaceObserver. Tests that have somebody to tell override these.
  void OnGroupChange(iface::Interface&, const Ipv6Address&, const iface::GroupChange&) override {}
  void OnAddressChange(iface::Interface&, const iface::InterfaceAddress&) override {
    interfaces.IndexAddresses();
  }
  // Outbox::Carrier.
  void Carry(Burst& packets) override {
    packets.Drain([&](PacketPtr packet) { Write(std::move(packet), ""); });
  }
  void Write(PacketPtr packet, const std::string& where) {
    sent.push_back(DescribeIp6(Contents(*packet)) + where);
    last = Contents(*packet);
    last_meta = packet->meta();
    core.Sent(1);
    packet.Free();
  }

  TestPool pool{1024};
  ManualClock clock;
  SeededRng rng{Seed()};
  Core core{clock, rng, *pool};
  bool link_up = true;
  iface::InterfaceTable interfaces{*this, core.tunables()};
  Outbox outbox{*this};
  std::vector<std::string> sent;
  Frame last;
  Meta last_meta;
};

}  // namespace sextant::test
