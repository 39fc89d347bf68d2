// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/sx_wait.h"

#include <csignal>

namespace sextant {
namespace {

// The longest sleep between two looks at the clock.
constexpr Duration kLongestSleep = Duration::Seconds(1);

// A signal has cut a sleep short, and which one is not known. If all handlers
// of the process restart calls, so does this one.
bool SomeHandlerInterrupts() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) != 0) continue;
    const bool handled = action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
    if (handled && (action.sa_flags & SA_RESTART) == 0) return true;
  }
  return false;
}

}  // namespace

Errno Deadline::Pass() {
  if (patience_ <= Duration()) {
    context_.PollOnce();
    return Errno::kWouldBlock;
  }
  Duration sleep;
  if (end_) {
    const Instant now = context_.now();
    if (now >= *end_) return Errno::kWouldBlock;
    sleep = std::min(*end_ - now, kLongestSleep);
  }
  const bool undisturbed = context_.Poll(sleep);
  if (!undisturbed && (interrupt_ == Interrupt::kAlways || SomeHandlerInterrupts())) {
    return Errno::kInterrupted;
  }
  // The host's clock moves in polls only, so a wait begins with one.
  if (!end_) {
    end_ = patience_ == Duration::Infinite() ? Instant::Never() : context_.now() + patience_;
  }
  return Errno::kOk;
}

}  // namespace sextant
