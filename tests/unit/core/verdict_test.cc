// SPDX-License-Identifier: BSD-3-Clause
// Verdict: four answers that exclude each other.
// Any thread.
#include "core/verdict.h"

#include <gtest/gtest.h>

namespace sextant::test {
namespace {

enum class Next : uint8_t { kFirst, kSecond };
using Answer = Verdict<Next>;

constexpr wire::Icmp6Error kError =
    wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kUnknownOption, 42);

constexpr Answer kPassed = Next::kSecond;
static_assert(kPassed.passed() && !kPassed.held() && !kPassed.refused());
static_assert(kPassed.next() == Next::kSecond && kPassed.reason() == DropReason::kNone);

constexpr Answer kDropped = DropReason::kUdpTruncated;
static_assert(!kDropped.passed() && !kDropped.held() && !kDropped.refused());
static_assert(kDropped.reason() == DropReason::kUdpTruncated);

constexpr Answer kRefused = Answer::Refuse(DropReason::kUdpNoSocket, kError);
static_assert(!kRefused.passed() && !kRefused.held() && kRefused.refused());
static_assert(kRefused.reason() == DropReason::kUdpNoSocket && kRefused.error() == kError);

constexpr Answer kHeld = Answer::Held();
static_assert(!kHeld.passed() && kHeld.held() && !kHeld.refused());

// Tables of tests compare verdicts: everything in them counts.
TEST(VerdictTest, ComparesAllOfIt) {
  const Answer all[] = {Next::kFirst, kPassed,
                        kDropped,     Answer(DropReason::kUdpNoSocket),
                        kRefused,     Answer::Refuse(DropReason::kUdpNoSocket, {}),
                        kHeld};
  for (size_t i = 0; i < std::size(all); ++i) {
    for (size_t k = 0; k < std::size(all); ++k) EXPECT_EQ(all[i] == all[k], i == k);
  }
}

}  // namespace
}  // namespace sextant::test
