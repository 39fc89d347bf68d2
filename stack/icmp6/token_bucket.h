// SPDX-License-Identifier: BSD-3-Clause
// Token buckets: how much may be sent at a steady rate with short bursts.
// RFC 4443 §2.4(f).
// Owned by one Core.
#pragma once

#include <algorithm>
#include <array>

#include "base/ipv6_address.h"
#include "base/siphash.h"
#include "base/time.h"

namespace sextant::icmp6 {

class TokenBucket {
 public:
  // Takes one token if there is one. `rate` tokens per second, `burst` at most.
  // A bucket that was never used is full.
  bool Take(Instant now, int64_t rate, int64_t burst, int64_t tokens = 1) {
    Refill(now, rate, burst);
    if (credit_ < tokens * kToken) return false;
    credit_ -= tokens * kToken;
    return true;
  }

 private:
  // Credit is counted in nanoseconds x rate, so that no rounding loses tokens.
  static constexpr int64_t kToken = 1'000'000'000;

  void Refill(Instant now, int64_t rate, int64_t burst) {
    const int64_t full = burst * kToken;
    // Time enough to fill it from empty; also keeps the product below in range.
    const Duration to_fill = Duration::Nanoseconds(full / std::max<int64_t>(rate, 1) + 1);
    const Duration elapsed = now - last_;
    credit_ = last_ == Instant() || elapsed >= to_fill
                  ? full
                  : std::min(full, credit_ + elapsed.nanoseconds() * rate);
    last_ = now;
  }

  Instant last_;
  int64_t credit_ = 0;
};

// One bucket per /64 prefix, in a table of fixed size: prefixes whose keyed
// hashes meet share one, which costs them errors, never memory.
class PrefixBuckets {
 public:
  explicit PrefixBuckets(const HashKey& key) : key_(key) {}

  bool Take(const Ipv6Address& peer, Instant now, int64_t rate, int64_t burst) {
    TableHasher hasher(key_);
    return buckets_[hasher.Finish(peer.high_word()) % kBuckets].Take(now, rate, burst);
  }

 private:
  static constexpr size_t kBuckets = 1024;
  const HashKey key_;
  std::array<TokenBucket, kBuckets> buckets_{};
};

}  // namespace sextant::icmp6
