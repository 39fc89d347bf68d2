// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "udp/table.h"

#include <utility>

namespace sextant::udp {
namespace {

constexpr size_t kPorts = 65536;

bool Overlap(const Ipv6Address& a, const Ipv6Address& b) {
  return a.is_unspecified() || b.is_unspecified() || a == b;
}

bool Overlap(uint32_t a, uint32_t b) { return a == 0 || b == 0 || a == b; }

}  // namespace

size_t Table::FlowHash::operator()(const FlowKey& flow) const {
  TableHasher hasher(key);
  hasher.Word(flow.local.high_word());
  hasher.Word(flow.local.low_word());
  hasher.Word(flow.remote.high_word());
  hasher.Word(flow.remote.low_word());
  return hasher.Finish(flow.ports);
}

Table::Table(Core& core)
    : core_(core),
      spread_key_(HashKey::Draw(core.rng())),
      sole_(kPorts),
      connected_(0, FlowHash{HashKey::Draw(core.rng())}) {}

Table::Port* Table::FindPort(uint16_t port) const {
  const auto found = ports_.find(port);
  return found == ports_.end() ? nullptr : found->second.get();
}

Socket* Table::LookupShared(const Flow& flow) const {
  Port* const port = FindPort(flow.local.port);
  if (port == nullptr) return nullptr;
  Socket* const connected = port->connected.empty() ? nullptr : LookupConnected(flow);
  return connected != nullptr ? connected : LookupBound(*port, flow);
}

Socket* Table::LookupConnected(const Flow& flow) const {
  const auto found = connected_.find(KeyOf(flow.local, flow.remote));
  if (found == connected_.end()) return nullptr;
  Socket* const socket = found->second;
  return Overlap(socket->interface_, flow.interface) ? socket : nullptr;
}

Socket* Table::LookupBound(Port& port, const Flow& flow) const {
  Socket* best = nullptr;
  uint32_t sharers = 0;  // SO_REUSEPORT sockets as specific as the best
  for (Socket* s = port.bound.front(); s != nullptr; s = port.bound.Next(*s)) {
    if (!Matches(*s, flow)) continue;
    const int order = best == nullptr ? 1 : Specificity(*s) - Specificity(*best);
    if (order < 0) continue;
    if (order > 0) {
      best = s;
      sharers = s->reuse_port ? 1 : 0;
    } else if (s->reuse_port && best->reuse_port) {
      // Each flow stays with one of them: the k-th takes over with chance 1/k,
      // decided by the flow's keyed hash.
      ++sharers;
      const uint64_t hash = connected_.hash_function()(KeyOf(flow.local, flow.remote)) + sharers;
      TableHasher spread(spread_key_);
      if (spread.Finish(hash) % sharers == 0) best = s;
    }
  }
  return best;
}

bool Table::Conflicts(const Socket& socket, const Endpoint& local, uint32_t interface) const {
  const auto conflicts = [&](const Socket& other) {
    if (&other == &socket || !Overlap(other.interface_, interface)) return false;
    if (!Overlap(other.local_.address, local.address)) return false;
    if (other.reuse_address && socket.reuse_address) return false;
    return !(other.reuse_port && socket.reuse_port && other.user == socket.user);
  };
  Port* const port = FindPort(local.port);
  if (port == nullptr) return false;
  for (List* list : {&port->bound, &port->connected}) {
    for (Socket* s = list->front(); s != nullptr; s = list->Next(*s)) {
      if (conflicts(*s)) return true;
    }
  }
  return false;
}

uint16_t Table::ChoosePort(const Socket& socket, const Ipv6Address& local, uint32_t interface) {
  const Tunables& tunables = core_.tunables();
  const auto first = static_cast<uint32_t>(tunables.ephemeral_first);
  const auto last = static_cast<uint32_t>(tunables.ephemeral_last);
  if (last < first) return 0;
  const uint32_t span = last - first + 1;
  // RFC 6056 §3.3.1: a random start, then one after the other.
  const uint32_t start = core_.rng().Below(span);
  for (uint32_t i = 0; i < span; ++i) {
    const auto port = static_cast<uint16_t>(first + (start + i) % span);
    // A chosen port is never shared, whatever the socket allows.
    if (sole_[port] != nullptr || FindPort(port) != nullptr) {
      const bool shareable =
          !local.is_unspecified() && !Conflicts(socket, {local, port}, interface);
      if (!shareable || socket.reuse_address || socket.reuse_port) continue;
    }
    return port;
  }
  return 0;
}

Errno Table::Bind(Socket& socket, const Endpoint& local, uint32_t interface) {
  if (socket.is_bound()) return Errno::kInvalid;
  Endpoint chosen = local;
  if (chosen.port == 0) {
    chosen.port = ChoosePort(socket, local.address, interface);
    if (chosen.port == 0) return Errno::kAddressInUse;
  } else if (Conflicts(socket, chosen, interface)) {
    return Errno::kAddressInUse;
  }
  socket.local_ = chosen;
  socket.interface_ = interface;
  socket.table_ = this;
  Insert(socket);
  ++size_;
  return Errno::kOk;
}

Errno Table::Connect(Socket& socket, const Endpoint& remote, const Ipv6Address& source,
                     uint32_t interface) {
  SX_CHECK(socket.is_bound() && remote.port != 0);
  const Endpoint local{source, socket.local_.port};
  const auto known = connected_.find(KeyOf(local, remote));
  if (known != connected_.end() && known->second != &socket) return Errno::kAddressInUse;
  Extract(socket);
  socket.local_ = local;
  socket.remote_ = remote;
  socket.interface_ = interface;
  Insert(socket);
  return Errno::kOk;
}

void Table::Disconnect(Socket& socket, const Ipv6Address& local, uint32_t interface) {
  SX_CHECK(socket.is_bound());
  Extract(socket);
  socket.local_.address = local;
  socket.remote_ = Endpoint();
  socket.interface_ = interface;
  Insert(socket);
}

void Table::SetInterface(Socket& socket, uint32_t interface) {
  SX_CHECK(socket.is_bound());
  socket.interface_ = interface;
  UpdateSole(socket.local_.port);
}

void Table::Remove(Socket& socket) {
  if (!socket.is_bound()) return;
  Extract(socket);
  socket.local_ = Endpoint();
  socket.remote_ = Endpoint();
  socket.table_ = nullptr;
  --size_;
}

void Table::Insert(Socket& socket) {
  const uint16_t number = socket.local_.port;
  std::unique_ptr<Port>& port = ports_[number];
  if (!port) port = std::make_unique<Port>();
  if (socket.is_connected()) {
    port->connected.PushFront(socket);
    connected_[KeyOf(socket.local_, socket.remote_)] = &socket;
  } else {
    port->bound.PushFront(socket);
  }
  UpdateSole(number);
}

void Table::Extract(Socket& socket) {
  const uint16_t number = socket.local_.port;
  if (socket.is_connected()) connected_.erase(KeyOf(socket.local_, socket.remote_));
  static_cast<ListNode<PortTag>&>(socket).Unlink();
  Port* const port = FindPort(number);
  if (port->bound.empty() && port->connected.empty()) ports_.erase(number);
  UpdateSole(number);
}

void Table::UpdateSole(uint16_t number) {
  Port* const port = FindPort(number);
  const bool sole = port != nullptr && port->connected.empty() && !port->bound.empty() &&
                    port->bound.front() == port->bound.back() && port->bound.front()->takes_all();
  sole_[number] = sole ? port->bound.front() : nullptr;
}

}  // namespace sextant::udp
