// SPDX-License-Identifier: BSD-3-Clause
// Error input: is a received ICMPv6 error about a packet of ours, and which
// upper layer sent that?
// RFC 4443 §2.4(a), (d).
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "packet/packet.h"

namespace sextant::icmp6 {

class ErrorInput {
 public:
  enum class Next : uint8_t { kUdp };
  static constexpr size_t kEdges = 1;

  explicit ErrorInput(const iface::InterfaceTable& interfaces) : interfaces_(interfaces) {}

  // On kUdp, the quoted packet, behind the message's eight bytes, has its IPv6
  // header and eight bytes of UDP.
  Verdict<Next> Judge(const Packet& packet, Meta& meta) const;

 private:
  const iface::InterfaceTable& interfaces_;
};

}  // namespace sextant::icmp6
