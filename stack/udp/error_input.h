// SPDX-License-Identifier: BSD-3-Clause
// UDP error input: finds the socket that has sent what an ICMPv6 error is
// about, and tells it.
// RFC 4443 §2.4(d), RFC 8085 §5.2, RFC 8201 §4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "route/route_table.h"
#include "udp/table.h"

namespace sextant::udp {

class ErrorInput {
 public:
  enum class Next : uint8_t { kNone };

  ErrorInput(Table& table, route::RouteTable& routes) : table_(table), routes_(routes) {}

  // The message begins at Meta::upper_offset; its quoted packet is one of this
  // host's, and eight bytes of UDP stand behind its header chain.
  Verdict<Next> Take(PacketPtr& packet, Core& core);

 private:
  Table& table_;
  route::RouteTable& routes_;
};

}  // namespace sextant::udp
