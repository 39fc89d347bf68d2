// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_store.h"

#include <cstring>

namespace sextant::ip6 {
namespace {

// A fragment that ends here or earlier fits into a datagram with 16 KiB of
// unfragmentable headers, more than eight of the longest.
constexpr uint32_t kSurelyFits = UINT16_MAX - (16 << 10);

}  // namespace

CompactStore::CompactStore()
    : slabs_{BlockSlab(kLine),     BlockSlab(2 * kLine), BlockSlab(3 * kLine),
             BlockSlab(4 * kLine), BlockSlab(5 * kLine), BlockSlab(6 * kLine)} {
  static_assert(sizeof(Record) + sizeof(KeptMeta) + kShort <= kSizes * kLine);
}

Interval CompactStore::Record::units() const {
  constexpr uint32_t kUnit = wire::FragmentView::kUnit;
  return {static_cast<uint16_t>(start / kUnit),
          static_cast<uint16_t>((start + length() - 1) / kUnit)};
}

bool CompactStore::KeepsHeaders(const Fragment& fragment) {
  return fragment.is_first() || fragment.end() > kSurelyFits;
}

size_t CompactStore::Lines(const Fragment& fragment) {
  const size_t bytes =
      KeepsHeaders(fragment) ? sizeof(KeptMeta) + fragment.packet_length : size_t{fragment.length};
  return (sizeof(Record) + bytes + kLine - 1) / kLine;
}

size_t CompactStore::Cost(const Fragment& fragment) { return kLine * Lines(fragment); }

Handle CompactStore::Put(const Packet& packet, const Fragment& fragment) {
  const size_t size = Lines(fragment) - 1;
  const Handle inner = slabs_[size].Take();
  SX_CHECK(inner >> kSizeShift == 0);
  const Handle handle = inner | static_cast<Handle>(size) << kSizeShift;
  uint8_t* at = At(handle);
  const bool whole = KeepsHeaders(fragment);
  Record* const record = ::new (at) Record();
  record->start = static_cast<uint16_t>(fragment.start);
  record->size = static_cast<uint16_t>(whole ? fragment.packet_length : fragment.length);
  record->headers = static_cast<uint16_t>(whole ? fragment.data() : 0);
  record->header = static_cast<uint16_t>(fragment.header);
  at += sizeof(Record);
  if (whole) {
    std::memcpy(at, &packet.meta(), sizeof(Meta));
    std::memcpy(at + sizeof(Meta), &packet.extensions(), sizeof(ExtensionPlaces));
    at += sizeof(KeptMeta);
  }
  const size_t from = whole ? 0 : fragment.data();
  const Bytes bytes = packet.bytes();
  if (from + record->size <= bytes.size()) [[likely]] {
    std::memcpy(at, bytes.data() + from, record->size);
  } else {
    SX_CHECK(packet.CopyOut(from, {at, record->size}));
  }
  return handle;
}

PacketPtr CompactStore::Restore(Handle record, PacketPool& pool) const {
  PacketPtr packet = pool.Copy(whole(record));
  if (packet) RestoreMeta(record, *packet);
  return packet;
}

}  // namespace sextant::ip6
