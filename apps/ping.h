// SPDX-License-Identifier: BSD-3-Clause
// Ping: the command. Asks, waits, and tells how long answers took.
// Owned by one Core.
#pragma once

#include <netinet/in.h>

#include <string>

#include "commands.h"

namespace sextant {

struct PingOptions {
  sockaddr_in6 target{};
  int count = 5;
  int64_t interval_ns = 200'000'000;
  int64_t patience_ns = 1'000'000'000;  // after the last request
};

// "fd00:6::1" or "fe80::1%lan0".
bool ParseTarget(Host& host, const std::string& text, sockaddr_in6& target, std::string& error);

// Prints a line per answer and a summary; returns whether every request was answered.
bool RunPing(Operator& who, const std::string& name, const PingOptions& options);

}  // namespace sextant
