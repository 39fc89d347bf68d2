// SPDX-License-Identifier: BSD-3-Clause
// Verdict: what a stage decided for one packet: pass it on, drop it, or refuse
// it (drop it and tell the sender why, RFC 4443 §2.4 permitting). A stage that
// took the packet away from the runner answers Held().
// Any thread.
#pragma once

#include "base/drop_reason.h"
#include "wire/icmpv6.h"

namespace sextant {

template <typename Next>
class Verdict {
 public:
  constexpr Verdict(Next next)  // NOLINT(google-explicit-constructor)
      : bits_(uint64_t{static_cast<uint8_t>(next)} << kNextShift) {}
  constexpr Verdict(DropReason reason)  // NOLINT(google-explicit-constructor)
      : bits_(uint64_t{static_cast<uint8_t>(reason)} << kReasonShift) {}
  static constexpr Verdict Refuse(DropReason reason, wire::Icmp6Error error) {
    return Verdict(uint64_t{error.value} | uint64_t{error.code} << kCodeShift |
                   uint64_t{static_cast<uint8_t>(error.type)} << kTypeShift |
                   uint64_t{static_cast<uint8_t>(reason)} << kReasonShift | kRefused);
  }
  static constexpr Verdict Held() { return Verdict(kHeld); }

  constexpr bool passed() const { return (bits_ & (uint64_t{0xff} << kReasonShift | kHeld)) == 0; }
  constexpr bool held() const { return (bits_ & kHeld) != 0; }
  constexpr bool refused() const { return (bits_ & kRefused) != 0; }
  // REQUIRES: passed().
  constexpr Next next() const { return Next{Byte(kNextShift)}; }
  constexpr DropReason reason() const { return DropReason{Byte(kReasonShift)}; }
  // REQUIRES: refused().
  constexpr wire::Icmp6Error error() const {
    return {wire::Icmp6Type{Byte(kTypeShift)}, Byte(kCodeShift), static_cast<uint32_t>(bits_)};
  }
  constexpr bool operator==(const Verdict&) const = default;

 private:
  // One register. As separate members a verdict is stored byte by byte and
  // loaded whole to be returned, which stalls for longer than the decision took.
  static constexpr int kCodeShift = 32;  // above the error's value
  static constexpr int kTypeShift = 40;
  static constexpr int kReasonShift = 48;
  static constexpr int kNextShift = 56;  // six bits, below the two flags
  static constexpr uint64_t kRefused = uint64_t{1} << 62;
  static constexpr uint64_t kHeld = uint64_t{1} << 63;

  explicit constexpr Verdict(uint64_t bits) : bits_(bits) {}
  constexpr uint8_t Byte(int shift) const {
    const uint8_t mask = shift == kNextShift ? 0x3f : 0xff;
    return static_cast<uint8_t>(bits_ >> shift) & mask;
  }

  uint64_t bits_;
};

}  // namespace sextant
