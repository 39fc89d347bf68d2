// SPDX-License-Identifier: BSD-3-Clause
// Long-lived labels through crashes under load: power cuts of a disk in memory, which loses or
// tears what was not synced, and SIGKILL of a real process with a real file. No label that was
// granted may be lost, or be anybody else's.
// Owned by one Core.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "drivers/journal/posix_journal_file.h"
#include "exhaustive/flowlabel_load.h"
#include "support/journal_file.h"

namespace sextant::test {
namespace {

bool IsLong() { return std::getenv("SX_LONG") != nullptr; }

// Thrown by the poll in whose middle the power goes.
struct PowerCut {};

TEST(FlowLabelCrashTest, PowerCuts) {
  TestCore t;
  const auto trace = NameSeed(Seed());
  SeededRng rng(Seed());
  GrantedLabels granted;
  std::vector<uint8_t> disk;
  JournalTime time = MemoryJournalFile().time;
  size_t torn = 0;
  for (int life = 0; life < (IsLong() ? 20'000 : 1'000); ++life) {
    // Now and then the disk is an old one, so that rewriting is met early and late.
    MemoryJournalFile file;
    file.synced = disk;
    file.at_once = false;
    file.time = time;
    const size_t before = disk.size();
    LabelLoad load(t.core, file);
    ASSERT_TRUE(load.is_open());
    torn += file.synced.size() < before ? 1 : 0;
    ASSERT_TRUE(load.Keeps(granted)) << "life " << life;
    uint32_t polls = 1 + rng.Below(60);
    const auto poll = [&] {
      if (--polls == 0) throw PowerCut();
      if (rng.Below(3) == 0) file.Complete();
      t.Pass(Duration::Milliseconds(1));
      file.time.wall += 1'000'000;
      file.time.uptime += 1'000'000;
    };
    try {
      for (;;) {
        load.Step(rng, poll, [&](uint32_t label, uint32_t user) {
          const auto [place, is_new] = granted.emplace(label, user);
          ASSERT_EQ(place->second, user) << "label " << label << " was granted twice";
        });
        poll();
        load.manager().Pump();
      }
    } catch (const PowerCut&) {
      disk = file.AfterPowerCut(rng);
    }
    time = file.time;
    // What happens from here on, happens to a disk that nobody sees again.
    file.at_once = true;
    if (life % 200 == 199) {
      disk.clear();
      granted.clear();
    }
  }
  EXPECT_GT(torn, 10u) << "the power cuts have cut nothing";
}

// One life, in a child: it tells through the pipe what it was granted.
[[noreturn]] void LiveUntilKilled(Core& core, const std::string& path, int tell, uint64_t seed) {
  auto file = PosixJournalFile::Open(path);
  if (!file.ok()) _exit(2);
  LabelLoad load(core, **file);
  if (!load.is_open()) _exit(3);
  SeededRng rng(seed);
  const GrantedLabel ready;
  if (write(tell, &ready, sizeof ready) != sizeof ready) _exit(4);
  for (;;) {
    load.Step(
        rng, [] { poll(nullptr, 0, 0); },
        [&](uint32_t label, uint32_t user) {
          const GrantedLabel granted{label, user};
          if (write(tell, &granted, sizeof granted) != sizeof granted) _exit(4);
        });
    load.manager().Pump();
  }
}

class KillTest : public testing::Test {
 protected:
  KillTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sextant-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ + "/labels.journal";
  }
  ~KillTest() override { std::filesystem::remove_all(folder_); }

  // Lets one child live until it was granted that much, and a little longer; returns what it said,
  // `ready` first. However slow the disk is, it dies under load.
  std::vector<GrantedLabel> OneLife(uint64_t seed, uint32_t grants, int64_t microseconds) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = fork();
    if (child == 0) LiveUntilKilled(t_.core, path_, ends[1], seed);
    close(ends[1]);
    std::vector<GrantedLabel> said;
    GrantedLabel one;
    const auto hear = [&] {
      const bool heard = read(ends[0], &one, sizeof one) == sizeof one;
      if (heard) said.push_back(one);
      return heard;
    };
    for (uint32_t i = 0; i <= grants; ++i) {
      pollfd event{.fd = ends[0], .events = POLLIN, .revents = 0};
      if (poll(&event, 1, 2000) != 1 || !hear()) break;
    }
    const timespec nap{0, static_cast<long>(microseconds * 1000)};
    nanosleep(&nap, nullptr);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
    while (hear()) {
    }
    close(ends[0]);
    return said;
  }

  TestCore t_;
  std::string folder_;
  std::string path_;
};

TEST_F(KillTest, Sigkill) {
  SeededRng rng(Seed());
  const auto trace = NameSeed(Seed());
  GrantedLabels granted;
  size_t heard = 0;
  for (int life = 0; life < (IsLong() ? 1'000 : 40); ++life) {
    const auto said = OneLife(rng.Next64(), rng.Below(10), rng.Below(6'000));
    ASSERT_FALSE(said.empty()) << "it did not come up";
    heard += said.size() - 1;
    for (size_t i = 1; i < said.size(); ++i) {
      const auto [place, is_new] = granted.emplace(said[i].label, said[i].user);
      ASSERT_EQ(place->second, said[i].user) << said[i].label << " was granted twice";
    }
    auto file = PosixJournalFile::Open(path_);
    ASSERT_TRUE(file.ok()) << file.status();
    LabelLoad load(t_.core, **file);
    ASSERT_TRUE(load.is_open());
    ASSERT_TRUE(load.Keeps(granted)) << "life " << life;
    if (life % 100 == 99) {
      std::filesystem::remove(path_);
      granted.clear();
    }
  }
  EXPECT_GT(heard, 100u) << "hardly anything was granted";
}

}  // namespace
}  // namespace sextant::test
