// SPDX-License-Identifier: BSD-3-Clause
// What the simulated applications do: an EchoServer sends every datagram back, an EchoClient asks
// in regular intervals and checks every answer down to its last bit.
// Owned by one Core.
#pragma once

#include <map>

#include "sim/simulator.h"

namespace sextant::test {

// A UDP socket of a simulated host; it dies before the host.
class SimSocket : public Watcher {
 public:
  SimSocket(Simulator& simulator, SimHost& host, uint16_t port);
  ~SimSocket() override;
  SimSocket(const SimSocket&) = delete;
  SimSocket& operator=(const SimSocket&) = delete;

  void Send(const udp::Endpoint& to, const Frame& payload);
  // Whatever the network did, UDP's checksum, reckoned once more, must be right.
  uint64_t delivered() const { return delivered_; }
  void OnReady(uint32_t raised) override;

 protected:
  virtual void OnDatagram(const udp::Endpoint& from, const Frame& payload) = 0;
  Simulator& simulator() { return simulator_; }

 private:
  void Take();

  Simulator& simulator_;
  SimHost& host_;
  udp::Socket socket_;
  bool told_ = false;
  uint64_t delivered_ = 0;
};

class EchoServer final : public SimSocket {
 public:
  EchoServer(Simulator& simulator, SimHost& host) : SimSocket(simulator, host, 7) {}

 private:
  void OnDatagram(const udp::Endpoint& from, const Frame& payload) override { Send(from, payload); }
};

class EchoClient final : public SimSocket {
 public:
  EchoClient(Simulator& simulator, SimHost& host, const Address& server)
      : SimSocket(simulator, host, 5000), server_{server, 7} {}

  // `count` questions, one per `interval`.
  void Ask(uint64_t count, Duration interval);

  uint64_t asked() const { return asked_; }
  // Questions that were answered at least once, and answers beyond that.
  uint64_t answered() const { return answers_.size(); }
  uint64_t repeated() const { return delivered() - answered() - mangled_; }
  // Answers that passed the Internet checksum and are wrong all the same: it sees no two flips that
  // cancel each other out.
  uint64_t mangled() const { return mangled_; }
  uint64_t overtaken() const { return overtaken_; }

 private:
  static Frame Question(uint64_t number);
  void OnDatagram(const udp::Endpoint& from, const Frame& payload) override;

  const udp::Endpoint server_;
  uint64_t asked_ = 0;
  uint64_t last_ = 0;
  uint64_t mangled_ = 0;
  uint64_t overtaken_ = 0;
  std::map<uint64_t, int> answers_;
};

}  // namespace sextant::test
