// SPDX-License-Identifier: BSD-3-Clause
// Sextant itself: a Host whose only link is the benchmark's port.
// Owned by the measuring thread.
#include <algorithm>
#include <array>
#include <vector>

#include "contestant.h"
#include "core/link.h"
#include "core/tsc_clock.h"
#include "host/graph.h"
#include "host/parts.h"
#include "sextant/host.h"
#include "socket/layer.h"

namespace sextant::bench {
namespace {

constexpr unsigned kPoolPackets = 65535;
constexpr uint64_t kSeed = 1;
constexpr int kNoProbes = 0;
constexpr int kPrefixLength = 64;

// A pool whose mempool the case chooses: without a cache it rotates through
// all its buffers, which keeps them cold.
class BenchPool final : public PacketPool {
 public:
  explicit BenchPool(rte_mempool* pool) : PacketPool(pool) {}
};

std::unique_ptr<PacketPool> MakePacketPool(bool cold) {
  const unsigned cache = cold ? 0 : RTE_MEMPOOL_CACHE_MAX_SIZE;
  constexpr uint16_t kPrivate = RTE_ALIGN_CEIL(kPrivateRoom, RTE_MBUF_PRIV_ALIGN);
  return std::make_unique<BenchPool>(
      bench::MakePool("sextant", kPoolPackets, cache, kPrivate).release());
}

class PortLink final : public Link {
 public:
  PortLink(Port& port, bool offload) : port_(port), offload_(offload) {}

  std::string description() const override { return "bench"; }
  MacAddress mac_address() const override { return MacAddress(kLocalMac); }
  LinkCapabilities capabilities() const override { return {offload_, offload_, false}; }
  size_t mtu() const override { return 1500; }
  bool SetMtu(size_t) override { return true; }
  bool is_up() override { return true; }
  void SetGroups(std::span<const MacAddress>) override {}

  void Receive(Burst& frames, Core&) override {
    const size_t count =
        port_.Receive(std::span(reinterpret_cast<rte_mbuf**>(frames.slots().data()), kBurstSize));
    frames.set_size(count);
    for (Packet* const packet : frames.packets()) {
      ResetMeta(*packet);
      constexpr uint64_t kMask = RTE_MBUF_F_RX_L4_CKSUM_MASK;
      if ((packet->mbuf()->ol_flags & kMask) == RTE_MBUF_F_RX_L4_CKSUM_GOOD) {
        packet->meta().checksum = ChecksumState::kGood;
      }
    }
  }

  void Transmit(Burst& frames, Core&) override {
    if (offload_) {
      for (Packet* const packet : frames.packets()) AskForChecksum(*packet);
    }
    statistics_.tx_packets += frames.size();
    const auto packets = frames.packets();
    port_.Transmit(std::span(reinterpret_cast<rte_mbuf* const*>(packets.data()), packets.size()));
    frames.set_size(0);
  }

 private:
  static void AskForChecksum(Packet& packet) {
    if (packet.meta().checksum != ChecksumState::kPartial) return;
    rte_mbuf& m = *packet.mbuf();
    m.ol_flags |= RTE_MBUF_F_TX_IPV6 | RTE_MBUF_F_TX_UDP_CKSUM;
    m.l2_len = kIp6At;
    m.l3_len = kUpperAt - kIp6At;
  }

  Port& port_;
  const bool offload_;
};

std::unique_ptr<HostParts> MakeHostParts(bool cold) {
  auto parts = std::make_unique<HostParts>();
  parts->clock = std::make_unique<TscClock>();
  parts->rng = std::make_unique<SeededRng>(kSeed);
  parts->pool = MakePacketPool(cold);
  return parts;
}

// What answers: nobody (ICMPv6 echo is the stack's own), or an application.
class Application {
 public:
  virtual ~Application() = default;
  // Answers everything that has arrived.
  virtual void Run() = 0;
};

class Nobody final : public Application {
 public:
  void Run() override {}
};

class NativeEcho final : public Application {
 public:
  NativeEcho(Host& host, const Case& c) {
    for (uint32_t i = 0; i < c.sockets; ++i) {
      sockets_.push_back(std::make_unique<UdpSocket>(host));
      SX_CHECK(sockets_.back()->Bind(in6addr_any, static_cast<uint16_t>(kFirstLocalPort + i)) == 0);
      if (c.sockets > 1) poller_.Add(*sockets_.back());
    }
  }
  void Run() override {
    if (sockets_.size() == 1) return Echo(*sockets_[0]);
    std::array<UdpSocket*, kBurst> ready;
    while (const size_t count = poller_.Take(ready)) {
      for (UdpSocket* const socket : std::span(ready).first(count)) Echo(*socket);
    }
  }

 private:
  void Echo(UdpSocket& socket) {
    const size_t count = socket.Receive(burst_);
    socket.Send(std::span(burst_).first(count));
  }

  std::vector<std::unique_ptr<UdpSocket>> sockets_;
  UdpPoller poller_;
  std::array<Datagram, kBurst> burst_;
};

// recvmmsg() and sendmmsg() of 32, or recvfrom() and sendto() one by one, as the
// sx_ calls make them; the payload is copied out and in again.
class FacadeEcho final : public Application {
 public:
  FacadeEcho(Host& host, const Case& c)
      : layer_(host.graph().core(), host.graph().interfaces(), host.graph().routes(),
               host.graph().udp(), host.graph().raw(), host.graph().outbox(),
               socket::ProfileOf(host.parts().profile)),
        batched_(c.api == Api::kFacadeBatched) {
    fd_ = *layer_.Socket(AF_INET6, SOCK_DGRAM, 0);
    sockaddr_in6 here{};
    here.sin6_family = AF_INET6;
    here.sin6_port = htons(kFirstLocalPort);
    SX_CHECK(layer_.Bind(fd_, reinterpret_cast<const sockaddr*>(&here), sizeof here) == Errno::kOk);
    for (size_t i = 0; i < kBurst; ++i) {
      parts_[i] = {buffers_[i].data(), buffers_[i].size()};
      messages_[i].msg_hdr.msg_name = &peers_[i];
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void Run() override {
    if (batched_) return RunBatched();
    socklen_t length = sizeof peers_[0];
    auto* const peer = reinterpret_cast<sockaddr*>(peers_.data());
    while (const auto size = layer_.ReceiveFrom(fd_, buffers_[0].data(), kRoom, 0, peer, &length)) {
      SX_CHECK(layer_.SendTo(fd_, buffers_[0].data(), *size, 0, peer, length).ok());
    }
  }

 private:
  static constexpr size_t kRoom = 2048;

  void RunBatched() {
    for (size_t i = 0; i < kBurst; ++i) {
      parts_[i].iov_len = kRoom;
      messages_[i].msg_hdr.msg_namelen = sizeof peers_[i];
    }
    const auto received = layer_.ReceiveMmsg(fd_, messages_, 0);
    if (!received) return;
    for (size_t i = 0; i < *received; ++i) parts_[i].iov_len = messages_[i].msg_len;
    SX_CHECK(*layer_.SendMmsg(fd_, std::span(messages_).first(*received), 0) == *received);
  }

  socket::SocketLayer layer_;
  const bool batched_;
  int fd_ = -1;
  std::array<std::array<uint8_t, kRoom>, kBurst> buffers_{};
  std::array<sockaddr_in6, kBurst> peers_{};
  std::array<iovec, kBurst> parts_{};
  std::array<mmsghdr, kBurst> messages_{};
};

std::unique_ptr<Application> MakeApplication(Host& host, const Case& c) {
  if (c.protocol == Protocol::kIcmp6Echo) return std::make_unique<Nobody>();
  if (c.api == Api::kNative) return std::make_unique<NativeEcho>(host, c);
  return std::make_unique<FacadeEcho>(host, c);
}

class Sextant final : public Contestant {
 public:
  std::string_view name() const override { return "sextant"; }

  std::string Prepare(const Case& c, Port& port) override {
    if (c.api != Api::kNative && c.sockets > 1) return "the facade is measured with one socket";
    host_ = std::make_unique<Host>(MakeHostParts(c.cold));
    Graph& graph = host_->graph();
    iface::Interface* const lan =
        graph.AddInterface("lan0", std::make_unique<PortLink>(port, c.offload));
    port.UsePool(host_->parts().pool->mempool());
    if (graph.AddLinkLocal(*lan, kNoProbes) != Errno::kOk) return "no link-local address";
    if (graph.AddAddress(*lan, {Ipv6Address(kLocalAddress), kPrefixLength}, kNoProbes) !=
        Errno::kOk) {
      return "no address";
    }
    application_ = MakeApplication(*host_, c);
    return "";
  }

  void Finish() override {
    application_.reset();
    host_.reset();
  }

  void RunBursts(Port& port, uint64_t) override {
    while (port.left() != 0) {
      host_->PollOnce();
      application_->Run();
    }
    host_->Flush();
    // What was on its way when the port ran dry, and neighbors' answers.
    while (host_->PollOnce()) application_->Run();
  }

 private:
  std::unique_ptr<Host> host_;
  std::unique_ptr<Application> application_;
};

}  // namespace

std::unique_ptr<Contestant> MakeSextant() { return std::make_unique<Sextant>(); }

}  // namespace sextant::bench
