// SPDX-License-Identifier: BSD-3-Clause
// Runs contestants against each other: A B A B ..., one short run each, with the null harness
// before and after every round. A round in which the null harness moved is thrown away.
// Owned by the measuring thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "case.h"
#include "contestant.h"

namespace sextant::bench {

struct RunnerOptions {
  unsigned runs = 9;        // kept rounds wanted per case
  double run_ms = 10;       // length of one run of one contestant
  double null_moves = 0.1;  // a null harness further off its median than this spoils a round
};

struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};
Spread SpreadOf(std::vector<double> values);

struct Result {
  std::string contestant;
  std::string skipped;          // why there is no figure; empty when there is one
  uint64_t frames_per_run = 0;  // echoes in one run
  std::vector<double> ns;       // per echo, one entry per kept round
};

// How many times cheaper `ours` is than `peer`: the median over the rounds that had both.
struct Ratio {
  std::string ours;
  std::string peer;
  Spread times;
};

struct CaseResult {
  Case work;
  double clk = 0;            // core clock ticks per TSC tick
  unsigned thrown_away = 0;  // rounds spoilt by a moving null harness
  bool calm = true;          // as many rounds were kept as were wanted
  std::vector<Result> results;
  std::vector<Ratio> ratios;
};

class Runner {
 public:
  // The first contestant is the null harness.
  Runner(const RunnerOptions& options, std::vector<std::unique_ptr<Contestant>> contestants);
  CaseResult Run(const Case& c);
  const std::vector<std::unique_ptr<Contestant>>& contestants() const { return contestants_; }

 private:
  struct Lane;
  std::string Start(Lane& lane, const Case& c);
  std::string Acquaint(Lane& lane);
  std::string Verify(Lane& lane);
  void Calibrate(Lane& lane);
  double TimedRun(Lane& lane, uint64_t bursts);
  void RunRound(std::vector<Lane>& lanes);

  const RunnerOptions options_;
  std::vector<std::unique_ptr<Contestant>> contestants_;
  Pool hot_pool_;
  Pool cold_pool_;
};

}  // namespace sextant::bench
