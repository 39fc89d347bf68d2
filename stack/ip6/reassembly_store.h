// SPDX-License-Identifier: BSD-3-Clause
// CompactStore: where the bytes of short fragments lie, so that eight octets do
// not keep a packet buffer of two kilobytes. A record takes 64 to 384 octets.
// Of most fragments only the data is kept; of some all of it, with Meta, so that
// they can become a packet again: the first one, which the result's headers come
// from, and those that end so late that they may have to be refused yet.
// Owned by one Core.
#pragma once

#include <array>

#include "ip6/reassembly_intervals.h"
#include "ip6/reassembly_key.h"
#include "packet/pool.h"

namespace sextant::ip6 {

class CompactStore {
 public:
  // Packets below this length are copied.
  static constexpr size_t kShort = 256;

  struct Record {
    Handle next = kNoHandle;  // of the same datagram
    uint16_t start = 0;       // of the data, in the datagram
    uint16_t size = 0;        // of the bytes kept
    uint16_t headers = 0;     // of them, those in front of the data; 0: only data is kept
    uint16_t header = 0;      // where the Fragment header is among those
    Interval units() const;
    uint32_t length() const { return uint32_t{size} - headers; }
  };

  CompactStore();

  static bool Takes(const Fragment& fragment) { return fragment.packet_length < kShort; }
  // What Put() will charge.
  static size_t Cost(const Fragment& fragment);
  // Copies a fragment that it Takes().
  Handle Put(const Packet& packet, const Fragment& fragment);
  void Give(Handle record) { slabs_[record >> kSizeShift].Give(record & ((1U << kSizeShift) - 1)); }
  // What was charged for it.
  size_t SizeOf(Handle record) const { return SlabOf(record).block_size(); }

  Record& operator[](Handle record) const {
    return *std::launder(reinterpret_cast<Record*>(At(record)));
  }
  // All bytes that are kept; those of the whole fragment if its headers are.
  Bytes whole(Handle handle) const {
    const Record& record = (*this)[handle];
    const size_t kept = record.headers != 0 ? sizeof(KeptMeta) : 0;
    return {reinterpret_cast<const uint8_t*>(&record + 1) + kept, record.size};
  }
  Bytes data(Handle handle) const { return whole(handle).subspan((*this)[handle].headers); }
  // The fragment as it was received; null when the pool is dry. REQUIRES: headers != 0.
  PacketPtr Restore(Handle record, PacketPool& pool) const;
  // Its Meta and extension headers alone.
  void RestoreMeta(Handle record, Packet& packet) const {
    const uint8_t* const at = At(record) + sizeof(Record);
    std::memcpy(&packet.meta(), at, sizeof(Meta));
    std::memcpy(&packet.extensions(), at + sizeof(Meta), sizeof(ExtensionPlaces));
  }

 private:
  // Behind the record, when headers are kept, and in front of the bytes.
  struct KeptMeta {
    Meta meta;
    ExtensionPlaces extensions;
  };
  static constexpr size_t kLine = 64;
  static constexpr size_t kSizes = 6;
  static constexpr int kSizeShift = 29;  // of a handle: the upper bits choose the slab

  static bool KeepsHeaders(const Fragment& fragment);
  static size_t Lines(const Fragment& fragment);
  const BlockSlab& SlabOf(Handle record) const { return slabs_[record >> kSizeShift]; }
  uint8_t* At(Handle record) const { return SlabOf(record).At(record & ((1U << kSizeShift) - 1)); }

  std::array<BlockSlab, kSizes> slabs_;
};

}  // namespace sextant::ip6
