// SPDX-License-Identifier: BSD-3-Clause
// Ethernet input and output: the stages next to the links.
// RFC 2464.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "wire/ethernet.h"

namespace sextant::iface {

// Is this frame for us, and is it IPv6? The runner strips the header.
class EthernetInput {
 public:
  enum class Next : uint8_t { kIp6 };
  static constexpr size_t kEdges = 1;
  static constexpr size_t kStrips = wire::EthernetView::kSize;

  explicit EthernetInput(const Interface& interface) : interface_(interface) {}

  Verdict<Next> Judge(const Packet& packet, Meta& meta) const {
    const auto frame = wire::EthernetView::Parse(packet.bytes());
    if (!frame) return frame.reason();
    if (frame->type() != wire::EtherType::kIp6) return DropReason::kEthernetUnknownType;
    const MacAddress to = frame->destination();
    // A promiscuous link shows us other stations' frames too.
    if (!to.is_multicast() && to != interface_.mac_address()) return DropReason::kEthernetNotForUs;
    if (interface_.is_disabled()) return DropReason::kInterfaceDown;
    meta.interface = interface_.index();
    meta.link_multicast = to.is_multicast();
    meta.link_address = frame->source();
    return Next::kIp6;
  }

 private:
  const Interface& interface_;
};

// Puts the Ethernet header in front and queues the frame at its interface.
// Meta says which interface and which link-layer destination.
class EthernetOutput {
 public:
  enum class Next : uint8_t { kNone };

  explicit EthernetOutput(const InterfaceTable& interfaces) : interfaces_(interfaces) {}

  Verdict<Next> Take(PacketPtr& packet, Core& core) const {
    Interface& interface = *interfaces_.at(packet->meta().interface);
    const MutableBytes header = packet->Prepend(wire::EthernetView::kSize);
    if (header.empty()) return DropReason::kNoBuffer;
    wire::EthernetFields{packet->meta().link_address, interface.mac_address()}.WriteTo(
        header.first<wire::EthernetView::kSize>());
    interface.Send(std::move(packet), core);
    return Verdict<Next>::Held();
  }

 private:
  const InterfaceTable& interfaces_;
};

}  // namespace sextant::iface
