// SPDX-License-Identifier: BSD-3-Clause
// Engine: a small service that runs between two polls: udp-echo answers, from
// the address that was asked and on the interface it came in; udp-sink counts.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "sextant/host.h"

namespace sextant {

class Engine {
 public:
  // Listens on [::]:port. Null, and `error` says why, when it cannot.
  static std::unique_ptr<Engine> Create(Host& host, const EngineConfig& config, std::string& error);
  Engine(Host& host, const EngineConfig& config) : socket_(host), config_(config) {}
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Takes what has arrived, at most a few bursts. Returns whether there was any.
  bool Run();

  const EngineConfig& config() const { return config_; }
  uint64_t datagrams() const { return datagrams_; }
  uint64_t bytes() const { return bytes_; }

 protected:
  UdpSocket& socket() { return socket_; }

 private:
  virtual void Take(std::span<Datagram> datagrams) = 0;

  UdpSocket socket_;
  const EngineConfig config_;
  std::array<Datagram, 32> burst_;
  uint64_t datagrams_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace sextant
