// SPDX-License-Identifier: BSD-3-Clause
// Waiting: a call that cannot be answered yet polls the stack until it can.
// Owned by one Core.
#pragma once

#include <optional>

#include "host/sx_context.h"

namespace sextant {

// Which signal handlers end a wait with EINTR.
enum class Interrupt : uint8_t {
  kAlways,        // all: poll(), epoll_wait(), and receiving with a timeout (signal(7))
  kUnlessRestart  // those that were installed without SA_RESTART
};

// How long one call waits.
class Deadline {
 public:
  Deadline(Context& context, Duration patience, Interrupt interrupt)
      : context_(context), patience_(patience), interrupt_(interrupt) {}

  // Polls, and sleeps if there is nothing to do. kWouldBlock when the time is
  // up, kInterrupted when a signal handler has run.
  Errno Pass();

 private:
  Context& context_;
  const Duration patience_;
  const Interrupt interrupt_;
  std::optional<Instant> end_;
};

// Calls `attempt() -> Result<T>` until it gives something else than
// kWouldBlock, or the deadline says so. With no patience it tries twice: now,
// and after a look at the links.
template <typename Attempt>
auto WaitFor(Context& context, Duration patience, Interrupt interrupt, Attempt&& attempt) {
  auto result = attempt();
  Deadline deadline(context, patience, interrupt);
  while (result.error() == Errno::kWouldBlock) [[unlikely]] {
      const Errno ended = deadline.Pass();
      result = attempt();
      if (ended == Errno::kOk) continue;
      if (result.error() == Errno::kWouldBlock) result = ended;
      break;
    }
  return result;
}

}  // namespace sextant
