// SPDX-License-Identifier: BSD-3-Clause
// Send: any thread. Drain: owned by one Core.
#include "core/mailbox.h"

#include <rte_ring.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/limits.h"

namespace sextant {
namespace {

// Requests in flight. Each sender waits for its own, so this is the number of threads that may ask.
constexpr unsigned kCapacity = 64;
constexpr auto kPause = std::chrono::microseconds(200);

}  // namespace

std::unique_ptr<Mailbox> Mailbox::Create(const std::string& name) {
  // Several foreign threads may ask, so only the reading side is single.
  rte_ring* const ring = rte_ring_create(name.c_str(), kCapacity, SOCKET_ID_ANY, RING_F_SC_DEQ);
  if (ring == nullptr) return nullptr;
  const int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (event < 0) {
    rte_ring_free(ring);
    return nullptr;
  }
  return std::unique_ptr<Mailbox>(new Mailbox(ring, event));
}

Mailbox::~Mailbox() {
  void* entry = nullptr;
  while (rte_ring_dequeue(ring_, &entry) == 0) delete static_cast<std::shared_ptr<Mail>*>(entry);
  rte_ring_free(ring_);
  close(event_);
}

bool Mailbox::Send(std::shared_ptr<Mail> mail) {
  auto entry = std::make_unique<std::shared_ptr<Mail>>(std::move(mail));
  if (rte_ring_enqueue(ring_, entry.get()) != 0) return false;
  static_cast<void>(entry.release());
  return Wake();
}

bool Mailbox::Wake() {
  const uint64_t one = 1;
  // A full eventfd is readable already, which is all that is wanted of it.
  const bool readable = write(event_, &one, sizeof one) == sizeof one || errno == EAGAIN;
  // Behind the write, so that Drain() looks at the eventfd once more even when
  // it has run this mail already.
  wakes_.fetch_add(1, std::memory_order_release);
  return readable;
}

bool Mailbox::Ask(const std::shared_ptr<Mail>& mail, Duration patience) {
  return Send(mail) && Await(*mail, patience);
}

bool Mailbox::Await(const Mail& mail, Duration patience) {
  const int64_t tries = patience.microseconds() / kPause.count() + 1;
  for (int64_t i = 0; i < tries && !mail.done(); ++i) std::this_thread::sleep_for(kPause);
  return mail.done();
}

size_t Mailbox::Drain() {
  const uint64_t wakes = wakes_.load(std::memory_order_acquire);
  if (wakes == wakes_seen_ && rte_ring_empty(ring_) != 0) return 0;
  wakes_seen_ = wakes;
  uint64_t count = 0;
  // Only clears the wake-up; how much arrived is told by the ring.
  static_cast<void>(read(event_, &count, sizeof count));
  std::array<void*, kBurstSize> entries;
  const unsigned found = rte_ring_dequeue_burst(ring_, entries.data(), kBurstSize, nullptr);
  for (unsigned i = 0; i < found; ++i) {
    const std::unique_ptr<std::shared_ptr<Mail>> mail(
        static_cast<std::shared_ptr<Mail>*>(entries[i]));
    (*mail)->Run();
    (*mail)->done_.store(true, std::memory_order_release);
  }
  // What is left must not wait for the next sender.
  if (rte_ring_empty(ring_) == 0) Wake();
  return found;
}

}  // namespace sextant
