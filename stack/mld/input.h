// SPDX-License-Identifier: BSD-3-Clause
// MLD input: queries, and other listeners' reports; ICMPv6 types 130 to 132 and
// 143. The checksum is verified already; every message ends here.
// RFC 3810 §5.1, §6.2 and §8.1 (validity); RFC 2710 §3 and §4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "mld/listener.h"

namespace sextant::mld {

class Input {
 public:
  enum class Next : uint8_t { kNone };  // a sink

  Input(const iface::InterfaceTable& interfaces, Listener& listener)
      : interfaces_(interfaces), listener_(listener) {}

  Verdict<Next> Take(PacketPtr& packet, Core& core);

 private:
  // Each returns why the message is dropped, or kNone when it was consumed.
  DropReason Process(const Packet& packet);
  DropReason Query(const Packet& packet, const iface::Interface& interface);
  DropReason Report(const Packet& packet, const iface::Interface& interface);

  const iface::InterfaceTable& interfaces_;
  Listener& listener_;
};

}  // namespace sextant::mld
