// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/output.h"

namespace sextant::ip6 {

void Output::Loop(PacketPtr packet, Core& core) const {
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
  return JudgeLeaving(*packet, interface);
}

}  // namespace sextant::ip6
