// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/epoll.h"

#include "socket/open_socket.h"

namespace sextant::socket {
namespace {

// epoll_ctl(2): always reported, asked for or not.
constexpr uint32_t kAlways = kReadyError | kReadyHangUp;
// With a single waiter neither changes anything.
constexpr uint32_t kWithoutEffect = EPOLLEXCLUSIVE | EPOLLWAKEUP;

}  // namespace

void EpollItem::OnReady(uint32_t raised) {
  if (wanted != 0 && (WithSynonyms(raised) & (wanted | kAlways)) != 0) epoll.Queue(*this);
}

uint32_t Epoll::Ready(const EpollItem& item) {
  if (item.wanted == 0) return 0;
  return WithSynonyms(item.descriptor.events()) & (item.wanted | kAlways);
}

void Epoll::Configure(EpollItem& item, const epoll_event& event) {
  item.edge = (event.events & EPOLLET) != 0;
  item.once = (event.events & EPOLLONESHOT) != 0;
  // Errors are wanted even when nothing else is, hence never 0 here.
  item.wanted = (event.events & ~(EPOLLET | EPOLLONESHOT | kWithoutEffect)) | kAlways;
  item.data = event.data.u64;
}

Errno Epoll::Add(int number, OpenSocket& socket, const epoll_event& event) {
  auto [place, added] = items_.try_emplace(number);
  if (!added) return Errno::kExists;
  place->second = std::make_unique<EpollItem>(*this, number, socket);
  EpollItem& item = *place->second;
  Configure(item, event);
  socket.watched_by.PushBack(item);
  socket.endpoint().readiness().Watch(item);
  if (Ready(item) != 0) Queue(item);
  return Errno::kOk;
}

Errno Epoll::Modify(int number, const epoll_event& event) {
  const auto found = items_.find(number);
  if (found == items_.end()) return Errno::kNoEntry;
  EpollItem& item = *found->second;
  Configure(item, event);
  item.Unqueue();
  if (Ready(item) != 0) Queue(item);
  return Errno::kOk;
}

Errno Epoll::Remove(int number) { return items_.erase(number) != 0 ? Errno::kOk : Errno::kNoEntry; }

size_t Epoll::Take(std::span<epoll_event> out) {
  size_t count = 0;
  IntrusiveList<EpollItem, ReadyTag> again;
  while (count < out.size()) {
    EpollItem* const item = ready_.PopFront();
    if (item == nullptr) break;
    const uint32_t ready = Ready(*item);
    if (ready == 0) continue;  // read empty since it was queued
    out[count].events = ready;
    out[count].data.u64 = item->data;
    ++count;
    if (item->once) {
      item->wanted = 0;
    } else if (!item->edge) {
      again.PushBack(*item);
    }
  }
  // Level triggered: told again, after the others, for as long as it is ready.
  ready_.Splice(again);
  return count;
}

uint32_t Epoll::events() {
  while (EpollItem* const item = ready_.front()) {
    if (Ready(*item) != 0) return kReadyIn;
    item->Unqueue();
  }
  return 0;
}

}  // namespace sextant::socket
