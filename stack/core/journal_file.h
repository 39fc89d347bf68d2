// SPDX-License-Identifier: BSD-3-Clause
// JournalFile: stable storage that a Core writes to without ever waiting. The
// implementation writes and syncs on a thread of its own (drivers/journal);
// tests lose what was not synced.
// Owned by one Core.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/errno.h"

namespace sextant {

// When something was written: on the wall clock, which may step, and on the
// clock of one boot of the machine, which goes on while programs come and go.
struct JournalTime {
  int64_t wall = 0;    // nanoseconds since 1970
  int64_t uptime = 0;  // nanoseconds since the boot
  uint64_t boot = 0;   // which boot
  bool operator==(const JournalTime&) const = default;
};

class JournalFile {
 public:
  // Makes new contents out of those that are synced. Runs on the writer's
  // thread: it must not look at anything else.
  using Rewriter = std::vector<uint8_t> (*)(Bytes contents, const JournalTime& now);

  virtual ~JournalFile() = default;
  // For messages.
  virtual std::string name() const = 0;
  virtual JournalTime Time() = 0;

  // These two may wait; before the first packet only. A file that is not there is empty.
  virtual Errno Read(std::vector<uint8_t>& contents) = 0;
  // Cuts the file and syncs it.
  virtual Errno Truncate(size_t size) = 0;

  // These two begin an operation, which is over when Poll() says so.
  // REQUIRES: no other operation is on its way.
  //
  // Adds to the end and syncs. What failed leaves the file as it was.
  virtual void Append(std::vector<uint8_t> bytes) = 0;
  // Puts a new file in the place of the old one; after a crash it is either of them, whole.
  virtual void Rewrite(Rewriter rewriter) = 0;

  // kWouldBlock while an operation is on its way; else how the last one ended.
  virtual Errno Poll() = 0;
  // The file's size after the last operation. REQUIRES: no operation is on its way.
  virtual size_t size() const = 0;
};

}  // namespace sextant
