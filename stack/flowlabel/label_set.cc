// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/label_set.h"

#include <bit>

namespace sextant::flowlabel {

void LabelSet::Insert(uint32_t label) {
  uint64_t& word = words_[label / 64];
  word |= uint64_t{1} << (label % 64);
  if (word == ~uint64_t{0}) full_[label / 4096] |= uint64_t{1} << (label / 64 % 64);
}

void LabelSet::Erase(uint32_t label) {
  words_[label / 64] &= ~(uint64_t{1} << (label % 64));
  full_[label / 4096] &= ~(uint64_t{1} << (label / 64 % 64));
}

uint32_t LabelSet::Draw(Rng& rng, uint32_t bound) const {
  for (int i = 0; i < kTries; ++i) {
    const auto label = static_cast<uint32_t>(rng.Next64() >> 44) & (bound - 1);
    if (!Contains(label)) return label;
  }
  return Search(rng.Next64(), bound);
}

// A random unused label of a random word that has one, or of the next such
// word. Labels that stand alone in their word are a little more likely than
// the others: nothing that helps to guess the next one.
uint32_t LabelSet::Search(uint64_t random, uint32_t bound) const {
  const size_t words = bound / 64;
  const size_t groups = words / 64;
  const size_t first = (random >> 32) % words;
  for (size_t i = 0; i <= groups; ++i) {
    const size_t group = (first / 64 + i) % groups;
    uint64_t open = ~full_[group];
    const uint64_t from = ~uint64_t{0} << (first % 64);
    if (i == 0) open &= from;  // the first group's beginning comes last
    if (i == groups) open &= ~from;
    if (open == 0) continue;
    const auto word = static_cast<uint32_t>(group * 64) + std::countr_zero(open);
    const auto turn = static_cast<int>(random % 64);
    const int bit = (std::countr_zero(std::rotr(~words_[word], turn)) + turn) % 64;
    return word * 64 + static_cast<uint32_t>(bit);
  }
  return 0;
}

uint32_t LabelSet::Next(uint32_t label) const {
  size_t word = (label + 1) / 64;
  if (word >= kWords) return 0;
  uint64_t used = words_[word] & (~uint64_t{0} << ((label + 1) % 64));
  while (used == 0) {
    if (++word == kWords) return 0;
    used = words_[word];
  }
  return static_cast<uint32_t>(word * 64) + static_cast<uint32_t>(std::countr_zero(used));
}

}  // namespace sextant::flowlabel
