// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "flowlabel/table.h"

#include "base/check.h"

namespace sextant::flowlabel {

Table::Table()
    : index_(static_cast<uint32_t*>(std::calloc(size_t{kLabelMask} + 1, sizeof(uint32_t)))) {
  SX_CHECK(index_ != nullptr);
}

uint32_t Table::Draw(Rng& rng, uint32_t bound) {
  uint32_t label = candidate_;
  if (label >= bound || labels_.Contains(label)) label = labels_.Draw(rng, bound);
  candidate_ = static_cast<uint32_t>(rng.Next64() >> 44) & (bound - 1);
  labels_.Prefetch(candidate_);
  __builtin_prefetch(&index_[candidate_], 1);
  return label;
}

Entry& Table::Insert(uint32_t label) {
  SX_CHECK(label != 0 && !labels_.Contains(label));
  uint32_t number = free_;
  if (number == 0) {
    number = unused_++;
    if (number / kChunk >= chunks_.size()) chunks_.push_back(std::make_unique<Entry[]>(kChunk));
  }
  Entry& entry = at(number);
  if (free_ == number) {
    free_ = entry.references;
    __builtin_prefetch(&at(free_), 1);
  }
  labels_.Insert(label);
  index_[label] = number;
  ++size_;
  entry.label = label;
  entry.references = 0;
  return entry;
}

void Table::Erase(Entry& entry) {
  const uint32_t number = index_[entry.label];
  labels_.Erase(entry.label);
  index_[entry.label] = 0;
  --size_;
  entry = Entry();
  entry.references = free_;
  free_ = number;
}

}  // namespace sextant::flowlabel
