// SPDX-License-Identifier: BSD-3-Clause
// The journal of long-lived labels, as bytes.
//   file    "SXLABELS" version(4) crc(4)                            a header, then frames
//   frame   "SXFR" length(4) sequence(8) crc(4) crc-of-payload(4)   payload, zeros to a multiple
//           of 8, "SXFR-END"
//   payload time(24), then records; every byte stored as its exclusive or with kVeil
//   record  length(2) kind(1) label(4), and unless the label is forgotten: share(1) pid(4)
//           user(4) linger(2) remaining(8) destination(16) three times length(2), headers
// All numbers in network byte order. A frame is written and synced before the
// next one is begun, so only the last one can be torn, which shows as bytes
// that are missing or as a sector that was never written and reads as zeros. No
// sector of a whole frame is zero: that is what kVeil and the words at both
// ends are for. Whatever else is wrong is damage, and not ours to repair.
// Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "core/journal_file.h"
#include "flowlabel/header_block.h"

namespace sextant::flowlabel {

// A label as the journal has it.
struct SavedLabel {
  uint32_t label = 0;
  Share share = Share::kNone;
  bool is_leased = false;  // when it was written
  int32_t pid = 0;
  uint32_t user = 0;
  uint16_t linger = 0;   // in seconds
  Duration remaining{};  // until its expiry; negative: over
  Ipv6Address destination{};
  HeaderBlock headers{};
  bool operator==(const SavedLabel&) const = default;
};

// What is about to be written.
class FrameBuilder {
 public:
  void Save(const SavedLabel& label) { Save(label, label.headers.spans()); }
  // Without the label's own headers; these instead.
  void Save(const SavedLabel& label, const HeaderSpans& headers);
  void Forget(uint32_t label);
  bool empty() const { return records_.empty(); }
  size_t size() const { return records_.size(); }

  // The frame; the builder is empty afterwards.
  std::vector<uint8_t> Finish(uint64_t sequence, const JournalTime& time);

 private:
  std::vector<uint8_t> records_;
};

std::vector<uint8_t> JournalHeader();

struct JournalContents {
  std::vector<SavedLabel> labels;  // in ascending order, as they are at the time asked for
  uint64_t next_sequence = 1;
  size_t sound = 0;              // bytes that are whole; less than the file: the rest is torn
  const char* damage = nullptr;  // what is wrong at `sound`, and not just torn
};

// Reads a whole file as it is to be understood at `now`.
JournalContents ReadJournal(Bytes file, const JournalTime& now);

// A JournalFile::Rewriter: the same labels in one frame. Contents with damage come back as they
// are.
std::vector<uint8_t> CompactJournal(Bytes file, const JournalTime& now);

}  // namespace sextant::flowlabel
