// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/poll_waiter.h"

#include <algorithm>
#include <ctime>

namespace sextant {
namespace {

// How long frames may lie in a device that cannot tell of them. Waking up costs
// 20 to 30 us on a virtual machine, so a thousand naps a second would be 2 to 3 %
// of a processor: after a second without traffic naps become longer.
constexpr Duration kNap = Duration::Milliseconds(1);
constexpr Duration kLongNap = Duration::Milliseconds(4);
constexpr Duration kLongIdle = Duration::Seconds(1);

}  // namespace

void PollWaiter::AddLink(Link& link) {
  const int descriptor = link.wait_descriptor();
  if (descriptor < 0) {
    must_look_ = true;
    return;
  }
  waking_.push_back(&link);
  AddDescriptor(descriptor);
}

bool PollWaiter::PrepareLinks() {
  return std::ranges::all_of(waking_, [](Link* link) { return link->PrepareToWait(); });
}

// A device that was deleted under us stays "ready" for ever; sleeping on it
// would be spinning.
void PollWaiter::DropBroken() {
  for (pollfd& entry : descriptors_) {
    if ((entry.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0) continue;
    entry.fd = -1;
    must_look_ = true;
  }
}

void PollWaiter::Wait(Instant deadline, Duration idle_for) {
  const Instant now = clock_.Now();
  if (deadline <= now) return;
  Duration patience = deadline - now;
  if (must_look_) patience = std::min(patience, idle_for < kLongIdle ? kNap : kLongNap);
  if (PrepareLinks()) {
    const timespec timeout{patience.nanoseconds() / 1'000'000'000,
                           patience.nanoseconds() % 1'000'000'000};
    // An interrupted sleep is as good as one that has ended.
    if (ppoll(descriptors_.data(), descriptors_.size(), &timeout, nullptr) > 0) DropBroken();
  }
  for (Link* const link : waking_) link->DoneWaiting();
}

}  // namespace sextant
