// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "packet/hostile_link.h"

#include <rte_mempool.h>
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#endif

namespace sextant::test {
namespace {

constexpr size_t kMetaRoom = RTE_ALIGN_CEIL(kPrivateRoom, RTE_MBUF_PRIV_ALIGN);

void Unguard(rte_mempool*, void*, void* object, unsigned) {
  const auto* const mbuf = static_cast<const rte_mbuf*>(object);
  ASAN_UNPOISON_MEMORY_REGION(mbuf->buf_addr, mbuf->buf_len);
}

}  // namespace

std::unique_ptr<PacketPool> GuardedPool::Make(size_t capacity) {
  rte_mempool* const pool = rte_pktmbuf_pool_create("guarded", static_cast<unsigned>(capacity), 0,
                                                    kMetaRoom, kPacketDataRoom, SOCKET_ID_ANY);
  SX_CHECK(pool != nullptr);
  return std::unique_ptr<PacketPool>(new GuardedPool(pool));
}

GuardedPool::~GuardedPool() { rte_mempool_obj_iter(mempool(), Unguard, nullptr); }

PacketPtr GuardedPool::Take() {
  PacketPtr packet = PacketPool::Take();
  if (packet) Unguard(nullptr, nullptr, packet->mbuf(), 0);
  return packet;
}

void GuardedPool::Guard(const rte_mbuf& segment) {
  const auto* const end =
      static_cast<const uint8_t*>(segment.buf_addr) + segment.data_off + segment.data_len;
  ASAN_POISON_MEMORY_REGION(end, segment.buf_len - segment.data_off - segment.data_len);
}

void HostileLink::Receive(Burst& frames, Core& core) {
  Burst whole;
  link_->Receive(whole, core);
  whole.Drain([&](PacketPtr frame) {
    if (chains_) frame = Split(std::move(frame), core);
    // The first segment of a chain may grow: the headers are pulled into it.
    const rte_mbuf* segment = frame->is_chained() ? frame->mbuf()->next : frame->mbuf();
    for (; segment != nullptr; segment = segment->next) GuardedPool::Guard(*segment);
    frames.Push(std::move(frame));
  });
}

void HostileLink::Transmit(Burst& frames, Core& core) {
  link_->Transmit(frames, core);
  statistics_ = link_->statistics();  // by which packets are counted as sent
}

PacketPtr HostileLink::Split(PacketPtr frame, Core& core) {
  constexpr int kMostSegments = 8;
  Bytes rest = frame->bytes();
  PacketPtr split;
  for (int i = 1; !rest.empty(); ++i) {
    // Small parts are the interesting ones.
    const auto limit =
        static_cast<uint32_t>(rng_.Below(2) == 0 ? std::min<size_t>(rest.size(), 64) : rest.size());
    const size_t size = i == kMostSegments ? rest.size() : 1 + rng_.Below(limit);
    PacketPtr part = core.pool().Copy(rest.first(size));
    SX_CHECK(part);
    rest = rest.subspan(size);
    if (split) {
      split->Chain(std::move(part));
    } else {
      split = std::move(part);
    }
  }
  split->meta() = frame->meta();
  frame.Free();
  return split;
}

}  // namespace sextant::test
