// SPDX-License-Identifier: BSD-3-Clause
// MemoryJournalFile: a JournalFile that ends its operations when the test says so, and forgets in
// a power cut what was not synced.
// Owned by one Core.
#pragma once

#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "core/journal_file.h"

namespace sextant::test {

class MemoryJournalFile final : public JournalFile {
 public:
  std::string name() const override { return "labels.journal"; }
  JournalTime Time() override { return time; }
  Errno Read(std::vector<uint8_t>& contents) override {
    contents = synced;
    return fault;
  }
  Errno Truncate(size_t size) override {
    ++changes;
    synced.resize(size);
    return Errno::kOk;
  }
  void Append(std::vector<uint8_t> bytes) override { Begin(Operation::kAppend, std::move(bytes)); }
  void Rewrite(Rewriter rewriter) override { Begin(Operation::kRewrite, rewriter(synced, time)); }
  Errno Poll() override {
    if (operation_ != Operation::kNone && !at_once) return Errno::kWouldBlock;
    Complete();
    return result_;
  }
  size_t size() const override { return synced.size(); }

  bool is_busy() const { return operation_ != Operation::kNone; }
  // The operation on its way, if there is one, ends.
  void Complete() {
    const Operation operation = std::exchange(operation_, Operation::kNone);
    if (operation == Operation::kNone) return;
    result_ = fault;
    if (fault != Errno::kOk) return;
    ++changes;
    if (operation == Operation::kRewrite) synced.clear();
    synced.insert(synced.end(), unsynced_.begin(), unsynced_.end());
  }

  // What the disk may hold after a power cut just now: a whole file or the other; all, a part or
  // nothing of what was being added, or some sectors of it and zeros for the rest.
  std::vector<uint8_t> AfterPowerCut(Rng& rng) const {
    if (operation_ == Operation::kNone) return synced;
    if (operation_ == Operation::kRewrite) return rng.Below(2) == 0 ? synced : unsynced_;
    std::vector<uint8_t> left = synced;
    left.insert(left.end(), unsynced_.begin(), unsynced_.end());
    const auto added = static_cast<uint32_t>(unsynced_.size());
    const uint32_t kind = rng.Below(3);
    if (kind == 0) left.resize(synced.size() + rng.Below(added + 1));
    if (kind == 1) return left;
    for (size_t at = synced.size(); kind == 2 && at < left.size();) {
      const size_t end = std::min(left.size(), (at / 512 + 1) * 512);
      if (rng.Below(2) == 0) std::fill(left.begin() + at, left.begin() + end, uint8_t{0});
      at = end;
    }
    return left;
  }

  std::vector<uint8_t> synced;
  JournalTime time{.wall = 1'700'000'000'000'000'000, .uptime = 1'000'000'000, .boot = 1};
  bool at_once = true;       // operations end at the next Poll()
  Errno fault = Errno::kOk;  // how they end
  size_t changes = 0;        // of the file

 private:
  enum class Operation : uint8_t { kNone, kAppend, kRewrite };

  void Begin(Operation operation, std::vector<uint8_t> bytes) {
    SX_CHECK(operation_ == Operation::kNone);
    operation_ = operation;
    unsynced_ = std::move(bytes);
  }

  Operation operation_ = Operation::kNone;
  std::vector<uint8_t> unsynced_;
  Errno result_ = Errno::kOk;
};

}  // namespace sextant::test
