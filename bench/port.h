// SPDX-License-Identifier: BSD-3-Clause
// The in-process port: receive copies pre-built frames into fresh mbufs, transmit checks and frees.
// It also answers Neighbor Solicitations for the peers (RFC 4861 §7.2.4), so that a stack resolves
// them as it would on a wire.
// Owned by the measuring thread.
#pragma once

#include <rte_mbuf.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "case.h"
#include "frames.h"

namespace sextant::bench {

struct PoolDeleter {
  void operator()(rte_mempool* pool) const { rte_mempool_free(pool); }
};
using Pool = std::unique_ptr<rte_mempool, PoolDeleter>;

// A pool of `count` mbufs; without a cache it hands out buffers in strict rotation. Returns null
// when memory runs out.
Pool MakePool(const char* name, unsigned count, unsigned cache, uint16_t private_bytes);

class Port {
 public:
  struct Tally {
    uint64_t offered = 0;   // requests handed out
    uint64_t answered = 0;  // echoes that came back right
    uint64_t wrong = 0;     // frames to a peer that are no echo
    uint64_t other = 0;     // solicitations, reports: the stack's own talk
  };

  Port(const Case& c, const FrameSet& frames, rte_mempool* pool)
      : offload_(c.offload), frames_(frames), pool_(pool) {}

  const FrameSet& frames() const { return frames_; }
  rte_mempool* pool() const { return pool_; }
  // For a stack that needs mbufs of its own shape. REQUIRES: nothing is in flight.
  void UsePool(rte_mempool* pool) { pool_ = pool; }

  // Opens the port for `frames` more requests and starts a new tally.
  void Offer(uint64_t frames);
  // Feeds echoes instead of requests: the port alone, without a stack.
  void FeedEchoes(bool on) { feed_echoes_ = on; }
  // Inspects every byte of every echo; for passes that are not timed.
  void InspectAll(bool on) { inspect_all_ = on; }
  bool inspects_all() const { return inspect_all_; }

  // Fills `out` with frames, at most kBurst; returns how many. 0 = all offered frames are out.
  size_t Receive(std::span<rte_mbuf*> out);
  // Checks the frames and frees them.
  void Transmit(std::span<rte_mbuf* const> frames);

  // For a contestant that moves frames by other means: the next request, and how it went.
  const uint8_t* TakeRequest();
  void CountEcho(std::span<const uint8_t> frame, Checksum checksum);
  void CountUnseen(uint64_t echoes) { tally_.answered += echoes; }
  // Puts back a tally after frames were taken for another purpose than echoing.
  void Restore(const Tally& tally) { tally_ = tally; }

  uint64_t left() const { return left_; }
  const Tally& tally() const { return tally_; }
  // The first thing that InspectAll found wrong; empty when there is none.
  const std::string& complaint() const { return complaint_; }

 private:
  static constexpr size_t kAdvertisementBytes = 86;
  static constexpr size_t kMaxAdvertisements = 2 * kPeers;
  using Advertisement = std::array<uint8_t, kAdvertisementBytes>;

  size_t ReceiveAdvertisements(std::span<rte_mbuf*> out);
  bool Accept(const rte_mbuf* m);
  void Inspect(const rte_mbuf* m);
  void TakeOther(std::span<const uint8_t> frame);
  void Answer(std::span<const uint8_t> solicitation, uint32_t peer);

  const bool offload_;
  bool feed_echoes_ = false;
  bool inspect_all_ = false;
  const FrameSet& frames_;
  rte_mempool* pool_;
  size_t next_ = 0;
  uint64_t left_ = 0;
  Tally tally_;
  std::string complaint_;
  size_t advertisements_ = 0;
  std::array<Advertisement, kMaxAdvertisements> advertisement_ = {};
};

}  // namespace sextant::bench
