// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "demo_table.h"

#include <unistd.h>

#include <array>
#include <cstdarg>
#include <cstdio>

#include "demo_address.h"

namespace sextant {
namespace {

constexpr int64_t kRedraw = 200'000'000;
constexpr int64_t kNextLine = 1'000'000'000;
constexpr int kTableLines = 6;

[[gnu::format(printf, 1, 2)]] std::string Format(const char* format, ...) {
  std::array<char, 160> text;
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return text.data();
}

// 12345678 as "12 345 678".
std::string Grouped(uint64_t number) {
  if (number < 1'000) return std::to_string(number);
  return Grouped(number / 1'000) + Format(" %03u", static_cast<unsigned>(number % 1'000));
}

std::string Milliseconds(uint64_t ns) {
  return ns == 0 ? "-" : Format("%.3f ms", static_cast<double>(ns) / 1e6);
}

std::string Row(const char* what, uint64_t sent, uint64_t answered, uint64_t median,
                uint64_t most) {
  return Format("  %-12s %10s %10s %10s   %10s   %10s\n", what, Grouped(sent).c_str(),
                Grouped(answered).c_str(), Grouped(sent - answered).c_str(),
                Milliseconds(median).c_str(), Milliseconds(most).c_str());
}

std::string Lost(uint64_t sent, uint64_t answered) {
  return sent == answered ? "none lost" : Grouped(sent - answered) + " LOST";
}

}  // namespace

DemoTable::DemoTable(DemoMode mode, const DemoTotals& totals)
    : mode_(mode), totals_(totals), in_place_(isatty(STDOUT_FILENO) != 0) {}

void DemoTable::Introduce() {
  if (mode_ == DemoMode::kKernel) {
    std::printf(
        "Sextant has %s on the TAP device %s and serves UDP echo. This machine's kernel,\n"
        "%s on the other end, pings it and sends it datagrams, at most %lu unanswered.\n\n",
        kDemoAddress, kDemoTap, kDemoPeer, DemoPlan::kOutstanding);
  } else {
    std::printf(
        "Two Sextant hosts in this process, joined by a cable in memory: %s serves UDP\n"
        "echo; %s pings it and sends it datagrams, at most %lu unanswered.\n\n",
        kDemoAddress, kDemoPeer, DemoPlan::kOutstanding);
  }
  std::fflush(stdout);
}

std::string DemoTable::Progress(const HostStatistics& host) const {
  std::string text = Format("  %-12s %10s %10s %10s   %10s   %10s\n",
                            mode_ == DemoMode::kKernel ? "the kernel's" : "the other's", "sent",
                            "answered", "open", "median", "99 %");
  text += Row("pings", totals_.pings_sent, totals_.pings_answered, totals_.ping_median_ns, 0);
  text += Row("UDP echoes", totals_.echoes_sent, totals_.echoes_returned, totals_.echo_median_ns,
              totals_.echo_p99_ns);
  text += Format("\n  %-12s %10s %10s %10s   %10s\n", "Sextant's", "received", "delivered",
                 "dropped", "sent");
  text += Format("  %-12s %10s %10s %10s   %10s\n", "packets", Grouped(host.received).c_str(),
                 Grouped(host.delivered).c_str(), Grouped(host.dropped + host.refused).c_str(),
                 Grouped(host.sent).c_str());
  return text;
}

void DemoTable::Show(const HostStatistics& host, int64_t now_ns) {
  if (now_ns - shown_ns_ < (in_place_ ? kRedraw : kNextLine)) return;
  shown_ns_ = now_ns;
  if (in_place_) {
    if (drawn_) std::printf("\x1b[%dA\x1b[J", kTableLines);
    std::fputs(Progress(host).c_str(), stdout);
    drawn_ = true;
  } else {
    std::printf("  %s pings and %s UDP echoes answered; Sextant has received %s packets\n",
                Grouped(totals_.pings_answered).c_str(), Grouped(totals_.echoes_returned).c_str(),
                Grouped(host.received).c_str());
  }
  std::fflush(stdout);
}

bool DemoTable::Summarise(const HostStatistics& host) {
  if (in_place_ && drawn_) std::printf("\x1b[%dA\x1b[J", kTableLines);
  std::printf("%s\n", Progress(host).c_str());
  const uint64_t pings = totals_.pings_sent;
  const uint64_t answered = totals_.pings_answered;
  const uint64_t echoes = totals_.echoes_sent;
  const uint64_t returned = totals_.echoes_returned;
  const char* const who = mode_ == DemoMode::kKernel ? "kernel" : "the other host";
  std::printf("%s -> Sextant: %s pings, %s, median %s;\n", who, Grouped(pings).c_str(),
              pings == answered ? "all answered" : Lost(pings, answered).c_str(),
              Milliseconds(totals_.ping_median_ns).c_str());
  std::printf("  %s UDP echoes, %s, %s, median %s.\n", Grouped(echoes).c_str(),
              Lost(echoes, returned).c_str(),
              totals_.echoes_wrong == 0 ? "every byte right"
                                        : (Grouped(totals_.echoes_wrong) + " WRONG").c_str(),
              Milliseconds(totals_.echo_median_ns).c_str());
  const uint64_t sum = host.delivered + host.held + host.refused + host.dropped;
  std::printf("Sextant: %s packets received = %s delivered + %s dropped for a counted reason%s\n",
              Grouped(host.received).c_str(), Grouped(host.delivered).c_str(),
              Grouped(host.dropped + host.refused).c_str(),
              host.held == 0 ? "" : (" + " + Grouped(host.held) + " held").c_str());
  std::fflush(stdout);
  return pings == DemoPlan::kTicks && echoes == DemoPlan::kEchoes && pings == answered &&
         echoes == returned && totals_.echoes_wrong == 0 && sum == host.received;
}

}  // namespace sextant
