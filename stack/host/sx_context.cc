// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/sx_context.h"

#include <rte_lcore.h>

#include "host/graph.h"
#include "host/parts.h"

namespace sextant {
namespace {

// A program that only sends must still hear answers to neighbor solicitations
// and ICMPv6 errors; it polls once for so many datagrams.
constexpr size_t kSendsPerPoll = 32;

struct ProcessState {
  std::unique_ptr<Context> context;
  unsigned lcore = LCORE_ID_ANY;  // whose thread owns the context
  bool eal_is_up = false;
};

// Written by sx_init() and sx_fini() alone. Threads of others read nothing of
// it: they have no lcore, and are turned away before.
ProcessState process_state;

}  // namespace

Context::Context(std::unique_ptr<Host> host)
    : host_(std::move(host)),
      layer_(host_->graph().core(), host_->graph().interfaces(), host_->graph().routes(),
             host_->graph().udp(), host_->graph().raw(), host_->graph().outbox(),
             socket::ProfileOf(host_->parts().profile)) {}

bool Context::Poll(Duration patience) {
  unpolled_ = 0;
  polling_ = true;
  // The sleep is the last thing that a poll does, and only an interrupted one
  // leaves this behind.
  errno = 0;
  host_->Poll(patience.nanoseconds());
  polling_ = false;
  return errno != EINTR;
}

void Context::PollOnce() {
  if (in_loop) return;
  unpolled_ = 0;
  polling_ = true;
  host_->PollOnce();
  polling_ = false;
}

void Context::Sent(size_t count) {
  has_sent_ = true;
  if (in_loop) return;
  unpolled_ += count;
  if (unpolled_ >= kSendsPerPoll) return PollOnce();
  polling_ = true;
  host_->Flush();
  polling_ = false;
}

Context* CurrentContext() {
  const unsigned lcore = rte_lcore_id();
  if (lcore == LCORE_ID_ANY || lcore != process_state.lcore) [[unlikely]] {
    errno = EPERM;
    return nullptr;
  }
  Context* const context = process_state.context.get();
  SX_CHECK(!context->polling());
  return context;
}

void SetCurrentContext(std::unique_ptr<Context> context) {
  SX_CHECK(!context || !process_state.context);
  process_state.lcore = context ? rte_lcore_id() : LCORE_ID_ANY;
  process_state.context = std::move(context);
}

bool EalIsUp() { return process_state.eal_is_up; }
void SetEalIsUp() { process_state.eal_is_up = true; }

}  // namespace sextant
