// SPDX-License-Identifier: BSD-3-Clause
// poll and epoll, without their waiting.
// POSIX, epoll(7).
// Owned by one Core.
#include "socket/epoll.h"
#include "socket/layer.h"

namespace sextant::socket {

size_t SocketLayer::Poll(std::span<pollfd> polled) const {
  constexpr uint32_t kAlways = kReadyError | kReadyHangUp;
  size_t ready = 0;
  for (pollfd& entry : polled) {
    entry.revents = 0;
    if (entry.fd < 0) continue;  // POSIX: ignored
    Descriptor* const descriptor = descriptors_.Find(entry.fd);
    if (descriptor == nullptr) {
      entry.revents = POLLNVAL;
    } else {
      const uint32_t wanted = static_cast<uint16_t>(entry.events) | kAlways;
      entry.revents = static_cast<int16_t>(WithSynonyms(descriptor->events()) & wanted);
    }
    if (entry.revents != 0) ++ready;
  }
  return ready;
}

Result<Epoll*> SocketLayer::FindEpoll(int fd) const {
  Descriptor* const found = descriptors_.Find(fd);
  if (found == nullptr) return Errno::kBadDescriptor;
  if (found->kind() != Descriptor::Kind::kEpoll) return Errno::kInvalid;
  return static_cast<Epoll*>(found);
}

Result<int> SocketLayer::EpollCreate(int flags) {
  if ((flags & ~EPOLL_CLOEXEC) != 0) return Errno::kInvalid;
  return Insert(std::make_unique<Epoll>(), false, (flags & EPOLL_CLOEXEC) != 0);
}

Errno SocketLayer::EpollCtl(int fd, int operation, int target, const epoll_event* event) {
  Descriptor* const watched = descriptors_.Find(target);
  if (descriptors_.Find(fd) == nullptr || watched == nullptr) return Errno::kBadDescriptor;
  const auto epoll = FindEpoll(fd);
  if (!epoll || fd == target) return Errno::kInvalid;
  // LIMIT: epoll instances are not nested.
  if (watched->kind() != Descriptor::Kind::kSocket) return Errno::kLoop;
  if (operation == EPOLL_CTL_DEL) return (*epoll)->Remove(target);
  if (event == nullptr) return Errno::kFault;
  switch (operation) {
    case EPOLL_CTL_ADD:
      return (*epoll)->Add(target, static_cast<OpenSocket&>(*watched), *event);
    case EPOLL_CTL_MOD:
      return (*epoll)->Modify(target, *event);
    default:
      return Errno::kInvalid;
  }
}

Result<size_t> SocketLayer::EpollWait(int fd, std::span<epoll_event> out) {
  const auto epoll = FindEpoll(fd);
  if (!epoll) return epoll.error();
  return (*epoll)->Take(out);
}

}  // namespace sextant::socket
