// SPDX-License-Identifier: BSD-3-Clause
// IPv6 output: may this packet leave, and does it stay in the node?
// RFC 8200 §5, RFC 4291 §2.5.3 and §2.7.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "packet/packet.h"
#include "wire/ipv6.h"

namespace sextant::ip6 {

class Output {
 public:
  enum class Next : uint8_t { kNeighbor };
  static constexpr size_t kEdges = 1;

  explicit Output(iface::InterfaceTable& interfaces) : interfaces_(interfaces) {}

  // The packet begins at its IPv6 header. Meta: interface; looped = it is for
  // ourselves or, when it goes to a group, for ourselves too. Packets for
  // ourselves are queued at the loopback interface and thereby held.
  Verdict<Next> Take(PacketPtr& packet, Core& core) const {
    const Meta& meta = packet->meta();
    const auto ip = wire::Ipv6View::Trusted(packet->bytes());
    if (meta.looped || ip.destination_bytes()[0] == kMulticastByte) [[unlikely]] {
      return TakeSpecial(packet, core);
    }
    return JudgeLeaving(*packet, *interfaces_.at(meta.interface));
  }

 private:
  static constexpr uint8_t kMulticastByte = 0xff;

  static Verdict<Next> JudgeLeaving(const Packet& packet, const iface::Interface& interface) {
    if (!interface.is_up()) return DropReason::kOutputInterfaceDown;
    if (packet.length() > interface.mtu()) return DropReason::kOutputTooBig;
    // RFC 4291 §2.5.3: the loopback address never leaves the node.
    const auto ip = wire::Ipv6View::Trusted(packet.bytes());
    if (ip.source().is_loopback() || ip.destination().is_loopback()) {
      return DropReason::kOutputMartian;
    }
    return Next::kNeighbor;
  }
  Verdict<Next> TakeSpecial(PacketPtr& packet, Core& core) const;
  void Loop(PacketPtr packet, Core& core) const;
  void LoopCopy(Packet& packet, Core& core) const;

  iface::InterfaceTable& interfaces_;
};

}  // namespace sextant::ip6
