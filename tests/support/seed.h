// SPDX-License-Identifier: BSD-3-Clause
// Seeds of tests with random input: always the same ones, so that a failure comes back, unless
// SX_SEED=<number> asks for another. With SX_LONG set they try ten times as much.
// Any thread.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace sextant::test {

inline uint64_t Seed() {
  const char* const text = std::getenv("SX_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

inline int Rounds(int usual) { return std::getenv("SX_LONG") == nullptr ? usual : 10 * usual; }

// Keep it alive in a test: a failure then names the seed.
//   const testing::ScopedTrace trace = NameSeed(seed);
inline testing::ScopedTrace NameSeed(uint64_t seed) {
  return {__FILE__, __LINE__, "SX_SEED=" + std::to_string(seed)};
}

// The name of a row, for INSTANTIATE_TEST_SUITE_P; rows have a `name`.
inline constexpr auto kNameOf = [](const auto& info) { return std::string(info.param.name); };

}  // namespace sextant::test
