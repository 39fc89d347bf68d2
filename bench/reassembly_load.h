// SPDX-License-Identifier: BSD-3-Clause
// Fragments for the reassembly benchmarks, and those who put them together.
// RFC 8200 §4.5.
// Owned by the measuring thread.
#pragma once

#include <rte_mbuf.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "packet/pool.h"

namespace sextant::bench {

inline constexpr size_t kFragmentAt = 40;
inline constexpr size_t kFragmentDataAt = 48;

// One IPv6 packet with a Fragment header behind the fixed one.
std::vector<uint8_t> MakeFragmentPacket(size_t offset, size_t bytes, bool more);

// Patches what tells datagrams apart: the source's /64, and the identification.
void Label(uint8_t* packet, uint64_t prefix, uint32_t identification);

// Puts fragments together: Sextant, a peer, or nobody.
class Reassembler {
 public:
  Reassembler() = default;
  Reassembler(const Reassembler&) = delete;
  Reassembler& operator=(const Reassembler&) = delete;
  virtual ~Reassembler() = default;
  virtual std::string_view name() const = 0;
  // Fragments of one datagram that it can do.
  virtual size_t max_fragments() const { return 8192; }
  // Takes the packet. Returns the datagram that it completes, or null.
  virtual rte_mbuf* Take(rte_mbuf* fragment) = 0;
  // Frees a datagram that Take() has returned.
  virtual void Free(rte_mbuf* datagram) { rte_pktmbuf_free(datagram); }
  virtual size_t bytes() const { return 0; }
};

std::unique_ptr<Reassembler> MakeNullReassembler();
std::unique_ptr<Reassembler> MakeSextantReassembler(PacketPool& pool);
// librte_ip_frag with a table of 4096 buckets of 16 entries, or for no more
// datagrams than that many packet buffers hold in so many bytes.
std::unique_ptr<Reassembler> MakeDpdkReassembler(size_t bytes = SIZE_MAX);

}  // namespace sextant::bench
