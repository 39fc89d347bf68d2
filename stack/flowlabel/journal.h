// SPDX-License-Identifier: BSD-3-Clause
// Journal: keeps long-lived labels over a restart. The core hands in records
// and goes on polling; who needs one to be safe asks its ticket.
// Principle: one frame is on its way at a time, and what comes meanwhile goes
// into the next one together. So whatever precedes the last frame of the file
// is synced, and a burst of labels costs two syncs.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/core.h"
#include "flowlabel/journal_format.h"

namespace sextant::flowlabel {

// How the writing of a frame ended; every record of it has the same.
struct Outcome {
  bool done = false;
  Errno result = Errno::kOk;
};
using Ticket = std::shared_ptr<const Outcome>;

class Journal {
 public:
  // Reads the file, cuts off what is torn, and says what it holds. A file with
  // damage is left alone: the status names it and the place. REQUIRES: `file`
  // outlives the journal.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(Core& core, JournalFile& file,
                                                       std::vector<SavedLabel>& labels);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // The label as it is from now on; `headers` take the place of its own. `is_new`: the journal
  // does not have it yet.
  Ticket Save(const SavedLabel& label, const HeaderSpans& headers, bool is_new);
  // It is no more. Nobody waits for that: what a crash forgets is kept too long.
  void Forget(uint32_t label);
  // Moves on what is on its way. Costs a comparison when nothing is.
  void Pump() {
    if (busy_ || !next_.empty()) Proceed();
  }
  // Whether everything handed in so far is synced; if not, what to wait for.
  bool is_synced() const { return !busy_ && next_.empty(); }
  Ticket last() const { return next_.empty() ? now_outcome_ : next_outcome_; }
  size_t labels() const { return labels_; }

 private:
  // The wall clock is compared with the uptime this often while there are labels, and a step of
  // more than this is written down.
  static constexpr Duration kClockCheck = Duration::Seconds(10);
  static constexpr Duration kClockStep = Duration::Seconds(1);
  // The file is rewritten when it has doubled since, and is worth the trouble.
  static constexpr size_t kWorthRewriting = 64 * 1024;

  Journal(Core& core, JournalFile& file, const JournalContents& contents)
      : core_(core),
        file_(file),
        next_sequence_(contents.next_sequence),
        labels_(contents.labels.size()),
        rewrite_above_(2 * contents.sound + kWorthRewriting) {}

  Ticket Enqueue();
  void Proceed();
  void Settle(Errno result);
  void Submit();
  void OnClockCheck(Core& core);
  std::vector<uint8_t> Frame();

  Core& core_;
  JournalFile& file_;
  uint64_t next_sequence_;
  size_t labels_;
  size_t rewrite_above_;
  bool busy_ = false;
  bool rewriting_ = false;
  bool stepped_ = false;  // the wall clock, and the file does not know yet
  int64_t ahead_ = 0;     // the wall clock's lead over the uptime, as the file has it
  FrameBuilder next_;
  std::shared_ptr<Outcome> now_outcome_ = std::make_shared<Outcome>(Outcome{.done = true});
  std::shared_ptr<Outcome> next_outcome_ = std::make_shared<Outcome>();
  Timer clock_timer_{Timer::Calling<&Journal::OnClockCheck>(this)};
};

}  // namespace sextant::flowlabel
