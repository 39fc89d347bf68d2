// SPDX-License-Identifier: BSD-3-Clause
// Raw error input: tells the raw sockets that may have sent what an ICMPv6
// error is about.
// RFC 4443 §2.4(d), RFC 8201 §4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "raw/table.h"
#include "route/route_table.h"

namespace sextant::raw {

class ErrorInput {
 public:
  enum class Next : uint8_t { kNone };

  ErrorInput(Table& table, route::RouteTable& routes) : table_(table), routes_(routes) {}

  // About a packet that none but raw sockets can have sent. The message begins
  // at Meta::upper_offset; its quoted packet is one of this host's, and eight
  // bytes stand behind its header chain.
  Verdict<Next> Take(PacketPtr& packet, Core& core);

  // The same beside another protocol's sockets. True when there is a raw socket
  // that may have sent the quoted packet.
  bool Tell(Packet& packet, Core& core);

 private:
  Table& table_;
  route::RouteTable& routes_;
};

}  // namespace sextant::raw
