// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/path_mtu_notices.h"

#include <algorithm>

namespace sextant::socket {

void PathMtuNotices::OnPathMtu(const Ipv6Address& destination, uint32_t zone, uint32_t mtu) {
  if (socket_.is_connected() && socket_.remote().address != destination) return;
  Add({destination, zone, mtu});
}

void PathMtuNotices::Add(const Notice& notice) {
  const auto end = notices_.begin() + static_cast<ptrdiff_t>(size_);
  const auto same = std::find_if(notices_.begin(), end, [&](const Notice& n) {
    return n.destination == notice.destination && n.zone == notice.zone;
  });
  if (same != end) {
    same->mtu = notice.mtu;
  } else {
    if (size_ == kMost) Pop();
    notices_[size_++] = notice;
  }
  socket_.readiness().Raise(kReadyIn);
}

void PathMtuNotices::Pop() {
  std::shift_left(notices_.begin(), notices_.end(), 1);
  --size_;
  if (size_ == 0 && socket_.front() == nullptr) socket_.readiness().Lower(kReadyIn);
}

}  // namespace sextant::socket
