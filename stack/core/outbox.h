// SPDX-License-Identifier: BSD-3-Clause
// Outbox: the one edge by which every protocol sends. A packet enters it with
// its IPv6 header in front and Meta saying where it goes (interface, next_hop,
// upper_offset, checksum); the graph carries it through output, neighbor
// resolution and Ethernet to its link, a burst at a time.
// Owned by one Core.
#pragma once

#include "packet/burst.h"

namespace sextant {

class Outbox {
 public:
  // What empties the box; the graph.
  class Carrier {
   public:
    virtual ~Carrier() = default;
    // Takes all packets.
    virtual void Carry(Burst& packets) = 0;
  };

  explicit Outbox(Carrier& carrier) : carrier_(carrier) {}

  void Push(PacketPtr packet) {
    packets_.Push(std::move(packet));
    if (packets_.full()) Flush();
  }
  // Carrying may push again (a solicitation, say); that is carried too, up to
  // a bound that no honest packet reaches.
  void Flush() {
    for (size_t round = 0; round < kRounds && !packets_.empty(); ++round) {
      if (carrying_) return;
      carrying_ = true;
      Burst going;
      packets_.Drain([&](PacketPtr packet) { going.Push(std::move(packet)); });
      carrier_.Carry(going);
      carrying_ = false;
    }
  }
  bool empty() const { return packets_.empty(); }

 private:
  static constexpr size_t kRounds = 4;

  Carrier& carrier_;
  Burst packets_;
  bool carrying_ = false;
};

}  // namespace sextant
