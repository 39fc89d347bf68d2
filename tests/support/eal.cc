// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "support/eal.h"

#include <rte_eal.h>

#include <string>
#include <vector>

#include "base/check.h"

namespace sextant::test {

void StartEal(const char* program) {
  // No shared configuration, so that several test programs may run at the same time; lcore 0
  // floats over both processors, so that it does not fight for one of them.
  std::vector<std::string> words = {
      program, "--no-huge", "--no-pci", "--no-shconf", "--no-telemetry",
      "-m",    "256",       "--lcores", "0@(0,1)",     "--log-level=*:error"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  SX_CHECK(rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0);
}

}  // namespace sextant::test
