// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_datagrams.h"

#include "packet/chain.h"

namespace sextant::ip6 {
namespace {

constexpr uint32_t kUnit = wire::FragmentView::kUnit;
// A bucket holds eight datagrams, and none is smaller than a fifth of this with its fragment.
constexpr size_t kBytesPerBucket = 1024;
constexpr size_t kFewBuckets = 64;

// REQUIRES: it has data.
Interval UnitsOf(uint32_t start, uint32_t length) {
  return {static_cast<uint16_t>(start / kUnit),
          static_cast<uint16_t>((start + length - 1) / kUnit)};
}

uint32_t StartOf(const Packet& packet) {
  return wire::FragmentView::Trusted(packet.bytes().subspan(packet.extensions().fragment)).offset();
}

size_t CostOf(const Packet& packet, const Fragment& fragment) {
  return CompactStore::Takes(fragment) ? CompactStore::Cost(fragment) : Footprint(packet);
}

constexpr wire::Icmp6Error OffsetError(uint32_t header) {
  return wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kErroneousField,
                                            header + uint32_t{wire::FragmentView::kOffsetOffset});
}

}  // namespace

void DatagramStore::Configure(const Tunables& tunables) {
  if (tunables.reassembly_bytes == budget_) [[likely]]
    return;
  budget_ = tunables.reassembly_bytes;
  const auto budget = static_cast<size_t>(budget_);
  const size_t buckets = std::bit_ceil(budget / kBytesPerBucket);
  table_.Reserve(buckets);
  quota_.Resize(budget, buckets);
  for (Handle at = by_age_.oldest(); at != kNoHandle; at = datagrams_[at].by_age.newer) {
    quota_.List(datagrams_[at].account);
  }
  Tabulate(by_age_.empty() ? kFewBuckets : buckets);
  limit_ = budget - std::min(budget, table_bytes());
}

void DatagramStore::Tabulate(size_t buckets) {
  table_.Resize(buckets);
  for (Handle at = by_age_.oldest(); at != kNoHandle; at = datagrams_[at].by_age.newer) {
    // A smaller table may have no place for some; they end with their time.
    datagrams_[at].listed = table_.Insert(datagrams_[at].hash, at);
  }
}

Handle DatagramStore::Open(uint32_t hash, const FragmentKey& key, Core& core) {
  Configure(core.tunables());
  // Half full, a table has hardly a bucket that passes on.
  const size_t places = table_.buckets() * FragmentTable::kSlots;
  if (2 * datagrams_.in_use() >= places && table_.can_grow()) [[unlikely]]
    Tabulate(2 * table_.buckets());
  const Handle handle = datagrams_.Make();
  if (!table_.Insert(hash, handle)) [[unlikely]] {
    datagrams_.Give(handle);
    return kNoHandle;
  }
  Datagram& d = datagrams_[handle];
  d.key = key;
  d.hash = hash;
  d.born = core.now();
  d.account = quota_.Open(key.source.high_word());
  by_age_.Push(datagrams_, handle);
  quota_[d.account].datagrams.Push(datagrams_, handle);
  Charge(d, sizeof(Datagram));
  return handle;
}

void DatagramStore::Charge(Datagram& d, size_t bytes) {
  d.bytes += static_cast<uint32_t>(bytes);
  quota_.Charge(d.account, bytes);
}

void DatagramStore::Refund(Datagram& d, size_t bytes) {
  d.bytes -= static_cast<uint32_t>(bytes);
  quota_.Refund(d.account, bytes);
}

Intervals::Fit DatagramStore::Probe(const Datagram& d, const Fragment& fragment) const {
  return d.held.Probe(maps_, UnitsOf(fragment.start, fragment.length));
}

uint32_t DatagramStore::End(const Datagram& d) const { return d.held.End(maps_) * kUnit; }

Handle DatagramStore::Victim() {
  const Handle largest = quota_.Largest();
  return largest == kNoHandle ? by_age_.oldest() : quota_[largest].datagrams.oldest();
}

bool DatagramStore::MakeRoom(Handle datagram, size_t bytes, Core& core) {
  const auto percent = static_cast<size_t>(core.tunables().reassembly_prefix_share);
  const size_t share = static_cast<size_t>(budget_) * percent / 100;
  PrefixAccount& account = quota_[datagrams_[datagram].account];
  while (account.bytes + bytes > share) {
    const Handle victim = account.datagrams.oldest();
    Discard(victim, DropReason::kFragmentEvicted, core);
    if (victim == datagram) return false;
  }
  while (quota_.total() + bytes > limit_) {
    const Handle victim = Victim();
    Discard(victim, DropReason::kFragmentEvicted, core);
    if (victim == datagram) return false;
  }
  return true;
}

bool DatagramStore::Hold(Handle datagram, PacketPtr& packet, const Fragment& fragment, Core& core) {
  Datagram& d = datagrams_[datagram];
  const size_t map = d.held.is_list_full() ? sizeof(SpanMap) : 0;
  const size_t cost = CostOf(*packet, fragment) + map;
  if (!MakeRoom(datagram, cost, core)) return false;
  Charge(d, cost);
  d.held.Insert(maps_, UnitsOf(fragment.start, fragment.length));
  ++fragments_;
  if (CompactStore::Takes(fragment)) {
    const Handle record = compact_.Put(*packet, fragment);
    compact_[record].next = std::exchange(d.compact, record);
    core.Absorb(std::move(packet));
  } else {
    packet->meta().next = d.packets;
    d.packets = packet.release();
  }
  return true;
}

void DatagramStore::Forget(Handle datagram) {
  Datagram& d = datagrams_[datagram];
  fragments_ -= d.held.size();
  d.held.Clear(maps_);
  if (d.listed) table_.Erase(d.hash, datagram);
  by_age_.Remove(datagrams_, datagram);
  PrefixAccount& account = quota_[d.account];
  account.datagrams.Remove(datagrams_, datagram);
  quota_.Refund(d.account, d.bytes);
  if (account.datagrams.empty()) quota_.Close(d.account);
  datagrams_.Give(datagram);
}

void DatagramStore::Discard(Handle datagram, DropReason reason, Core& core) {
  Datagram& d = datagrams_[datagram];
  core.DropAbsorbed(reason, d.held.size());
  for (Packet* at = d.packets; at != nullptr;) {
    Packet* const next = at->meta().next;
    core.Absorb(PacketPtr(at));
    at = next;
  }
  for (Handle at = d.compact; at != kNoHandle;) {
    const Handle next = compact_[at].next;
    compact_.Give(at);
    at = next;
  }
  Forget(datagram);
}

void DatagramStore::Remove(Datagram& d, Interval units, uint32_t length, size_t bytes) {
  d.held.Remove(maps_, units);
  --fragments_;
  d.received -= length;
  Refund(d, bytes);
}

PacketPtr DatagramStore::TakeFirst(Handle datagram, Core& core) {
  Datagram& d = datagrams_[datagram];
  if (!d.has_first()) return {};
  for (Packet** at = &d.packets; *at != nullptr; at = &(*at)->meta().next) {
    if (StartOf(**at) != 0) continue;
    PacketPtr first(*at);
    *at = first->meta().next;
    const uint32_t length = Fragment::Of(*first).length;
    Remove(d, UnitsOf(0, length), length, Footprint(*first));
    return first;
  }
  for (Handle* at = &d.compact; *at != kNoHandle; at = &compact_[*at].next) {
    if (compact_[*at].start != 0) continue;
    PacketPtr first = compact_.Restore(*at, core.pool());
    if (!first) return {};
    const CompactStore::Record record = compact_[*at];
    Remove(d, record.units(), record.length(), compact_.SizeOf(*at));
    compact_.Give(std::exchange(*at, record.next));
    return first;
  }
  return {};
}

void DatagramStore::RefuseBeyond(Handle datagram, uint32_t unfragmentable, Core& core) {
  Datagram& d = datagrams_[datagram];
  const uint32_t most = UINT16_MAX - (unfragmentable - uint32_t{wire::Ipv6View::kSize});
  if (End(d) <= most) [[likely]]
    return;
  const auto leaves = [&](Interval units, uint32_t end, uint32_t length, size_t bytes) {
    if (end == d.total) d.total = Datagram::kUnknown;
    Remove(d, units, length, bytes);
  };
  for (Packet** at = &d.packets; *at != nullptr;) {
    const Fragment fragment = Fragment::Of(**at);
    if (fragment.end() <= most) {
      at = &(*at)->meta().next;
      continue;
    }
    PacketPtr beyond(std::exchange(*at, (*at)->meta().next));
    leaves(UnitsOf(fragment.start, fragment.length), fragment.end(), fragment.length,
           Footprint(*beyond));
    core.Refuse(std::move(beyond), DropReason::kFragmentTooLong, OffsetError(fragment.header));
  }
  for (Handle* at = &d.compact; *at != kNoHandle;) {
    const CompactStore::Record record = compact_[*at];
    const uint32_t end = record.start + record.length();
    if (end <= most) {
      at = &compact_[*at].next;
      continue;
    }
    leaves(record.units(), end, record.length(), compact_.SizeOf(*at));
    PacketPtr beyond = record.headers != 0 ? compact_.Restore(*at, core.pool()) : PacketPtr();
    compact_.Give(std::exchange(*at, record.next));
    if (beyond) {
      core.Refuse(std::move(beyond), DropReason::kFragmentTooLong, OffsetError(record.header));
    } else {
      core.DropAbsorbed(DropReason::kFragmentTooLong, 1);
    }
  }
}

std::span<Piece> DatagramStore::TakeAll(Handle datagram, Packet& last, const Fragment& fragment,
                                        size_t& rank) {
  Datagram& d = datagrams_[datagram];
  const size_t count = d.held.size() + 1;
  if (order_.size() < count) [[unlikely]]
    order_.resize(std::bit_ceil(count));
  const std::span pieces = std::span(order_).first(count);
  if (count == 2) {
    rank = fragment.is_first() ? 0 : 1;
    pieces[rank] = {&last, kNoHandle};
    pieces[1 - rank] = {d.packets, d.compact};
    Forget(datagram);
    return pieces;
  }
  d.held.WithRanks(maps_, [&](auto&& ranks) {
    rank = ranks(fragment.start / kUnit);
    const auto place = [&](uint32_t start) -> Piece& {
      return pieces[ranks(start / kUnit) + (start > fragment.start ? 1 : 0)];
    };
    for (Packet* at = d.packets; at != nullptr; at = at->meta().next) {
      place(StartOf(*at)) = {at, kNoHandle};
    }
    for (Handle at = d.compact; at != kNoHandle; at = compact_[at].next) {
      place(compact_[at].start) = {nullptr, at};
    }
  });
  pieces[rank] = {&last, kNoHandle};
  Forget(datagram);
  return pieces;
}

}  // namespace sextant::ip6
