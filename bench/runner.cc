// SPDX-License-Identifier: BSD-3-Clause
// Interleaved runs, their timing and their verification.
// Owned by the measuring thread.
#include "runner.h"

#include <rte_cycles.h>
#include <rte_mempool.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace sextant::bench {
namespace {

constexpr unsigned kHotMbufs = 8191;
constexpr unsigned kHotCache = 256;
constexpr unsigned kColdMbufs = 65535;  // some 150 MB
// A spoilt round is repeated until this many rounds have been run per round wanted.
constexpr unsigned kPatience = 4;
// Passes granted to resolve neighbors and settle in.
constexpr unsigned kAcquaintPasses = 16;
// A peer that needs a millisecond per frame is not asked to echo all 64 000 under inspection.
constexpr double kVerifySeconds = 0.3;

double SecondsSince(uint64_t begin) {
  return static_cast<double>(rte_rdtsc() - begin) / static_cast<double>(rte_get_tsc_hz());
}

// Bound by its own dependency: a chain of additions runs at one per core clock tick.
double ClockRatio() {
  constexpr uint64_t kAdds = 4'000'000;
  double best = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const uint64_t begin = rte_rdtsc_precise();
    uint64_t x = 0;
    for (uint64_t i = 0; i < kAdds / 8; ++i) {
      asm volatile(
          "add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0\n"
          "add $1, %0\n add $1, %0\n add $1, %0\n add $1, %0\n"
          : "+r"(x));
    }
    const auto ticks = static_cast<double>(rte_rdtsc_precise() - begin);
    best = std::max(best, static_cast<double>(kAdds) / ticks);
  }
  return best;
}

std::string Describe(const Port& port) {
  const Port::Tally& t = port.tally();
  return "offered " + std::to_string(t.offered) + ", answered " + std::to_string(t.answered) +
         ", wrong " + std::to_string(t.wrong);
}

}  // namespace

Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {values[values.size() / 2], values.front(), values.back()};
}

// One contestant in one case.
struct Runner::Lane {
  Lane(Contestant& who, const Case& c, const FrameSet& frames, rte_mempool* pool)
      : contestant(who), port(c, frames, pool) {}
  Contestant& contestant;
  Port port;
  Result result;
  uint64_t bursts = 1;
  std::vector<double> rounds;  // ns per echo, of every round
  std::vector<double> after;   // the null harness again, when the round was over
};

Runner::Runner(const RunnerOptions& options, std::vector<std::unique_ptr<Contestant>> contestants)
    : options_(options),
      contestants_(std::move(contestants)),
      hot_pool_(MakePool("bench_hot", kHotMbufs, kHotCache, 0)),
      cold_pool_(MakePool("bench_cold", kColdMbufs, 0, 0)) {}

// Runs `bursts` bursts and returns ns per echo; a mistake ends up in result.skipped.
double Runner::TimedRun(Lane& lane, uint64_t bursts) {
  rte_mempool* pool = lane.port.pool();
  const unsigned level = rte_mempool_avail_count(pool);
  lane.port.Offer(bursts * kBurst);
  const uint64_t ticks = lane.contestant.Measure(lane.port, bursts);
  const Port::Tally& tally = lane.port.tally();
  if (tally.answered != tally.offered || tally.wrong != 0 || lane.port.left() != 0) {
    lane.result.skipped = "lost or mangled echoes: " + Describe(lane.port);
  } else if (rte_mempool_avail_count(pool) != level) {
    lane.result.skipped = "keeps mbufs";
  }
  return static_cast<double>(ticks) * 1e9 / static_cast<double>(rte_get_tsc_hz()) /
         static_cast<double>(tally.offered);
}

// The first frames may be lost while neighbors are being resolved; later ones may not.
std::string Runner::Acquaint(Lane& lane) {
  for (unsigned pass = 0; pass < kAcquaintPasses; ++pass) {
    lane.port.Offer(kPeers * kBurst);
    lane.contestant.RunBursts(lane.port, kPeers);
    const Port::Tally& tally = lane.port.tally();
    if (tally.answered == tally.offered && lane.port.left() == 0) return "";
  }
  return "does not echo: " + Describe(lane.port);
}

// One pass over all frames of the case, with every byte inspected.
std::string Runner::Verify(Lane& lane) {
  lane.port.InspectAll(true);
  const uint64_t begin = rte_rdtsc();
  const uint64_t bursts = (lane.port.frames().count() + kBurst - 1) / kBurst;
  std::string why;
  for (uint64_t i = 0; i < bursts && why.empty() && SecondsSince(begin) < kVerifySeconds; ++i) {
    lane.port.Offer(kBurst);
    lane.contestant.RunBursts(lane.port, 1);
    const Port::Tally& tally = lane.port.tally();
    if (!lane.port.complaint().empty()) {
      why = "wrong echo: " + lane.port.complaint();
    } else if (tally.answered != tally.offered || tally.wrong != 0) {
      why = "lost or mangled echoes: " + Describe(lane.port);
    }
  }
  lane.port.InspectAll(false);
  return why;
}

// Finds how many bursts fill a run.
void Runner::Calibrate(Lane& lane) {
  const double wanted_ns = options_.run_ms * 1e6;
  for (int step = 0; step < 4 && lane.result.skipped.empty(); ++step) {
    const double burst_ns = TimedRun(lane, lane.bursts) * static_cast<double>(kBurst);
    const double fit = wanted_ns / std::max(burst_ns, 1.0);
    lane.bursts = std::clamp<uint64_t>(static_cast<uint64_t>(fit), 1, lane.bursts * 64);
  }
}

std::string Runner::Start(Lane& lane, const Case& c) {
  std::string why = lane.contestant.Prepare(c, lane.port);
  if (why.empty()) why = Acquaint(lane);
  if (why.empty()) why = Verify(lane);
  return why;
}

// One run of everybody, and the null harness again at the end.
void Runner::RunRound(std::vector<Lane>& lanes) {
  for (Lane& lane : lanes) {
    const bool running = lane.result.skipped.empty();
    lane.rounds.push_back(running ? TimedRun(lane, lane.bursts) : 0);
  }
  Lane& null = lanes.front();
  null.after.push_back(TimedRun(null, null.bursts));
}

namespace {

// The rounds worth keeping, in the order they were run.
struct Kept {
  std::vector<size_t> rounds;
  bool calm = false;  // the null harness stayed near its median in all of them
};

Kept KeepRounds(const std::vector<double>& before, const std::vector<double>& after,
                const RunnerOptions& options) {
  std::vector<double> all = before;
  all.insert(all.end(), after.begin(), after.end());
  const double usual = SpreadOf(all).median;
  const auto moved = [&](size_t i) {
    return std::max(std::abs(before[i] - usual), std::abs(after[i] - usual)) / usual;
  };
  Kept kept;
  kept.rounds.resize(before.size());
  std::iota(kept.rounds.begin(), kept.rounds.end(), size_t{0});
  std::ranges::stable_sort(kept.rounds, {}, moved);
  const auto spoilt =
      std::ranges::find_if(kept.rounds, [&](size_t i) { return moved(i) > options.null_moves; });
  const auto calm = static_cast<size_t>(spoilt - kept.rounds.begin());
  kept.calm = calm >= options.runs;
  // Where calm never came, the least spoilt rounds are shown, and the table says so.
  kept.rounds.resize(std::min<size_t>(std::max<size_t>(calm, options.runs), before.size()));
  std::ranges::sort(kept.rounds);
  return kept;
}

std::vector<Ratio> RatiosOf(const std::vector<Result>& results) {
  const auto ours = std::ranges::find(results, "sextant", &Result::contestant);
  std::vector<Ratio> ratios;
  if (ours == results.end() || !ours->skipped.empty()) return ratios;
  for (const Result& peer : results) {
    if (&peer == &*ours || peer.contestant == "null" || !peer.skipped.empty()) continue;
    std::vector<double> times;
    for (size_t i = 0; i < peer.ns.size(); ++i) times.push_back(peer.ns[i] / ours->ns[i]);
    ratios.push_back({ours->contestant, peer.contestant, SpreadOf(times)});
  }
  return ratios;
}

}  // namespace

CaseResult Runner::Run(const Case& c) {
  CaseResult out;
  out.work = c;
  out.clk = ClockRatio();
  const FrameSet frames(c);
  std::vector<Lane> lanes;
  lanes.reserve(contestants_.size());
  for (const auto& contestant : contestants_) {
    Lane& lane =
        lanes.emplace_back(*contestant, c, frames, c.cold ? cold_pool_.get() : hot_pool_.get());
    lane.result.contestant = contestant->name();
    lane.result.skipped = Start(lane, c);
    Calibrate(lane);
  }

  Kept kept;
  for (unsigned round = 0; round < options_.runs * kPatience && !kept.calm; ++round) {
    RunRound(lanes);
    kept = KeepRounds(lanes.front().rounds, lanes.front().after, options_);
  }
  out.thrown_away = static_cast<unsigned>(lanes.front().rounds.size() - kept.rounds.size());
  out.calm = kept.calm;

  for (Lane& lane : lanes) {
    lane.contestant.Finish();
    lane.result.frames_per_run = lane.bursts * kBurst;
    if (lane.result.skipped.empty()) {
      for (const size_t round : kept.rounds) lane.result.ns.push_back(lane.rounds[round]);
    }
    out.results.push_back(std::move(lane.result));
  }
  out.ratios = RatiosOf(out.results);
  return out;
}

}  // namespace sextant::bench
