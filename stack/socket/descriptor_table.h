// SPDX-License-Identifier: BSD-3-Clause
// DescriptorTable: numbers for descriptors, the lowest free one first (POSIX).
// They begin at 3, so that nobody mistakes one for standard input or output.
// Owned by one Core.
#pragma once

#include <memory>
#include <vector>

#include "base/errno.h"
#include "socket/descriptor.h"

namespace sextant::socket {

class DescriptorTable {
 public:
  static constexpr int kFirst = 3;

  // kTooManyFiles when `limit` are open.
  Result<int> Insert(std::unique_ptr<Descriptor> descriptor, size_t limit);
  // Null when nothing has that number.
  Descriptor* Find(int number) const {
    const auto at = static_cast<size_t>(number) - kFirst;  // wraps far beyond the end below kFirst
    return at < slots_.size() ? slots_[at].get() : nullptr;
  }
  // REQUIRES: Find(number) != nullptr.
  std::unique_ptr<Descriptor> Remove(int number);

  size_t size() const { return size_; }
  // One past the highest number that may be in use.
  int end() const { return kFirst + static_cast<int>(slots_.size()); }

 private:
  std::vector<std::unique_ptr<Descriptor>> slots_;
  size_t size_ = 0;
  size_t lowest_ = 0;  // no slot below it is free
};

}  // namespace sextant::socket
