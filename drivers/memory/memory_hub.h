// SPDX-License-Identifier: BSD-3-Clause
// MemoryHub: an Ethernet segment in memory. Every frame that one endpoint sends
// reaches all others, deterministically: the same seed and the same sends give
// the same arrivals, faults included.
// Owned by one Core; its endpoints may belong to several hosts that are polled
// by the same thread and share one Clock.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "core/link.h"
#include "drivers/memory/link_faults.h"

namespace sextant {

class MemoryLink;

struct MemoryLinkOptions {
  std::string name = "memory";
  // Zero: derived from the name.
  MacAddress mac = MacAddress();
  size_t mtu = 1500;
  // What the endpoint pretends to have in hardware. With group_filter it
  // filters unicast frames by its own address as well, as a NIC does.
  LinkCapabilities capabilities = LinkCapabilities();
  // LIMIT: frames under way to this endpoint; more are dropped by their sender.
  size_t queue_limit = 1024;
};

class MemoryHub {
 public:
  // Sees every frame as its sender gave it, before any fault; `sender` is null
  // for injected ones.
  using Observer = std::function<void(const MemoryLink* sender, Bytes frame)>;

  // `rng` outlives the hub; only faults draw from it.
  explicit MemoryHub(Rng& rng) : rng_(rng) {}
  MemoryHub(const MemoryHub&) = delete;
  MemoryHub& operator=(const MemoryHub&) = delete;
  // REQUIRES: all endpoints are gone.
  ~MemoryHub();

  std::unique_ptr<MemoryLink> Join(MemoryLinkOptions options);

  // For frames of all endpoints; MemoryLink has a setter for its own.
  void SetFaults(const LinkFaults& faults);
  const FaultCounts& fault_counts() const { return counts_; }
  void SetObserver(Observer observer) { observer_ = std::move(observer); }
  // As if a station that is no endpoint had sent it at `now`: no faults, no delay.
  void Inject(Bytes frame, Instant now);

  // When the next frame arrives anywhere; Never() when none is under way. May
  // lie in the past.
  Instant NextArrival() const;

 private:
  friend class MemoryLink;

  enum class Fate { kArrives, kNoRoom, kUnheard };

  void Leave(MemoryLink& link);
  // Returns kNoRoom when somebody should have heard it and nobody could.
  Fate Carry(MemoryLink& sender, Bytes frame, Instant now);
  // One receiver's copy, or copies.
  Fate Deliver(const LinkFaults& faults, MemoryLink& receiver, Bytes frame, Instant now);
  Fate DeliverCopy(const LinkFaults& faults, MemoryLink& receiver, Bytes frame, Instant now);
  Instant Delay(const LinkFaults& faults, Instant now);
  void Damage(const LinkFaults& faults, std::vector<uint8_t>& frame);
  bool Happens(double probability);

  Rng& rng_;
  std::vector<MemoryLink*> links_;
  Observer observer_;
  FaultCounts counts_;
};

}  // namespace sextant
