// SPDX-License-Identifier: BSD-3-Clause
// Slab: blocks of one size, named by 32-bit handles, in chunks of about 64 KiB.
// A chunk that has become empty is given back, but for one that is kept for the
// next arrival; so the memory follows the use, and the heap is asked once in
// hundreds of blocks. The caller's budget bounds their number.
// Owned by one Core.
#pragma once

#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <vector>

#include "base/intrusive_list.h"

namespace sextant::ip6 {

using Handle = uint32_t;
inline constexpr Handle kNoHandle = UINT32_MAX;

class BlockSlab {
 public:
  explicit BlockSlab(size_t block_size);
  BlockSlab(const BlockSlab&) = delete;
  BlockSlab& operator=(const BlockSlab&) = delete;
  ~BlockSlab();

  Handle Take() {
    Chunk* const chunk = open_.empty() ? Grow() : open_.front();
    uint32_t slot = chunk->free;
    if (slot == kEnd) [[unlikely]] {
      slot = chunk->fresh++;
    } else {
      std::memcpy(&chunk->free, chunk->blocks() + slot * block_size_, sizeof chunk->free);
    }
    if (++chunk->used == slots()) [[unlikely]]
      chunk->Unlink();
    ++in_use_;
    return chunk->number << slot_bits_ | slot;
  }
  void Give(Handle handle) {
    Chunk& chunk = *chunks_[handle >> slot_bits_];
    const uint32_t slot = handle & (slots() - 1);
    std::memcpy(chunk.blocks() + slot * block_size_, &chunk.free, sizeof chunk.free);
    chunk.free = slot;
    --in_use_;
    if (chunk.used-- == slots()) [[unlikely]]
      open_.PushFront(chunk);
    // The only one with room stays for the next arrival.
    if (chunk.used == 0 && !(open_.front() == &chunk && open_.back() == &chunk)) GiveBack(chunk);
  }
  uint8_t* At(Handle handle) const {
    return chunks_[handle >> slot_bits_]->blocks() + (handle & (slots() - 1)) * block_size_;
  }
  size_t block_size() const { return block_size_; }
  size_t in_use() const { return in_use_; }
  size_t chunks() const { return chunks_.size() - vacant_.size(); }

 private:
  static constexpr size_t kChunkBytes = 64 << 10;
  static constexpr uint32_t kEnd = UINT32_MAX;
  struct OpenTag;
  // What lies in front of a chunk's blocks, which begin on a cache line.
  struct alignas(64) Chunk : ListNode<OpenTag> {
    uint32_t number = 0;
    uint32_t used = 0;
    uint32_t fresh = 0;    // blocks from here on were never taken
    uint32_t free = kEnd;  // the last one given back; each names the one before
    uint8_t* blocks() { return reinterpret_cast<uint8_t*>(this + 1); }
  };

  uint32_t slots() const { return 1U << slot_bits_; }
  Chunk* Grow();
  void GiveBack(Chunk& chunk);
  static void Delete(Chunk* chunk);

  const size_t block_size_;
  const uint32_t slot_bits_;
  size_t in_use_ = 0;
  std::vector<Chunk*> chunks_;    // by number; null where one was given back
  std::vector<uint32_t> vacant_;  // numbers without a chunk
  IntrusiveList<Chunk, OpenTag> open_;
};

// The same for objects.
template <typename T>
class Slab {
 public:
  static_assert(std::is_trivially_destructible_v<T>);

  Slab() : blocks_(sizeof(T)) {}
  Handle Make() {
    const Handle handle = blocks_.Take();
    ::new (blocks_.At(handle)) T();
    return handle;
  }
  void Give(Handle handle) { blocks_.Give(handle); }
  T& operator[](Handle handle) const {
    return *std::launder(reinterpret_cast<T*>(blocks_.At(handle)));
  }
  size_t in_use() const { return blocks_.in_use(); }

 private:
  BlockSlab blocks_;
};

// A queue of objects of a slab through two handles in each of them.
struct HandleLinks {
  Handle older = kNoHandle;
  Handle newer = kNoHandle;
};

template <typename T, HandleLinks T::*kLinks>
class HandleQueue {
 public:
  Handle oldest() const { return oldest_; }
  bool empty() const { return oldest_ == kNoHandle; }
  void Push(const Slab<T>& slab, Handle handle) {
    slab[handle].*kLinks = {newest_, kNoHandle};
    (newest_ == kNoHandle ? oldest_ : (slab[newest_].*kLinks).newer) = handle;
    newest_ = handle;
  }
  void Remove(const Slab<T>& slab, Handle handle) {
    const HandleLinks links = slab[handle].*kLinks;
    (links.older == kNoHandle ? oldest_ : (slab[links.older].*kLinks).newer) = links.newer;
    (links.newer == kNoHandle ? newest_ : (slab[links.newer].*kLinks).older) = links.older;
  }

 private:
  Handle oldest_ = kNoHandle;
  Handle newest_ = kNoHandle;
};

}  // namespace sextant::ip6
