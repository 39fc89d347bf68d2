// SPDX-License-Identifier: BSD-3-Clause
// PrefixQuota: who holds how much. Every /64 of senders has an account while it
// has a datagram; the account lists its datagrams, oldest first. The largest
// accounts are found at once: they are listed by level, a level being 1/512 to
// 1/1024 of the budget, and no less than a packet buffer takes. Accounts of one
// level count as equal, in the order in which they came to it. So among senders
// of a datagram or two age decides; and as long as there are fewer than 512
// senders, one of them is above level 0 when the budget is spent, and those that
// are not are safe.
// Owned by one Core.
#pragma once

#include <array>
#include <vector>

#include "base/keyed_hash.h"
#include "ip6/reassembly_datagram.h"

namespace sextant::ip6 {

struct PrefixAccount {
  uint64_t prefix = 0;
  size_t bytes = 0;
  HandleQueue<Datagram, &Datagram::of_prefix> datagrams;
  HandleLinks of_level;
  Handle next = kNoHandle;  // of the same hash
  uint32_t level = 0;
};

class PrefixQuota {
 public:
  explicit PrefixQuota(Rng& rng) : hash_(rng) {}

  // For another budget; existing accounts stay, and are to be listed again in the
  // order of their age. `buckets` is a power of two.
  void Resize(size_t budget, size_t buckets);
  void List(Handle account) {
    PrefixAccount& a = accounts_[account];
    if (LevelOf(a.bytes) != a.level) Move(account, a);
  }
  size_t table_bytes() const { return heads_.size() * sizeof(Handle); }

  // The account of this /64, made if there is none.
  Handle Open(uint64_t prefix);
  // REQUIRES: it has no datagrams left.
  void Close(Handle account);
  PrefixAccount& operator[](Handle account) { return accounts_[account]; }

  void Charge(Handle account, size_t bytes) {
    PrefixAccount& a = accounts_[account];
    a.bytes += bytes;
    total_ += bytes;
    if (LevelOf(a.bytes) != a.level) [[unlikely]]
      Move(account, a);
  }
  void Refund(Handle account, size_t bytes) {
    PrefixAccount& a = accounts_[account];
    a.bytes -= bytes;
    total_ -= bytes;
    if (LevelOf(a.bytes) != a.level) [[unlikely]]
      Move(account, a);
  }
  // An account of the highest level, or kNoHandle when all are of level 0.
  Handle Largest() const;
  size_t total() const { return total_; }
  size_t accounts() const { return accounts_.in_use(); }

 private:
  static constexpr uint32_t kLevels = 1024;
  static constexpr uint32_t kLeastShift = 12;
  using LevelList = HandleQueue<PrefixAccount, &PrefixAccount::of_level>;

  uint32_t LevelOf(size_t bytes) const {
    return static_cast<uint32_t>(std::min<size_t>(bytes >> level_shift_, kLevels - 1));
  }
  Handle& Head(uint64_t prefix) { return heads_[hash_({prefix, 0}) & (heads_.size() - 1)]; }
  void Move(Handle account, PrefixAccount& a);
  void Enter(Handle account, PrefixAccount& a, uint32_t level);
  void Leave(Handle account, PrefixAccount& a);

  const KeyedHash<2> hash_;
  Slab<PrefixAccount> accounts_;
  std::vector<Handle> heads_;
  uint32_t level_shift_ = 0;
  size_t total_ = 0;
  std::array<LevelList, kLevels> levels_;
  std::array<uint64_t, kLevels / 64> occupied_{};
};

}  // namespace sextant::ip6
