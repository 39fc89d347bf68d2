// SPDX-License-Identifier: BSD-3-Clause
// Slab: blocks of one size, named by 32-bit handles, in chunks of about 64 KiB.
// A chunk that has become empty is given back, but for one that is kept for the
// next arrival; so the memory follows the use, and the heap is asked once in
// hundreds of blocks. The caller's budget bounds their number.
// Owned by one Core.
#pragma once

#include <memory>
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

  Handle Take() {
    Chunk* chunk = open_.front();
    if (chunk == nullptr) [[unlikely]]
      chunk = Grow();
    return TakeFrom(*chunk);
  }
  void Give(Handle handle);
  uint8_t* At(Handle handle) const {
    return memory_[handle >> slot_bits_] + (handle & ((1U << slot_bits_) - 1)) * block_size_;
  }
  size_t block_size() const { return block_size_; }
  size_t in_use() const { return in_use_; }
  size_t chunks() const { return memory_.size() - vacant_.size(); }

 private:
  static constexpr size_t kChunkBytes = 64 << 10;
  static constexpr size_t kAlignment = 64;
  static constexpr uint32_t kEnd = UINT32_MAX;
  struct OpenTag;
  struct Chunk : ListNode<OpenTag> {
    uint32_t number = 0;
    uint32_t used = 0;
    uint32_t fresh = 0;    // blocks from here on were never taken
    uint32_t free = kEnd;  // the last one given back; each names the one before
  };
  struct Free {
    void operator()(uint8_t* memory) const {
      ::operator delete[](memory, std::align_val_t{kAlignment});
    }
  };

  uint32_t slots() const { return 1U << slot_bits_; }
  Chunk* Grow();
  Handle TakeFrom(Chunk& chunk);

  const size_t block_size_;
  const uint32_t slot_bits_;
  size_t in_use_ = 0;
  std::vector<uint8_t*> memory_;  // by number; null where a chunk was given back
  std::vector<std::unique_ptr<uint8_t[], Free>> owners_;
  std::vector<std::unique_ptr<Chunk>> by_number_;
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
