// SPDX-License-Identifier: BSD-3-Clause
// Table: which socket a datagram belongs to.
// Principle: no two sockets' address sets overlap unless their owners opted in;
// of several that match, the most specific one receives: connected before
// bound to an address before bound to any, tied to the interface before not,
// and of equals the one bound last. Datagrams to a group go to all that match.
// RFC 768, RFC 6056 §3.3 (ephemeral ports).
// Owned by one Core.
#pragma once

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/siphash.h"
#include "udp/socket.h"

namespace sextant::udp {

// A datagram as seen by this host.
struct Flow {
  Endpoint local;
  Endpoint remote;
  uint32_t interface = 0;
};

class Table {
 public:
  explicit Table(Core& core);
  ~Table() { SX_CHECK(size_ == 0); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // Port 0: an ephemeral port is chosen. `interface` 0: any. kAddressInUse when
  // the address or all ephemeral ports are taken, kInvalid when bound already.
  Errno Bind(Socket& socket, const Endpoint& local, uint32_t interface);
  // From now on the bound socket exchanges datagrams with `remote` only, from
  // `source`. May be repeated. kAddressInUse when another socket does just that.
  Errno Connect(Socket& socket, const Endpoint& remote, const Ipv6Address& source,
                uint32_t interface);
  // Undoes Connect(); the local address and interface become these.
  void Disconnect(Socket& socket, const Ipv6Address& local, uint32_t interface);
  // Ties the bound socket to an interface, or with 0 to none (SO_BINDTODEVICE).
  void SetInterface(Socket& socket, uint32_t interface);
  // Before a socket is destroyed; does nothing when it is not bound.
  void Remove(Socket& socket);

  // The only socket of a local port, when there is one, and it takes all that
  // comes for the port; else null, and Lookup() knows more.
  Socket* Sole(uint16_t port) const { return sole_[port]; }
  void PrefetchSole(uint16_t port) const { __builtin_prefetch(&sole_[port]); }
  // The socket that a unicast datagram is for; or null.
  Socket* Lookup(const Flow& flow) const {
    Socket* const sole = sole_[flow.local.port];
    if (sole != nullptr) [[likely]]
      return sole;
    return LookupShared(flow);
  }
  // Calls `take(Socket&)` for every socket that a datagram to a group is for.
  template <typename F>
  void ForEachMember(const Flow& flow, F&& take) const;
  // Every socket, for listings.
  template <typename F>
  void ForEach(F&& take) const;
  size_t size() const { return size_; }

 private:
  using List = IntrusiveList<Socket, PortTag>;
  // The sockets of one local port. `bound` is as long as the host's own
  // programs make it: a sender cannot add to it.
  struct Port {
    List bound;
    List connected;
  };
  struct FlowKey {
    Ipv6Address local;
    Ipv6Address remote;
    uint32_t ports = 0;
    bool operator==(const FlowKey&) const = default;
  };
  struct FlowHash {
    HashKey key;
    size_t operator()(const FlowKey& flow) const;
  };

  // The parts of a socket's address that an unconnected lookup compares.
  static bool Matches(const Socket& socket, const Flow& flow) {
    const bool address =
        socket.local_.address.is_unspecified() || socket.local_.address == flow.local.address;
    return address && (socket.interface_ == 0 || socket.interface_ == flow.interface);
  }
  static int Specificity(const Socket& socket) {
    return (socket.local_.address.is_unspecified() ? 0 : 2) + (socket.interface_ == 0 ? 0 : 1);
  }
  static FlowKey KeyOf(const Endpoint& local, const Endpoint& remote) {
    return {local.address, remote.address, uint32_t{local.port} << 16 | remote.port};
  }

  Port* FindPort(uint16_t port) const;
  Socket* LookupShared(const Flow& flow) const;
  Socket* LookupConnected(const Flow& flow) const;
  Socket* LookupBound(Port& port, const Flow& flow) const;
  bool Conflicts(const Socket& socket, const Endpoint& local, uint32_t interface) const;
  struct Ports {
    uint32_t first = 0;
    uint32_t last = 0;
  };
  Ports PortsFor(PortRange range) const;
  // 0 when every port of the range is taken.
  uint16_t ChoosePort(const Socket& socket, const Ipv6Address& local, uint32_t interface);
  void Insert(Socket& socket);
  void Extract(Socket& socket);
  void UpdateSole(uint16_t port);

  Core& core_;
  const HashKey spread_key_;
  // The only socket of a port, when there is one and neither a peer, nor an
  // address, nor an interface narrows it: most ports of most hosts, one load away.
  std::vector<Socket*> sole_;
  absl::flat_hash_map<uint16_t, std::unique_ptr<Port>> ports_;
  absl::flat_hash_map<FlowKey, Socket*, FlowHash> connected_;
  size_t size_ = 0;
};

template <typename F>
void Table::ForEachMember(const Flow& flow, F&& take) const {
  Port* const port = FindPort(flow.local.port);
  if (port == nullptr) return;
  for (Socket* s = port->connected.front(); s != nullptr; s = port->connected.Next(*s)) {
    const bool matches = s->remote_ == flow.remote && Matches(*s, flow);
    if (matches && s->Wants(flow.local.address, flow.interface)) take(*s);
  }
  for (Socket* s = port->bound.front(); s != nullptr; s = port->bound.Next(*s)) {
    if (Matches(*s, flow) && s->Wants(flow.local.address, flow.interface)) take(*s);
  }
}

template <typename F>
void Table::ForEach(F&& take) const {
  for (const auto& [number, port] : ports_) {
    for (Socket* s = port->bound.front(); s != nullptr; s = port->bound.Next(*s)) take(*s);
    for (Socket* s = port->connected.front(); s != nullptr; s = port->connected.Next(*s)) take(*s);
  }
}

}  // namespace sextant::udp
