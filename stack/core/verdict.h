// SPDX-License-Identifier: BSD-3-Clause
// Verdict: what a stage decided for one packet: pass it on, drop it, or refuse
// it (drop it and tell the sender why, RFC 4443 §2.4 permitting). A stage that
// took the packet away from the runner answers Held().
// Any thread.
#pragma once

#include "base/drop_reason.h"
#include "wire/icmpv6.h"

namespace sextant {

template <typename Next>
class Verdict {
 public:
  constexpr Verdict(Next next) : next_(next) {}              // NOLINT(google-explicit-constructor)
  constexpr Verdict(DropReason reason) : reason_(reason) {}  // NOLINT(google-explicit-constructor)
  static constexpr Verdict Refuse(DropReason reason, wire::Icmp6Error error) {
    Verdict verdict(reason);
    verdict.refused_ = true;
    verdict.error_ = error;
    return verdict;
  }
  static constexpr Verdict Held() {
    Verdict verdict(DropReason::kNone);
    verdict.held_ = true;
    return verdict;
  }

  constexpr bool passed() const { return reason_ == DropReason::kNone && !held_; }
  constexpr bool held() const { return held_; }
  constexpr bool refused() const { return refused_; }
  // REQUIRES: passed().
  constexpr Next next() const { return next_; }
  constexpr DropReason reason() const { return reason_; }
  // REQUIRES: refused().
  constexpr wire::Icmp6Error error() const { return error_; }
  constexpr bool operator==(const Verdict&) const = default;

 private:
  Next next_{};
  DropReason reason_ = DropReason::kNone;
  bool refused_ = false;
  bool held_ = false;
  wire::Icmp6Error error_{};
};

}  // namespace sextant
