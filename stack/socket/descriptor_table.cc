// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/descriptor_table.h"

#include <algorithm>
#include <utility>

namespace sextant::socket {

Result<int> DescriptorTable::Insert(std::unique_ptr<Descriptor> descriptor, size_t limit) {
  if (size_ >= limit) return Errno::kTooManyFiles;
  // Opening many at once walks every slot once, since lowest_ only moves up
  // until something is closed.
  while (lowest_ < slots_.size() && slots_[lowest_]) ++lowest_;
  if (lowest_ == slots_.size()) slots_.emplace_back();
  slots_[lowest_] = std::move(descriptor);
  ++size_;
  return kFirst + static_cast<int>(lowest_++);
}

std::unique_ptr<Descriptor> DescriptorTable::Remove(int number) {
  const auto at = static_cast<size_t>(number - kFirst);
  lowest_ = std::min(lowest_, at);
  --size_;
  return std::move(slots_[at]);
}

}  // namespace sextant::socket
