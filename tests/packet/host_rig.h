// SPDX-License-Identifier: BSD-3-Clause
// HostRig: a whole host on manual time. Its lan0 (index 2) is plugged into a segment in memory and
// has fe80::ff:fe00:2 and fd00:6::2/64; its gateway is fd00:6::1. Frames go in, and what became of
// them, what left and what sockets got comes out as text.
// When it ends, every packet must have met its fate and be back in the pool.
// Owned by one Core.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/memory/memory_link.h"
#include "host/graph.h"
#include "support/describe.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {

inline constexpr const char* kHost = "fd00:6::2";
inline constexpr const char* kHostLinkLocal = "fe80::ff:fe00:2";
inline constexpr const char* kHostMac = "02:00:00:00:00:02";
inline constexpr const char* kPeer = "fd00:6::1";
inline constexpr const char* kPeerLinkLocal = "fe80::1";
inline constexpr const char* kPeerMac = "02:00:00:00:00:01";
inline constexpr const char* kUnknownPeer = "fd00:6::77";
inline constexpr uint16_t kLan = 2;

// The packet in a frame from kPeerMac: to its group's MAC address, or to the host's.
Frame OnWire(const Frame& packet);
// The checksum of the upper layer right behind the IPv6 header, made right. Does nothing where
// there is none.
Frame FixChecksum(Frame packet);

using Lines = std::vector<std::string>;

class HostRig {
 public:
  struct Options {
    LinkCapabilities capabilities = {};
    size_t mtu = 1500;
    int probes = 0;          // of duplicate address detection
    bool knows_peer = true;  // kPeer and kPeerLinkLocal are neighbors already
    size_t pool_capacity = 1023;
    std::unique_ptr<PacketPool> (*make_pool)(size_t capacity) = nullptr;  // else a plain one
    // Puts another link between the host and the segment.
    std::function<std::unique_ptr<Link>(std::unique_ptr<MemoryLink>)> wrap = {};
  };

  HostRig() : HostRig(Options()) {}
  explicit HostRig(const Options& options);
  ~HostRig();
  HostRig(const HostRig&) = delete;
  HostRig& operator=(const HostRig&) = delete;

  Graph& graph() { return *graph_; }
  iface::Interface& lan() { return *graph_->interfaces().at(kLan); }
  Tunables& tunables() { return graph_->core().tunables(); }
  const Counters& counters() const { return graph_->core().counters(); }
  PacketPool& pool() { return *parts_.pool; }

  // Arrives with the next Poll().
  void Inject(const Frame& frame);
  // Polls until nothing happens any more.
  void Poll();
  void Hear(const Frame& frame) {
    Inject(frame);
    Poll();
  }
  // Lets time pass, timer by timer.
  void Pass(Duration time);

  // Of packets whose fate was decided since the last call, one line each: "delivered",
  // "udp-bad-checksum", "refused udp-no-socket"; "made neighbor-unresolved" for packets made here.
  Lines Fates();
  // What left since the last call, as Describe() puts it.
  Lines Sent();
  std::vector<Frame> SentFrames() { return std::exchange(sent_, {}); }

 private:
  bool PollOnce();

  SeededRng fault_rng_{Seed()};
  MemoryHub hub_{fault_rng_};
  ManualClock* clock_ = nullptr;
  MemoryLink* link_ = nullptr;
  HostParts parts_;
  std::unique_ptr<Graph> graph_;
  std::vector<Frame> sent_;
  Counters last_;
};

// A UDP socket of that host, without the facade. It dies before the rig.
class TestSocket {
 public:
  TestSocket(HostRig& rig, uint16_t port, const Address& local = "::");
  ~TestSocket();
  TestSocket(const TestSocket&) = delete;
  TestSocket& operator=(const TestSocket&) = delete;

  udp::Socket& operator*() { return socket_; }
  udp::Socket* operator->() { return &socket_; }
  void Connect(const Address& peer, uint16_t port);
  void Send(const Address& to, uint16_t port, const Data& payload);
  // What waits: "fd00:6::1 1000 hello", the datagram's source, port and payload.
  Lines Received();
  PacketPtr Pop() { return socket_.Pop(); }

 private:
  HostRig& rig_;
  udp::Socket socket_;
};

}  // namespace sextant::test
