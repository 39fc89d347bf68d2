// SPDX-License-Identifier: BSD-3-Clause
// LinkHost: the smallest thing that can use a link: a core, a pool, a clock
// that the test moves. It sends frames and takes what comes, as plain bytes.
// Owned by one Core.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/core.h"
#include "core/link.h"
#include "support/chain.h"

namespace sextant::test {

class LinkHost {
 public:
  explicit LinkHost(const std::string& name = "link-host", size_t capacity = 4096)
      : pool_(capacity, name) {}

  Core& core() { return core_; }
  PacketPool& pool() { return *pool_; }
  ManualClock& clock() { return clock_; }

  // One packet, its frame chained in segments of `segment` bytes.
  PacketPtr Make(Bytes frame, size_t segment = 2048);
  // The same with an unfinished checksum, for a UDP, TCP or ICMPv6 message
  // directly behind the IPv6 header.
  PacketPtr MakePartial(Frame frame, size_t segment = 2048);

  void Send(Link& link, PacketPtr packet);
  void Send(Link& link, Bytes frame) { Send(link, Make(frame)); }
  // All that is there, at most `polls` bursts of it.
  std::vector<Frame> Take(Link& link, size_t polls = 64);
  // The same, with what the link says of their checksums.
  std::vector<ChecksumState> TakeStates(Link& link, size_t polls = 64);
  // Packets made here and dropped, by reason; zeros left out.
  std::map<DropReason, uint64_t> Dropped() const;

 private:
  template <typename F>
  void ForEach(Link& link, size_t polls, F&& take);

  TestPool pool_;
  ManualClock clock_;
  SeededRng rng_{1};
  Core core_{clock_, rng_, *pool_};
};

}  // namespace sextant::test
