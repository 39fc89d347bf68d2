// SPDX-License-Identifier: BSD-3-Clause
// Session: a running host with its engines, and the loop they live in. Whatever
// waits (the prompt, a ping) does so by taking turns here, so that the stack
// never stands still.
// Owned by one Core.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine.h"
#include "sextant/control.h"
#include "signals.h"

namespace sextant {

class Session {
 public:
  // All of it or nothing: null, and `error` is one line naming key and reason.
  static std::unique_ptr<Session> Start(const Config& config, Signals& signals, std::string& error);

  Host& host() { return *host_; }
  const std::vector<std::unique_ptr<Engine>>& engines() const { return engines_; }

  // Polls once, lets the engines work, and looks around now and then. Sleeps up
  // to `patience_ns` when there is nothing to do. False when it is time to end.
  bool Turn(int64_t patience_ns);
  // `look` is called every few milliseconds; its answer false ends the session.
  void WatchKeys(std::function<bool()> look) { look_at_keys_ = std::move(look); }
  void End() { ended_ = true; }
  bool ended() const { return ended_; }

 private:
  Session(std::unique_ptr<Host> host, Signals& signals)
      : host_(std::move(host)), signals_(signals) {}
  bool AddEngines(const Config& config, std::string& error);
  void LookAround();

  std::unique_ptr<Host> host_;
  Signals& signals_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::function<bool()> look_at_keys_;
  int64_t looked_ns_ = 0;
  bool looking_ = false;
  bool ended_ = false;
};

}  // namespace sextant
