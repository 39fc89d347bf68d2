// SPDX-License-Identifier: BSD-3-Clause
// The burst interface of UDP: datagrams in their packet buffers, no copies.
// Owned by one Core.
#include <cstring>
#include <memory>
#include <new>

#include "host/graph.h"
#include "sextant/host.h"
#include "udp/output.h"
#include "wire/ipv6.h"
#include "wire/udp.h"

namespace sextant {
namespace {

Ipv6Address FromApi(const in6_addr& address) {
  return Ipv6Address(std::span<const uint8_t, Ipv6Address::kSize>(address.s6_addr));
}

bool IsLinkLocal(std::span<const uint8_t, Ipv6Address::kSize> address) {
  return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

udp::Endpoint FromApi(const sockaddr_in6& peer) {
  return {FromApi(peer.sin6_addr), ntohs(peer.sin6_port)};
}

// All that the headers say.
void Describe(const Packet& packet, DatagramFields& datagram) {
  const Bytes head = packet.bytes();
  const Meta& meta = packet.meta();
  const auto ip = wire::Ipv6View::Trusted(head);
  const auto udp = wire::UdpView::Trusted(head.subspan(meta.upper_offset));
  datagram.peer.sin6_family = AF_INET6;
  datagram.peer.sin6_port = htons(udp.source_port());
  datagram.peer.sin6_flowinfo = 0;
  std::memcpy(&datagram.peer.sin6_addr, ip.source_bytes().data(), Ipv6Address::kSize);
  datagram.peer.sin6_scope_id = IsLinkLocal(ip.source_bytes()) ? meta.interface : 0;
  std::memcpy(&datagram.local, ip.destination_bytes().data(), Ipv6Address::kSize);
  datagram.interface = meta.interface;
  datagram.received_traffic_class = ip.traffic_class();
  datagram.received_hop_limit = ip.hop_limit();
}

// The interface that the peer's address means, if it needs one.
uint32_t ZoneOf(const Ipv6Address& peer, const DatagramFields& datagram) {
  constexpr uint8_t kZonedFrom = 0xfe;  // fe80::/10 and groups; nothing else needs one
  if (peer.bytes()[0] < kZonedFrom || !peer.needs_zone()) [[likely]]
    return 0;
  return datagram.peer.sin6_scope_id != 0 ? datagram.peer.sin6_scope_id : datagram.interface;
}

}  // namespace

struct ReadyTag;
struct WatchedTag;
class UdpSocketImpl;

struct WatchedNode : ListNode<WatchedTag> {
  explicit WatchedNode(UdpSocketImpl& watched) : impl(watched) {}
  UdpSocketImpl& impl;
};
using WatchedList = IntrusiveList<WatchedNode, WatchedTag>;

// What a packet touches comes first, so that it fills few cache lines.
class UdpSocketImpl final : public Watcher, public ListNode<ReadyTag> {
 public:
  using ReadyList = IntrusiveList<UdpSocketImpl, ReadyTag>;

  UdpSocketImpl(UdpSocket& owner, Host& host)
      : facade(owner), graph(host.graph()), arena(*host.parts().udp_sockets) {
    socket.set_receive_limit(static_cast<size_t>(graph.core().tunables().udp_receive_buffer));
  }
  ~UdpSocketImpl() override {
    graph.udp().Remove(socket);
    socket.Stop();
  }

  static void* operator new(size_t, Arena& arena) { return arena.Take(); }
  static void operator delete(void* cell, Arena& arena) { arena.Give(cell); }
  static void operator delete(UdpSocketImpl* impl, std::destroying_delete_t) {
    Arena& arena = impl->arena;
    std::destroy_at(impl);
    arena.Give(impl);
  }

  // Watcher: the socket has become readable, or has got more.
  void OnReady(uint32_t raised) override {
    const bool told = static_cast<ListNode<ReadyTag>*>(this)->is_linked();
    if (ready != nullptr && (raised & kReadyIn) != 0 && !told) ready->PushBack(*this);
  }

  UdpSocket& facade;
  ReadyList* ready = nullptr;  // of the poller that watches this socket
  Graph& graph;
  udp::Socket socket;
  Arena& arena;
  WatchedNode watched{*this};  // in the list of that poller
};

std::unique_ptr<Arena> MakeUdpSocketArena() {
  return std::make_unique<Arena>(sizeof(UdpSocketImpl));
}

void Datagram::Release() {
  PacketPtr(static_cast<Packet*>(std::exchange(packet_, nullptr))).Free();
}

size_t Datagram::total_length() const {
  return packet_ == nullptr ? 0 : static_cast<const Packet*>(packet_)->length();
}

bool Datagram::Resize(size_t length) {
  auto* const packet = static_cast<Packet*>(packet_);
  if (packet == nullptr || packet->is_chained()) return false;
  if (length > payload.size() && packet->Append(length - payload.size()).empty()) return false;
  packet->Trim(length);
  payload = packet->Writable();
  return true;
}

UdpSocket::UdpSocket(Host& host)
    : impl_(new (*host.parts().udp_sockets) UdpSocketImpl(*this, host)) {}

UdpSocket::~UdpSocket() = default;

int UdpSocket::Bind(const in6_addr& address, uint16_t port) {
  const Ipv6Address local = FromApi(address);
  Graph& graph = impl_->graph;
  const bool group_or_any = local.is_unspecified() || local.is_multicast();
  if (!group_or_any && !graph.routes().IsLocal(local, 0)) return EADDRNOTAVAIL;
  return static_cast<int>(graph.udp().Bind(impl_->socket, {local, port}, 0));
}

int UdpSocket::Connect(const sockaddr_in6& peer) {
  Graph& graph = impl_->graph;
  udp::Socket& socket = impl_->socket;
  const udp::Endpoint remote = FromApi(peer);
  if (remote.port == 0 || remote.address.is_unspecified()) return EINVAL;
  const auto path = graph.routes().Resolve(remote.address, peer.sin6_scope_id);
  if (!path) return static_cast<int>(path.error());
  if (!socket.is_bound()) {
    const Errno bound = graph.udp().Bind(socket, {}, 0);
    if (bound != Errno::kOk) return static_cast<int>(bound);
  }
  const Ipv6Address own = socket.local().address;
  return static_cast<int>(graph.udp().Connect(
      socket, remote, own.is_unspecified() ? path->source : own, peer.sin6_scope_id));
}

size_t UdpSocket::Receive(std::span<Datagram> out) {
  Core& core = impl_->graph.core();
  size_t count = 0;
  while (count < out.size()) {
    PacketPtr packet = impl_->socket.Pop();
    if (!packet) break;
    // Somebody else may read the same bytes (a group's datagram); the
    // application may write into its own.
    PacketPtr own = core.pool().Own(packet);
    if (!own) {
      core.Drop(std::move(packet), DropReason::kNoBuffer);
      continue;
    }
    Datagram& datagram = out[count++];
    if (datagram.packet_ != nullptr) datagram.Release();
    Describe(*own, datagram);
    const udp::Payload data = udp::PayloadOf(*own);
    own->Narrow(data.offset, data.length);
    const Bytes payload = own->bytes();
    datagram.payload = {const_cast<uint8_t*>(payload.data()), payload.size()};
    datagram.packet_ = own.release();
  }
  return count;
}

size_t UdpSocket::Send(std::span<Datagram> datagrams) {
  Graph& graph = impl_->graph;
  Core& core = graph.core();
  const udp::Socket& socket = impl_->socket;
  size_t accepted = 0;
  for (Datagram& datagram : datagrams) {
    PacketPtr packet(static_cast<Packet*>(std::exchange(datagram.packet_, nullptr)));
    if (!packet) continue;
    udp::Departure departure;
    departure.destination = datagram.peer.sin6_port != 0 ? FromApi(datagram.peer) : socket.remote();
    const auto path = graph.routes().Resolve(departure.destination.address,
                                             ZoneOf(departure.destination.address, datagram));
    if (!path || departure.destination.port == 0 || !socket.is_bound()) {
      core.Drop(std::move(packet), DropReason::kOutputNoRoute);
      continue;
    }
    const Ipv6Address local = FromApi(datagram.local);
    const bool chosen = !local.is_unspecified() && !local.is_multicast();
    departure.source.port = socket.local().port;
    departure.source.address = chosen ? local : path->source;
    departure.path_mtu = path->mtu;
    departure.traffic_class = datagram.traffic_class;
    departure.hop_limit = datagram.hop_limit != 0 ? datagram.hop_limit
                                                  : static_cast<uint8_t>(core.tunables().hop_limit);
    udp::Send(std::move(packet), departure, *path, graph.outbox(), core);
    ++accepted;
  }
  return accepted;
}

Datagram UdpSocket::Make(size_t length) {
  Datagram datagram;
  PacketPtr packet = impl_->graph.core().pool().Take();
  if (!packet) return datagram;
  const MutableBytes payload = packet->Append(length);
  if (payload.data() == nullptr) {
    packet.Free();
    return datagram;
  }
  datagram.payload = payload;
  datagram.packet_ = packet.release();
  return datagram;
}

size_t UdpSocket::waiting() const { return impl_->socket.queued(); }
uint16_t UdpSocket::port() const { return impl_->socket.local().port; }
void UdpSocket::SetReceiveBuffer(size_t bytes) { impl_->socket.set_receive_limit(bytes); }

struct UdpPoller::State {
  UdpSocketImpl::ReadyList ready;
  WatchedList watched;
};

UdpPoller::UdpPoller() : state_(std::make_unique<State>()) {}

UdpPoller::~UdpPoller() {
  while (state_->ready.PopFront() != nullptr) {
  }
  while (WatchedNode* const node = state_->watched.PopFront()) {
    node->impl.ready = nullptr;
    static_cast<Watcher&>(node->impl).Unlink();
  }
}

void UdpPoller::Add(UdpSocket& socket) {
  UdpSocketImpl& impl = *socket.impl_;
  SX_CHECK(impl.ready == nullptr);
  impl.ready = &state_->ready;
  state_->watched.PushBack(impl.watched);
  impl.socket.readiness().Watch(impl);
  if (impl.socket.queued() != 0) impl.OnReady(kReadyIn);
}

size_t UdpPoller::Take(std::span<UdpSocket*> out) {
  size_t count = 0;
  while (count < out.size()) {
    UdpSocketImpl* const impl = state_->ready.PopFront();
    if (impl == nullptr) break;
    __builtin_prefetch(&impl->facade);
    out[count++] = &impl->facade;
  }
  return count;
}

}  // namespace sextant
