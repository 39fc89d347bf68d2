// SPDX-License-Identifier: BSD-3-Clause
// DatagramStore: all datagrams that wait for fragments, their memory, and who
// gives way when it runs out:
//  1. a /64 at its share (reassembly_prefix_share) loses its own oldest datagram;
//  2. at the budget (reassembly_bytes) the /64 that holds most loses its oldest;
//     among equals, the oldest of all goes.
// So a new datagram is never refused while its own /64 is under its share. The
// budget counts buffers with their data room, records, maps and tables.
// Owned by one Core.
#pragma once

#include <span>

#include "core/core.h"
#include "ip6/reassembly_quota.h"
#include "ip6/reassembly_store.h"
#include "ip6/reassembly_table.h"

namespace sextant::ip6 {

// One fragment of a datagram in order: a packet, or a record in compact storage.
struct Piece {
  Packet* packet = nullptr;
  Handle compact = kNoHandle;
};

class DatagramStore {
 public:
  explicit DatagramStore(Core& core) : quota_(core.rng()) { Configure(core.tunables()); }
  DatagramStore(const DatagramStore&) = delete;
  DatagramStore& operator=(const DatagramStore&) = delete;
  ~DatagramStore() { SX_CHECK(by_age_.empty()); }

  Datagram& operator[](Handle datagram) { return datagrams_[datagram]; }
  Handle Find(uint32_t hash, const FragmentKey& key) const {
    return table_.Find(hash, [&](Handle at) { return datagrams_[at].key == key; });
  }
  // A new datagram without fragments. kNoHandle when the table has no place for it.
  Handle Open(uint32_t hash, const FragmentKey& key, Core& core);
  // Keeps a fragment. False when there is no room for it without evicting its own
  // datagram; that has been done then, and the packet is still the caller's.
  bool Hold(Handle datagram, PacketPtr& packet, const Fragment& fragment, Core& core);
  Intervals::Fit Probe(const Datagram& d, const Fragment& fragment) const;
  // One behind the last octet held, rounded up to whole units.
  uint32_t End(const Datagram& d) const;

  // Drops all that is held of it, and forgets it.
  void Discard(Handle datagram, DropReason reason, Core& core);
  // Takes the first fragment out, as it was received. Null when it is not held,
  // or the pool is dry.
  PacketPtr TakeFirst(Handle datagram, Core& core);
  // Refuses those held that end beyond what a payload length can say, now that
  // the length of the unfragmentable part is known (RFC 8200 §4.5).
  void RefuseBeyond(Handle datagram, uint32_t unfragmentable, Core& core);
  // All fragments in order, `last` among them, which is not held; the rank of
  // that is returned. They are the caller's then, and the datagram is forgotten.
  // The span is good until the next call.
  std::span<Piece> TakeAll(Handle datagram, Packet& last, const Fragment& fragment, size_t& rank);
  CompactStore& compact() { return compact_; }

  Handle oldest() const { return by_age_.oldest(); }
  size_t datagrams() const { return datagrams_.in_use(); }
  size_t fragments() const { return fragments_; }
  size_t prefixes() const { return quota_.accounts(); }
  // All memory in use for them, tables included.
  size_t bytes() const { return quota_.total() + table_bytes(); }
  size_t table_bytes() const { return table_.bytes() + quota_.table_bytes(); }

 private:
  void Configure(const Tunables& tunables);
  void Tabulate(size_t buckets);
  bool MakeRoom(Handle datagram, size_t bytes, Core& core);
  Handle Victim();
  void Forget(Handle datagram);
  void Charge(Datagram& d, size_t bytes);
  void Refund(Datagram& d, size_t bytes);
  // A fragment leaves its datagram, which lives on.
  void Remove(Datagram& d, Interval units, uint32_t length, size_t bytes);

  FragmentTable table_;
  PrefixQuota quota_;
  Slab<Datagram> datagrams_;
  Slab<SpanMap> maps_;
  CompactStore compact_;
  HandleQueue<Datagram, &Datagram::by_age> by_age_;
  std::vector<Piece> order_;
  size_t fragments_ = 0;
  int64_t budget_ = 0;
  size_t limit_ = 0;  // of what is charged: the budget without the tables
};

}  // namespace sextant::ip6
