// SPDX-License-Identifier: BSD-3-Clause
// StartEal: DPDK's environment, with what works everywhere as the default.
// Any thread, once per process.
#include <rte_eal.h>
#include <rte_errno.h>

#include <csignal>
#include <mutex>

#include "sextant/host.h"

namespace sextant {
namespace {

// Works as root and as anybody, without hugepages or PCI devices, in several
// processes at once. The lcore is not pinned: the program may be.
const std::vector<std::string>& NewcomersDefault() {
  static const std::vector<std::string> kArguments = {
      "--no-pci", "--no-huge", "--no-shconf", "-m",
      "256",      "--lcores",  "0@(0-1)",     "--log-level=*:error"};
  return kArguments;
}

}  // namespace

bool StartEal(const std::vector<std::string>& arguments, std::string& error) {
  std::vector<std::string> all = {"sextant"};
  const auto& chosen = arguments.empty() ? NewcomersDefault() : arguments;
  all.insert(all.end(), chosen.begin(), chosen.end());
  std::vector<char*> raw;
  for (std::string& argument : all) raw.push_back(argument.data());
  // A peer of a memif or vhost link that goes away must not take us with it.
  std::signal(SIGPIPE, SIG_IGN);
  if (rte_eal_init(static_cast<int>(raw.size()), raw.data()) >= 0) return true;
  error = std::string("EAL: ") + rte_strerror(rte_errno);
  return false;
}

}  // namespace sextant
