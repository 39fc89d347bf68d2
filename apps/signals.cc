// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace sextant {
namespace {

int OpenDescriptor() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

}  // namespace

Signals::Signals() : descriptor_(OpenDescriptor()) {}

Signals::~Signals() { close(descriptor_); }

bool Signals::Ended() {
  signalfd_siginfo info;
  if (read(descriptor_, &info, sizeof info) == sizeof info) ended_ = true;
  return ended_;
}

}  // namespace sextant
