// SPDX-License-Identifier: BSD-3-Clause
// HeaderSet: the extension headers that datagrams are to carry, one per place in
// the chain. It borrows them: from StickyHeaders, or from control messages.
// RFC 3542 §7 to §9.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace sextant::socket {

// In the order in which they are sent (RFC 8200 §4.1).
enum class HeaderPlace : uint8_t { kHopByHop, kFirstDestination, kRouting, kDestination };
inline constexpr size_t kHeaderPlaces = 4;

class HeaderSet {
 public:
  // Empty: there is none.
  Bytes at(HeaderPlace place) const { return headers_[static_cast<size_t>(place)]; }
  void Set(HeaderPlace place, Bytes header) { headers_[static_cast<size_t>(place)] = header; }
  // RFC 3542 §9.2: what stands in front of a routing header needs one.
  Bytes sent(HeaderPlace place) const {
    const bool lacks_routing =
        place == HeaderPlace::kFirstDestination && at(HeaderPlace::kRouting).empty();
    return lacks_routing ? Bytes() : at(place);
  }
  size_t size() const {
    size_t sum = 0;
    for (size_t i = 0; i < kHeaderPlaces; ++i) sum += sent(static_cast<HeaderPlace>(i)).size();
    return sum;
  }
  void Clear() { headers_ = {}; }

  // What the control messages of this call have given so far.
  bool is_given(HeaderPlace place) const { return (given_ & BitOf(place)) != 0; }
  bool is_any_given() const { return given_ != 0; }
  void MarkGiven(HeaderPlace place) { given_ = static_cast<uint8_t>(given_ | BitOf(place)); }
  void UnmarkGiven(HeaderPlace place) { given_ = static_cast<uint8_t>(given_ & ~BitOf(place)); }
  void ForgetGiven() { given_ = 0; }

 private:
  static unsigned BitOf(HeaderPlace place) { return 1U << static_cast<unsigned>(place); }

  std::array<Bytes, kHeaderPlaces> headers_{};
  uint8_t given_ = 0;
};

}  // namespace sextant::socket
