// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/output.h"

namespace sextant::ip6 {

namespace {

// RFC 4861 §4 (types 133 to 137), RFC 3971 §6 (148 and 149).
bool IsNeighborDiscovery(const Packet& packet) {
  const Meta& meta = packet.meta();
  if (meta.upper != static_cast<uint8_t>(wire::NextHeader::kIcmp6)) return false;
  if (meta.upper_offset >= packet.bytes().size()) return false;
  const uint8_t type = packet.bytes()[meta.upper_offset];
  return (type >= 133 && type <= 137) || type == 148 || type == 149;
}

}  // namespace

Verdict<Output::Next> Output::LeaveInPieces(PacketPtr& packet) const {
  // RFC 6980 §5: neighbor discovery is never sent in fragments.
  if (IsNeighborDiscovery(*packet)) return DropReason::kOutputTooBig;
  fragmentation_.Hold(std::move(packet));
  return Verdict<Next>::Held();
}

void Output::Loop(PacketPtr packet, Core& core) const {
  const size_t mtu = interfaces_.loopback().mtu();
  if (packet->length() <= mtu) [[likely]]
    return LoopWhole(std::move(packet), core);
  PacketQueue pieces;
  const DropReason reason = fragmentation_.Split(packet, mtu, pieces, core);
  if (reason != DropReason::kNone) return core.Drop(std::move(packet), reason);
  while (PacketPtr piece = pieces.Pop()) LoopWhole(std::move(piece), core);
}

void Output::LoopWhole(PacketPtr packet, Core& core) const {
  Meta& meta = packet->meta();
  meta.looped = true;
  meta.link_multicast = false;
  // It never left this host's memory, so there is nothing to verify.
  meta.checksum = ChecksumState::kGood;
  interfaces_.loopback().Send(std::move(packet), core);
}

void Output::LoopCopy(Packet& packet, Core& core) const {
  PacketPtr copy = core.pool().Share(packet);
  if (!copy) return core.NeverMade(DropReason::kNoBuffer);
  Loop(std::move(copy), core);
}

Verdict<Output::Next> Output::TakeSpecial(PacketPtr& packet, Core& core) const {
  const auto ip = wire::Ipv6View::Trusted(packet->bytes());
  const Ipv6Address to = ip.destination();
  iface::Interface& interface = *interfaces_.at(packet->meta().interface);
  if (!to.is_multicast()) {
    Loop(std::move(packet), core);
    return Verdict<Next>::Held();
  }
  // RFC 4291 §2.7 and requirement B-2: a group's packet stays in the node when
  // its scope is interface-local or its hop limit 0.
  const bool stays = Scope{to.multicast_scope()} == Scope::kInterfaceLocal || ip.hop_limit() == 0 ||
                     interface.is_loopback();
  if (packet->meta().looped && interface.IsMember(to)) {
    if (stays) {
      Loop(std::move(packet), core);
      return Verdict<Next>::Held();
    }
    LoopCopy(*packet, core);
  }
  packet->meta().looped = false;
  if (stays) return DropReason::kOutputNotLeaving;
  return Leave(packet, interface);
}

}  // namespace sextant::ip6
