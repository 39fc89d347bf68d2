// SPDX-License-Identifier: BSD-3-Clause
// NdRig: a Rig with neighbor discovery in it. Lines of what was sent end with the link-layer
// destination: "… icmp6 ns target fe80::1 slla 02:00:00:00:00:02 => 33:33:ff:00:00:01".
// Owned by one Core.
#pragma once

#include <optional>

#include "nd/neighbor_discovery.h"
#include "unit/nd/rig.h"

namespace sextant::test {

inline constexpr const char* kPeer = "fe80::1";
inline constexpr const char* kPeerMac = "02:00:00:00:00:01";
inline constexpr const char* kOtherMac = "02:00:00:00:00:99";

class NdRig : public Rig {
 protected:
  NdRig() { lan().AddAddress({Ip(kOurLinkLocal), 64, iface::AddressState::kPreferred, true}); }
  ~NdRig() override { discovery.Stop(); }

  // Sends an empty datagram to `next_hop` through the output stage.
  void SendTo(const Address& next_hop, const Address& source = kOurLinkLocal, uint16_t port = 7) {
    PacketPtr packet = MakePacket(Ip6().From(source).To(next_hop).Udp(1, port));
    packet->meta().interface = kLan;
    packet->meta().next_hop = next_hop;
    outbox.Push(std::move(packet));
    outbox.Flush();
  }
  // A message arrives, as icmp6 input would hand it over; chained when `cut` is not 0. Returns
  // the reason it was dropped for, kNone when it was consumed.
  DropReason Hear(const Frame& bytes, size_t cut = 0) {
    const std::vector<size_t> sizes = {cut == 0 ? bytes.size() : cut, bytes.size() - cut};
    PacketPtr packet = Chain(*pool, bytes, std::span(sizes).first(cut == 0 ? 1 : 2));
    core.Received(*packet);
    Meta& meta = packet->meta();
    meta.interface = kLan;
    meta.upper_offset = 40;
    meta.upper_length = static_cast<uint16_t>(bytes.size() - 40);
    meta.upper = 58;
    const uint64_t delivered = core.counters().delivered;
    const auto verdict = discovery.input().Take(packet, core);
    Act(core, packet, verdict, nullptr);
    outbox.Flush();
    if (verdict.held()) {
      EXPECT_EQ(core.counters().delivered, delivered + 1);
    }
    return verdict.reason();
  }

  void RunOne(PacketPtr packet) {
    Burst in;
    in.Push(std::move(packet));
    RunSink(core, discovery.input(), in);
  }

  std::optional<nd::NeighborInfo> Neighbor(const Address& address) {
    std::optional<nd::NeighborInfo> found;
    discovery.ForEachNeighbor([&](const nd::NeighborInfo& info) {
      if (info.address == address) found = info;
    });
    return found;
  }
  // "REACHABLE 02:00:00:00:00:01", or "none".
  std::string StateOf(const Address& address) {
    const auto found = Neighbor(address);
    if (!found) return "none";
    std::string text(Name(found->state));
    if (!found->link_address.is_zero()) text += ' ' + found->link_address.ToString();
    return text + (found->is_router ? " router" : "");
  }

  void Carry(Burst& packets) override {
    Edges<nd::Resolution> out;
    RunStage(core, discovery.resolution(), packets, out);
    out[0].Drain([&](PacketPtr packet) {
      const std::string to = " => " + packet->meta().link_address.ToString();
      Write(std::move(packet), to);
    });
  }

  nd::NeighborDiscovery discovery{core, interfaces, outbox};
};

}  // namespace sextant::test
