// SPDX-License-Identifier: BSD-3-Clause
// Table: which raw sockets a packet is for: all whose protocol, addresses and
// interface match.
// RFC 3542 §3, ip6(4), raw(7).
// Owned by one Core.
#pragma once

#include <array>

#include "raw/socket.h"

namespace sextant::raw {

// A packet as seen by this host.
struct Flow {
  Ipv6Address local;
  Ipv6Address remote;
  uint32_t interface = 0;
};

class Table {
 public:
  Table() = default;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { SX_CHECK(size_ == 0); }

  // From now on the socket takes what matches.
  void Add(Socket& socket);
  // Before a socket is destroyed; does nothing when it is in no table.
  void Remove(Socket& socket);
  // May be repeated. ::, 0: any.
  void Bind(Socket& socket, const Ipv6Address& local, uint32_t interface);
  // The port is kept and means nothing.
  void Connect(Socket& socket, const Endpoint& remote, const Ipv6Address& source,
               uint32_t interface);
  // Undoes Connect(); the local address and interface become these.
  void Disconnect(Socket& socket, const Ipv6Address& local, uint32_t interface);
  // SO_BINDTODEVICE; 0: none.
  void SetInterface(Socket& socket, uint32_t interface) { socket.interface_ = interface; }
  // ICMP6_FILTER.
  void SetFilter(Socket& socket, const Filter& filter);

  // Is there a socket of this protocol?
  bool Takes(wire::NextHeader protocol) const {
    return sockets_of_[static_cast<size_t>(protocol)] != 0;
  }
  // Does any ICMPv6 socket let this type pass? Where all block it, that is all
  // it costs.
  bool WantsType(uint8_t type) const { return wanted_[type] != 0; }
  size_t size() const { return size_; }

  // Calls `take(Socket&)` for every socket that receives such packets. `type`
  // is the ICMPv6 type, and means nothing for other protocols.
  template <typename F>
  void ForEachReader(wire::NextHeader protocol, uint8_t type, const Flow& flow, F&& take);
  // The same for every socket that can have sent a packet from flow.local to flow.remote.
  template <typename F>
  void ForEachSender(wire::NextHeader protocol, const Flow& flow, F&& take);

 private:
  using List = IntrusiveList<Socket, ListTag>;

  static bool Receives(const Socket& socket, const Flow& flow);
  static bool Sends(const Socket& socket, const Flow& flow);
  // Counts an ICMPv6 socket, by 1 or -1, for all types that it wants.
  void CountWanted(const Socket& socket, int by);

  // As long as the host's own programs make them: a sender cannot add to them.
  std::array<List, 256> lists_;
  std::array<uint32_t, 256> sockets_of_{};
  std::array<uint32_t, Filter::kTypes> wanted_{};
  size_t size_ = 0;
};

template <typename F>
void Table::ForEachReader(wire::NextHeader protocol, uint8_t type, const Flow& flow, F&& take) {
  const bool filters = protocol == wire::NextHeader::kIcmp6;
  if (filters && !WantsType(type)) return;
  List& list = lists_[static_cast<size_t>(protocol)];
  for (Socket* s = list.front(); s != nullptr; s = list.Next(*s)) {
    if (filters && s->filter_.Blocks(type)) continue;
    if (Receives(*s, flow)) take(*s);
  }
}

template <typename F>
void Table::ForEachSender(wire::NextHeader protocol, const Flow& flow, F&& take) {
  List& list = lists_[static_cast<size_t>(protocol)];
  for (Socket* s = list.front(); s != nullptr; s = list.Next(*s)) {
    if (Sends(*s, flow)) take(*s);
  }
}

}  // namespace sextant::raw
