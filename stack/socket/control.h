// SPDX-License-Identifier: BSD-3-Clause
// Control messages: the ancillary data of sendmsg() and recvmsg(), read and
// written without trusting its lengths.
// RFC 3542 §20 (cmsghdr), POSIX.
// Any thread.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/errno.h"

namespace sextant::socket {

inline constexpr size_t kControlHeader = CMSG_LEN(0);

// Calls `take(level, type, Bytes) -> Errno` for each message, until one fails.
// kInvalid for a length that cannot be. Fewer bytes than a header at the end
// are padding.
template <typename F>
Errno ForEachControl(Bytes control, F&& take) {
  while (control.size() >= kControlHeader) {
    cmsghdr header{};
    std::memcpy(&header, control.data(), sizeof header);
    if (header.cmsg_len < kControlHeader || header.cmsg_len > control.size()) {
      return Errno::kInvalid;
    }
    const Bytes data = control.subspan(kControlHeader, header.cmsg_len - kControlHeader);
    const Errno taken = take(header.cmsg_level, header.cmsg_type, data);
    if (taken != Errno::kOk) return taken;
    const size_t whole = CMSG_ALIGN(header.cmsg_len);
    if (whole >= control.size()) break;
    control = control.subspan(whole);
  }
  return Errno::kOk;
}

// Writes messages one behind the other into a caller's buffer.
class ControlWriter {
 public:
  // `cuts`: as Linux does, a message that does not fit ends where the room does.
  ControlWriter(void* at, size_t room, bool cuts = false)
      : at_(static_cast<uint8_t*>(at)), room_(room), cuts_(cuts) {}

  // A message that does not fit is left out, and truncated() says so.
  void Put(int level, int type, Bytes data) {
    size_t length = CMSG_LEN(data.size());
    if (at_ == nullptr || length > room_ - used_) {
      truncated_ = true;
      if (at_ == nullptr || !cuts_ || room_ - used_ < kControlHeader) return;
      length = room_ - used_;
      data = data.first(length - kControlHeader);
    }
    cmsghdr header{};
    header.cmsg_len = length;
    header.cmsg_level = level;
    header.cmsg_type = type;
    std::memcpy(at_ + used_, &header, sizeof header);
    if (!data.empty()) std::memcpy(at_ + used_ + kControlHeader, data.data(), data.size());
    // POSIX: the padding behind the last message may be missing.
    used_ = std::min(room_, used_ + CMSG_SPACE(data.size()));
  }
  size_t used() const { return used_; }
  bool truncated() const { return truncated_; }

 private:
  uint8_t* const at_;
  const size_t room_;
  const bool cuts_;
  size_t used_ = 0;
  bool truncated_ = false;
};

}  // namespace sextant::socket
