// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "engine.h"

#include <algorithm>
#include <cstring>

namespace sextant {
namespace {

// How many bursts an engine may take before it is somebody else's turn.
constexpr int kBurstsPerTurn = 4;

class UdpEcho final : public Engine {
 public:
  using Engine::Engine;

 private:
  void Take(std::span<Datagram> datagrams) override {
    // What comes from an echo service, another Sextant's or our own, is not
    // answered: the two would never stop. Those datagrams are freed with the burst.
    const in_port_t own = htons(config().port);
    const auto echoes = [own](const Datagram& datagram) { return datagram.peer.sin6_port != own; };
    const auto rest = std::partition(datagrams.begin(), datagrams.end(), echoes);
    socket().Send({datagrams.begin(), rest});
  }
};

class UdpSink final : public Engine {
 public:
  using Engine::Engine;

 private:
  void Take(std::span<Datagram>) override {}
};

}  // namespace

std::unique_ptr<Engine> Engine::Create(Host& host, const EngineConfig& config, std::string& error) {
  std::unique_ptr<Engine> engine;
  if (config.type == "udp-echo") engine = std::make_unique<UdpEcho>(host, config);
  if (config.type == "udp-sink") engine = std::make_unique<UdpSink>(host, config);
  const std::string where = "[engine " + config.name + "] ";
  if (!engine) {
    error = where + "type: " + config.type + " is unknown";
    return nullptr;
  }
  const int failed = engine->socket().Bind(in6addr_any, config.port);
  if (failed == 0) return engine;
  error = where + "port: " + std::to_string(config.port) + ": " + std::strerror(failed);
  return nullptr;
}

bool Engine::Run() {
  for (int i = 0; i < kBurstsPerTurn; ++i) {
    const size_t count = socket_.Receive(burst_);
    const auto received = std::span(burst_).first(count);
    datagrams_ += count;
    for (const Datagram& datagram : received) bytes_ += datagram.total_length();
    Take(received);
    for (Datagram& datagram : received) datagram = Datagram();
    if (count < burst_.size()) return i > 0 || count > 0;
  }
  return true;
}

}  // namespace sextant
