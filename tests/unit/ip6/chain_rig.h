// SPDX-License-Identifier: BSD-3-Clause
// ChainRig: a core and the stage that walks chains of extension headers; packets go in, whole or
// in segments, and what was decided and recorded comes out.
// Owned by one Core.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "ip6/extension_headers.h"
#include "support/core.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {

using ChainNext = ip6::ExtensionHeaders::Next;
using ChainVerdict = Verdict<ChainNext>;

// What a chain has led to. Records are those of a packet that has passed.
struct ChainOutcome {
  ChainVerdict verdict = DropReason::kNone;
  Meta meta = {};
  ExtensionPlaces places = {};
  Frame contents = {};  // of all segments, afterwards

  // The decision, the same for every cut of a packet into segments.
  std::vector<uint64_t> Essence() const {
    std::vector<uint64_t> all = {verdict.passed(), verdict.refused(),
                                 static_cast<uint64_t>(verdict.reason())};
    if (verdict.refused()) {
      const wire::Icmp6Error error = verdict.error();
      all.insert(all.end(), {static_cast<uint64_t>(error.type), error.code, error.value});
    }
    if (!verdict.passed()) return all;
    all.insert(all.end(),
               {static_cast<uint64_t>(verdict.next()), meta.upper_offset, meta.upper_length,
                meta.upper, meta.reassembled, meta.has_extensions, places.hop_by_hop,
                places.destination_first, places.routing, places.fragment, places.destination,
                places.last_next_header, places.largest_fragment});
    return all;
  }
};

class ChainRig : public testing::Test {
 protected:
  ChainOutcome Run(const Frame& packet, std::vector<size_t> sizes = {}) {
    if (sizes.empty()) return Run(core.Received(packet));
    PacketPtr chained = Chain(*core.pool, packet, sizes);
    core.core.Received(*chained);
    return Run(std::move(chained));
  }
  ChainOutcome Run(PacketPtr packet) {
    ChainOutcome out;
    out.verdict = stage.Take(packet, core.core);
    out.meta = packet->meta();
    if (out.meta.has_extensions) out.places = packet->extensions();
    out.contents = Contents(*packet);
    EXPECT_TRUE(IsConsistent(*packet));
    if (out.verdict.passed() && out.verdict.next() != ChainNext::kFragment) {
      // What the next stage reads in place is there.
      const size_t head = packet->bytes().size() - out.meta.upper_offset;
      EXPECT_GE(head, std::min<size_t>(out.meta.upper_length, 8));
    }
    packet.Free();
    return out;
  }
  ChainVerdict Judge(const Frame& packet) { return Run(packet).verdict; }
  Tunables& tunables() { return core.core.tunables(); }

  TestCore core;
  ip6::ExtensionHeaders stage{core.core.tunables()};
};

inline ChainVerdict Problem(DropReason reason, wire::ParameterCode code, uint32_t pointer) {
  return ChainVerdict::Refuse(reason, wire::Icmp6Error::ParameterProblem(code, pointer));
}

// Bodies of extension headers.
inline const Frame kPadBody = {1, 4, 0, 0, 0, 0};
inline Frame RoutingBody(uint8_t type, uint8_t segments_left) {
  return {type, segments_left, 0, 0, 0, 0};
}
inline Frame FragmentBody(uint16_t offset, bool more, uint8_t identification = 1) {
  const auto field = static_cast<uint16_t>(offset | (more ? 1 : 0));
  return {static_cast<uint8_t>(field >> 8), static_cast<uint8_t>(field), 0, 0, 0, identification};
}
// The whole packet as it is, but for a payload length that agrees with what is there.
inline Frame FixLength(Frame packet) {
  return Poke16(packet, 4, static_cast<uint16_t>(packet.size() - 40));
}

}  // namespace sextant::test
