// SPDX-License-Identifier: BSD-3-Clause
// ICMPv6 input: is the message intact, and which room reads it?
// RFC 4443 §2.1, §2.3, §2.4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "packet/packet.h"

namespace sextant::icmp6 {

class Input {
 public:
  enum class Next : uint8_t { kEcho, kError, kNeighborDiscovery, kEchoReply, kMld };
  static constexpr size_t kEdges = 5;

  // The packet begins at its IPv6 header; Meta knows the upper layer.
  Verdict<Next> Judge(const Packet& packet, Meta& meta) const;

  // The two halves of it, for those who get to see every message that is
  // intact. Pure.
  static DropReason JudgeIntegrity(const Packet& packet, const Meta& meta);
  // REQUIRES: JudgeIntegrity() has found nothing.
  static Verdict<Next> Dispatch(const Packet& packet, const Meta& meta);
};

}  // namespace sextant::icmp6
