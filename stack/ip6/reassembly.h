// SPDX-License-Identifier: BSD-3-Clause
// Reassembly: fragments in, datagrams out. The rules are here; what is held lies
// in the DatagramStore, and Assemble() joins it.
// RFC 8200 §4.5, RFC 5722, RFC 3168 §5.3.
// Owned by one Core.
#pragma once

#include "base/keyed_hash.h"
#include "core/verdict.h"
#include "ip6/reassembly_datagrams.h"
#include "ip6/reassembly_tombstones.h"

namespace sextant::ip6 {

struct ReassemblyStatistics {
  // Gauges.
  size_t bytes = 0;        // of memory, as reassembly_bytes counts it
  size_t table_bytes = 0;  // of them, those that are always there
  size_t datagrams = 0;
  size_t fragments = 0;
  size_t prefixes = 0;  // that have sent them
  // Counters of datagrams.
  uint64_t completed = 0;
  uint64_t expired = 0;
};

class Reassembly {
 public:
  enum class Next : uint8_t { kWhole };
  static constexpr size_t kEdges = 1;

  explicit Reassembly(Core& core);
  Reassembly(const Reassembly&) = delete;
  Reassembly& operator=(const Reassembly&) = delete;

  // Takes a received fragment that begins at its IPv6 header. Its headers up to
  // the Fragment header have been dealt with, extensions() says where they are,
  // and a first fragment holds the whole chain (RFC 7112 §5).
  // A datagram that it completes goes on in its place: the first fragment's
  // headers without the Fragment header, Meta::upper_offset behind the
  // unfragmentable part, where Meta::upper begins.
  // REQUIRES: not atomic (RFC 6946 §4).
  Verdict<Next> Take(PacketPtr& packet, Core& core);
  // Drops everything. Must be called before the end.
  void Stop(Core& core);

  ReassemblyStatistics statistics() const;

 private:
  Verdict<Next> TakeFor(Handle datagram, PacketPtr& packet, const Fragment& fragment, uint64_t hash,
                        Core& core);
  Verdict<Next> Hold(Handle datagram, PacketPtr& packet, const Fragment& fragment, Core& core);
  Verdict<Next> Complete(Handle datagram, PacketPtr& packet, const Fragment& fragment, Core& core);
  DropReason JudgeAgainst(const Datagram& d, const Fragment& fragment, Core& core) const;
  Verdict<Next> Bury(Handle datagram, DropReason reason, uint64_t hash, Core& core);
  Handle Open(const Fragment& fragment, uint64_t hash, Core& core);
  void OnTimer(Core& core);
  void Expire(Handle datagram, Core& core);

  const KeyedHash<6> hash_;
  DatagramStore store_;
  Tombstones tombstones_;
  Timer timer_;
  Duration timeout_;
  uint64_t completed_ = 0;
  uint64_t expired_ = 0;
};

}  // namespace sextant::ip6
