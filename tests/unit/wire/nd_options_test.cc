// SPDX-License-Identifier: BSD-3-Clause
// Options of neighbor discovery messages: RFC 4861 §4.6, RFC 7527 §4.1.
// Any thread.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"
#include "support/frames.h"
#include "support/seed.h"
#include "wire/nd.h"

namespace sextant::test {
namespace {

using wire::NdOptions;

const Frame kSource = {1, 1, 2, 0, 0, 0, 0, 1};
const Frame kTarget = {2, 1, 2, 0, 0, 0, 0, 2};
const Frame kNonce = {14, 1, 1, 2, 3, 4, 5, 6};
const Frame kUnknown = {200, 1, 9, 9, 9, 9, 9, 9};

Frame Repeat(const Frame& option, size_t count) {
  Frame all;
  for (size_t i = 0; i < count; ++i) all = Join(all, option);
  return all;
}

// What was found, in few letters: "s=…01 t=…02 n", or why nothing was.
std::string Found(const wire::Parsed<NdOptions>& options) {
  if (!options) return std::string(Describe(options.reason()).name);
  std::string text;
  if (options->source_link_layer) text += "s=" + options->source_link_layer->ToString() + ' ';
  if (options->target_link_layer) text += "t=" + options->target_link_layer->ToString() + ' ';
  if (options->nonce) text += "n=" + std::to_string((*options->nonce)[5]) + ' ';
  return text;
}

struct OptionCase {
  const char* name;
  const char* section;
  Frame options;
  const char* want;
};

// clang-format off
const OptionCase kOptionCases[] = {
    {"None",                 "RFC 4861 §4.3",   {},                                     ""},
    {"SourceLinkLayer",      "RFC 4861 §4.6.1", kSource,                                "s=02:00:00:00:00:01 "},
    {"TargetLinkLayer",      "RFC 4861 §4.6.1", kTarget,                                "t=02:00:00:00:00:02 "},
    {"Nonce",                "RFC 7527 §4.1",   kNonce,                                 "n=6 "},
    {"AllThree",             "RFC 4861 §4.6",   Join(Join(kSource, kTarget), kNonce),   "s=02:00:00:00:00:01 t=02:00:00:00:00:02 n=6 "},
    {"AnyOrder",             "RFC 4861 §4.6",   Join(Join(kNonce, kTarget), kSource),   "s=02:00:00:00:00:01 t=02:00:00:00:00:02 n=6 "},
    {"UnknownIsSkipped",     "RFC 4861 §4.6",   Join(kUnknown, kSource),                "s=02:00:00:00:00:01 "},
    {"UnknownLast",          "RFC 4861 §4.6",   Join(kSource, kUnknown),                "s=02:00:00:00:00:01 "},
    {"UnknownLong",          "RFC 4861 §4.6",   Join(Pad({200, 3}, 22), kSource),       "s=02:00:00:00:00:01 "},
    {"UnknownLongest",       "RFC 4861 §4.6",   Join(Pad({200, 255}, 2038), kSource),   "s=02:00:00:00:00:01 "},
    {"TypeZero",             "RFC 4861 §4.6",   Join(Pad({0, 1}, 6), kSource),          "s=02:00:00:00:00:01 "},
    {"PrefixIsNotOurs",      "RFC 4861 §4.3",   Join(Pad({3, 4}, 30), kSource),         "s=02:00:00:00:00:01 "},
    {"MtuIsNotOurs",         "RFC 4861 §4.3",   Join(Pad({5, 1}, 6), kTarget),          "t=02:00:00:00:00:02 "},
    {"FirstOfRepeated",      "RFC 4861 §4.6",   Join(kSource, Poke(kSource, 7, 9)),     "s=02:00:00:00:00:01 "},
    {"FirstNonceOfRepeated", "RFC 7527 §4.1",   Join(kNonce, Poke(kNonce, 7, 9)),       "n=6 "},
    {"LongAddressIsIgnored", "RFC 2464 §6",     Pad({1, 2, 1, 2, 3, 4, 5, 6}, 8),       ""},
    {"LongNonceIsIgnored",   "RFC 7527 §4.1",   Pad({14, 2, 1, 2, 3, 4, 5, 6}, 8),      ""},
    {"LongThenUsual",        "RFC 2464 §6",     Join(Pad({1, 2}, 14), kSource),         "s=02:00:00:00:00:01 "},
    {"ThirtyTwo",            "-",               Join(Repeat(kUnknown, 31), kSource),    "s=02:00:00:00:00:01 "},
    {"ThirtyThree",          "-",               Join(Repeat(kUnknown, 32), kSource),    "nd-bad-option"},
    {"LengthZero",           "RFC 4861 §7.1.1", Poke(kSource, 1, 0),                    "nd-bad-option"},
    {"LengthZeroUnknown",    "RFC 4861 §7.1.1", Poke(kUnknown, 1, 0),                   "nd-bad-option"},
    {"LengthZeroLast",       "RFC 4861 §7.1.1", Join(kSource, {200, 0}),                "nd-bad-option"},
    {"Beyond",               "RFC 4861 §7.1.1", Poke(kSource, 1, 2),                    "nd-bad-option"},
    {"FarBeyond",            "RFC 4861 §7.1.1", Poke(kSource, 1, 255),                  "nd-bad-option"},
    {"BeyondUnknown",        "RFC 4861 §7.1.1", Join(kSource, Poke(kUnknown, 1, 2)),    "nd-bad-option"},
    {"OneByte",              "RFC 4861 §7.1.1", {1},                                    "nd-bad-option"},
    {"OneByteBehind",        "RFC 4861 §7.1.1", Join(kSource, {1}),                     "nd-bad-option"},
    {"HeaderOnly",           "RFC 4861 §7.1.1", {1, 1},                                 "nd-bad-option"},
    {"SevenBytes",           "RFC 4861 §7.1.1", Cut(kSource, 7),                        "nd-bad-option"},
    {"ZerosAreNotPadding",   "RFC 4861 §7.1.1", Pad(kSource, 8),                        "nd-bad-option"},
};
// clang-format on

class NdOptionsTest : public testing::TestWithParam<OptionCase> {};

TEST_P(NdOptionsTest, Parses) {
  EXPECT_EQ(Found(NdOptions::Parse(GetParam().options)), GetParam().want) << GetParam().section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, NdOptionsTest, testing::ValuesIn(kOptionCases), kNameOf);

// RFC 4861 §7.1.1: a list cut anywhere but between options is refused whole.
TEST(NdOptionsTest, TruncatedAtEveryLength) {
  const Frame all = Join(Join(kSource, kUnknown), Join(kTarget, kNonce));
  for (size_t size = 0; size <= all.size(); ++size) {
    const Frame cut = Cut(all, size);
    ASSERT_EQ(static_cast<bool>(NdOptions::Parse(cut)), size % 8 == 0) << size;
  }
}

// Random bytes in a buffer of exactly their size: AddressSanitizer sees any byte read beyond.
TEST(NdOptionsTest, RandomBytes) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  for (int i = 0; i < Rounds(20'000); ++i) {
    Frame bytes(rng.Below(80));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next32());
    // Small lengths, so that some lists are good.
    for (size_t at = 1; at < bytes.size(); at += 8) bytes[at] = static_cast<uint8_t>(rng.Below(3));
    const auto found = NdOptions::Parse(bytes);
    if (!found) {
      ASSERT_EQ(found.reason(), DropReason::kNdBadOption);
    }
  }
}

}  // namespace
}  // namespace sextant::test
