// SPDX-License-Identifier: BSD-3-Clause
// The journal's bytes: what was written is read back, what is torn is cut off, what is damaged is
// refused.
// Owned by one Core.
#include "flowlabel/journal_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "support/journal_file.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using flowlabel::FrameBuilder;
using flowlabel::HeaderBlock;
using flowlabel::JournalContents;
using flowlabel::ReadJournal;
using flowlabel::SavedLabel;
using flowlabel::Share;

constexpr JournalTime kNow = {.wall = 2'000'000'000'000, .uptime = 1'000'000'000, .boot = 7};

SavedLabel Sample(uint32_t label, uint16_t linger = 100) {
  static const uint8_t hop_by_hop[] = {59, 0, 1, 4, 0, 0, 0, 0};
  static const std::vector<uint8_t> routing(1024);  // whole sectors of zeros
  SavedLabel saved;
  saved.label = label;
  saved.share = Share::kUser;
  saved.is_leased = true;
  saved.pid = -5;
  saved.user = 0xffff'fffe;
  saved.linger = linger;
  saved.remaining = Duration::Seconds(1000);
  saved.destination = *Ipv6Address::Parse("2001:db8::1");
  if (label % 2 == 1) saved.headers = HeaderBlock({hop_by_hop, {}, {}});
  if (label % 4 == 2) saved.headers = HeaderBlock({{}, hop_by_hop, routing});
  return saved;
}

// A file of three frames, and what it holds after each.
struct SampleFile {
  SampleFile() {
    bytes = flowlabel::JournalHeader();
    Mark({});
    FrameBuilder builder;
    builder.Save(Sample(1));
    builder.Save(Sample(2));
    Add(builder, {Sample(1), Sample(2)});
    builder.Save(Sample(3));
    builder.Forget(1);
    Add(builder, {Sample(2), Sample(3)});
    builder.Save(Sample(2, 200));
    Add(builder, {Sample(2, 200), Sample(3)});
  }
  void Add(FrameBuilder& builder, std::vector<SavedLabel> labels) {
    const std::vector<uint8_t> frame = builder.Finish(ends.size(), kNow);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    Mark(std::move(labels));
  }
  void Mark(std::vector<SavedLabel> labels) {
    ends.push_back(bytes.size());
    states.push_back(std::move(labels));
  }

  std::vector<uint8_t> bytes;
  std::vector<size_t> ends;  // of the header and of each frame
  std::vector<std::vector<SavedLabel>> states;
};

TEST(Crc32cTest, KnownAnswers) {
  const std::vector<uint8_t> zeros(32);
  const std::vector<uint8_t> ones(32, 0xff);
  EXPECT_EQ(Crc32c(zeros), 0x8a91'36aau) << "RFC 3720 B.4";
  EXPECT_EQ(Crc32c(ones), 0x62a8'ab43u) << "RFC 3720 B.4";
}

TEST(JournalFormatTest, EverythingComesBack) {
  const SampleFile file;
  const JournalContents contents = ReadJournal(file.bytes, kNow);
  EXPECT_EQ(contents.damage, nullptr);
  EXPECT_EQ(contents.sound, file.bytes.size());
  EXPECT_EQ(contents.next_sequence, 4u);
  EXPECT_EQ(contents.labels, file.states.back());
}

TEST(JournalFormatTest, EveryTruncationIsRepaired) {
  const SampleFile file;
  for (size_t size = 0; size <= file.bytes.size(); ++size) {
    const JournalContents contents = ReadJournal(Bytes(file.bytes).first(size), kNow);
    ASSERT_EQ(contents.damage, nullptr) << size;
    size_t frames = 0;
    while (frames + 1 < file.ends.size() && file.ends[frames + 1] <= size) ++frames;
    const bool has_header = size >= file.ends[0];
    ASSERT_EQ(contents.sound, has_header ? file.ends[frames] : 0) << size;
    ASSERT_EQ(contents.labels, file.states[frames]) << size;
    ASSERT_EQ(contents.next_sequence, frames + 1) << size;
  }
}

// Also in the last frame, which might be torn but is not.
TEST(JournalFormatTest, EveryDamagedByteIsRefused) {
  const SampleFile file;
  for (size_t at = 0; at < file.bytes.size(); ++at) {
    for (const uint8_t flip : {uint8_t{1}, uint8_t{128}, uint8_t{255}, file.bytes[at]}) {
      if (flip == 0) continue;
      std::vector<uint8_t> bytes = file.bytes;
      bytes[at] ^= flip;
      const JournalContents contents = ReadJournal(bytes, kNow);
      ASSERT_NE(contents.damage, nullptr) << "byte " << at << " ^ " << int{flip};
      ASSERT_LE(contents.sound, at);
      ASSERT_TRUE(contents.labels.empty());
    }
  }
}

// Sectors that were never written read as zeros.
TEST(JournalFormatTest, BlankSectorsOfTheLastFrameAreTorn) {
  SampleFile file;
  FrameBuilder builder;
  for (uint32_t label = 100; label < 140; ++label) builder.Save(Sample(label));
  file.Add(builder, {});
  const size_t begin = file.ends[3];
  const size_t sectors = (file.bytes.size() - 1) / 512 - begin / 512 + 1;
  ASSERT_GT(sectors, 10u);
  for (size_t blank = 0; blank < sectors; ++blank) {
    std::vector<uint8_t> bytes = file.bytes;
    const size_t first = std::max(begin, (begin / 512 + blank) * 512);
    const size_t end = std::min(bytes.size(), (begin / 512 + blank + 1) * 512);
    std::fill(bytes.begin() + first, bytes.begin() + end, uint8_t{0});
    const JournalContents contents = ReadJournal(bytes, kNow);
    EXPECT_EQ(contents.damage, nullptr) << blank;
    EXPECT_EQ(contents.sound, begin);
    EXPECT_EQ(contents.labels, file.states[3]);
    // Had another frame been synced behind it, it would have been whole.
    builder.Save(Sample(1));
    const std::vector<uint8_t> later = builder.Finish(5, kNow);
    bytes.insert(bytes.end(), later.begin(), later.end());
    EXPECT_NE(ReadJournal(bytes, kNow).damage, nullptr) << blank;
  }
}

TEST(JournalFormatTest, FramesOutOfSequence) {
  for (const uint64_t sequence : {0, 2, 4, 5}) {
    SampleFile file;
    file.bytes.resize(file.ends[2]);
    FrameBuilder builder;
    builder.Save(Sample(9));
    const std::vector<uint8_t> frame = builder.Finish(sequence, kNow);
    file.bytes.insert(file.bytes.end(), frame.begin(), frame.end());
    EXPECT_NE(ReadJournal(file.bytes, kNow).damage, nullptr) << sequence;
  }
}

TEST(JournalFormatTest, SomethingElseIsRefused) {
  for (const char* text : {"x", "SXLABELT", "SXLABELS", "[flowlabel]\njournal = here\n"}) {
    const std::string other(text);
    const Bytes bytes(reinterpret_cast<const uint8_t*>(other.data()), other.size());
    const JournalContents contents = ReadJournal(bytes, kNow);
    EXPECT_EQ(contents.damage == nullptr, other == "SXLABELS") << text;
    EXPECT_EQ(contents.sound, 0u);
  }
}

TEST(JournalFormatTest, RandomBytesEndSomehow) {
  SeededRng rng(Seed());
  const auto trace = NameSeed(Seed());
  const SampleFile file;
  for (int i = 0; i < Rounds(3000); ++i) {
    std::vector<uint8_t> bytes = file.bytes;
    for (uint32_t n = rng.Below(20) + 1; n > 0; --n) {
      bytes[rng.Below(static_cast<uint32_t>(bytes.size()))] = static_cast<uint8_t>(rng.Next64());
    }
    const JournalContents contents = ReadJournal(bytes, kNow);
    ASSERT_LE(contents.sound, bytes.size());
    ASSERT_LE(contents.labels.size(), 4u);
  }
}

TEST(JournalFormatTest, CompactionKeepsWhatIsThere) {
  const SampleFile file;
  JournalTime later = kNow;
  later.uptime += 10'000'000'000;
  const std::vector<uint8_t> compact = flowlabel::CompactJournal(file.bytes, later);
  EXPECT_LT(compact.size(), file.bytes.size());
  const JournalContents contents = ReadJournal(compact, later);
  EXPECT_EQ(contents.labels, ReadJournal(file.bytes, later).labels);
  EXPECT_EQ(contents.next_sequence, 2u);
  EXPECT_EQ(ReadJournal(flowlabel::CompactJournal({}, kNow), kNow).damage, nullptr);
  std::vector<uint8_t> damaged = file.bytes;
  damaged[20] ^= 1;
  EXPECT_EQ(flowlabel::CompactJournal(damaged, kNow), damaged);
}

struct ClockCase {
  std::string name;
  JournalTime now;  // against kNow, in seconds
  int64_t want;     // of 1000 seconds, so many are left
};

// clang-format off
const ClockCase kClockCases[] = {
    {"AtOnce",                  {.wall = 0,     .uptime = 0,     .boot = 7}, 1000},
    {"Later",                   {.wall = 10,    .uptime = 10,    .boot = 7}, 990},
    {"SteppedForward",          {.wall = 99999, .uptime = 10,    .boot = 7}, 990},
    {"SteppedBackward",         {.wall = -9999, .uptime = 10,    .boot = 7}, 990},
    {"Over",                    {.wall = 1500,  .uptime = 1500,  .boot = 7}, -500},
    {"AnotherBoot",             {.wall = 10,    .uptime = -1,    .boot = 8}, 990},
    {"AnotherBootLate",         {.wall = 1500,  .uptime = -1,    .boot = 8}, -500},
    {"AnotherBootWithoutClock", {.wall = -1999, .uptime = -1,    .boot = 8}, 1000},
};
// clang-format on

JournalTime Shifted(const JournalTime& by) {
  return {.wall = kNow.wall + by.wall * 1'000'000'000,
          .uptime = kNow.uptime + by.uptime * 1'000'000'000,
          .boot = by.boot};
}

class ClockTest : public testing::TestWithParam<ClockCase> {};

TEST_P(ClockTest, NothingIsShortened) {
  const SampleFile file;
  const JournalContents contents = ReadJournal(file.bytes, Shifted(GetParam().now));
  ASSERT_EQ(contents.labels.size(), 2u);
  for (const SavedLabel& label : contents.labels) {
    EXPECT_EQ(label.remaining, Duration::Seconds(GetParam().want));
  }
}

INSTANTIATE_TEST_SUITE_P(Table, ClockTest, testing::ValuesIn(kClockCases), kNameOf);

// The wall clock was wrong by a day when the label was granted and has been put right since.
TEST(JournalFormatTest, StepWithinABootIsKnownToTheNext) {
  SampleFile file;
  FrameBuilder builder;
  const std::vector<uint8_t> frame =
      builder.Finish(4, Shifted({.wall = 86'400 + 10, .uptime = 10, .boot = 7}));
  file.bytes.insert(file.bytes.end(), frame.begin(), frame.end());
  const JournalContents contents =
      ReadJournal(file.bytes, Shifted({.wall = 86'400 + 30, .uptime = -1, .boot = 8}));
  ASSERT_EQ(contents.labels.size(), 2u);
  EXPECT_EQ(contents.labels[0].remaining, Duration::Seconds(970));
}

}  // namespace
}  // namespace sextant::test
