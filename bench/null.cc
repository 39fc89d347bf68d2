// SPDX-License-Identifier: BSD-3-Clause
// The null harness: what the port itself costs. A block of runs is only worth as much as this
// figure is steady.
// Owned by the measuring thread.
#include <array>

#include "contestant.h"

namespace sextant::bench {
namespace {

class Null final : public Contestant {
 public:
  std::string_view name() const override { return "null"; }

  std::string Prepare(const Case&, Port& port) override {
    port.FeedEchoes(true);
    return "";
  }

  void RunBursts(Port& port, uint64_t) override {
    std::array<rte_mbuf*, kBurst> burst;
    while (const size_t count = port.Receive(burst)) port.Transmit(std::span(burst).first(count));
  }
};

}  // namespace

std::unique_ptr<Contestant> MakeNull() { return std::make_unique<Null>(); }

}  // namespace sextant::bench
