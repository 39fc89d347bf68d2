// SPDX-License-Identifier: BSD-3-Clause
// Echo: answers echo requests, in the packet that asked.
// RFC 4443 §4.2.
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "core/verdict.h"
#include "icmp6/token_bucket.h"
#include "route/route_table.h"

namespace sextant::icmp6 {

class Echo {
 public:
  enum class Next : uint8_t { kNone };

  Echo(route::RouteTable& routes, Outbox& outbox) : routes_(routes), outbox_(outbox) {}

  Verdict<Next> Take(PacketPtr& packet, Core& core);

 private:
  struct Parties {
    Ipv6Address from;  // who asked
    Ipv6Address to;    // the address that was asked: ours, or a group
  };

  void Reply(PacketPtr packet, Core& core, const Parties& parties, const route::Path& path);

  route::RouteTable& routes_;
  Outbox& outbox_;
  TokenBucket replies_;
};

}  // namespace sextant::icmp6
