// SPDX-License-Identifier: BSD-3-Clause
// Prints results: a table for people, JSON for the plots and the regression gate.
// Any thread.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "runner.h"

namespace sextant::bench {

// Where and how the figures came about.
struct Setting {
  std::string processor;
  std::string kernel;
  std::string instruction_set;  // what the compiler was allowed to use
  std::string compiler;
  uint64_t tsc_hz = 0;
  RunnerOptions options;
};
Setting DescribeSetting(const RunnerOptions& options);

void PrintHeader(std::FILE* out, const Setting& setting);
void PrintCase(std::FILE* out, const CaseResult& result);
void PrintJson(std::FILE* out, const Setting& setting, const std::vector<CaseResult>& results);

}  // namespace sextant::bench
