// SPDX-License-Identifier: BSD-3-Clause
// Fragments for tests: built from a few words, and given to a Reassembly as the
// stage in front of it does.
// Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ip6/reassembly.h"
#include "support/core.h"
#include "support/frames.h"

namespace sextant::test {

// One fragment. As text: offset '+' length, then any of
//   m    the M flag            eN   ECN field N
//   uN   N octets of headers in front of the Fragment header, a multiple of 8
//   iN   identification        fN   the data's first octet (each next is one more)
//   sN   the source's /64      zN   hop limit
struct FragmentSpec {
  uint32_t offset = 0;
  uint32_t length = 0;
  bool more = false;
  uint8_t ecn = 0;
  uint32_t headers = 0;
  uint32_t identification = 1;
  uint8_t fill = 0;
  uint16_t source = 1;
  uint8_t hop_limit = 64;
  Ipv6Address destination = Ip("2001:db8:ffff::1");

  static FragmentSpec Parse(std::string_view text);
  Ipv6Address from() const;
  size_t header() const { return 40 + headers; }
  // Of the Next Header field that says 44.
  size_t next_header_at() const { return headers == 0 ? 6 : 40; }
  // The packet. Its Fragment header says UDP; octet i of the data is fill + (offset + i).
  Frame bytes() const;
};

// "0+8m 8+4" as fragments.
std::vector<FragmentSpec> ParseFragments(std::string_view text);

// Sets what the walk over the extension headers has found in front of reassembly.
void MarkFragment(Packet& packet, const FragmentSpec& spec);

// What came of one fragment.
struct FragmentOutcome {
  enum class Kind : uint8_t { kHeld, kWhole, kDropped, kRefused };
  Kind kind = Kind::kHeld;
  DropReason reason = DropReason::kNone;
  uint32_t pointer = 0;  // kRefused
  Frame whole;           // kWhole

  bool operator==(const FragmentOutcome&) const = default;
  // "held", "whole", "fragment-overlap", "refuse:fragment-too-long@42".
  std::string text() const;
};
void PrintTo(const FragmentOutcome& outcome, std::ostream* out);

// Gives it away; a completed datagram is consumed, and copied into the outcome.
FragmentOutcome Give(ip6::Reassembly& reassembly, PacketPtr packet, Core& core);
FragmentOutcome Give(ip6::Reassembly& reassembly, const FragmentSpec& spec, TestCore& core);
// What has been refused and waits for its ICMPv6 error; freed.
struct Refusal {
  wire::Icmp6Error error;
  Frame packet;
};
std::vector<Refusal> TakeRefused(Core& core);

}  // namespace sextant::test
