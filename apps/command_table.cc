// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "command_table.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "console.h"

namespace sextant {

CommandTable::CommandTable(Console& console, const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    bound_.push_back(Bind(console, command));
    context_.push_back(reinterpret_cast<cmdline_parse_inst_t*>(&bound_.back()->instruction));
  }
  context_.push_back(nullptr);
}

std::unique_ptr<CommandTable::Bound> CommandTable::Bind(Console& console, const Command& command) {
  auto bound = std::make_unique<Bound>();
  bound->console = &console;
  bound->command = &command;
  bound->help = std::string(command.help);
  bound->choices.reserve(kMaxWords);  // tokens point into its strings
  std::istringstream usage(command.usage);
  for (std::string word; bound->words < kMaxWords && usage >> word;) AddToken(*bound, word);
  bound->instruction.execute = Execute;
  bound->instruction.bound = bound.get();
  bound->instruction.help = bound->help.c_str();
  return bound;
}

void CommandTable::AddToken(Bound& bound, const std::string& word) {
  std::string choices = word;
  const bool anything = std::isupper(static_cast<unsigned char>(word[0])) != 0;
  if (anything) choices.clear();
  std::ranges::replace(choices, '|', '#');  // as the library separates them
  bound.choices.push_back(choices);
  bound.has_rest = word.ends_with("...");

  cmdline_parse_token_string_t& token = bound.tokens[bound.words];
  token.hdr.ops = &cmdline_token_string_ops;
  token.hdr.offset = static_cast<unsigned>(
      bound.has_rest ? offsetof(Parsed, rest)
                     : offsetof(Parsed, words) + bound.words * sizeof(cmdline_fixed_string_t));
  token.string_data.str = anything ? nullptr : bound.choices.back().c_str();
  if (bound.has_rest) token.string_data.str = TOKEN_STRING_MULTI;
  bound.instruction.tokens[bound.words++] = &token.hdr;
}

void CommandTable::Execute(void* parsed, cmdline*, void* data) {
  const auto& result = *static_cast<const Parsed*>(parsed);
  const auto& bound = *static_cast<const Bound*>(data);
  std::vector<std::string> words;
  for (size_t i = 0; i < bound.words; ++i) {
    const bool rest = bound.has_rest && i + 1 == bound.words;
    words.push_back(rest ? result.rest : result.words[i]);
  }
  bound.console->Execute(*bound.command, words);
}

}  // namespace sextant
