// SPDX-License-Identifier: BSD-3-Clause
// Context: the one Host that the functions of sextant/socket.h are about. They
// have no handle to it, so it lies behind CurrentContext(), the only
// process-wide mutable state of the library.
// Owned by one Core: the thread that called sx_init().
#pragma once

#include <cerrno>
#include <memory>

#include "sextant/host.h"
#include "socket/layer.h"

namespace sextant {

class Context {
 public:
  explicit Context(std::unique_ptr<Host> host);

  Instant now() const { return Instant::FromNanoseconds(host_->now_ns()); }
  socket::SocketLayer& layer() { return layer_; }

  // Polls; sleeps when there is nothing to do, this long at most. Returns false
  // when a signal has cut the sleep short.
  bool Poll(Duration patience);
  // For calls that do not wait: a look at the links, unless sx_run() looks anyway.
  void PollOnce();
  // After a call that has sent: the datagrams leave now, or after loop().
  void Sent(size_t count);

  bool in_loop = false;  // inside loop() of sx_run()
  // Whether something was sent since the last poll.
  bool TakeHasSent() { return std::exchange(has_sent_, false); }
  bool polling() const { return polling_; }

 private:
  const std::unique_ptr<Host> host_;
  socket::SocketLayer layer_;
  bool polling_ = false;
  bool has_sent_ = false;
  size_t unpolled_ = 0;  // datagrams sent since the last poll
};

// Null, and errno EPERM, for a thread that owns no core. A call from inside a
// poll is a bug, and stops the program.
Context* CurrentContext();
// sx_init() and sx_fini(). Replacing one by another is a bug.
void SetCurrentContext(std::unique_ptr<Context> context);
// Whether this process has brought the EAL up, which it can do only once.
bool EalIsUp();
void SetEalIsUp();

// From Errno to errno: here and nowhere else.
inline int Return(Errno error) {
  if (error == Errno::kOk) return 0;
  errno = static_cast<int>(error);
  return -1;
}
template <typename T>
ssize_t Return(const Result<T>& result) {
  if (result) [[likely]]
    return static_cast<ssize_t>(*result);
  return Return(result.error());
}

}  // namespace sextant
