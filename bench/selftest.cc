// SPDX-License-Identifier: BSD-3-Clause
// Proves that the harness notices: contestants that cheat in one way each must be refused, and an
// honest one must not. Exits with the number of rows that went wrong.
// Owned by the measuring thread.
#include <rte_eal.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "contestant.h"
#include "runner.h"

namespace sextant::bench {
namespace {

constexpr size_t kHopLimitAt = kIp6At + 7;

// An echo by the port's own reply image, spoilt by `spoil`. Returns false to lose the frame.
using Spoil = bool (*)(rte_mbuf* m, uint8_t* frame, std::vector<rte_mbuf*>& kept);

struct Row {
  const char* name;
  const char* rule;
  Spoil spoil;
  const char* complaint;  // what the refusal contains; empty = accepted
};

bool FlipByte(uint8_t* at) {
  *at = static_cast<uint8_t>(*at ^ 1);
  return true;
}

// clang-format off
const Row kRows[] = {
    {"Honest",        "RFC 768",       [](auto*, uint8_t*, auto&) { return true; }, ""},
    {"OtherHopLimit", "RFC 8200 §3",   [](auto*, uint8_t* f, auto&) { f[kHopLimitAt] = 255; return true; }, ""},
    {"HopLimitZero",  "RFC 8200 §3",   [](auto*, uint8_t* f, auto&) { f[kHopLimitAt] = 0; return true; }, "hop limit"},
    {"BadChecksum",   "RFC 8200 §8.1", [](auto*, uint8_t* f, auto&) { return FlipByte(f + kUpperAt + 6); }, "checksum"},
    {"BadPayload",    "RFC 768",       [](auto*, uint8_t* f, auto&) { return FlipByte(f + kPayloadAt + 40); }, "payload"},
    {"WrongPort",     "RFC 768",       [](auto*, uint8_t* f, auto&) { return FlipByte(f + kUpperAt + 3); }, "does not echo"},
    {"WrongPeer",     "RFC 8200 §3",   [](auto*, uint8_t* f, auto&) { return FlipByte(f + kDestinationAt + 15); }, "does not echo"},
    {"WrongMac",      "RFC 2464 §3",   [](auto*, uint8_t* f, auto&) { return FlipByte(f + 5); }, "Ethernet"},
    {"OneByteLong",   "RFC 8200 §3",   [](auto* m, uint8_t*, auto&) { rte_pktmbuf_append(m, 1); return true; }, "does not echo"},
    {"UnaskedOffload","no offload",    [](auto* m, uint8_t*, auto&) { m->ol_flags |= RTE_MBUF_F_TX_UDP_CKSUM; return true; }, "without offload"},
    {"Loses",         "count",         [](auto* m, uint8_t*, auto&) { rte_pktmbuf_free(m); return false; }, "does not echo"},
    {"Keeps",         "pool level",    [](auto* m, uint8_t*, auto& kept) { rte_mbuf_refcnt_update(m, 1); kept.push_back(m); return true; }, "keeps mbufs"},
};
// clang-format on

class Cheat final : public Contestant {
 public:
  explicit Cheat(const Row& row) : row_(row) {}
  std::string_view name() const override { return row_.name; }
  std::string Prepare(const Case&, Port& port) override {
    port.FeedEchoes(true);
    return "";
  }
  void Finish() override {
    for (rte_mbuf* m : kept_) rte_pktmbuf_free(m);
    kept_.clear();
  }
  void RunBursts(Port& port, uint64_t) override {
    std::array<rte_mbuf*, kBurst> burst;
    while (const size_t count = port.Receive(burst)) {
      // The last frame of a burst is the one that is tampered with.
      rte_mbuf* last = burst[count - 1];
      const bool send = row_.spoil(last, rte_pktmbuf_mtod(last, uint8_t*), kept_);
      port.Transmit(std::span(burst).first(send ? count : count - 1));
    }
  }

 private:
  const Row& row_;
  std::vector<rte_mbuf*> kept_;
};

int Check(const Row& row, const Result& result) {
  const bool refused = !result.skipped.empty();
  const bool wanted = *row.complaint != '\0';
  const bool right =
      refused == wanted && (!wanted || result.skipped.find(row.complaint) != std::string::npos);
  std::printf("%s %-15s %-14s %s\n", right ? "ok  " : "FAIL", row.name, row.rule,
              refused ? result.skipped.c_str() : "accepted");
  return right ? 0 : 1;
}

int Main() {
  std::vector<std::string> words = {
      "selftest", "--no-pci", "--no-huge", "--no-shconf",    "-m",
      "512",      "--lcores", "0@(0,1)",   "--no-telemetry", "--log-level=*:error"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  if (rte_eal_init(static_cast<int>(argv.size()), argv.data()) < 0) return 1;
  std::vector<std::unique_ptr<Contestant>> contestants;
  contestants.push_back(MakeNull());
  for (const Row& row : kRows) contestants.push_back(std::make_unique<Cheat>(row));
  Runner runner({.runs = 1, .run_ms = 0.05, .null_moves = 100}, std::move(contestants));
  const CaseResult result = runner.Run(AllCases().front());
  int wrong = 0;
  for (size_t i = 0; i < std::size(kRows); ++i) wrong += Check(kRows[i], result.results[i + 1]);
  return wrong;
}

}  // namespace
}  // namespace sextant::bench

int main() { return sextant::bench::Main(); }
