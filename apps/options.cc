// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "options.h"

namespace sextant {

bool ParseOptions(const std::vector<std::string>& rest, Options& options, std::string& error) {
  constexpr std::string_view kCommand = "--command";
  for (size_t i = 0; i < rest.size(); ++i) {
    const std::string& option = rest[i];
    if (option == "--help" || option == "-h") {
      options.help = true;
    } else if (option == "--version") {
      options.version = true;
    } else if (option == "--interactive") {
      options.interactive = true;
    } else if (option.starts_with(std::string(kCommand) + "=")) {
      options.commands.push_back(option.substr(kCommand.size() + 1));
    } else if (option == kCommand && i + 1 < rest.size()) {
      options.commands.push_back(rest[++i]);
    } else {
      error = option == kCommand ? "--command: its value is missing"
                                 : option + ": unknown argument; see sextant --help";
      return false;
    }
  }
  return true;
}

std::string Usage() {
  return "usage: sextant [EAL arguments --] [--config FILE] [--interface SPEC]...\n"
         "               [--command \"COMMAND\"]... [--interactive]\n"
         "\n"
         "Runs an IPv6 host in user space until SIGTERM or SIGINT.\n"
         "\n"
         "  --config FILE      what the host is to be, as an INI file\n"
         "  --interface SPEC   an interface in short: NAME=DEVICE[,ADDRESS/LENGTH][,KEY=VALUE]...\n"
         "                     KEY: gateway, route, peer, dad, mtu. The device is tap:NAME or a\n"
         "                     DPDK port. lan0=tap:sx0,fd00:6::2/64,peer=fd00:6::1/64\n"
         "  --command COMMAND  runs it once the host is up; \"help\" lists all, \"quit\" ends\n"
         "  --interactive      a prompt on the terminal\n"
         "  --version\n"
         "\n"
         "Without a \"--\" DPDK's EAL gets what works everywhere, without hugepages or devices.\n";
}

}  // namespace sextant
