// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/journal/posix_journal_file.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace sextant {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;

Errno LastError() { return Errno{errno}; }

int64_t Read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Linux names each boot by a random UUID; where there is none, all boots look like the same one,
// whose uptime then goes backwards, which lengthens what was kept and never shortens it.
uint64_t BootNumber() {
  uint64_t number = 0;
  std::FILE* const file = std::fopen("/proc/sys/kernel/random/boot_id", "re");
  if (file == nullptr) return number;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
    number = number * 0x100'0000'01b3 + static_cast<uint64_t>(c);
  }
  std::fclose(file);
  return number;
}

Errno WriteAll(int file, Bytes bytes, size_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? LastError() : Errno::kInputOutput;
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += static_cast<size_t>(written);
  }
  return Errno::kOk;
}

// The names in a folder are synced by syncing the folder.
Errno SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && fsync(opened.number()) == 0 ? Errno::kOk : LastError();
}

bool IsStillNamed(int file, const std::string& path) {
  struct stat ours {};
  struct stat named {};
  return fstat(file, &ours) == 0 && stat(path.c_str(), &named) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

absl::Status Refusal(const std::string& path, const char* what, int error) {
  return absl::UnavailableError(
      absl::StrCat("flow-label journal ", path, ": ", what, std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PosixJournalFile>> PosixJournalFile::Open(const std::string& path) {
  FileDescriptor file;
  do {
    file = FileDescriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
    if (!file.is_open()) return Refusal(path, "cannot open it: ", errno);
    if (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      return Refusal(path, "another stack uses it: ", errno);
    }
    // Whoever had the lock may have put a new file in its place meanwhile.
  } while (!IsStillNamed(file.number(), path));
  const off_t size = lseek(file.number(), 0, SEEK_END);
  FileDescriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (size < 0 || !event.is_open()) return Refusal(path, "cannot use it: ", errno);
  return std::unique_ptr<PosixJournalFile>(
      new PosixJournalFile(path, std::move(file), std::move(event), static_cast<size_t>(size)));
}

PosixJournalFile::PosixJournalFile(std::string path, FileDescriptor file, FileDescriptor event,
                                   size_t size)
    : path_(std::move(path)),
      boot_(BootNumber()),
      event_(std::move(event)),
      file_(std::move(file)),
      size_(size),
      thread_([this] { Run(); }) {}

PosixJournalFile::~PosixJournalFile() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_one();
  thread_.join();
}

JournalTime PosixJournalFile::Time() {
  return {.wall = sextant::Read(CLOCK_REALTIME),
          .uptime = sextant::Read(CLOCK_BOOTTIME),
          .boot = boot_};
}

Errno PosixJournalFile::Read(std::vector<uint8_t>& contents) { return ReadAll(contents); }

Errno PosixJournalFile::ReadAll(std::vector<uint8_t>& contents) const {
  contents.resize(size_);
  size_t have = 0;
  while (have < contents.size()) {
    const ssize_t got = pread(file_.number(), contents.data() + have, contents.size() - have,
                              static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0 ? LastError() : Errno::kInputOutput;
    have += static_cast<size_t>(got);
  }
  return Errno::kOk;
}

Errno PosixJournalFile::Truncate(size_t size) {
  if (ftruncate(file_.number(), static_cast<off_t>(size)) != 0 || fsync(file_.number()) != 0) {
    return LastError();
  }
  size_ = size;
  return Errno::kOk;
}

void PosixJournalFile::Append(std::vector<uint8_t> bytes) { Begin(std::move(bytes), nullptr); }

void PosixJournalFile::Rewrite(Rewriter rewriter) { Begin({}, rewriter); }

void PosixJournalFile::Begin(std::vector<uint8_t> bytes, Rewriter rewriter) {
  SX_CHECK(!busy_.load(std::memory_order_acquire));
  busy_.store(true, std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    bytes_ = std::move(bytes);
    rewriter_ = rewriter;
    has_work_ = true;
  }
  work_.notify_one();
}

Errno PosixJournalFile::Poll() {
  if (busy_.load(std::memory_order_acquire)) return Errno::kWouldBlock;
  eventfd_t count = 0;
  eventfd_read(event_.number(), &count);
  return result_;
}

void PosixJournalFile::Run() {
  for (;;) {
    std::vector<uint8_t> bytes;
    Rewriter rewriter = nullptr;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return has_work_ || stop_; });
      if (!has_work_) return;
      has_work_ = false;
      bytes = std::move(bytes_);
      rewriter = rewriter_;
    }
    result_ = rewriter == nullptr ? DoAppend(bytes) : DoRewrite(rewriter);
    busy_.store(false, std::memory_order_release);
    eventfd_write(event_.number(), 1);
  }
}

Errno PosixJournalFile::DoAppend(const std::vector<uint8_t>& bytes) {
  if (is_broken_) return Errno::kInputOutput;
  if (const Errno error = WriteAll(file_.number(), bytes, size_); error != Errno::kOk) {
    // The disk may be full: what was written of it must not stay in the middle of the file.
    is_broken_ = ftruncate(file_.number(), static_cast<off_t>(size_)) != 0;
    return error;
  }
  // After a sync that failed, the kernel may have dropped the pages: only a restart finds out.
  is_broken_ = fdatasync(file_.number()) != 0;
  if (is_broken_) return LastError();
  size_ += bytes.size();
  return Errno::kOk;
}

Errno PosixJournalFile::DoRewrite(Rewriter rewriter) {
  if (is_broken_) return Errno::kInputOutput;
  std::vector<uint8_t> contents;
  if (const Errno error = ReadAll(contents); error != Errno::kOk) return error;
  contents = rewriter(contents, Time());
  const std::string beside = path_ + ".new";
  FileDescriptor file(open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
  if (!file.is_open() || flock(file.number(), LOCK_EX | LOCK_NB) != 0) return LastError();
  Errno error = WriteAll(file.number(), contents, 0);
  if (error == Errno::kOk && fsync(file.number()) != 0) error = LastError();
  if (error == Errno::kOk && rename(beside.c_str(), path_.c_str()) != 0) error = LastError();
  if (error != Errno::kOk) {
    unlink(beside.c_str());
    return error;
  }
  file_ = std::move(file);
  size_ = contents.size();
  // Which of the two files a crash would leave is not known, so neither may grow.
  error = SyncFolderOf(path_);
  is_broken_ = error != Errno::kOk;
  return error;
}

}  // namespace sextant
