// SPDX-License-Identifier: BSD-3-Clause
// The C names of poll, epoll and of interfaces.
// Owned by one Core.
#include <cstdlib>

#include "host/sx_wait.h"
#include "sextant/socket.h"

using sextant::Context;
using sextant::CurrentContext;
using sextant::Duration;
using sextant::Errno;
using sextant::Interrupt;
using sextant::Result;
using sextant::Return;

namespace {

Duration FromMilliseconds(int timeout) {
  return timeout < 0 ? Duration::Infinite() : Duration::Milliseconds(timeout);
}

// `attempt() -> Result<size_t>`: how many are ready. Nothing within the time is
// no error.
template <typename Attempt>
int Waiting(Context& context, int timeout, Attempt&& attempt) {
  // Even where something is ready already: else a program that always finds a
  // socket writable would never receive.
  context.PollOnce();
  const auto ready = WaitFor(context, FromMilliseconds(timeout), Interrupt::kAlways, [&] {
    const Result<size_t> count = attempt();
    return count && *count == 0 ? Result<size_t>(Errno::kWouldBlock) : count;
  });
  if (ready.error() == Errno::kWouldBlock) return 0;
  return static_cast<int>(Return(ready));
}

}  // namespace

int sx_poll(pollfd* polled, nfds_t count, int timeout) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (count > sextant::kMaxDescriptors) return Return(Errno::kInvalid);
  if (polled == nullptr && count != 0) return Return(Errno::kFault);
  return Waiting(*context, timeout, [&] {
    return Result<size_t>(context->layer().Poll({polled, count}));
  });
}

int sx_epoll_create1(int flags) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  return static_cast<int>(Return(context->layer().EpollCreate(flags)));
}

int sx_epoll_ctl(int fd, int operation, int target, epoll_event* event) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  return Return(context->layer().EpollCtl(fd, operation, target, event));
}

int sx_epoll_wait(int fd, epoll_event* events, int count, int timeout) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (count < 1) return Return(Errno::kInvalid);
  if (events == nullptr) return Return(Errno::kFault);
  const std::span out(events, static_cast<size_t>(count));
  return Waiting(*context, timeout, [&] { return context->layer().EpollWait(fd, out); });
}

unsigned sx_if_nametoindex(const char* name) {
  Context* const context = CurrentContext();
  if (context == nullptr) return 0;
  const unsigned index = name == nullptr ? 0 : context->layer().IndexOf(name);
  if (index == 0) errno = ENODEV;
  return index;
}

char* sx_if_indextoname(unsigned index, char* name) {
  Context* const context = CurrentContext();
  if (context == nullptr) return nullptr;
  const std::string* const found = context->layer().NameOf(index);
  if (found == nullptr || name == nullptr) {
    errno = found == nullptr ? ENXIO : EFAULT;
    return nullptr;
  }
  // Interface names are shorter than IF_NAMESIZE (kMaxInterfaceName).
  return std::strcpy(name, found->c_str());
}

struct if_nameindex* sx_if_nameindex() {
  Context* const context = CurrentContext();
  if (context == nullptr) return nullptr;
  const auto all = context->layer().interfaces().all();
  // One piece of memory: the entries, then their names.
  const size_t entries = (all.size() + 1) * sizeof(struct if_nameindex);
  void* const memory = std::calloc(1, entries + all.size() * IF_NAMESIZE);
  if (memory == nullptr) {
    errno = ENOBUFS;
    return nullptr;
  }
  auto* const list = static_cast<struct if_nameindex*>(memory);
  char* name = static_cast<char*>(memory) + entries;
  for (size_t i = 0; i < all.size(); ++i, name += IF_NAMESIZE) {
    list[i].if_index = all[i]->index();
    list[i].if_name = std::strcpy(name, all[i]->name().c_str());
  }
  return list;
}

void sx_if_freenameindex(struct if_nameindex* list) { std::free(list); }
