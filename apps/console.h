// SPDX-License-Identifier: BSD-3-Clause
// Console: runs commands given as text, and a prompt with history and
// completion, by DPDK's cmdline library.
// Owned by one Core.
#pragma once

#include <string>
#include <vector>

#include "commands.h"

struct cmdline;

namespace sextant {

struct CommandTable;

class Console {
 public:
  explicit Console(Session& session);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // Runs one line, its output on stdout. False when it is no command, or failed.
  bool Run(const std::string& line);

  // Shows the prompt and reads keys from stdin, whenever the session looks at
  // them, until it ends.
  void Interact();

 private:
  friend struct CommandTable;

  // A command line that has been found good; called by the library.
  void Execute(const Command& command, const std::vector<std::string>& words);
  // Reads what has been typed. False at the end of the input.
  bool ReadKeys();
  // Gives what has been typed to the library. False when the prompt is to end.
  bool FeedKeys();
  bool Interrupted();

  Session& session_;
  const std::vector<Command> commands_;
  const std::unique_ptr<CommandTable> table_;
  cmdline* const parser_;      // for Run(); has neither input nor output
  cmdline* prompt_ = nullptr;  // while there is one
  std::string keys_;           // typed, and not given to the library yet
  bool at_end_ = false;        // of the input
  bool succeeded_ = false;     // what the last command returned
};

}  // namespace sextant
