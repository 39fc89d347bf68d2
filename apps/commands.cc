// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "commands.h"

#include <charconv>
#include <cstdio>

#include "ping.h"

namespace sextant {
namespace {

using Words = std::vector<std::string>;

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

bool Refuse(const std::string& reason) {
  Print(reason + "\n");
  return false;
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : "|").append(name);
  return text;
}

bool ShowEngines(const Session& session) {
  if (session.engines().empty()) return std::puts("none") >= 0;
  for (const auto& engine : session.engines()) {
    std::printf("%-15s  %-8s  port %5u  %12lu datagrams  %15lu bytes\n",
                engine->config().name.c_str(), engine->config().type.c_str(),
                unsigned{engine->config().port}, engine->datagrams(), engine->bytes());
  }
  return true;
}

bool RunShow(Operator& who, const Words& words) {
  if (words[1] == "engines") return ShowEngines(who.session);
  Print(Show(who.session.host(), words[1]));
  return true;
}

bool RunPing(Operator& who, const Words& words) {
  PingOptions options;
  if (words.size() > 2) {
    const char* const end = words[2].data() + words[2].size();
    const auto [at, error] = std::from_chars(words[2].data(), end, options.count);
    if (error != std::errc() || at != end || options.count < 1 || options.count > 1'000'000) {
      return Refuse("ping: " + words[2] + " is not a number from 1 to 1000000");
    }
  }
  std::string error;
  if (!ParseTarget(who.session.host(), words[1], options.target, error)) {
    return Refuse("ping: " + error);
  }
  return RunPing(who, words[1], options);
}

bool RunSet(Operator& who, const Words& words) {
  std::string error;
  if (!SetTunable(who.session.host(), words[1], words[2], error)) return Refuse("set: " + error);
  Print(words[1] + " = " + words[2] + "\n");
  return true;
}

bool RunCapture(Operator& who, const Words& words) {
  std::string error;
  Host& host = who.session.host();
  const bool stop = words[1] == "stop";
  if (!(stop ? host.StopCapture(error) : host.StartCapture(words[1], error))) {
    return Refuse("capture: " + error);
  }
  Print(stop ? "the capture is complete\n" : "writing all frames to " + words[1] + "\n");
  return true;
}

bool RunHelp(Operator&, const Words&) {
  for (const Command& command : MakeCommands()) {
    // The tunables are too many for a line.
    const bool long_list = command.usage.size() > 80;
    const std::string usage = long_list ? "set TUNABLE VALUE" : command.usage;
    std::printf("%s\n    %.*s\n", usage.c_str(), static_cast<int>(command.help.size()),
                command.help.data());
  }
  return true;
}

bool RunQuit(Operator& who, const Words&) {
  who.session.End();
  return true;
}

}  // namespace

std::vector<Command> MakeCommands() {
  return {
      {"show " + Joined(ShowTopics()) + "|engines", "What the stack knows.", RunShow},
      {"ping ADDRESS", "Sends five echo requests; a link-local ADDRESS needs %INTERFACE.", RunPing},
      {"ping ADDRESS COUNT", "Sends COUNT echo requests.", RunPing},
      {"set " + Joined(TunableNames()) + " VALUE",
       "Changes a tunable; `show tunables` explains them.", RunSet},
      {"capture FILE...", "Writes all frames to a pcapng file; `capture stop` ends that.",
       RunCapture},
      {"help", "This list.", RunHelp},
      {"quit", "Closes all links and ends.", RunQuit},
  };
}

}  // namespace sextant
