// SPDX-License-Identifier: BSD-3-Clause
// PosixJournalFile: a JournalFile in the host's file system, with a thread that
// writes and syncs while the core goes on.
// POSIX: fdatasync() before it is called done; rename() for whole files, with
// the folder synced after it. A lock keeps a second stack off the same file.
// Owned by one Core; the thread inside sees one operation at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/statusor.h"
#include "core/journal_file.h"
#include "drivers/tap/file_descriptor.h"

namespace sextant {

class PosixJournalFile final : public JournalFile {
 public:
  // Opens the file, or makes it, empty.
  static absl::StatusOr<std::unique_ptr<PosixJournalFile>> Open(const std::string& path);
  // Waits for what is on its way.
  ~PosixJournalFile() override;

  std::string name() const override { return path_; }
  JournalTime Time() override;
  Errno Read(std::vector<uint8_t>& contents) override;
  Errno Truncate(size_t size) override;
  void Append(std::vector<uint8_t> bytes) override;
  void Rewrite(Rewriter rewriter) override;
  Errno Poll() override;
  size_t size() const override { return size_; }
  // An eventfd that becomes readable when an operation is over; Poll() empties it.
  int descriptor() const { return event_.number(); }

 private:
  PosixJournalFile(std::string path, FileDescriptor file, FileDescriptor event, size_t size);

  void Begin(std::vector<uint8_t> bytes, Rewriter rewriter);
  void Run();
  Errno DoAppend(const std::vector<uint8_t>& bytes);
  Errno DoRewrite(Rewriter rewriter);
  Errno ReadAll(std::vector<uint8_t>& contents) const;

  const std::string path_;
  const uint64_t boot_;
  const FileDescriptor event_;

  // Whoever is at work has these: the thread while busy_, else the owner.
  FileDescriptor file_;
  size_t size_;
  Errno result_ = Errno::kOk;
  bool is_broken_ = false;  // a sync has failed: what is in the file is not known any more

  std::atomic<bool> busy_ = false;
  std::mutex mutex_;  // guards what follows
  std::condition_variable work_;
  std::vector<uint8_t> bytes_;
  Rewriter rewriter_ = nullptr;
  bool has_work_ = false;
  bool stop_ = false;
  std::thread thread_;  // the last member: it starts when the others are there
};

}  // namespace sextant
