// SPDX-License-Identifier: BSD-3-Clause
// DemoKernelClient: pings Sextant and exchanges UDP with it through ordinary
// sockets of this machine's kernel, in a process of its own.
// Any thread.
#pragma once

#include <sys/types.h>

#include "demo_totals.h"

namespace sextant {

// Totals that this process and its children share; null without memory.
DemoTotals* ShareTotals();

class DemoKernelClient {
 public:
  // Makes the process, which waits for Go(). To be called before any thread is made.
  explicit DemoKernelClient(DemoTotals& totals);
  // Ends it, if it has not ended itself.
  ~DemoKernelClient();
  DemoKernelClient(const DemoKernelClient&) = delete;
  DemoKernelClient& operator=(const DemoKernelClient&) = delete;

  // Lets it begin; it works on `address` and DemoPlan::kPort.
  void Go();
  // Whether it has finished.
  bool Finished();

 private:
  int start_[2] = {-1, -1};
  pid_t child_ = -1;
};

}  // namespace sextant
