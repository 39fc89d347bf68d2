// SPDX-License-Identifier: BSD-3-Clause
// Fragmentation: splits packets that are longer than their path or link takes.
// RFC 8200 §4.5, RFC 7112 §5 (the first fragment has all headers), RFC 6980 §5
// (never neighbor discovery), RFC 8021 (never into one piece).
// Identifications are those of RFC 7739 §5.3, a keyed hash of both addresses plus
// a counter: nobody else can predict them, and a pair's do not come back until
// 2^32 more were used, where random ones would collide within 2^16 datagrams.
// The payload is not copied: every piece refers to it.
// Owned by one Core.
#pragma once

#include <algorithm>
#include <vector>

#include "base/siphash.h"
#include "core/verdict.h"
#include "iface/interface_table.h"
#include "packet/burst.h"
#include "wire/fragment.h"

namespace sextant::ip6 {

class Fragmentation {
 public:
  enum class Next : uint8_t { kNone };

  Fragmentation(Core& core, const iface::InterfaceTable& interfaces);
  Fragmentation(const Fragmentation&) = delete;
  Fragmentation& operator=(const Fragmentation&) = delete;

  // How long the packet may be on its way out by `interface`.
  static size_t LimitOf(const Meta& meta, const iface::Interface& interface) {
    const size_t mtu = interface.mtu();
    return meta.path_mtu == 0 ? mtu : std::min<size_t>(mtu, meta.path_mtu);
  }

  // Packets that output has found too long, until the graph takes them on. They
  // find their neighbor first and are split then: whole, they wait for it as one
  // packet, where a short queue would lose most of their pieces.
  void Hold(PacketPtr packet) { whole_.Push(std::move(packet)); }
  PacketPtr Pop() { return whole_.Pop(); }

  // The stage: the packet's pieces are in pieces() afterwards, and leave by the
  // same link to the same neighbor.
  Verdict<Next> Take(PacketPtr& packet, Core& core);
  PacketQueue& pieces() { return pieces_; }

  // Puts the packet's pieces, each no longer than `mtu`, behind `out` and frees
  // it. kOutputTooBig or kNoBuffer, and nothing has changed, when that cannot be.
  // The packet begins at its IPv6 header; Meta knows the upper layer.
  DropReason Split(PacketPtr& packet, size_t mtu, PacketQueue& out, Core& core);

 private:
  // Where the part ends that every piece repeats.
  struct Unfragmentable {
    size_t length = 0;
    size_t next_header_at = 0;  // of the field that names the fragmentable part
    wire::NextHeader next_header = wire::NextHeader::kNone;
  };
  // One piece of the fragmentable part. Its first `copied` bytes are copied.
  struct Piece {
    size_t offset = 0;
    size_t length = 0;
    size_t copied = 0;
    bool more = false;
  };
  // LIMIT: counters of RFC 7739 §5.3; pairs of addresses that share one only
  // use up each other's identifications.
  static constexpr size_t kCounters = 1024;

  static bool FindUnfragmentable(const Packet& packet, Unfragmentable& out);
  static PacketPtr Make(Packet& packet, const Unfragmentable& part, const Piece& piece,
                        uint32_t identification, Core& core);
  static void FinishChecksum(const Packet& packet, Packet& first);
  uint32_t Identify(const Packet& packet);

  const iface::InterfaceTable& interfaces_;
  const HashKey key_;
  std::vector<uint32_t> counters_;
  PacketQueue whole_;
  PacketQueue pieces_;
};

}  // namespace sextant::ip6
