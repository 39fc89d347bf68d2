// SPDX-License-Identifier: BSD-3-Clause
// Host: one IPv6 host on one core, with the burst interface that hands out
// packets without a copy. sextant/socket.h is the same thing for C.
//
//   std::string error;
//   sextant::Config config;  // or ParseConfigFile()
//   if (!sextant::StartEal({}, error)) ...
//   auto host = sextant::Host::Create(config, error);
//   sextant::UdpSocket socket(*host);
//   socket.Bind(in6addr_any, 7);
//   std::array<sextant::Datagram, 32> burst;
//   while (running) {
//     host->Poll();
//     const size_t n = socket.Receive(burst);
//     socket.Send(std::span(burst).first(n));  // back to whom it came from
//   }
//
// Everything here belongs to the thread that made the Host.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sextant/config.h"
#include "sextant/export.h"

namespace sextant {

class Capture;
class Graph;
class Telemetry;
struct HostParts;
class UdpSocketImpl;

// Brings DPDK's EAL up with these arguments (without the program's name; none:
// what works everywhere, without hugepages or root). Once per process.
SX_PUBLIC bool StartEal(const std::vector<std::string>& arguments, std::string& error);

class SX_PUBLIC Host {
 public:
  // A host as `config` says; duplicate address detection is under way but not
  // finished. On failure null, and `error` is one line naming key and reason.
  static std::unique_ptr<Host> Create(const Config& config, std::string& error);
  // From parts of one's own choice (clock, randomness, links): simulations.
  explicit Host(std::unique_ptr<HostParts> parts);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Everything the stack does happens in here; never waits. Returns whether
  // there was anything to do.
  bool PollOnce();
  // Polls; when nothing has happened for a while sleeps as the idle mode says,
  // until something arrives, a timer is due, or `patience_ns` nanoseconds have passed.
  void Poll(int64_t patience_ns = 1'000'000'000);
  // Hands what sockets have sent to the links now instead of in the next poll.
  void Flush();

  // Polls until duplicate address detection has finished. False when an
  // address is a duplicate: `error` names it.
  bool WaitForAddresses(std::string& error);

  // Nanoseconds on the host's own clock; the same for a whole poll.
  int64_t now_ns() const;

  // Writes all frames of all interfaces to a pcapng file from now on. False,
  // and `error` says why, when the file cannot be made or one is written already.
  bool StartCapture(const std::string& path, std::string& error);
  // Ends that. False, and `error` says why, when there was none, or when the
  // file is not complete (a full disk, say).
  bool StopCapture(std::string& error);
  bool is_capturing() const { return capture_ != nullptr; }

  // The rooms behind; for the library's own parts and its tests.
  Graph& graph() { return *graph_; }
  HostParts& parts() { return *parts_; }

 private:
  std::unique_ptr<HostParts> parts_;
  std::unique_ptr<Graph> graph_;
  std::unique_ptr<Capture> capture_;      // null: none
  std::unique_ptr<Telemetry> telemetry_;  // null: nobody can ask
  int64_t last_work_ns_ = 0;
  int64_t next_link_check_ns_ = 0;
};

// What is known of a datagram besides its buffer.
struct DatagramFields {
  // The data, writable in place. A datagram in several segments (longer than
  // one buffer) shows its first one here; Datagram::total_length() counts all.
  std::span<uint8_t> payload;
  // Received: who sent it. To send: who gets it; port 0: the connected peer.
  sockaddr_in6 peer{};
  // Received: the address it was sent to. To send: the source; :: (or a group,
  // as received) lets the host choose.
  in6_addr local{};
  // Received: the interface of arrival. To send: where link-local addresses
  // and groups are meant; 0 lets the host choose.
  uint32_t interface = 0;
  // As it arrived. Send() ignores them, so that an answer does not inherit a
  // question's remaining hops or congestion marks.
  uint8_t received_hop_limit = 0;
  uint8_t received_traffic_class = 0;
  // To send. Hop limit 0 is the host's default.
  uint8_t hop_limit = 0;
  uint8_t traffic_class = 0;
};

// One UDP datagram, in the packet buffer it travels in. Move-only; frees its
// buffer when it dies.
class SX_PUBLIC Datagram : public DatagramFields {
 public:
  Datagram() = default;
  Datagram(Datagram&& other) noexcept
      : DatagramFields(other), packet_(std::exchange(other.packet_, nullptr)) {}
  Datagram& operator=(Datagram&& other) noexcept {
    if (this == &other) return *this;
    if (packet_ != nullptr) Release();
    static_cast<DatagramFields&>(*this) = other;
    packet_ = std::exchange(other.packet_, nullptr);
    return *this;
  }
  ~Datagram() {
    if (packet_ != nullptr) Release();
  }

  bool empty() const { return packet_ == nullptr; }
  size_t total_length() const;
  // Changes the length of the payload, within its buffer; returns false beyond it.
  bool Resize(size_t length);

 private:
  friend class UdpSocket;
  void Release();
  void* packet_ = nullptr;
};

// A UDP socket with the burst interface. Errors are errno values; 0 is success.
class SX_PUBLIC UdpSocket {
 public:
  explicit UdpSocket(Host& host);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  // Port 0 chooses one. EADDRINUSE, EADDRNOTAVAIL (not our address), EINVAL.
  int Bind(const in6_addr& address, uint16_t port);
  // From now on only with this peer; Send() may then leave Datagram::peer zero.
  int Connect(const sockaddr_in6& peer);
  // Moves up to out.size() received datagrams to `out`; never waits.
  size_t Receive(std::span<Datagram> out);
  // Sends all, taking their buffers. Returns how many were accepted; the rest
  // had no route or no destination, is freed and counted.
  size_t Send(std::span<Datagram> datagrams);
  // An empty datagram with room for `length` bytes of payload; empty() when the
  // pool is dry or `length` exceeds one buffer (about 1900 bytes).
  Datagram Make(size_t length);

  size_t waiting() const;
  uint16_t port() const;
  // Real memory that received datagrams may pin, in bytes.
  void SetReceiveBuffer(size_t bytes);

 private:
  friend class UdpPoller;
  std::unique_ptr<UdpSocketImpl> impl_;
};

// Tells which of many sockets have something to receive, without a scan.
class SX_PUBLIC UdpPoller {
 public:
  UdpPoller();
  ~UdpPoller();
  UdpPoller(const UdpPoller&) = delete;
  UdpPoller& operator=(const UdpPoller&) = delete;

  // The socket is watched until either dies. REQUIRES: it is not watched yet.
  void Add(UdpSocket& socket);
  // Moves up to out.size() sockets with received datagrams to `out`; each is
  // told again only after more has arrived, so empty it.
  size_t Take(std::span<UdpSocket*> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sextant
