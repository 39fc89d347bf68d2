// SPDX-License-Identifier: BSD-3-Clause
// LabelSet: which of the 2^20 labels are in use, a bit each, and the draw of
// one that is not.
// RFC 6437 §3: labels are drawn from a uniform distribution.
// Principle: a draw takes a bounded number of steps however full the set is.
// Owned by one Core.
#pragma once

#include <array>
#include <vector>

#include "base/rng.h"
#include "flowlabel/request.h"

namespace sextant::flowlabel {

class LabelSet {
 public:
  LabelSet() : words_(kWords) { Insert(0); }  // 0 is "no label": never drawn

  bool Contains(uint32_t label) const { return (words_[label / 64] >> (label % 64) & 1) != 0; }
  void Insert(uint32_t label);
  void Erase(uint32_t label);
  // An unused label below `bound`, or 0 when there is none.
  // REQUIRES: bound is kStatelessBit or kLabelMask + 1.
  uint32_t Draw(Rng& rng, uint32_t bound) const;
  // The label will be asked for soon.
  void Prefetch(uint32_t label) const { __builtin_prefetch(&words_[label / 64]); }
  // The first label after `label` that is in use; 0 when there is none.
  uint32_t Next(uint32_t label) const;

 private:
  static constexpr size_t kWords = (size_t{kLabelMask} + 1) / 64;
  // LIMIT: after this many labels that were taken the table is crowded, and
  // searched instead of tried.
  static constexpr int kTries = 4;

  uint32_t Search(uint64_t random, uint32_t bound) const;

  std::vector<uint64_t> words_;
  std::array<uint64_t, kWords / 64> full_{};  // a bit per word: every label of it is in use
};

}  // namespace sextant::flowlabel
