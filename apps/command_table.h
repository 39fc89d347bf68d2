// SPDX-License-Identifier: BSD-3-Clause
// CommandTable: the commands as librte_cmdline wants them: instructions of
// tokens, each a list of words or anything.
// Owned by one Core.
#pragma once

#include <cmdline.h>
#include <cmdline_parse.h>
#include <cmdline_parse_string.h>

#include <memory>
#include <string>
#include <vector>

#include "commands.h"

namespace sextant {

class Console;

struct CommandTable {
  // `console` executes what was parsed.
  CommandTable(Console& console, const std::vector<Command>& commands);

  cmdline_parse_ctx_t* context() { return context_.data(); }

 private:
  static constexpr size_t kMaxWords = 3;

  // What the library fills in: a slot per word, and one for the rest of a line.
  struct Parsed {
    cmdline_fixed_string_t words[kMaxWords];
    cmdline_multi_string_t rest;
  };

  // Laid out as cmdline_parse_inst_t, whose last member has no size in C.
  struct Instruction {
    void (*execute)(void* parsed, cmdline* from, void* bound) = nullptr;
    void* bound = nullptr;
    const char* help = nullptr;
    cmdline_parse_token_hdr_t* tokens[kMaxWords + 1] = {};
  };
  static_assert(offsetof(Instruction, tokens) == offsetof(cmdline_parse_inst_t, tokens));

  // One command, and all that its instruction points to.
  struct Bound {
    Console* console = nullptr;
    const Command* command = nullptr;
    std::string help;
    std::vector<std::string> choices;  // per word; empty: anything
    cmdline_parse_token_string_t tokens[kMaxWords] = {};
    size_t words = 0;
    bool has_rest = false;  // the last word takes the rest of the line
    Instruction instruction;
  };

  static void Execute(void* parsed, cmdline* from, void* bound);
  static std::unique_ptr<Bound> Bind(Console& console, const Command& command);
  static void AddToken(Bound& bound, const std::string& word);

  std::vector<std::unique_ptr<Bound>> bound_;
  std::vector<cmdline_parse_inst_t*> context_;  // ends with a null
};

}  // namespace sextant
