// SPDX-License-Identifier: BSD-3-Clause
// Options: what apps/sextant takes besides the arguments of the stack.
// Any thread.
#pragma once

#include <string>
#include <vector>

namespace sextant {

struct Options {
  bool help = false;
  bool version = false;
  bool interactive = false;
  std::vector<std::string> commands;
};

// From what ParseArguments() has left. On failure false, and `error` is one line.
bool ParseOptions(const std::vector<std::string>& rest, Options& options, std::string& error);

// The answer to --help.
std::string Usage();

}  // namespace sextant
