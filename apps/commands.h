// SPDX-License-Identifier: BSD-3-Clause
// Commands: what can be asked of a running Sextant, by prompt or by --command.
// Owned by one Core.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session.h"

namespace sextant {

// What a command works on.
struct Operator {
  Session& session;
  // Asked while a command waits: whether the user has had enough of it.
  std::function<bool()> interrupted;
};

struct Command {
  // Words apart by spaces. Lower case: to be given as it is; "a|b": one of
  // them; upper case: something of the user's choice.
  std::string usage;
  std::string_view help;
  // `words` match the usage. Prints to stdout; returns whether it was successful.
  bool (*run)(Operator& who, const std::vector<std::string>& words);
};

// All of them, with the topics and tunables there are.
std::vector<Command> MakeCommands();

}  // namespace sextant
