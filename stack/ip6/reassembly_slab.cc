// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_slab.h"

#include <bit>

namespace sextant::ip6 {

BlockSlab::BlockSlab(size_t block_size)
    : block_size_(block_size),
      slot_bits_(static_cast<uint32_t>(std::bit_width(kChunkBytes / block_size)) - 1) {}

BlockSlab::~BlockSlab() {
  for (Chunk* const chunk : chunks_) {
    if (chunk != nullptr) Delete(chunk);
  }
}

BlockSlab::Chunk* BlockSlab::Grow() {
  if (vacant_.empty()) {
    vacant_.push_back(static_cast<uint32_t>(chunks_.size()));
    chunks_.push_back(nullptr);
  }
  void* const memory =
      ::operator new (sizeof(Chunk) + slots() * block_size_, std::align_val_t{alignof(Chunk)});
  Chunk* const chunk = ::new (memory) Chunk;
  chunk->number = vacant_.back();
  vacant_.pop_back();
  chunks_[chunk->number] = chunk;
  open_.PushFront(*chunk);
  return chunk;
}

void BlockSlab::GiveBack(Chunk& chunk) {
  chunks_[chunk.number] = nullptr;
  vacant_.push_back(chunk.number);
  Delete(&chunk);
}

void BlockSlab::Delete(Chunk* chunk) {
  chunk->~Chunk();
  ::operator delete (chunk, std::align_val_t{alignof(Chunk)});
}

}  // namespace sextant::ip6
