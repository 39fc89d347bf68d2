// SPDX-License-Identifier: BSD-3-Clause
// Owned by the measuring thread.
#include "reassembly_load.h"

#include <rte_cycles.h>
#include <rte_ip.h>
#include <rte_ip_frag.h>

#include "base/clock.h"
#include "base/rng.h"
#include "core/tsc_clock.h"
#include "ip6/reassembly.h"
#include "wire/fragment.h"

namespace sextant::bench {
namespace {

class NullReassembler final : public Reassembler {
 public:
  std::string_view name() const override { return "null"; }
  rte_mbuf* Take(rte_mbuf* fragment) override { return fragment; }
};

class SextantReassembler final : public Reassembler {
 public:
  explicit SextantReassembler(PacketPool& pool) : core_(clock_, rng_, pool), reassembly_(core_) {}
  ~SextantReassembler() override { reassembly_.Stop(core_); }
  std::string_view name() const override { return "sextant"; }

  rte_mbuf* Take(rte_mbuf* fragment) override {
    Packet* const raw = Packet::FromMbuf(fragment);
    ResetMeta(*raw);
    core_.Received(*raw);
    raw->meta().has_extensions = true;
    raw->extensions() = {};
    raw->extensions().fragment = kFragmentAt;
    raw->extensions().last_next_header = wire::Ipv6View::kNextHeaderOffset;
    PacketPtr packet(raw);
    const auto verdict = reassembly_.Take(packet, core_);
    if (verdict.held()) return nullptr;
    if (verdict.passed()) {
      core_.Delivered(*packet);
      return packet.release()->mbuf();
    }
    core_.Drop(std::move(packet), verdict.reason());
    return nullptr;
  }
  size_t bytes() const override { return reassembly_.statistics().bytes; }

 private:
  TscClock clock_;
  SeededRng rng_{1};
  Core core_;
  ip6::Reassembly reassembly_;
};

class DpdkReassembler final : public Reassembler {
 public:
  static constexpr uint32_t kBuckets = 4096;
  static constexpr uint32_t kEntries = 16;

  explicit DpdkReassembler(size_t bytes)
      : table_(rte_ip_frag_table_create(
            kBuckets, kEntries,
            static_cast<uint32_t>(std::min<size_t>(bytes / kPacketDataRoom, kBuckets * kEntries)),
            60 * rte_get_tsc_hz(), SOCKET_ID_ANY)) {}
  ~DpdkReassembler() override {
    rte_ip_frag_free_death_row(&death_row_, 0);
    rte_ip_frag_table_destroy(table_);
  }
  std::string_view name() const override { return "librte_ip_frag"; }
  size_t max_fragments() const override { return RTE_LIBRTE_IP_FRAG_MAX_FRAG; }

  rte_mbuf* Take(rte_mbuf* fragment) override {
    auto* const ip = rte_pktmbuf_mtod(fragment, rte_ipv6_hdr*);
    fragment->l2_len = 0;
    fragment->l3_len = kFragmentDataAt;
    rte_mbuf* const whole =
        rte_ipv6_frag_reassemble_packet(table_, &death_row_, fragment, rte_rdtsc(), ip,
                                        reinterpret_cast<rte_ipv6_fragment_ext*>(ip + 1));
    // As its own sample does, once a burst; here a row is small, and mostly empty.
    if (death_row_.cnt >= 32) [[unlikely]]
      rte_ip_frag_free_death_row(&death_row_, 0);
    return whole;
  }

 private:
  rte_ip_frag_tbl* const table_;
  rte_ip_frag_death_row death_row_{};
};

}  // namespace

std::vector<uint8_t> MakeFragmentPacket(size_t offset, size_t bytes, bool more) {
  std::vector<uint8_t> packet(kFragmentDataAt + bytes);
  wire::Ipv6Fields ip;
  ip.payload_length = static_cast<uint16_t>(bytes + wire::FragmentView::kSize);
  ip.next_header = wire::NextHeader::kFragment;
  ip.source = Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 0, 1});
  ip.destination = Ipv6Address::FromGroups({0xfd00, 6, 0, 0, 0, 0, 0, 1});
  const std::span out(packet);
  ip.WriteTo(out.first<wire::Ipv6View::kSize>());
  wire::FragmentFields fragment;
  fragment.next_header = wire::NextHeader::kUdp;
  fragment.offset = static_cast<uint16_t>(offset);
  fragment.more = more;
  fragment.WriteTo(out.subspan<kFragmentAt, wire::FragmentView::kSize>());
  for (size_t i = 0; i < bytes; ++i) {
    packet[kFragmentDataAt + i] = static_cast<uint8_t>((offset + i) % 251);
  }
  return packet;
}

void Label(uint8_t* packet, uint64_t prefix, uint32_t identification) {
  const MutableBytes bytes(packet, kFragmentDataAt);
  // The low half of the /64: 2001:db8::/32 stays.
  Store32(bytes, wire::Ipv6View::kSourceOffset + 4, static_cast<uint32_t>(prefix));
  Store32(bytes, kFragmentAt + wire::FragmentView::kIdentificationOffset, identification);
}

std::unique_ptr<Reassembler> MakeNullReassembler() { return std::make_unique<NullReassembler>(); }
std::unique_ptr<Reassembler> MakeSextantReassembler(PacketPool& pool) {
  return std::make_unique<SextantReassembler>(pool);
}
std::unique_ptr<Reassembler> MakeDpdkReassembler(size_t bytes) {
  return std::make_unique<DpdkReassembler>(bytes);
}

}  // namespace sextant::bench
