// SPDX-License-Identifier: BSD-3-Clause
// ParseInterface and ParseArguments: a configuration from a command line.
// Any thread.
#include <algorithm>
#include <optional>

#include "host/config_interface.h"
#include "host/config_keys.h"
#include "sextant/config.h"

namespace sextant {
namespace {

std::string SetPartKey(InterfaceConfig& interface, const std::string& key,
                       const std::string& value) {
  const std::string reason =
      value.empty() ? "it has no value" : SetInterfaceKey(interface, key, value);
  return reason.empty() ? reason : key + ": " + reason;
}

// One part of the short form: key=value, or an address.
std::string SetPart(InterfaceConfig& interface, const std::string& part) {
  const size_t equals = part.find('=');
  if (part.empty()) return "an empty part between two commas";
  if (equals == std::string::npos) return SetPartKey(interface, "addresses", part);
  // What a file lists under one key comes singly here.
  std::string key = part.substr(0, equals);
  if (key == "address") key = "addresses";
  if (key == "route") key = "routes";
  return SetPartKey(interface, key, part.substr(equals + 1));
}

std::string SetParts(InterfaceConfig& interface, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) return "it is not NAME=DEVICE[,ADDRESS/LENGTH][,KEY=VALUE]...";
  interface.name = text.substr(0, equals);
  size_t comma = std::min(text.find(',', equals), text.size());
  interface.device = text.substr(equals + 1, comma - equals - 1);
  while (comma < text.size()) {
    const size_t begin = comma + 1;
    comma = std::min(text.find(',', begin), text.size());
    const std::string reason = SetPart(interface, text.substr(begin, comma - begin));
    if (!reason.empty()) return reason;
  }
  return CheckInterface(interface);
}

// Walks over the arguments behind the "--".
class StackArguments {
 public:
  StackArguments(int argc, const char* const* argv, int first)
      : argc_(argc), argv_(argv), at_(first) {}

  bool Read(Arguments& arguments, std::string& error) {
    for (; at_ < argc_; ++at_) {
      const std::string argument = argv_[at_];
      if (argument == "--") break;
      if (const auto value = Value(argument, "--config", error)) {
        if (!SetFile(*value, error)) return false;
      } else if (const auto spec = Value(argument, "--interface", error)) {
        if (!ParseInterface(*spec, interfaces_.emplace_back(), error)) return false;
      } else if (error.empty()) {
        arguments.rest.push_back(argument);
      }
      if (!error.empty()) return false;
    }
    // A second "--" leaves all that follows to the program.
    for (++at_; at_ < argc_; ++at_) arguments.rest.push_back(argv_[at_]);
    return Combine(arguments.config, error);
  }

 private:
  // The value of an option, as `--name value` or `--name=value`; nothing when
  // the argument is something else, or (then `error` says so) has no value.
  std::optional<std::string> Value(const std::string& argument, const std::string& name,
                                   std::string& error) {
    if (argument.starts_with(name + "=")) return argument.substr(name.size() + 1);
    if (argument != name) return {};
    if (at_ + 1 < argc_) return argv_[++at_];
    error = name + ": its value is missing";
    return {};
  }

  bool SetFile(const std::string& path, std::string& error) {
    if (file_.empty() && !path.empty()) {
      file_ = path;
      return true;
    }
    error = path.empty() ? "--config: its value is missing" : "--config: given twice";
    return false;
  }

  bool Combine(Config& config, std::string& error) {
    if (!file_.empty() && !ParseConfigFile(file_, config, error)) return false;
    for (InterfaceConfig& interface : interfaces_) config.interfaces.push_back(interface);
    const std::string reason = CheckConfig(config);
    if (!reason.empty()) error = "--interface: " + reason;
    return reason.empty();
  }

  const int argc_;
  const char* const* const argv_;
  int at_;
  std::string file_;
  std::vector<InterfaceConfig> interfaces_;
};

int FindSeparator(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--") return i;
  }
  return 0;
}

}  // namespace

bool ParseInterface(const std::string& text, InterfaceConfig& interface, std::string& error) {
  InterfaceConfig read;
  const std::string reason = SetParts(read, text);
  if (!reason.empty()) {
    error = "--interface " + text + ": " + reason;
    return false;
  }
  interface = std::move(read);
  return true;
}

bool ParseArguments(int argc, const char* const* argv, Arguments& arguments, std::string& error) {
  error.clear();
  Arguments read;
  const int separator = FindSeparator(argc, argv);
  for (int i = 1; i < separator; ++i) read.eal.push_back(argv[i]);
  StackArguments stack(argc, argv, separator + 1);
  if (!stack.Read(read, error)) return false;
  arguments = std::move(read);
  return true;
}

}  // namespace sextant
