// SPDX-License-Identifier: BSD-3-Clause
// Signals: tells whether SIGTERM, SIGINT or SIGHUP asked the program to end,
// when it is convenient to ask. No handler, nothing global.
// Any thread.
#pragma once

namespace sextant {

class Signals {
 public:
  // Before any thread is made, so that all of them leave the signals alone.
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Whether one has come since the start.
  bool Ended();

 private:
  const int descriptor_;
  bool ended_ = false;
};

}  // namespace sextant
