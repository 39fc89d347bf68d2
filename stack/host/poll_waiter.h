// SPDX-License-Identifier: BSD-3-Clause
// PollWaiter: sleeps until a link or the mailbox has something, or a deadline
// has come. Links that cannot wake anybody limit each sleep to a
// millisecond, or a few when nothing has come for a second.
// Owned by one Core.
#pragma once

#include <poll.h>

#include <vector>

#include "base/clock.h"
#include "core/link.h"
#include "core/waiter.h"

namespace sextant {

class PollWaiter final : public Waiter {
 public:
  explicit PollWaiter(Clock& clock) : clock_(clock) {}

  // The link outlives the waiter's last Wait().
  void AddLink(Link& link);
  void AddDescriptor(int descriptor) { descriptors_.push_back({descriptor, POLLIN, 0}); }
  void Wait(Instant deadline, Duration idle_for) override;

 private:
  bool PrepareLinks();
  void DropBroken();

  Clock& clock_;
  std::vector<Link*> waking_;
  std::vector<pollfd> descriptors_;
  bool must_look_ = false;  // some link has no descriptor
};

}  // namespace sextant
