// SPDX-License-Identifier: BSD-3-Clause
// ErrorOutput: tells senders why their packets were refused, as often as is
// polite and never when it would do harm.
// RFC 4443 §2.2 (source), §2.4(c) (quoting), §2.4(e) (when not), §2.4(f) (how often).
// Owned by one Core.
#pragma once

#include "core/outbox.h"
#include "icmp6/token_bucket.h"
#include "route/route_table.h"

namespace sextant::icmp6 {

struct ErrorStatistics {
  uint64_t sent = 0;
  uint64_t not_allowed = 0;  // RFC 4443 §2.4(e)
  uint64_t limited = 0;      // RFC 4443 §2.4(f)
  uint64_t no_route = 0;     // nobody to tell, or no buffer to say it in
};

class ErrorOutput {
 public:
  ErrorOutput(Core& core, route::RouteTable& routes, Outbox& outbox)
      : routes_(routes), outbox_(outbox), per_prefix_(HashKey::Draw(core.rng())) {}

  // Sends the error in packet's Meta to the packet's source, RFC 4443
  // permitting, and frees the packet.
  void Answer(PacketPtr packet, Core& core);

  const ErrorStatistics& statistics() const { return statistics_; }

 private:
  bool Polite(const Packet& packet, Core& core);
  bool Send(const Packet& packet, Core& core);

  route::RouteTable& routes_;
  Outbox& outbox_;
  PrefixBuckets per_prefix_;
  TokenBucket total_;
  ErrorStatistics statistics_;
};

// RFC 4443 §2.4(e), but for its rate limits: may `packet`, which begins at its
// IPv6 header, be answered with `error` at all?
bool MayAnswer(const Packet& packet, const wire::Icmp6Error& error);

}  // namespace sextant::icmp6
