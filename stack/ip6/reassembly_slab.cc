// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_slab.h"

#include <bit>
#include <cstring>

namespace sextant::ip6 {

BlockSlab::BlockSlab(size_t block_size)
    : block_size_(block_size),
      slot_bits_(static_cast<uint32_t>(std::bit_width(kChunkBytes / block_size)) - 1) {}

BlockSlab::Chunk* BlockSlab::Grow() {
  if (vacant_.empty()) {
    vacant_.push_back(static_cast<uint32_t>(memory_.size()));
    memory_.push_back(nullptr);
    owners_.emplace_back();
    by_number_.emplace_back();
  }
  const uint32_t number = vacant_.back();
  vacant_.pop_back();
  owners_[number].reset(
      static_cast<uint8_t*>(::operator new[](slots() * block_size_, std::align_val_t{kAlignment})));
  memory_[number] = owners_[number].get();
  by_number_[number] = std::make_unique<Chunk>();
  by_number_[number]->number = number;
  open_.PushFront(*by_number_[number]);
  return by_number_[number].get();
}

Handle BlockSlab::TakeFrom(Chunk& chunk) {
  uint32_t slot = chunk.free;
  if (slot == kEnd) {
    slot = chunk.fresh++;
  } else {
    std::memcpy(&chunk.free, memory_[chunk.number] + slot * block_size_, sizeof chunk.free);
  }
  if (++chunk.used == slots()) chunk.Unlink();
  ++in_use_;
  return chunk.number << slot_bits_ | slot;
}

void BlockSlab::Give(Handle handle) {
  Chunk& chunk = *by_number_[handle >> slot_bits_];
  std::memcpy(At(handle), &chunk.free, sizeof chunk.free);
  chunk.free = handle & (slots() - 1);
  if (chunk.used-- == slots()) open_.PushFront(chunk);
  --in_use_;
  const bool another = open_.front() != &chunk || open_.back() != &chunk;
  if (chunk.used != 0 || !another) return;
  const uint32_t number = chunk.number;
  by_number_[number].reset();
  owners_[number].reset();
  memory_[number] = nullptr;
  vacant_.push_back(number);
}

}  // namespace sextant::ip6
