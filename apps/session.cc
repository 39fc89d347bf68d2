// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "session.h"

namespace sextant {
namespace {

// Signals and keys cost a system call each; under load they are asked for this often.
constexpr int64_t kLookInterval = 5'000'000;

}  // namespace

std::unique_ptr<Session> Session::Start(const Config& config, Signals& signals,
                                        std::string& error) {
  auto host = Host::Create(config, error);
  if (!host) return nullptr;
  std::unique_ptr<Session> session(new Session(std::move(host), signals));
  if (!session->AddEngines(config, error)) return nullptr;
  if (!session->host().WaitForAddresses(error)) return nullptr;
  return session;
}

bool Session::AddEngines(const Config& config, std::string& error) {
  for (const EngineConfig& engine : config.engines) {
    engines_.push_back(Engine::Create(*host_, engine, error));
    if (!engines_.back()) return false;
  }
  return true;
}

bool Session::Turn(int64_t patience_ns) {
  if (ended_) return false;
  host_->Poll(patience_ns);
  for (const auto& engine : engines_) engine->Run();
  if (host_->now_ns() - looked_ns_ >= kLookInterval) LookAround();
  return !ended_;
}

void Session::LookAround() {
  looked_ns_ = host_->now_ns();
  if (signals_.Ended()) ended_ = true;
  // A command that a key has started takes turns itself; it looks at keys its own way.
  if (!look_at_keys_ || looking_) return;
  looking_ = true;
  if (!look_at_keys_()) ended_ = true;
  looking_ = false;
}

}  // namespace sextant
