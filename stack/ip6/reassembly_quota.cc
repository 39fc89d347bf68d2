// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_quota.h"

#include <bit>

namespace sextant::ip6 {

void PrefixQuota::Resize(size_t budget, size_t buckets) {
  std::vector<Handle> all;
  for (const Handle head : heads_) {
    for (Handle at = head; at != kNoHandle; at = accounts_[at].next) all.push_back(at);
  }
  heads_.assign(buckets, kNoHandle);
  for (const Handle account : all) {
    PrefixAccount& a = accounts_[account];
    Leave(account, a);
    a.next = std::exchange(Head(a.prefix), account);
  }
  level_shift_ =
      std::max(static_cast<uint32_t>(std::bit_width(budget / (kLevels / 2))) - 1, kLeastShift);
}

Handle PrefixQuota::Open(uint64_t prefix) {
  Handle& head = Head(prefix);
  for (Handle at = head; at != kNoHandle; at = accounts_[at].next) {
    if (accounts_[at].prefix == prefix) return at;
  }
  const Handle account = accounts_.Make();
  accounts_[account].prefix = prefix;
  accounts_[account].next = std::exchange(head, account);
  Charge(account, sizeof(PrefixAccount));
  return account;
}

void PrefixQuota::Close(Handle account) {
  PrefixAccount& a = accounts_[account];
  Refund(account, sizeof(PrefixAccount));
  SX_CHECK(a.datagrams.empty() && a.bytes == 0);
  Handle* at = &Head(a.prefix);
  while (*at != account) at = &accounts_[*at].next;
  *at = a.next;
  accounts_.Give(account);
}

void PrefixQuota::Move(Handle account, PrefixAccount& a) {
  Leave(account, a);
  Enter(account, a, LevelOf(a.bytes));
}

void PrefixQuota::Enter(Handle account, PrefixAccount& a, uint32_t level) {
  a.level = level;
  if (level == 0) return;
  levels_[level].Push(accounts_, account);
  occupied_[level / 64] |= uint64_t{1} << level % 64;
}

void PrefixQuota::Leave(Handle account, PrefixAccount& a) {
  if (a.level == 0) return;
  levels_[a.level].Remove(accounts_, account);
  if (levels_[a.level].empty()) occupied_[a.level / 64] &= ~(uint64_t{1} << a.level % 64);
  a.level = 0;
}

Handle PrefixQuota::Largest() const {
  for (size_t word = occupied_.size(); word-- > 0;) {
    if (occupied_[word] == 0) continue;
    const auto bit = 63 - static_cast<size_t>(std::countl_zero(occupied_[word]));
    return levels_[word * 64 + bit].oldest();
  }
  return kNoHandle;
}

}  // namespace sextant::ip6
