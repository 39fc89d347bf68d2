// SPDX-License-Identifier: BSD-3-Clause
// sextant-bench: Sextant and its peers on the same work, in the same run.
// Owned by the measuring thread.
#include <getopt.h>
#include <rte_eal.h>
#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "case.h"
#include "contestant.h"
#include "report.h"
#include "runner.h"

namespace sextant::bench {
namespace {

struct Options {
  RunnerOptions runner;
  std::string filter;       // a part of the case's name
  std::string contestants;  // comma-separated names; empty = all
  std::string json;
  int cpu = -1;  // -1 = the last one this process may use
  bool list = false;
};

constexpr char kUsage[] =
    "usage: sextant-bench [options]\n"
    "  --filter TEXT        only cases whose name contains TEXT\n"
    "  --contestants A,B    only these (the null harness always runs)\n"
    "  --runs N             kept rounds per case (9)\n"
    "  --run-ms MS          length of one run (10)\n"
    "  --quick              3 rounds of 2 ms: a look, not a measurement\n"
    "  --cpu N              the processor to run on (the last one allowed)\n"
    "  --json FILE          write the results as JSON too\n"
    "  --list               print the names of the cases\n";

bool Parse(int argc, char** argv, Options& o) {
  enum { kFilter, kContestants, kRuns, kRunMs, kQuick, kCpu, kJson, kList };
  const option rows[] = {{"filter", required_argument, nullptr, kFilter},
                         {"contestants", required_argument, nullptr, kContestants},
                         {"runs", required_argument, nullptr, kRuns},
                         {"run-ms", required_argument, nullptr, kRunMs},
                         {"quick", no_argument, nullptr, kQuick},
                         {"cpu", required_argument, nullptr, kCpu},
                         {"json", required_argument, nullptr, kJson},
                         {"list", no_argument, nullptr, kList},
                         {nullptr, 0, nullptr, 0}};
  for (int c = 0; (c = getopt_long(argc, argv, "", rows, nullptr)) != -1;) {
    switch (c) {
      case kFilter:
        o.filter = optarg;
        break;
      case kContestants:
        o.contestants = optarg;
        break;
      case kRuns:
        o.runner.runs = static_cast<unsigned>(std::max(1, std::atoi(optarg)));
        break;
      case kRunMs:
        o.runner.run_ms = std::max(0.1, std::atof(optarg));
        break;
      case kQuick:
        o.runner.runs = 3;
        o.runner.run_ms = 2;
        break;
      case kCpu:
        o.cpu = std::atoi(optarg);
        break;
      case kJson:
        o.json = optarg;
        break;
      case kList:
        o.list = true;
        break;
      default:
        return false;
    }
  }
  return optind == argc;
}

// One processor for everything, so that what the kernel does for its echoes is on the same clock.
bool PinTo(int cpu) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return false;
  for (int i = 0; i < CPU_SETSIZE && cpu < 0; ++i) {
    if (CPU_ISSET(CPU_SETSIZE - 1 - i, &allowed)) cpu = CPU_SETSIZE - 1 - i;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(cpu), &one);
  return sched_setaffinity(0, sizeof(one), &one) == 0;
}

bool StartEal() {
  std::vector<std::string> words = {
      "sextant-bench", "--no-pci", "--no-huge", "--no-shconf",    "-m",
      "512",           "--lcores", "0@(0,1)",   "--no-telemetry", "--log-level=*:error"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return rte_eal_init(static_cast<int>(argv.size()), argv.data()) >= 0;
}

bool Chosen(const std::string& list, std::string_view name) {
  if (list.empty()) return true;
  std::istringstream names(list);
  for (std::string one; std::getline(names, one, ',');) {
    if (one == name) return true;
  }
  return false;
}

std::vector<std::unique_ptr<Contestant>> Contestants(const std::string& chosen) {
  std::unique_ptr<Contestant> all[] = {MakeSextant(), MakeSwap(), MakeLwip(), MakeKernel()};
  std::vector<std::unique_ptr<Contestant>> contestants;
  contestants.push_back(MakeNull());
  for (auto& contestant : all) {
    if (contestant && Chosen(chosen, contestant->name())) {
      contestants.push_back(std::move(contestant));
    }
  }
  return contestants;
}

bool WriteJson(const std::string& path, const Setting& setting,
               const std::vector<CaseResult>& results) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return false;
  PrintJson(file, setting, results);
  return std::fclose(file) == 0;
}

int Main(const Options& o) {
  if (!StartEal()) return EXIT_FAILURE;
  if (!PinTo(o.cpu)) std::fprintf(stderr, "cannot pin to one processor\n");
  Runner runner(o.runner, Contestants(o.contestants));
  const Setting setting = DescribeSetting(o.runner);
  PrintHeader(stdout, setting);
  std::vector<CaseResult> results;
  for (const Case& c : AllCases()) {
    if (c.name.find(o.filter) == std::string::npos) continue;
    results.push_back(runner.Run(c));
    PrintCase(stdout, results.back());
  }
  if (!o.json.empty() && !WriteJson(o.json, setting, results)) {
    std::fprintf(stderr, "cannot write %s\n", o.json.c_str());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace sextant::bench

int main(int argc, char** argv) {
  using namespace sextant::bench;
  Options options;
  if (!Parse(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return EXIT_FAILURE;
  }
  if (options.list) {
    for (const Case& c : AllCases()) std::puts(c.name.c_str());
    return EXIT_SUCCESS;
  }
  return Main(options);
}
