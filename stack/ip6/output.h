// SPDX-License-Identifier: BSD-3-Clause
// IPv6 output: may this packet leave, does it stay in the node, and is it to be
// split?
// RFC 8200 §5, RFC 4291 §2.5.3 and §2.7, RFC 6980 §5.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "ip6/fragmentation.h"
#include "packet/packet.h"
#include "wire/ipv6.h"

namespace sextant::ip6 {

class Output {
 public:
  enum class Next : uint8_t { kNeighbor };
  static constexpr size_t kEdges = 1;

  Output(iface::InterfaceTable& interfaces, Fragmentation& fragmentation)
      : interfaces_(interfaces), fragmentation_(fragmentation) {}

  // The packet begins at its IPv6 header. Meta: interface; looped = it is for
  // ourselves or, when it goes to a group, for ourselves too. Packets for
  // ourselves are queued at the loopback interface and thereby held; packets
  // that are to be split, at `fragmentation`.
  Verdict<Next> Take(PacketPtr& packet, Core& core) const {
    const Meta& meta = packet->meta();
    const auto ip = wire::Ipv6View::Trusted(packet->bytes());
    if (meta.looped || ip.destination_bytes()[0] == kMulticastByte) [[unlikely]] {
      return TakeSpecial(packet, core);
    }
    return Leave(packet, *interfaces_.at(meta.interface));
  }

 private:
  static constexpr uint8_t kMulticastByte = 0xff;

  Verdict<Next> Leave(PacketPtr& packet, const iface::Interface& interface) const {
    if (!interface.is_up()) return DropReason::kOutputInterfaceDown;
    // RFC 4291 §2.5.3: the loopback address never leaves the node.
    const auto ip = wire::Ipv6View::Trusted(packet->bytes());
    if (ip.source().is_loopback() || ip.destination().is_loopback()) {
      return DropReason::kOutputMartian;
    }
    if (packet->length() > Fragmentation::LimitOf(packet->meta(), interface)) [[unlikely]] {
      return LeaveInPieces(packet);
    }
    return Next::kNeighbor;
  }
  Verdict<Next> LeaveInPieces(PacketPtr& packet) const;
  Verdict<Next> TakeSpecial(PacketPtr& packet, Core& core) const;
  void Loop(PacketPtr packet, Core& core) const;
  void LoopWhole(PacketPtr packet, Core& core) const;
  void LoopCopy(Packet& packet, Core& core) const;

  iface::InterfaceTable& interfaces_;
  Fragmentation& fragmentation_;
};

}  // namespace sextant::ip6
