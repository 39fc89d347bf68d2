// SPDX-License-Identifier: BSD-3-Clause
// The MAC address of a link whose device has none of its own to offer.
// IEEE 802-2014 §8.4: the locally administered bit set, the group bit clear.
// Any thread.
#pragma once

#include <string_view>

#include "base/mac_address.h"
#include "base/siphash.h"

namespace sextant {

// A hash of the device's name, so that a restart keeps the address, and with it
// the link-local address and the neighbors' caches. Two hosts on one segment
// must name their devices differently.
inline MacAddress DeriveMacAddress(std::string_view name) {
  constexpr HashKey kKey{0x7365'7874'616e'7400, 1};
  const uint64_t hash =
      Prf(kKey, Bytes(reinterpret_cast<const uint8_t*>(name.data()), name.size()));
  std::array<uint8_t, MacAddress::kSize> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(hash >> (8 * i));
  bytes[0] = static_cast<uint8_t>((bytes[0] & 0xfc) | 0x02);
  return MacAddress(bytes);
}

}  // namespace sextant
