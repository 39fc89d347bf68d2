// SPDX-License-Identifier: BSD-3-Clause
// The C names of receiving, which waits.
// Owned by one Core.
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

using Layer = sextant::socket::SocketLayer;

// How long a receiving call on this socket waits.
Duration PatienceFor(Layer& layer, int fd, int flags) {
  // recv(2): the error queue never makes anybody wait.
  if ((flags & MSG_ERRQUEUE) != 0) return {};
  const auto patience = layer.PatienceOf(fd);
  if (!patience || patience->non_blocking || (flags & MSG_DONTWAIT) != 0) return {};
  return patience->receive;
}

// signal(7): a receive timeout makes every handler interrupt.
Interrupt InterruptFor(Duration patience) {
  return patience == Duration::Infinite() ? Interrupt::kUnlessRestart : Interrupt::kAlways;
}

template <typename Attempt>
ssize_t Receiving(int fd, int flags, Attempt&& attempt) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  Layer& layer = context->layer();
  Result<size_t> received = attempt(layer);
  if (received.error() == Errno::kWouldBlock) {
    const Duration patience = PatienceFor(layer, fd, flags);
    received = WaitFor(*context, patience, InterruptFor(patience), [&] { return attempt(layer); });
  }
  return Return(received);
}

Result<Duration> FromC(const timespec& time) {
  constexpr int64_t kSecond = 1'000'000'000;
  if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= kSecond) return Errno::kInvalid;
  if (time.tv_sec >= Duration::Infinite().nanoseconds() / kSecond) return Duration::Infinite();
  return Duration::Seconds(time.tv_sec) + Duration::Nanoseconds(time.tv_nsec);
}

// recvmmsg: what has come, until it is enough.
class Batch {
 public:
  Batch(Layer& layer, int fd, std::span<mmsghdr> messages, int flags)
      : layer_(layer), fd_(fd), messages_(messages), flags_(flags) {}

  // kWouldBlock while it should be more.
  Result<size_t> Attempt() {
    const auto more = layer_.ReceiveMmsg(fd_, messages_.subspan(received_), flags_);
    if (!more) return more;
    received_ += *more;
    const bool enough = received_ == messages_.size() || (flags_ & MSG_WAITFORONE) != 0;
    return enough ? Result<size_t>(received_) : Errno::kWouldBlock;
  }
  size_t received() const { return received_; }

 private:
  Layer& layer_;
  const int fd_;
  const std::span<mmsghdr> messages_;
  const int flags_;
  size_t received_ = 0;
};

}  // namespace

ssize_t sx_recvfrom(int fd, void* data, size_t length, int flags, sockaddr* from,
                    socklen_t* from_length) {
  return Receiving(fd, flags, [&](Layer& layer) {
    return layer.ReceiveFrom(fd, data, length, flags, from, from_length);
  });
}

ssize_t sx_recv(int fd, void* data, size_t length, int flags) {
  return sx_recvfrom(fd, data, length, flags, nullptr, nullptr);
}

ssize_t sx_read(int fd, void* data, size_t length) {
  return sx_recvfrom(fd, data, length, 0, nullptr, nullptr);
}

ssize_t sx_recvmsg(int fd, msghdr* message, int flags) {
  return Receiving(fd, flags, [&](Layer& layer) -> Result<size_t> {
    if (message == nullptr) return Errno::kFault;
    return layer.ReceiveMsg(fd, *message, flags);
  });
}

int sx_recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  Context* const context = CurrentContext();
  if (context == nullptr) return -1;
  if (messages == nullptr && count != 0) return Return(Errno::kFault);
  Duration patience = PatienceFor(context->layer(), fd, flags);
  if (timeout != nullptr) {
    const auto limit = FromC(*timeout);
    if (!limit) return Return(limit.error());
    patience = std::min(patience, *limit);
  }
  const std::span all(messages, std::min<size_t>(count, sextant::kMaxMessages));
  Batch batch(context->layer(), fd, all, flags);
  const auto ended =
      WaitFor(*context, patience, InterruptFor(patience), [&] { return batch.Attempt(); });
  // What has come is told before why no more has.
  if (!ended && batch.received() != 0) return static_cast<int>(batch.received());
  return static_cast<int>(Return(ended));
}
