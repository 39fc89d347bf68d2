// SPDX-License-Identifier: BSD-3-Clause
// Packet: one packet buffer. A Packet is an rte_mbuf seen through the only
// interface that protocol code needs; the two are the same object in memory.
// PacketPtr owns one, PacketQueue links many, PacketPool makes them.
// Owned by one Core.
#pragma once

#include <rte_mbuf.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "packet/meta.h"

namespace sextant {

class PacketPtr;

class Packet {
 public:
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;

  // The door between DPDK's world and ours.
  static Packet* FromMbuf(rte_mbuf* mbuf) { return reinterpret_cast<Packet*>(mbuf); }
  rte_mbuf* mbuf() { return reinterpret_cast<rte_mbuf*>(this); }
  const rte_mbuf* mbuf() const { return reinterpret_cast<const rte_mbuf*>(this); }

  // The first segment; headers live here (the runner pulls them together).
  Bytes bytes() const { return {rte_pktmbuf_mtod(mbuf(), const uint8_t*), mbuf()->data_len}; }
  // All segments.
  size_t length() const { return mbuf()->pkt_len; }
  bool is_chained() const { return mbuf()->nb_segs > 1; }

  Meta& meta() { return *static_cast<Meta*>(rte_mbuf_to_priv(mbuf())); }
  const Meta& meta() const {
    return *static_cast<const Meta*>(rte_mbuf_to_priv(const_cast<rte_mbuf*>(mbuf())));
  }

  // Behind Meta in the private area. Filled when meta().has_extensions.
  ExtensionPlaces& extensions() { return *reinterpret_cast<ExtensionPlaces*>(&meta() + 1); }
  const ExtensionPlaces& extensions() const {
    return *reinterpret_cast<const ExtensionPlaces*>(&meta() + 1);
  }

  // Calls `take` with each segment's part of [offset, offset + length).
  template <typename F>
  void ForEachSegment(size_t offset, size_t length, F&& take) const;
  // Copies [offset, offset + out.size()) out. Returns false if it is not all there.
  bool CopyOut(size_t offset, MutableBytes out) const;

  // Moves the packet's start: strips a header that has been read. REQUIRES: count <=
  // bytes().size().
  void Strip(size_t count) { SX_CHECK(rte_pktmbuf_adj(mbuf(), static_cast<uint16_t>(count))); }
  // Gives a stripped header back. REQUIRES: it was stripped before and nothing was prepended since.
  void Unstrip(size_t count) {
    SX_CHECK(rte_pktmbuf_prepend(mbuf(), static_cast<uint16_t>(count)));
  }
  // Cuts the end off, so that the packet is `length` long. REQUIRES: length <= this->length().
  void Trim(size_t length) {
    const size_t excess = this->length() - length;
    if (excess != 0) TrimEnd(excess);
  }
  // Leaves [offset, offset + length) of the packet. REQUIRES: that lies within
  // it, and `offset` within the first segment.
  void Narrow(size_t offset, size_t length) {
    if (is_chained()) [[unlikely]] {
      Strip(offset);
      return Trim(length);
    }
    rte_mbuf& m = *mbuf();
    SX_CHECK(offset + length <= m.data_len);
    m.data_off = static_cast<uint16_t>(m.data_off + offset);
    m.data_len = static_cast<uint16_t>(length);
    m.pkt_len = static_cast<uint32_t>(length);
  }
  // Makes the first `count` bytes contiguous. Returns false when the packet is
  // shorter than that or the segment cannot hold it.
  bool Pull(size_t count);

  // The one door to changing bytes: the first segment, writable, when this is
  // the only reference to it; else null-sized. See PacketPool::Own() for a copy.
  MutableBytes Writable() {
    if (!IsOwned()) return {};
    return {rte_pktmbuf_mtod(mbuf(), uint8_t*), mbuf()->data_len};
  }
  bool IsOwned() const { return rte_mbuf_refcnt_read(mbuf()) == 1 && RTE_MBUF_DIRECT(mbuf()); }

  // Room for `count` more bytes in front, writable. Empty when there is none.
  // REQUIRES: IsOwned().
  MutableBytes Prepend(size_t count) {
    char* const at =
        count <= headroom() ? rte_pktmbuf_prepend(mbuf(), static_cast<uint16_t>(count)) : nullptr;
    if (at == nullptr) return {};
    return {reinterpret_cast<uint8_t*>(at), count};
  }
  // Room for `count` more bytes at the end of the last segment. Empty when there is none.
  MutableBytes Append(size_t count) {
    char* const at =
        count <= UINT16_MAX ? rte_pktmbuf_append(mbuf(), static_cast<uint16_t>(count)) : nullptr;
    if (at == nullptr) return {};
    return {reinterpret_cast<uint8_t*>(at), count};
  }

  // Puts all of `tail` behind the last segment, as further segments.
  void Chain(PacketPtr tail);

  size_t headroom() const { return rte_pktmbuf_headroom(mbuf()); }

 private:
  Packet() = default;
  void TrimEnd(size_t excess);
};

// Owns a packet. Every packet has a fate that is counted, so letting a
// PacketPtr die with a packet inside is a bug and stops the program.
class PacketPtr {
 public:
  PacketPtr() = default;
  explicit PacketPtr(Packet* packet) : packet_(packet) {}
  PacketPtr(PacketPtr&& other) noexcept : packet_(std::exchange(other.packet_, nullptr)) {}
  PacketPtr& operator=(PacketPtr&& other) noexcept {
    SX_DCHECK(packet_ == nullptr);
    packet_ = std::exchange(other.packet_, nullptr);
    return *this;
  }
  ~PacketPtr() { SX_DCHECK(packet_ == nullptr); }

  explicit operator bool() const { return packet_ != nullptr; }
  Packet& operator*() const { return *packet_; }
  Packet* operator->() const { return packet_; }
  Packet* get() const { return packet_; }
  // Gives ownership away, to a link or a queue.
  [[nodiscard]] Packet* release() { return std::exchange(packet_, nullptr); }
  // Frees the packet. Only Core and links call this: they have counted it.
  void Free() { rte_pktmbuf_free(release()->mbuf()); }

 private:
  Packet* packet_ = nullptr;
};

inline void Packet::Chain(PacketPtr tail) {
  SX_CHECK(rte_pktmbuf_chain(mbuf(), tail.release()->mbuf()) == 0);
}

template <typename F>
void Packet::ForEachSegment(size_t offset, size_t length, F&& take) const {
  for (const rte_mbuf* segment = mbuf(); segment != nullptr && length > 0;
       segment = segment->next) {
    const size_t size = segment->data_len;
    if (offset >= size) {
      offset -= size;
      continue;
    }
    const size_t part = std::min(size - offset, length);
    take(Bytes(rte_pktmbuf_mtod(segment, const uint8_t*) + offset, part));
    length -= part;
    offset = 0;
  }
}

}  // namespace sextant
