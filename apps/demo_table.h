// SPDX-License-Identifier: BSD-3-Clause
// DemoTable: shows how the demo gets on: in place on a terminal, else as a line
// now and then; and a summary at the end.
// Owned by one Core.
#pragma once

#include <string>

#include "demo_totals.h"
#include "sextant/control.h"

namespace sextant {

// Whoever asks Sextant in this demo.
enum class DemoMode { kKernel, kMemory };

class DemoTable {
 public:
  DemoTable(DemoMode mode, const DemoTotals& totals);

  void Introduce();
  // `now_ns` on the clock of the host.
  void Show(const HostStatistics& host, int64_t now_ns);
  // Prints what happened, and returns whether all was answered and nothing lost.
  bool Summarise(const HostStatistics& host);

 private:
  std::string Progress(const HostStatistics& host) const;

  const DemoMode mode_;
  const DemoTotals& totals_;
  const bool in_place_;
  bool drawn_ = false;
  int64_t shown_ns_ = 0;
};

}  // namespace sextant
