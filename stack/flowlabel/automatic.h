// SPDX-License-Identifier: BSD-3-Clause
// Labels that nobody leases: a keyed hash of the flow.
// RFC 6437 §3 (uniform, stable per flow, hard to guess), RFC 7098 (what
// routers do with them).
// Any thread.
#pragma once

#include <optional>

#include "base/siphash.h"
#include "flowlabel/request.h"

namespace sextant::flowlabel {

struct Flow {
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t protocol = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  // The socket's own: drawing another moves its flows to other paths (SO_TXREHASH).
  uint32_t salt = 0;
};

// Never 0, which would say that there is no label. `stateless_half`: flowlabel_state_ranges.
inline uint32_t AutomaticLabel(const HashKey& key, const Flow& flow, bool stateless_half) {
  SipHasher<2, 4> hasher(key);
  hasher.Word(flow.source.high_word());
  hasher.Word(flow.source.low_word());
  hasher.Word(flow.destination.high_word());
  hasher.Word(flow.destination.low_word());
  hasher.Word(uint64_t{flow.salt} << 32 | uint32_t{flow.source_port} << 16 | flow.destination_port);
  const uint64_t hash = hasher.Finish(uint64_t{41} << 56 | flow.protocol);
  const auto label = static_cast<uint32_t>(hash >> 44) | (stateless_half ? kStatelessBit : 0);
  return label == 0 ? 1 : label;
}

// Another salt than the one in use.
inline uint32_t AnotherSalt(uint32_t salt, Rng& rng) {
  const uint32_t drawn = rng.Next32();
  return drawn == salt ? ~drawn : drawn;
}

// The values of auto_flowlabels.
enum AutoFlowlabels : int64_t { kAutoNever = 0, kAutoOptOut = 1, kAutoOptIn = 2, kAutoAlways = 3 };

// `choice`: IPV6_AUTOFLOWLABEL, if the socket has set it.
constexpr bool WantsAutomaticLabel(int64_t auto_flowlabels, std::optional<bool> choice) {
  if (auto_flowlabels == kAutoOptOut) return choice.value_or(true);
  return auto_flowlabels == kAutoOptIn ? choice.value_or(false) : auto_flowlabels == kAutoAlways;
}

// The bits of flowlabel_reflect: which answers carry the label they answer.
enum ReflectBit : int64_t { kReflectTcp = 1, kReflectReset = 2, kReflectEcho = 4 };

}  // namespace sextant::flowlabel
