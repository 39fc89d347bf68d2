// SPDX-License-Identifier: BSD-3-Clause
// Mailbox: how another thread asks a Core for something. Senders hand in a
// Mail and wait for it; the owner runs it between two polls. A ring and an
// eventfd; neither side ever waits for a lock.
// Send: any thread. Drain: owned by one Core.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/time.h"

struct rte_ring;

namespace sextant {

class Core;

// One request. Its sender keeps it alive until done() says so, or for ever
// when it was abandoned; hence shared ownership.
class Mail {
 public:
  virtual ~Mail() = default;
  // Runs on the owner's thread.
  virtual void Run() = 0;
  bool done() const { return done_.load(std::memory_order_acquire); }

 private:
  friend class Mailbox;
  std::atomic<bool> done_ = false;
};

class Mailbox {
 public:
  // Null when DPDK is out of memory for the ring.
  static std::unique_ptr<Mailbox> Create(const std::string& name);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Any thread. False when the box is full.
  bool Send(std::shared_ptr<Mail> mail);
  // Sends and waits, at most this long. False when it was not done by then.
  bool Ask(const std::shared_ptr<Mail>& mail, Duration patience);
  // Waits for mail that was sent. Any thread, even after the box has gone.
  static bool Await(const Mail& mail, Duration patience);
  // Owner only: runs what has arrived, at most a burst. Returns how many.
  size_t Drain();
  // Becomes readable when mail arrives.
  int descriptor() const { return event_; }

 private:
  Mailbox(rte_ring* ring, int event) : ring_(ring), event_(event) {}
  bool Wake();

  rte_ring* const ring_;
  const int event_;
  std::atomic<uint64_t> wakes_ = 0;  // writes to the eventfd so far
  uint64_t wakes_seen_ = 0;          // of them, those before the last read; the owner's
};

}  // namespace sextant
