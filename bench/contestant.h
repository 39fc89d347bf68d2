// SPDX-License-Identifier: BSD-3-Clause
// Somebody who echoes: Sextant, a peer, or a yardstick. Each is one file with one Make function;
// a new one is declared here, listed in main.cc and added to meson.build.
// Owned by the measuring thread.
#pragma once

#include <rte_cycles.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "case.h"
#include "port.h"

namespace sextant::bench {

class Contestant {
 public:
  Contestant() = default;
  Contestant(const Contestant&) = delete;
  Contestant& operator=(const Contestant&) = delete;
  virtual ~Contestant() = default;

  virtual std::string_view name() const = 0;

  // Makes ready for a case; `port` stays until Finish(). Returns why the case cannot be done, or
  // an empty string. Finish() is called in both events.
  virtual std::string Prepare(const Case& c, Port& port) = 0;
  virtual void Finish() {}

  // Echoes what the port offers until `bursts` bursts have been taken from it and answered.
  virtual void RunBursts(Port& port, uint64_t bursts) = 0;

  // What `bursts` bursts cost, in TSC ticks. The port is part of the figure, and is printed beside
  // it; a contestant that is not fed by the port takes out its own feeding.
  virtual uint64_t Measure(Port& port, uint64_t bursts) {
    const uint64_t begin = rte_rdtsc_precise();
    RunBursts(port, bursts);
    return rte_rdtsc_precise() - begin;
  }
};

// Sextant, by the interface that the case names.
std::unique_ptr<Contestant> MakeSextant();
// The port alone: it is fed echoes, which go straight back.
std::unique_ptr<Contestant> MakeNull();
// The least an echo can be: MAC addresses, IPv6 addresses and ports swapped, nothing checked.
std::unique_ptr<Contestant> MakeSwap();
// lwIP as the distribution ships it, through its raw interface. Null when built without.
std::unique_ptr<Contestant> MakeLwip();
// The kernel, over a veth pair in a network namespace of its own.
std::unique_ptr<Contestant> MakeKernel();

}  // namespace sextant::bench
