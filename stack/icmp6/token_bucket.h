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
  // True when there is a token. Takes `tokens`, which may be none, and more than
  // there are: that is then owed. `rate` tokens per second, `burst` at most. A
  // bucket that was never used is full.
  bool Take(Instant now, int64_t rate, int64_t burst, int64_t tokens = 1) {
    Refill(now, rate, burst);
    if (credit_ < kToken) return false;
    credit_ -= tokens * kToken;
    return true;
  }
  Instant last_used() const { return last_; }

 private:
  // Credit is counted in nanoseconds x rate, so that no rounding loses tokens.
  static constexpr int64_t kToken = 1'000'000'000;
  // The most that can be owed.
  static constexpr int64_t kMostTokens = 2;

  void Refill(Instant now, int64_t rate, int64_t burst) {
    const int64_t full = burst * kToken;
    // Time enough to fill it from empty; also keeps the product below in range.
    const Duration to_fill =
        Duration::Nanoseconds((full + kMostTokens * kToken) / std::max<int64_t>(rate, 1) + 1);
    const Duration elapsed = now - last_;
    credit_ = last_ == Instant() || elapsed >= to_fill
                  ? full
                  : std::min(full, credit_ + elapsed.nanoseconds() * rate);
    last_ = now;
  }

  Instant last_;
  int64_t credit_ = 0;
};

// One bucket per /64 prefix, in a table of fixed size. Principle: prefixes never
// share a bucket, so nobody can spend another's errors by sending from many
// prefixes. Where room is short, the prefix that was quiet for longest gives its
// bucket up, and begins with a full one when it comes back: that grants a few
// errors more, within what there is for all.
class PrefixBuckets {
 public:
  explicit PrefixBuckets(const HashKey& key) : key_(key) {}

  bool Take(const Ipv6Address& peer, Instant now, int64_t rate, int64_t burst) {
    return Find(peer.high_word()).Take(now, rate, burst);
  }

 private:
  static constexpr size_t kSets = 256;
  static constexpr size_t kWays = 4;
  struct Entry {
    uint64_t prefix = 0;
    TokenBucket bucket;
  };
  using Set = std::array<Entry, kWays>;

  TokenBucket& Find(uint64_t prefix) {
    TableHasher hasher(key_);
    Set& set = sets_[hasher.Finish(prefix) % kSets];
    Entry* quietest = &set[0];
    for (Entry& entry : set) {
      if (entry.prefix == prefix) return entry.bucket;
      if (entry.bucket.last_used() < quietest->bucket.last_used()) quietest = &entry;
    }
    *quietest = {prefix, {}};
    return quietest->bucket;
  }

  const HashKey key_;
  std::array<Set, kSets> sets_{};
};

}  // namespace sextant::icmp6
