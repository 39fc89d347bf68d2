// SPDX-License-Identifier: BSD-3-Clause
// Table: every label of the stack, leased or lingering, found by its number.
// Principle: an entry is one cache line in a slab; the index is as large as the
// label space, so that a lookup is one load and nobody can lengthen a chain.
// An Entry& is good until it is erased, and nobody erases a leased one.
// Owned by one Core.
#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "base/time.h"
#include "flowlabel/header_block.h"
#include "flowlabel/label_set.h"

namespace sextant::flowlabel {

struct alignas(64) Entry {
  Ipv6Address destination;
  Instant expiry;                              // kept until then at least
  Instant last_use;                            // given out, released, or sent with
  std::unique_ptr<const HeaderBlock> headers;  // null: none
  uint32_t label = 0;
  uint32_t references = 0;  // leases; 0: it lingers
  int32_t pid = 0;          // of whoever made or claimed it; Share::kProcess asks
  uint32_t user = 0;        // of the same; Share::kUser and the quota ask
  uint16_t linger = 0;      // in seconds
  Share share = Share::kNone;
  bool is_restored = false;    // read from the journal, not claimed yet
  bool is_journalled = false;  // the journal knows it
  bool is_watched = false;     // the collector knows it

  // While there are such labels, only who leases a label may send it: Linux's rule.
  bool is_guarded() const { return share != Share::kAny || headers != nullptr; }
  size_t headers_size() const { return headers == nullptr ? 0 : headers->size(); }
};
static_assert(sizeof(Entry) == 64);

class Table {
 public:
  Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // Null when no such label is in use. REQUIRES: label <= kLabelMask.
  Entry* Find(uint32_t label) const {
    const uint32_t number = index_[label];
    return number == 0 ? nullptr : &at(number);
  }
  // An unused label below `bound`, or 0 when there is none (LabelSet::Draw()). What it will touch
  // is drawn, and fetched, one call ahead: in a large table that is most of the cost.
  uint32_t Draw(Rng& rng, uint32_t bound);
  // REQUIRES: the label is not in use, and not 0.
  Entry& Insert(uint32_t label);
  void Erase(Entry& entry);
  size_t size() const { return size_; }
  const LabelSet& labels() const { return labels_; }

  // Every entry, in ascending order of labels.
  template <typename F>
  void ForEach(F&& take) const {
    for (uint32_t label = labels_.Next(0); label != 0; label = labels_.Next(label)) {
      take(*Find(label));
    }
  }

 private:
  static constexpr uint32_t kChunk = 1024;  // entries that are allocated at once
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  Entry& at(uint32_t number) const { return chunks_[number / kChunk][number % kChunk]; }

  LabelSet labels_;
  // By label, the entry's number, 0 = none. 4 MiB, but the kernel gives us
  // those pages only that are written to.
  std::unique_ptr<uint32_t[], Free> index_;
  std::vector<std::unique_ptr<Entry[]>> chunks_;
  uint32_t unused_ = 1;     // the lowest number that was never given out; 0 never is
  uint32_t free_ = 0;       // the number freed last; the next is in its `references`
  uint32_t candidate_ = 0;  // for the next draw; it may be in use by then
  size_t size_ = 0;
};

}  // namespace sextant::flowlabel
