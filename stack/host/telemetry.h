// SPDX-License-Identifier: BSD-3-Clause
// Telemetry: answers DPDK's telemetry socket under /sextant/. The socket has a
// thread of its own, which only sends mail to the host and waits for the answer.
// Owned by one Core; the process's telemetry thread asks.
#pragma once

#include "core/mailbox.h"

namespace sextant {

class Graph;

// While it lives, `graph` can be asked. Of several hosts in one process the
// first one answers.
class Telemetry {
 public:
  Telemetry(Graph& graph, Mailbox& mailbox);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

 private:
  Graph& graph_;
};

}  // namespace sextant
