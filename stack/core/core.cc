// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "core/core.h"

namespace sextant {

void Core::Drop(PacketPtr packet, DropReason reason) {
  if (packet->meta().origin == Origin::kReceived) {
    counters_.dropped[static_cast<size_t>(reason)] += FramesOf(*packet);
  } else {
    ++counters_.made_dropped[static_cast<size_t>(reason)];
  }
  packet.Free();
}

void Core::DropAbsorbed(DropReason reason, size_t count) {
  counters_.dropped[static_cast<size_t>(reason)] += count;
}

void Core::Refuse(PacketPtr packet, DropReason reason, wire::Icmp6Error error) {
  Meta& meta = packet->meta();
  // Our own packets come back as refused when the stack that would send them
  // talks to itself; they count as dropped output.
  if (meta.origin == Origin::kReceived) {
    const uint64_t frames = FramesOf(*packet);
    counters_.refused += frames;
    counters_.refused_for[static_cast<size_t>(reason)] += frames;
  } else {
    ++counters_.made_dropped[static_cast<size_t>(reason)];
  }
  meta.origin = Origin::kMade;
  meta.error = error;
  refused_.Push(std::move(packet));
}

void Core::NeverMade(DropReason reason) { ++counters_.made_dropped[static_cast<size_t>(reason)]; }

}  // namespace sextant
