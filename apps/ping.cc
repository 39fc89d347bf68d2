// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ping.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

namespace sextant {
namespace {

constexpr int64_t kTurn = 5'000'000;

double Milliseconds(int64_t ns) { return static_cast<double>(ns) / 1e6; }

std::string Explain(int error) {
  if (error == EADDRNOTAVAIL) return "no address of ours can be used towards it";
  if (error == EMSGSIZE) return "longer than a packet";
  return std::strerror(error);
}

// RFC 4443 §3.1, by code.
constexpr const char* kUnreachable[] = {
    "no route", "prohibited", "beyond scope", "address", "port", "policy", "reject route",
};

// What an ICMPv6 error says, in words: "destination unreachable (port)".
std::string Describe(const EchoError& error) {
  const std::string code = "code " + std::to_string(error.code);
  switch (error.type) {
    case 1:
      return "destination unreachable (" +
             (error.code < std::size(kUnreachable) ? kUnreachable[error.code] : code) + ")";
    case 2:
      return "packet too big (mtu " + std::to_string(error.value) + ")";
    case 3:
      return std::string("time exceeded (") +
             (error.code == 0   ? "hop limit"
              : error.code == 1 ? "reassembly"
                                : code) +
             ")";
    case 4:
      return "parameter problem (" + code + ", pointer " + std::to_string(error.value) + ")";
    default:
      return "error of type " + std::to_string(error.type) + " (" + code + ")";
  }
}

// One run of the command.
class PingRun {
 public:
  PingRun(Operator& who, const PingOptions& options)
      : who_(who), options_(options), pinger_(who.session.host()) {}

  // False when a request could not be sent; `error` says why.
  bool Run(std::string& error) {
    int64_t next = now();
    int64_t end = next + options_.patience_ns;
    while (now() < end && !Complete() && !who_.interrupted()) {
      if (sent_ < options_.count && now() >= next) {
        const int failed = pinger_.Send(options_.target);
        if (failed != 0) {
          error = Explain(failed);
          return false;
        }
        ++sent_;
        next += options_.interval_ns;
        end = now() + std::max(options_.patience_ns, options_.interval_ns);
      }
      if (!who_.session.Turn(kTurn)) break;
      while (const auto answer = pinger_.Take()) Tell(*answer);
    }
    return true;
  }

  bool Complete() const {
    return static_cast<int>(answered_.size()) == options_.count && sent_ == options_.count;
  }

  void Summarise(const std::string& name) {
    std::printf("%s: %d sent, %zu answered", name.c_str(), sent_, answered_.size());
    if (!times_.empty()) {
      std::sort(times_.begin(), times_.end());
      std::printf("; round trip min/median/max %.3f/%.3f/%.3f ms", Milliseconds(times_.front()),
                  Milliseconds(times_[(times_.size() - 1) / 2]), Milliseconds(times_.back()));
    }
    std::printf("\n");
  }

 private:
  int64_t now() const { return who_.session.host().now_ns(); }

  void Tell(const EchoAnswer& answer) {
    std::array<char, INET6_ADDRSTRLEN> from{};
    inet_ntop(AF_INET6, &answer.from, from.data(), from.size());
    if (answer.error) {
      std::printf("from %s: seq=%u %s\n", from.data(), unsigned{answer.sequence},
                  Describe(*answer.error).c_str());
      std::fflush(stdout);
      return;
    }
    // Of a group every member answers.
    const bool first = answered_.insert(answer.sequence).second;
    std::printf("%zu bytes from %s: seq=%u hop limit=%u time=%.3f ms%s\n", answer.size, from.data(),
                unsigned{answer.sequence}, unsigned{answer.hop_limit},
                Milliseconds(answer.round_trip_ns), first ? "" : " (one more answer)");
    times_.push_back(answer.round_trip_ns);
    std::fflush(stdout);
  }

  Operator& who_;
  const PingOptions& options_;
  Pinger pinger_;
  int sent_ = 0;
  std::set<uint16_t> answered_;
  std::vector<int64_t> times_;
};

}  // namespace

bool ParseTarget(Host& host, const std::string& text, sockaddr_in6& target, std::string& error) {
  const size_t percent = text.find('%');
  target = {};
  target.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, text.substr(0, percent).c_str(), &target.sin6_addr) != 1) {
    error = text + " is not an IPv6 address";
    return false;
  }
  if (percent != std::string::npos) {
    const std::string name = text.substr(percent + 1);
    target.sin6_scope_id = InterfaceIndex(host, name);
    if (target.sin6_scope_id == 0) {
      error = "there is no interface " + name;
      return false;
    }
  } else if (IN6_IS_ADDR_LINKLOCAL(&target.sin6_addr)) {
    error = text + " is on which link? Write " + text + "%INTERFACE";
    return false;
  }
  return true;
}

bool RunPing(Operator& who, const std::string& name, const PingOptions& options) {
  PingRun run(who, options);
  std::string error;
  if (!run.Run(error)) {
    std::printf("ping: %s: %s\n", name.c_str(), error.c_str());
    return false;
  }
  run.Summarise(name);
  return run.Complete();
}

}  // namespace sextant
