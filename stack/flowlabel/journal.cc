// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/journal.h"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace sextant::flowlabel {
namespace {

absl::Status Refusal(JournalFile& file, const char* doing, Errno error) {
  return absl::UnavailableError(absl::StrCat("flow-label journal ", file.name(), ": cannot ", doing,
                                             ": ", std::strerror(static_cast<int>(error))));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(Core& core, JournalFile& file,
                                                       std::vector<SavedLabel>& labels) {
  std::vector<uint8_t> bytes;
  if (const Errno error = file.Read(bytes); error != Errno::kOk) {
    return Refusal(file, "read it", error);
  }
  JournalContents contents = ReadJournal(bytes, file.Time());
  if (contents.damage != nullptr) {
    return absl::DataLossError(absl::StrCat("flow-label journal ", file.name(), ": ",
                                            contents.damage, ", at offset ", contents.sound,
                                            "; it stays as it is, move it away to start anew"));
  }
  if (contents.sound < bytes.size()) {
    const Errno error = file.Truncate(contents.sound);
    if (error != Errno::kOk) return Refusal(file, "cut off its torn end", error);
  }
  std::unique_ptr<Journal> journal(new Journal(core, file, contents));
  if (journal->labels_ > 0) core.Arm(journal->clock_timer_, kClockCheck);
  labels = std::move(contents.labels);
  return journal;
}

Ticket Journal::Save(const SavedLabel& label, const HeaderSpans& headers, bool is_new) {
  next_.Save(label, headers);
  if (is_new && labels_++ == 0) core_.Arm(clock_timer_, kClockCheck);
  return Enqueue();
}

void Journal::Forget(uint32_t label) {
  next_.Forget(label);
  if (--labels_ == 0) clock_timer_.Cancel();
  Enqueue();
}

Ticket Journal::Enqueue() {
  Ticket ticket = next_outcome_;
  Pump();
  return ticket;
}

void Journal::Proceed() {
  if (busy_) {
    const Errno result = file_.Poll();
    if (result == Errno::kWouldBlock) return;
    Settle(result);
  }
  if (!next_.empty() || stepped_) Submit();
}

// What was on its way has ended.
void Journal::Settle(Errno result) {
  busy_ = false;
  if (!std::exchange(rewriting_, false)) {
    if (result == Errno::kOk) ++next_sequence_;
    now_outcome_->result = result;
    now_outcome_->done = true;
    return;
  }
  rewrite_above_ = 2 * file_.size() + kWorthRewriting;
  if (result == Errno::kOk) {
    next_sequence_ = 2;
  } else if (file_.size() == 0) {
    // There is no file, and none can be made: what waits for it has failed.
    std::swap(now_outcome_, next_outcome_);
    next_outcome_ = std::make_shared<Outcome>();
    next_ = FrameBuilder();
    now_outcome_->result = result;
    now_outcome_->done = true;
  }
}

void Journal::Submit() {
  busy_ = true;
  if (file_.size() == 0 || file_.size() > rewrite_above_) {
    rewriting_ = true;
    return file_.Rewrite(CompactJournal);
  }
  now_outcome_ = std::exchange(next_outcome_, std::make_shared<Outcome>());
  file_.Append(Frame());
}

std::vector<uint8_t> Journal::Frame() {
  const JournalTime time = file_.Time();
  ahead_ = time.wall - time.uptime;
  stepped_ = false;
  return next_.Finish(next_sequence_, time);
}

// A frame without records tells the next start how far the wall clock was ahead of the uptime
// while these labels lived.
void Journal::OnClockCheck(Core& core) {
  const JournalTime time = file_.Time();
  if (std::llabs(time.wall - time.uptime - ahead_) > kClockStep.nanoseconds()) {
    stepped_ = true;
    Proceed();
  }
  core.Arm(clock_timer_, kClockCheck);
}

}  // namespace sextant::flowlabel
