// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "console.h"

#include <cmdline_rdline.h>
#include <cmdline_socket.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "command_table.h"

namespace sextant {
namespace {

constexpr char kPrompt[] = "sextant> ";
constexpr char kControlC = 3;
// How soon a key is seen when nothing else happens.
constexpr int64_t kKeyPatience = 10'000'000;
// What the library's line buffer (512 bytes) takes, with its line end.
constexpr size_t kMaxLine = 510;

std::string FirstWord(const std::string& line) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_first_of(" \t", begin) - begin);
}

// How the commands with this first word go, or that there are none.
std::string Explain(const std::vector<Command>& commands, const std::string& line) {
  std::string usages;
  const std::string first = FirstWord(line);
  for (const Command& command : commands) {
    if (FirstWord(command.usage) == first) usages += "  " + command.usage + "\n";
  }
  if (usages.empty()) return "unknown command: " + line + "; `help` lists them all\n";
  return "bad arguments: " + line + "; it may be\n" + usages;
}

}  // namespace

Console::Console(Session& session)
    : session_(session),
      commands_(MakeCommands()),
      table_(std::make_unique<CommandTable>(*this, commands_)),
      parser_(cmdline_new(table_->context(), "", -1, -1)) {}

Console::~Console() {
  if (prompt_ != nullptr) cmdline_stdin_exit(prompt_);
  if (parser_ != nullptr) cmdline_free(parser_);
}

bool Console::Run(const std::string& line) {
  succeeded_ = true;  // an empty line does nothing, successfully
  const bool good = parser_ != nullptr && line.size() <= kMaxLine &&
                    line.find('\n') == std::string::npos &&
                    cmdline_parse(parser_, (line + "\n").c_str()) >= 0;
  if (!good) {
    std::fputs(Explain(commands_, line).c_str(), stdout);
    succeeded_ = false;
  }
  std::fflush(stdout);
  return succeeded_;
}

void Console::Execute(const Command& command, const std::vector<std::string>& words) {
  Operator who{session_, [this] { return Interrupted(); }};
  succeeded_ = command.run(who, words);
  std::fflush(stdout);
}

void Console::Interact() {
  std::fflush(stdout);
  prompt_ = cmdline_stdin_new(table_->context(), kPrompt);
  if (prompt_ == nullptr) return;
  session_.WatchKeys([this] { return ReadKeys() ? FeedKeys() : (FeedKeys(), false); });
  while (session_.Turn(kKeyPatience)) {
  }
  session_.WatchKeys({});
  cmdline_stdin_exit(prompt_);
  prompt_ = nullptr;
  std::puts("");
}

bool Console::ReadKeys() {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  if (at_end_ || poll(&waiting, 1, 0) <= 0) return !at_end_;
  std::array<char, 256> typed;
  const ssize_t count = read(STDIN_FILENO, typed.data(), typed.size());
  if (count > 0) keys_.append(typed.data(), static_cast<size_t>(count));
  at_end_ = count <= 0;
  return !at_end_;
}

bool Console::FeedKeys() {
  // A command may end the session, and what it waits for reads more keys.
  while (!keys_.empty() && !session_.ended()) {
    const char key = keys_.front();
    keys_.erase(0, 1);
    if (cmdline_in(prompt_, &key, 1) < 0) return false;
  }
  return true;
}

bool Console::Interrupted() {
  if (prompt_ == nullptr) return false;
  ReadKeys();
  const size_t at = keys_.find(kControlC);
  if (at == std::string::npos) return false;
  keys_.erase(0, at + 1);
  return true;
}

}  // namespace sextant
