// SPDX-License-Identifier: BSD-3-Clause
// Datagram: what is known of one whose fragments have not all arrived.
// Owned by one Core.
#pragma once

#include "ip6/reassembly_intervals.h"
#include "ip6/reassembly_key.h"

namespace sextant::ip6 {

struct Datagram {
  static constexpr uint32_t kUnknown = UINT32_MAX;

  // What a search reads.
  FragmentKey key;
  uint32_t hash = 0;
  Handle compact = kNoHandle;  // fragments in compact storage, linked
  Packet* packets = nullptr;   // the others, linked through Meta::next
  Instant born;                // when the first of them arrived

  HandleLinks by_age;
  HandleLinks of_prefix;
  Handle account = kNoHandle;   // the sender's /64
  uint32_t bytes = 0;           // charged to it
  uint32_t total = kUnknown;    // length of the fragmentable part, once the last fragment told
  uint32_t received = 0;        // of it
  uint16_t largest = 0;         // fragment, IPv6 header included
  uint16_t unfragmentable = 0;  // length of that part, IPv6 header included; 0: no first fragment
  uint8_t ecn_seen = 0;         // a bit for each value of the ECN field
  bool vouched = true;          // this host itself has sent all of it
  bool listed = true;           // the table finds it
  Intervals held;

  bool has_first() const { return unfragmentable != 0; }
};

static_assert(sizeof(Datagram) <= 128, "two cache lines");

}  // namespace sextant::ip6
