// SPDX-License-Identifier: BSD-3-Clause
// Error input: is a received ICMPv6 error about a packet that we can have sent,
// and which upper layer was it? Whether it did send it, that layer finds out.
// RFC 4443 §2.4(a), (d), RFC 8201 §4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "packet/packet.h"

namespace sextant::icmp6 {

class ErrorInput {
 public:
  // kOther: only raw sockets can have sent it.
  enum class Next : uint8_t { kUdp, kEcho, kOther };
  static constexpr size_t kEdges = 3;

  explicit ErrorInput(const iface::InterfaceTable& interfaces) : interfaces_(interfaces) {}

  // The quoted packet, behind the message's eight bytes, then has its whole
  // header chain, as wire::WalkToUpper() finds it, and at least eight bytes of
  // what follows: ports, or an echo request's identifier.
  Verdict<Next> Judge(const Packet& packet, Meta& meta) const;

 private:
  const iface::InterfaceTable& interfaces_;
};

}  // namespace sextant::icmp6
