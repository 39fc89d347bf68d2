// SPDX-License-Identifier: BSD-3-Clause
// SocketLabels: the labels that one socket leases, and what it sends.
// Every successful GET is one lease, also of a label that is leased already;
// every PUT ends one. Leases of the same label do not differ, so they are
// counted, not listed, and a socket may hold a million.
// Owned by one Core: the one that owns the manager. A socket elsewhere keeps a
// copy, which is good until Manager::generation() moves.
#pragma once

#include "absl/container/flat_hash_map.h"
#include "base/check.h"
#include "flowlabel/request.h"

namespace sextant::flowlabel {

class Manager;

class SocketLabels {
 public:
  explicit SocketLabels(bool is_tcp) : is_tcp_(is_tcp) {}
  SocketLabels(const SocketLabels&) = delete;
  SocketLabels& operator=(const SocketLabels&) = delete;
  // REQUIRES: Manager::Release() has been here.
  ~SocketLabels() { SX_CHECK(size_ == 0); }

  bool Holds(uint32_t label) const { return leases_.contains(label); }
  // How many leases of `label`.
  uint32_t Count(uint32_t label) const {
    const auto found = leases_.find(label);
    return found == leases_.end() ? 0 : found->second;
  }
  size_t size() const { return size_; }
  bool is_tcp() const { return is_tcp_; }

  // What connect() said: 8 bits of traffic class, 20 of label.
  uint32_t flow_info = 0;
  // TCP: send what the peer sends; `flow_info` follows it.
  bool reflects = false;

 private:
  friend class Manager;

  void Add(uint32_t label) {
    ++leases_[label];
    ++size_;
  }
  // REQUIRES: Holds(label).
  void Remove(uint32_t label) {
    const auto lease = leases_.find(label);
    SX_CHECK(lease != leases_.end());
    if (--lease->second == 0) leases_.erase(lease);
    --size_;
  }

  const bool is_tcp_;
  absl::flat_hash_map<uint32_t, uint32_t> leases_;  // label -> how often
  size_t size_ = 0;
};

}  // namespace sextant::flowlabel
