// SPDX-License-Identifier: BSD-3-Clause
// The bare swap loop: the practical limit for any echo on this port. It verifies nothing, and it
// need not touch a checksum: swapping the ends of a flow leaves the sum as it was.
// RFC 1624 for the ICMPv6 type, whose change does show in the sum.
// Owned by the measuring thread.
#include <array>
#include <cstring>

#include "contestant.h"

namespace sextant::bench {
namespace {

template <size_t kBytes>
void SwapFields(uint8_t* a, uint8_t* b) {
  std::array<uint8_t, kBytes> left;
  std::array<uint8_t, kBytes> right;
  std::memcpy(left.data(), a, kBytes);
  std::memcpy(right.data(), b, kBytes);
  std::memcpy(a, right.data(), kBytes);
  std::memcpy(b, left.data(), kBytes);
}

void SwapEnds(uint8_t* f) {
  SwapFields<6>(f, f + 6);
  SwapFields<16>(f + kSourceAt, f + kDestinationAt);
}

// RFC 1624 §3: type 128 becomes 129, so the first word grows by 0x0100 and the checksum shrinks
// by as much, in ones' complement.
void TurnIntoReply(uint8_t* f) {
  f[kUpperAt] = 129;
  const uint32_t sum = static_cast<uint32_t>(f[kUpperAt + 2] << 8 | f[kUpperAt + 3]);
  const uint32_t less = sum + 0xfeff;
  const uint32_t folded = (less & 0xffff) + (less >> 16);
  f[kUpperAt + 2] = static_cast<uint8_t>(folded >> 8);
  f[kUpperAt + 3] = static_cast<uint8_t>(folded);
}

class Swap final : public Contestant {
 public:
  std::string_view name() const override { return "swap"; }

  std::string Prepare(const Case& c, Port&) override {
    udp_ = c.protocol == Protocol::kUdpEcho;
    return "";
  }

  void RunBursts(Port& port, uint64_t) override {
    std::array<rte_mbuf*, kBurst> burst;
    while (const size_t count = port.Receive(burst)) {
      const auto frames = std::span(burst).first(count);
      for (rte_mbuf* m : frames) Turn(rte_pktmbuf_mtod(m, uint8_t*));
      port.Transmit(frames);
    }
  }

 private:
  void Turn(uint8_t* f) const {
    SwapEnds(f);
    if (udp_) {
      SwapFields<2>(f + kUpperAt, f + kUpperAt + 2);
    } else {
      TurnIntoReply(f);
    }
  }

  bool udp_ = true;
};

}  // namespace

std::unique_ptr<Contestant> MakeSwap() { return std::make_unique<Swap>(); }

}  // namespace sextant::bench
