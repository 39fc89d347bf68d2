// SPDX-License-Identifier: BSD-3-Clause
// The table and the JSON file.
// Any thread.
#include "report.h"

#include <rte_cycles.h>
#include <sys/utsname.h>

#include <cinttypes>
#include <fstream>

namespace sextant::bench {
namespace {

std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string InstructionSet() {
#if defined(__AVX512VL__)
  return "x86-64-v4";
#elif defined(__AVX2__)
  return "x86-64-v3";
#elif defined(__SSE4_2__)
  return "x86-64-v2";
#else
  return "baseline";
#endif
}

std::string Compiler() {
#if defined(__clang__)
  return __VERSION__;
#else
  return std::string("GCC ") + __VERSION__;
#endif
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

void PrintSpread(std::FILE* out, const Spread& s) {
  std::fprintf(out, "{\"median\": %.3f, \"min\": %.3f, \"max\": %.3f}", s.median, s.min, s.max);
}

void PrintResult(std::FILE* out, const Result& r) {
  std::fprintf(out, "        {\"contestant\": %s", Quoted(r.contestant).c_str());
  if (!r.skipped.empty()) {
    std::fprintf(out, ", \"skipped\": %s}", Quoted(r.skipped).c_str());
    return;
  }
  std::fprintf(out, ", \"frames_per_run\": %" PRIu64 ", \"ns\": ", r.frames_per_run);
  PrintSpread(out, SpreadOf(r.ns));
  std::fprintf(out, ", \"runs_ns\": [");
  for (size_t i = 0; i < r.ns.size(); ++i) std::fprintf(out, "%s%.3f", i ? ", " : "", r.ns[i]);
  std::fprintf(out, "]}");
}

void PrintRatio(std::FILE* out, const Ratio& r) {
  std::fprintf(out, "        {\"of\": %s, \"to\": %s, \"times\": ", Quoted(r.ours).c_str(),
               Quoted(r.peer).c_str());
  PrintSpread(out, r.times);
  std::fprintf(out, "}");
}

template <typename T>
void PrintList(std::FILE* out, const char* key, const std::vector<T>& list,
               void (*print)(std::FILE*, const T&)) {
  std::fprintf(out, "      \"%s\": [", key);
  for (size_t i = 0; i < list.size(); ++i) {
    std::fprintf(out, i ? ",\n" : "\n");
    print(out, list[i]);
  }
  std::fprintf(out, list.empty() ? "]" : "\n      ]");
}

void PrintCaseJson(std::FILE* out, const CaseResult& r) {
  const Case& c = r.work;
  std::fprintf(out,
               "    {\n      \"name\": %s,\n      \"flows\": %u, \"sockets\": %u, "
               "\"payload_bytes\": %u, \"offload\": %s, \"cold\": %s,\n"
               "      \"clk\": %.3f, \"calm\": %s, \"rounds_thrown_away\": %u,\n",
               Quoted(c.name).c_str(), c.flows, c.sockets, c.payload_bytes,
               c.offload ? "true" : "false", c.cold ? "true" : "false", r.clk,
               r.calm ? "true" : "false", r.thrown_away);
  PrintList(out, "results", r.results, PrintResult);
  std::fprintf(out, ",\n");
  PrintList(out, "ratios", r.ratios, PrintRatio);
  std::fprintf(out, "\n    }");
}

}  // namespace

Setting DescribeSetting(const RunnerOptions& options) {
  utsname system = {};
  uname(&system);
  return {Processor(),      std::string(system.sysname) + " " + system.release,
          InstructionSet(), Compiler(),
          rte_get_tsc_hz(), options};
}

void PrintHeader(std::FILE* out, const Setting& s) {
  std::fprintf(out, "%s, %s, TSC %.0f MHz, built for %s by %s\n", s.processor.c_str(),
               s.kernel.c_str(), static_cast<double>(s.tsc_hz) / 1e6, s.instruction_set.c_str(),
               s.compiler.c_str());
  std::fprintf(
      out,
      "ns per echo, bursts of %zu, %u rounds of %.0f ms each; `null` is the port alone and "
      "part of every\nfigure but the kernel's; clk = core clock / TSC; ratios are medians "
      "over the rounds\n\n",
      kBurst, s.options.runs, s.options.run_ms);
}

void PrintCase(std::FILE* out, const CaseResult& r) {
  const double null = r.results.empty() ? 0 : SpreadOf(r.results.front().ns).median;
  std::fprintf(out, "%s  (flows %u, sockets %u, clk %.2f, rounds thrown away %u%s)\n",
               r.work.name.c_str(), r.work.flows, r.work.sockets, r.clk, r.thrown_away,
               r.calm ? "" : ", NOT CALM");
  for (const Result& result : r.results) {
    if (!result.skipped.empty()) {
      std::fprintf(out, "  %-10s n/a: %s\n", result.contestant.c_str(), result.skipped.c_str());
      continue;
    }
    const Spread s = SpreadOf(result.ns);
    std::fprintf(out, "  %-10s %10.1f   min %10.1f   max %10.1f   null %5.1f\n",
                 result.contestant.c_str(), s.median, s.min, s.max, null);
  }
  for (const Ratio& ratio : r.ratios) {
    std::fprintf(out, "  %s vs %-8s %8.2f x   min %8.2f   max %8.2f\n", ratio.ours.c_str(),
                 ratio.peer.c_str(), ratio.times.median, ratio.times.min, ratio.times.max);
  }
  std::fprintf(out, "\n");
  std::fflush(out);
}

void PrintJson(std::FILE* out, const Setting& s, const std::vector<CaseResult>& results) {
  std::fprintf(out,
               "{\n  \"schema\": 1,\n  \"processor\": %s,\n  \"kernel\": %s,\n"
               "  \"instruction_set\": %s,\n  \"compiler\": %s,\n  \"tsc_hz\": %" PRIu64
               ",\n  \"burst\": %zu,\n  \"runs\": %u,\n  \"run_ms\": %.1f,\n",
               Quoted(s.processor).c_str(), Quoted(s.kernel).c_str(),
               Quoted(s.instruction_set).c_str(), Quoted(s.compiler).c_str(), s.tsc_hz, kBurst,
               s.options.runs, s.options.run_ms);
  std::fprintf(out, "  \"cases\": [");
  for (size_t i = 0; i < results.size(); ++i) {
    std::fprintf(out, i ? ",\n" : "\n");
    PrintCaseJson(out, results[i]);
  }
  std::fprintf(out, "\n  ]\n}\n");
}

}  // namespace sextant::bench
