// SPDX-License-Identifier: BSD-3-Clause
// Arena: memory for many objects of one size, side by side. Many thousand
// sockets strewn over the heap cost a miss in the address translation for each
// packet; an arena asks the kernel for huge pages once it is large.
// Owned by one Core.
#pragma once

#include <cstddef>
#include <vector>

namespace sextant {

class Arena {
 public:
  // Cells of `size` bytes at addresses that are multiples of a cache line.
  explicit Arena(size_t size);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  // REQUIRES: every cell was given back.
  ~Arena();

  // Uninitialised memory for one object. Never null: like operator new it
  // throws std::bad_alloc.
  void* Take();
  void Give(void* cell);

 private:
  struct FreeCell {
    FreeCell* next = nullptr;
  };

  void Grow();

  const size_t cell_;
  std::vector<void*> chunks_;
  FreeCell* free_ = nullptr;
  size_t taken_ = 0;
};

}  // namespace sextant
