// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/memory/memory_hub.h"

#include <algorithm>

#include "drivers/memory/memory_link.h"

namespace sextant {

MemoryHub::~MemoryHub() { SX_CHECK(links_.empty()); }

std::unique_ptr<MemoryLink> MemoryHub::Join(MemoryLinkOptions options) {
  auto link = std::unique_ptr<MemoryLink>(new MemoryLink(*this, std::move(options)));
  links_.push_back(link.get());
  return link;
}

void MemoryHub::Leave(MemoryLink& link) { std::erase(links_, &link); }

void MemoryHub::SetFaults(const LinkFaults& faults) {
  for (MemoryLink* const link : links_) link->set_faults(faults);
}

Instant MemoryHub::NextArrival() const {
  Instant next = Instant::Never();
  for (const MemoryLink* const link : links_) next = std::min(next, link->NextArrival());
  return next;
}

void MemoryHub::Inject(Bytes frame, Instant now) {
  if (observer_) observer_(nullptr, frame);
  for (MemoryLink* const link : links_) {
    if (link->Hears(frame)) link->Inject(frame, now);
  }
}

MemoryHub::Fate MemoryHub::Carry(MemoryLink& sender, Bytes frame, Instant now) {
  if (observer_) observer_(&sender, frame);
  bool arrives = false;
  bool missed = false;
  for (MemoryLink* const link : links_) {
    if (link == &sender || !link->Hears(frame)) continue;
    const Fate fate = Deliver(sender.faults_, *link, frame, now);
    arrives |= fate == Fate::kArrives;
    missed |= fate == Fate::kNoRoom;
    if (fate == Fate::kNoRoom) ++link->statistics_.rx_no_buffer;
  }
  if (arrives) return Fate::kArrives;
  return missed ? Fate::kNoRoom : Fate::kUnheard;
}

MemoryHub::Fate MemoryHub::Deliver(const LinkFaults& faults, MemoryLink& receiver, Bytes frame,
                                   Instant now) {
  ++counts_.carried;
  if (Happens(faults.loss)) {
    ++counts_.lost;
    return Fate::kUnheard;
  }
  const Fate fate = DeliverCopy(faults, receiver, frame, now);
  if (Happens(faults.duplication) && DeliverCopy(faults, receiver, frame, now) == Fate::kArrives) {
    ++counts_.duplicated;
  }
  return fate;
}

MemoryHub::Fate MemoryHub::DeliverCopy(const LinkFaults& faults, MemoryLink& receiver, Bytes frame,
                                       Instant now) {
  if (receiver.arrivals_.full()) return Fate::kNoRoom;
  Damage(faults, receiver.arrivals_.Stage(frame));
  receiver.arrivals_.Commit(Delay(faults, now));
  return Fate::kArrives;
}

Instant MemoryHub::Delay(const LinkFaults& faults, Instant now) {
  Instant due = now + faults.delay;
  if (faults.jitter > Duration()) due = due + rng_.Between(Duration(), faults.jitter);
  if (Happens(faults.reordering)) {
    due = due + rng_.Between(Duration(), faults.reorder_delay);
    ++counts_.reordered;
  }
  return due;
}

void MemoryHub::Damage(const LinkFaults& faults, std::vector<uint8_t>& frame) {
  if (frame.size() > 1 && Happens(faults.truncation)) {
    frame.resize(1 + rng_.Below(static_cast<uint32_t>(frame.size() - 1)));
    ++counts_.truncated;
  }
  if (Happens(faults.corruption)) {
    const uint32_t flips = 1 + rng_.Below(8);
    for (uint32_t i = 0; i < flips; ++i) {
      const uint32_t bit = rng_.Below(static_cast<uint32_t>(8 * frame.size()));
      frame[bit / 8] = static_cast<uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
    }
    ++counts_.corrupted;
  }
}

bool MemoryHub::Happens(double probability) {
  // Without a fault nothing is drawn, so that switching one on does not change
  // what the others do to earlier frames.
  if (probability <= 0) return false;
  return static_cast<double>(rng_.Next64() >> 11) * 0x1p-53 < probability;
}

}  // namespace sextant
