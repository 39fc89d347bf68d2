// SPDX-License-Identifier: BSD-3-Clause
// The Internet checksum: RFC 1071, RFC 1624, RFC 8200 §8.1, against PlainSum(), which adds sixteen
// bits at a time.
// Any thread.
#include "wire/checksum.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant::test {
namespace {

using wire::Sum;
using wire::UpdateChecksum;

// The checksum of `bytes` as the code under test and as the reference have it.
uint16_t Ours(Bytes bytes) {
  Sum sum;
  sum.Add(bytes);
  return sum.Checksum();
}
uint16_t Reference(Bytes bytes) { return static_cast<uint16_t>(~PlainSum(bytes)); }

// One's complement has two zeros, 0 and 0xffff; a sum of anything but zeros is never 0.
uint16_t OneZero(uint16_t sum) { return sum == 0 ? uint16_t{0xffff} : sum; }

Frame RandomBytes(uint64_t seed, size_t count) {
  SeededRng rng(seed);
  Frame bytes(count);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next32());
  return bytes;
}

struct KnownCase {
  const char* name;
  const char* section;
  Frame bytes;
  uint16_t sum;  // not complemented
};

// clang-format off
const KnownCase kKnownCases[] = {
    {"Example",      "RFC 1071 §3",      {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, 0xddf2},
    {"Empty",        "RFC 1071 §1",      {},                       0x0000},
    {"Zeros",        "RFC 1071 §1",      Pad({}, 100),             0x0000},
    {"OneByte",      "RFC 1071 §4.1",    {0xab},                   0xab00},
    {"ThreeBytes",   "RFC 1071 §4.1",    {0x12, 0x34, 0x56},       0x6834},
    {"CarryAround",  "RFC 1071 §1",      {0xff, 0xff, 0x00, 0x01}, 0x0001},
    {"MinusZero",    "RFC 1071 §1",      {0xff, 0xff},             0xffff},
    {"MinusZeros",   "RFC 1071 §1",      Frame(4096, 0xff),        0xffff},
    {"MinusZeros9K", "RFC 1071 §1",      Frame(9000, 0xff),        0xffff},
};
// clang-format on

class KnownSumTest : public testing::TestWithParam<KnownCase> {};

TEST_P(KnownSumTest, IsTheRfcs) {
  EXPECT_EQ(PlainSum(GetParam().bytes), GetParam().sum) << "the reference itself";
  EXPECT_EQ(Ours(GetParam().bytes), static_cast<uint16_t>(~GetParam().sum)) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc1071, KnownSumTest, testing::ValuesIn(kKnownCases), kNameOf);

class LengthsTest : public testing::TestWithParam<size_t> {};

// Every length at every alignment, random bytes and the bytes that carry most.
TEST_P(LengthsTest, RandomBytes) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  const Frame bytes = RandomBytes(Seed(), 4096 + 8);
  for (size_t length = 0; length <= 4096; ++length) {
    const Bytes part = Bytes(bytes).subspan(GetParam(), length);
    ASSERT_EQ(Ours(part), Reference(part)) << length;
  }
}

TEST_P(LengthsTest, AllOnes) {
  const Frame bytes(4096 + 8, 0xff);
  for (size_t length = 0; length <= 4096; ++length) {
    const Bytes part = Bytes(bytes).subspan(GetParam(), length);
    ASSERT_EQ(Ours(part), Reference(part)) << length;
  }
}

INSTANTIATE_TEST_SUITE_P(Offsets, LengthsTest, testing::Range(size_t{0}, size_t{9}));

TEST(ChecksumTest, LongestPacket) {
  for (const size_t length : {9'000U, 65'535U, 65'536U, 1'000'003U}) {
    const Frame bytes = RandomBytes(length, length);
    ASSERT_EQ(Ours(bytes), Reference(bytes)) << length;
  }
}

// Buffers of exactly that size: AddressSanitizer sees any byte read beyond.
TEST(ChecksumTest, ReadsNothingBeyond) {
  for (size_t length = 0; length < 700; ++length) {
    const Frame bytes = Pattern(length);
    ASSERT_EQ(Ours(bytes), Reference(bytes)) << length;
  }
}

// All units that the processor has say the same, at every alignment.
TEST(ChecksumTest, EveryVectorUnit) {
  const Frame random = RandomBytes(Seed(), 64 * 70);
  const Frame ones(64 * 70, 0xff);
  ASSERT_EQ(wire::SumUnits()[0].name, "plain");
  for (const auto& unit : wire::SumUnits()) {
    for (size_t offset = 0; offset < 64; ++offset) {
      for (size_t blocks = 0; blocks < 68; blocks += 1 + blocks / 8) {
        for (const Frame* bytes : {&random, &ones}) {
          const Bytes part = Bytes(*bytes).subspan(offset, 64 * blocks);
          const uint64_t word = unit.sum(part.data(), blocks);
          Sum sum;
          sum.Add(Bytes(reinterpret_cast<const uint8_t*>(&word), sizeof word));
          ASSERT_EQ(sum.Checksum(), Reference(part)) << unit.name << ' ' << offset << ' ' << blocks;
        }
      }
    }
  }
}

// RFC 1071 §2(B): a message in any two or three parts, odd ones too.
TEST(ChecksumTest, PartsAtEverySplit) {
  const Frame bytes = RandomBytes(Seed(), 600);
  const auto add = [](Sum& sum, Bytes part, size_t offset) {
    offset % 2 == 0 ? sum.Add(part) : sum.AddOdd(part);
  };
  for (size_t first = 0; first <= bytes.size(); ++first) {
    for (size_t second = first; second <= bytes.size(); second += 1 + second % 37) {
      const Bytes all(bytes);
      Sum sum;
      add(sum, all.first(first), 0);
      add(sum, all.subspan(first, second - first), first);
      add(sum, all.subspan(second), second);
      ASSERT_EQ(sum.Checksum(), Reference(all)) << first << ' ' << second;
    }
  }
}

// RFC 1071 §2(A): the order does not matter, so sums may be added to sums.
TEST(ChecksumTest, SumsAdd) {
  const Frame bytes = RandomBytes(Seed(), 512);
  Sum front, back;
  front.Add(Bytes(bytes).first(100));
  back.Add(Bytes(bytes).subspan(100));
  back.Add(front);
  EXPECT_EQ(back.Checksum(), Reference(bytes));
}

// Every half word, and sums of several of them added at once.
TEST(ChecksumTest, EveryNumber) {
  for (uint32_t value = 0; value <= 0xffff; ++value) {
    const uint32_t word = value * 0x9e37U + value;
    Frame bytes(6);
    Store16(bytes, 0, static_cast<uint16_t>(value));
    Store32(bytes, 2, word);
    Sum sum;
    sum.Add16(static_cast<uint16_t>(value));
    sum.Add32(word);
    ASSERT_EQ(sum.Checksum(), Reference(bytes)) << value;
  }
}

TEST(ChecksumTest, NumbersStandInNetworkOrder) {
  Sum sum;
  sum.Add16(0x1234);
  sum.Add32(0xdead'beef);
  EXPECT_EQ(sum.Checksum(), Reference(Frame{0x12, 0x34, 0xde, 0xad, 0xbe, 0xef}));
}

// RFC 8200 §8.1, with the whole range of lengths.
TEST(ChecksumTest, PseudoHeader) {
  const Frame addresses = RandomBytes(Seed(), 32);
  const auto source = Ipv6Address(std::span(std::as_const(addresses)).first<16>());
  const auto destination = Ipv6Address(std::span(std::as_const(addresses)).subspan<16, 16>());
  for (const size_t length : {0U, 1U, 7U, 8U, 1'000U, 65'535U, 70'000U}) {
    for (const uint8_t next_header : std::to_array<uint8_t>({17, 58, 6, 255})) {
      const Frame message = RandomBytes(length, length);
      Sum sum;
      sum.AddPseudoHeader(std::span(addresses).first<32>(), static_cast<uint32_t>(length),
                          next_header);
      sum.Add(message);
      const uint16_t want = UpperChecksum(source, destination, next_header, message);
      ASSERT_EQ(next_header == 17 ? sum.UdpChecksum() : sum.Checksum(), want) << length;

      Sum other;
      other.AddPseudoHeader(source, destination, static_cast<uint32_t>(length), next_header);
      other.Add(message);
      ASSERT_EQ(other.Checksum(), sum.Checksum()) << length;
    }
  }
}

// RFC 8200 §8.1: UDP's zero becomes 0xffff, and verifies like it.
TEST(ChecksumTest, UdpNeverSendsZero) {
  Sum sum;
  sum.Add(Frame{0xff, 0xff});
  EXPECT_EQ(sum.Checksum(), 0);
  EXPECT_EQ(sum.UdpChecksum(), 0xffff);
  Sum other;
  other.Add(Frame{0x12, 0x34});
  EXPECT_EQ(other.UdpChecksum(), other.Checksum());
}

TEST(ChecksumTest, VerifiesWhatItMadeAndNothingElse) {
  SeededRng rng(Seed());
  for (int i = 0; i < 2'000; ++i) {
    Frame bytes = RandomBytes(Seed() + static_cast<uint64_t>(i), 2 + 2 * rng.Below(60));
    Store16(bytes, 0, 0);
    Store16(bytes, 0, Ours(bytes));
    Sum good;
    good.Add(bytes);
    ASSERT_TRUE(good.Verifies());

    // Any single bit that flips is noticed.
    bytes[rng.Below(static_cast<uint32_t>(bytes.size()))] ^=
        static_cast<uint8_t>(1 << rng.Below(8));
    Sum bad;
    bad.Add(bytes);
    ASSERT_FALSE(bad.Verifies());
  }
}

// RFC 1624 §4: header checksum 0xdd2f, field 0x5555 becomes 0x3285, the result is 0x0000.
static_assert(UpdateChecksum(0xdd2f, 0x5555, 0x3285) == 0x0000);

// RFC 1624 §3, against summing anew: every checksum that a message can have, every new field.
// (A message of zeros has checksum 0xffff, any other one can only have 0..0xfffe.)
void ExpectUpdateIsAnew(uint16_t old_field, uint16_t new_field, uint16_t rest) {
  std::array<uint8_t, 4> message{};
  Store16(message, 0, old_field);
  Store16(message, 2, rest);
  const uint16_t before = Reference(message);
  Store16(message, 0, new_field);
  const uint16_t want = Reference(message);
  const uint16_t got = UpdateChecksum(before, old_field, new_field);
  // Equal as one's complement numbers; and exactly, unless the message has become all zero.
  ASSERT_EQ(OneZero(static_cast<uint16_t>(~got)), OneZero(static_cast<uint16_t>(~want)))
      << old_field << ' ' << new_field << ' ' << rest;
  if (new_field != 0 || rest != 0) {
    ASSERT_EQ(got, want) << old_field << ' ' << new_field << ' ' << rest;
  }
}

constexpr std::array<uint16_t, 6> kCorners = {0, 1, 0x5555, 0x8000, 0xfffe, 0xffff};

TEST(UpdateChecksumTest, EveryRestWithCornerFields) {
  for (const uint16_t old_field : kCorners) {
    for (const uint16_t new_field : kCorners) {
      for (uint32_t rest = 0; rest <= 0xffff; ++rest) {
        ExpectUpdateIsAnew(old_field, new_field, static_cast<uint16_t>(rest));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(UpdateChecksumTest, EveryFieldWithCornerRests) {
  for (const uint16_t rest : std::to_array<uint16_t>({0, 0x5555, 0xffff})) {
    for (const uint16_t old_field : kCorners) {
      for (uint32_t new_field = 0; new_field <= 0xffff; ++new_field) {
        ExpectUpdateIsAnew(old_field, static_cast<uint16_t>(new_field), rest);
        ExpectUpdateIsAnew(static_cast<uint16_t>(new_field), old_field, rest);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(UpdateChecksumTest, RandomFields) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  for (int i = 0; i < Rounds(200'000); ++i) {
    ExpectUpdateIsAnew(static_cast<uint16_t>(rng.Next32()), static_cast<uint16_t>(rng.Next32()),
                       static_cast<uint16_t>(rng.Next32()));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace sextant::test
