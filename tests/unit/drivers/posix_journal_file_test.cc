// SPDX-License-Identifier: BSD-3-Clause
// A journal in the host's file system.
// Owned by one Core.
#include "drivers/journal/posix_journal_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sextant::test {
namespace {

using testing::HasSubstr;

std::vector<uint8_t> Text(std::string_view text) { return {text.begin(), text.end()}; }

std::vector<uint8_t> Doubled(Bytes contents, const JournalTime&) {
  std::vector<uint8_t> twice(contents.begin(), contents.end());
  twice.insert(twice.end(), contents.begin(), contents.end());
  return twice;
}

class PosixJournalTest : public testing::Test {
 protected:
  PosixJournalTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sextant-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ + "/journal";
    Open();
  }
  ~PosixJournalTest() override {
    file_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Open() {
    file_.reset();
    auto opened = PosixJournalFile::Open(path_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    file_ = std::move(*opened);
  }
  // Waits until the operation is over, by its descriptor.
  Errno Wait() {
    for (;;) {
      pollfd event{.fd = file_->descriptor(), .events = POLLIN, .revents = 0};
      EXPECT_EQ(poll(&event, 1, 5000), 1) << "nothing ends";
      const Errno result = file_->Poll();
      if (result != Errno::kWouldBlock) return result;
    }
  }
  std::string OnDisk() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
  std::string path_;
  std::unique_ptr<PosixJournalFile> file_;
};

TEST_F(PosixJournalTest, AppendsAndReadsBack) {
  EXPECT_EQ(file_->size(), 0u);
  EXPECT_EQ(file_->Poll(), Errno::kOk);
  file_->Append(Text("one"));
  EXPECT_EQ(Wait(), Errno::kOk);
  file_->Append(Text("two"));
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_EQ(file_->size(), 6u);
  EXPECT_EQ(OnDisk(), "onetwo");
  Open();
  std::vector<uint8_t> contents;
  EXPECT_EQ(file_->Read(contents), Errno::kOk);
  EXPECT_EQ(contents, Text("onetwo"));
  EXPECT_EQ(file_->Truncate(4), Errno::kOk);
  file_->Append(Text("x"));
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_EQ(OnDisk(), "onetx");
}

TEST_F(PosixJournalTest, RewritesIntoANewFile) {
  file_->Append(Text("ab"));
  EXPECT_EQ(Wait(), Errno::kOk);
  std::ifstream old(path_, std::ios::binary);
  file_->Rewrite(Doubled);
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(old), {}), "ab") << "who has it open";
  EXPECT_EQ(OnDisk(), "abab");
  file_->Append(Text("c"));
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_EQ(OnDisk(), "ababc");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "no remains";
}

TEST_F(PosixJournalTest, WhatIsOnItsWayIsFinished) {
  file_->Append(Text("last"));
  file_.reset();
  EXPECT_EQ(OnDisk(), "last");
}

TEST_F(PosixJournalTest, OneStackAtATime) {
  const auto second = PosixJournalFile::Open(path_);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another stack uses it"));
  file_->Rewrite(Doubled);
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_FALSE(PosixJournalFile::Open(path_).ok()) << "the new file is locked too";
}

TEST_F(PosixJournalTest, NoSuchFolder) {
  const auto opened = PosixJournalFile::Open(folder_ + "/none/journal");
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("/none/journal"));
}

// A file may not grow beyond a few bytes, as on a full disk.
TEST_F(PosixJournalTest, AFailedWriteLeavesNothingBehind) {
  file_->Append(Text("good"));
  EXPECT_EQ(Wait(), Errno::kOk);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 6, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  file_->Append(Text("too long"));
  const Errno result = Wait();
  file_->Rewrite(Doubled);
  const Errno rewritten = Wait();
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(result, Errno{EFBIG});
  EXPECT_EQ(rewritten, Errno{EFBIG});
  EXPECT_EQ(OnDisk(), "good");
  file_->Append(Text("!"));
  EXPECT_EQ(Wait(), Errno::kOk);
  EXPECT_EQ(OnDisk(), "good!");
}

TEST_F(PosixJournalTest, TimeGoesOn) {
  const JournalTime first = file_->Time();
  Open();
  const JournalTime second = file_->Time();
  EXPECT_EQ(first.boot, second.boot);
  EXPECT_GE(second.uptime, first.uptime);
  EXPECT_GT(first.wall, int64_t{1'600'000'000} * 1'000'000'000);
}

}  // namespace
}  // namespace sextant::test
