// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "core/arena.h"

#include <sys/mman.h>

#include <cstdlib>
#include <memory>
#include <new>

#include "base/check.h"

namespace sextant {
namespace {

constexpr size_t kCacheLine = 64;
// A few objects should not cost a huge page; then whole ones.
constexpr size_t kFirstChunk = size_t{64} << 10;
constexpr size_t kChunk = size_t{2} << 20;

size_t RoundUp(size_t size) { return (size + kCacheLine - 1) / kCacheLine * kCacheLine; }

}  // namespace

Arena::Arena(size_t size) : cell_(RoundUp(size)) { SX_CHECK(cell_ <= kFirstChunk); }

Arena::~Arena() {
  SX_CHECK(taken_ == 0);
  for (void* const chunk : chunks_) std::free(chunk);
}

void Arena::Grow() {
  const size_t size = chunks_.empty() ? kFirstChunk : kChunk;
  chunks_.reserve(chunks_.size() + 1);
  auto* const chunk = static_cast<std::byte*>(std::aligned_alloc(size, size));
  if (chunk == nullptr) throw std::bad_alloc();
  // Only a wish: without huge pages it works as well, more slowly.
  if (size == kChunk) static_cast<void>(madvise(chunk, size, MADV_HUGEPAGE));
  chunks_.push_back(chunk);
  for (size_t at = size / cell_; at > 0; --at) {
    free_ =
        std::construct_at(reinterpret_cast<FreeCell*>(chunk + (at - 1) * cell_), FreeCell{free_});
  }
}

void* Arena::Take() {
  if (free_ == nullptr) Grow();
  FreeCell* const cell = free_;
  free_ = cell->next;
  ++taken_;
  return cell;
}

void Arena::Give(void* cell) {
  free_ = std::construct_at(static_cast<FreeCell*>(cell), FreeCell{free_});
  --taken_;
}

}  // namespace sextant
