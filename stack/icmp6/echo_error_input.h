// SPDX-License-Identifier: BSD-3-Clause
// Echo error input: tells the pinger what became of its echo requests.
// RFC 4443 §2.4(d), RFC 8201 §4.
// Owned by one Core.
#pragma once

#include "icmp6/pinger.h"

namespace sextant::icmp6 {

class EchoErrorInput {
 public:
  enum class Next : uint8_t { kNone };

  EchoErrorInput(Pinger& pinger, route::RouteTable& routes) : pinger_(pinger), routes_(routes) {}

  // The message begins at Meta::upper_offset; the packet that it quotes is one
  // of this host's, and at least eight bytes of an echo request stand behind
  // its header chain.
  Verdict<Next> Take(PacketPtr& packet, Core& core);

 private:
  Pinger& pinger_;
  route::RouteTable& routes_;
};

}  // namespace sextant::icmp6
