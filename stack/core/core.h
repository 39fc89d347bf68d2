// SPDX-License-Identifier: BSD-3-Clause
// Core: everything one lcore owns. Never copied, never global, never reached
// from another core: holding a Core& is the proof that you run on that core.
// Owned by one Core, being it.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "base/siphash.h"
#include "core/counters.h"
#include "core/timer_wheel.h"
#include "core/tunables.h"
#include "packet/pool.h"

namespace sextant {

class Core {
 public:
  Core(Clock& clock, Rng& rng, PacketPool& pool)
      : clock_(clock), rng_(rng), pool_(pool), now_(clock.Now()), timers_(now_) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() { SX_CHECK(refused_.empty()); }

  // One clock read per poll: every packet of a poll has the same now.
  void Tick() { now_ = clock_.Now(); }
  Instant now() const { return now_; }

  Rng& rng() { return rng_; }
  PacketPool& pool() { return pool_; }
  TimerWheel& timers() { return timers_; }
  // Duration::Infinite() cancels.
  void Arm(Timer& timer, Duration after) {
    timers_.Arm(timer, after == Duration::Infinite() ? Instant::Never() : now_ + after);
  }
  const Tunables& tunables() const { return tunables_; }
  Tunables& tunables() { return tunables_; }
  const Counters& counters() const { return counters_; }

  // A packet has come in from a link or over the loopback interface.
  void Received(Packet& packet) {
    packet.meta().origin = Origin::kReceived;
    packet.meta().arrived = now_;
    // A packet of ours that came back may have been a received one before that.
    packet.meta().has_extensions = false;
    packet.meta().reassembled = false;
    ++counters_.received;
  }
  // A received packet has met its purpose: a socket took it or a protocol
  // consumed it. Its buffer may live on, as a reply or in a socket's queue.
  void Delivered(Packet& packet) {
    if (packet.meta().origin == Origin::kReceived) counters_.delivered += FramesOf(packet);
    packet.meta().origin = Origin::kMade;
  }
  // Delivered, and no longer needed.
  void Consume(PacketPtr packet) {
    Delivered(*packet);
    packet.Free();
  }
  // The only way a packet may disappear.
  [[gnu::cold]] void Drop(PacketPtr packet, DropReason reason);
  // Drops, and leaves the packet for the ICMPv6 error that tells its sender.
  [[gnu::cold]] void Refuse(PacketPtr packet, DropReason reason, wire::Icmp6Error error);
  // A received packet whose bytes were copied elsewhere; its fate is still open:
  // that of the packet whose ExtensionPlaces::absorbed counts it, or DropAbsorbed().
  void Absorb(PacketPtr packet) { packet.Free(); }
  [[gnu::cold]] void DropAbsorbed(DropReason reason, size_t count);
  // A packet made here that never came to be (DropReason::kNoBuffer).
  [[gnu::cold]] void NeverMade(DropReason reason);
  void Sent(size_t count) { counters_.sent += count; }

  // Packets that were refused and wait for their ICMPv6 error.
  PacketQueue& refused() { return refused_; }

 private:
  // A reassembled datagram stands for all its fragments.
  static uint64_t FramesOf(const Packet& packet) {
    return packet.meta().reassembled ? uint64_t{1} + packet.extensions().absorbed : 1;
  }

  Clock& clock_;
  Rng& rng_;
  PacketPool& pool_;
  Instant now_;
  TimerWheel timers_;
  Tunables tunables_ = Tunables::Defaults();
  Counters counters_;
  PacketQueue refused_;
};

}  // namespace sextant
