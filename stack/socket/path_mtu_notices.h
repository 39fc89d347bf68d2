// SPDX-License-Identifier: BSD-3-Clause
// PathMtuNotices: what a socket with IPV6_RECVPATHMTU has yet to be told.
// RFC 3542 §11.3.
// Owned by one Core.
#pragma once

#include <array>

#include "core/socket_core.h"
#include "route/route_table.h"

namespace sextant::socket {

// Only sockets that want notices have one, so that a Packet Too Big message
// costs nothing for the others.
class PathMtuNotices final : public route::PathMtuObserver {
 public:
  struct Notice {
    Ipv6Address destination;
    uint32_t zone = 0;
    uint32_t mtu = 0;
  };

  explicit PathMtuNotices(SocketCore& socket) : socket_(socket) {}

  // route::PathMtuObserver. RFC 3542 §11.3: every socket is told, but one that
  // is connected to somebody else need not be.
  void OnPathMtu(const Ipv6Address& destination, uint32_t zone, uint32_t mtu) override;
  // In place of an earlier one about the same destination.
  void Add(const Notice& notice);

  bool empty() const { return size_ == 0; }
  // The oldest. REQUIRES: !empty().
  const Notice& front() const { return notices_[0]; }
  void Pop();

 private:
  // LIMIT: destinations per socket; beyond it the oldest notice is lost.
  static constexpr size_t kMost = 16;

  SocketCore& socket_;
  std::array<Notice, kMost> notices_{};
  size_t size_ = 0;
};

}  // namespace sextant::socket
