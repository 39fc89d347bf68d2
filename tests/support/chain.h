// SPDX-License-Identifier: BSD-3-Clause
// Packets of tests: chained as the test wants them, read back without the code under test, and a
// pool that runs dry on demand.
// Owned by one Core.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "packet/pool.h"
#include "support/frames.h"

namespace sextant::test {

// A pool of `capacity` packets, and the check that every one of them has come back. DPDK's memory
// is shared with forked children: a death test takes its packets before, and frees them after, the
// statement that dies.
class TestPool {
 public:
  explicit TestPool(size_t capacity = 64, const std::string& name = "test");
  ~TestPool();

  PacketPool& operator*() const { return *pool_; }
  PacketPool* operator->() const { return pool_.get(); }

 private:
  const std::unique_ptr<PacketPool> pool_;
};

// While it lives the pool has only `left` buffers: the next take after those fails.
class Drought {
 public:
  Drought(PacketPool& pool, size_t left);
  ~Drought();
  Drought(const Drought&) = delete;
  Drought& operator=(const Drought&) = delete;

 private:
  PacketPool& pool_;
  std::vector<rte_mbuf*> held_;
};

// A packet of `contents` in segments of these sizes (their sum is the size of `contents`).
PacketPtr Chain(PacketPool& pool, Bytes contents, std::span<const size_t> sizes);
// All bytes of all segments, by way of the mbufs.
Frame Contents(const Packet& packet);
// The sizes of its segments, and whether the mbuf's own counts agree with them.
std::vector<size_t> SegmentSizes(const Packet& packet);
bool IsConsistent(const Packet& packet);

}  // namespace sextant::test
