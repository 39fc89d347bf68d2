// SPDX-License-Identifier: BSD-3-Clause
// Collector: frees labels that nobody leases when their time is over.
// Principle: one timer, at the earliest expiry. The heap is put right late: a
// label that was leased again, or whose time has grown, is found out when its
// turn comes, so that a lease costs the heap nothing.
// Owned by one Core.
#pragma once

#include <vector>

#include "core/core.h"
#include "flowlabel/table.h"

namespace sextant::flowlabel {

class CollectorHandler {
 public:
  virtual ~CollectorHandler() = default;
  // Nobody leases it and its time is over: it is to be erased.
  virtual void OnLapse(Entry& entry) = 0;
};

class Collector {
 public:
  Collector(Core& core, const Table& table, CollectorHandler& handler)
      : core_(core), table_(table), handler_(handler) {}
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Its last lease has ended. REQUIRES: nobody but OnLapse() erases it.
  void Watch(Entry& entry);

 private:
  // LIMIT: labels freed at one go, between two polls; the rest waits a tick.
  static constexpr int kBudget = 1024;
  struct Item {
    Instant at;
    uint32_t label = 0;
    bool operator<(const Item& other) const { return at > other.at; }  // the earliest on top
  };

  void Push(Entry& entry);
  void OnTimer(Core& core);

  Core& core_;
  const Table& table_;
  CollectorHandler& handler_;
  std::vector<Item> heap_;  // an item per watched entry
  Timer timer_{Timer::Calling<&Collector::OnTimer>(this)};
};

}  // namespace sextant::flowlabel
