// SPDX-License-Identifier: BSD-3-Clause
// The options of one header: may the packet go on?
// RFC 8200 §4.2, §4.3, §4.6, RFC 2711, RFC 2675, RFC 8504 §5.3 (limits).
// Any thread.
#pragma once

#include "core/tunables.h"
#include "core/verdict.h"
#include "wire/option.h"

namespace sextant::ip6 {

// The only way on, for what judges a part of a packet.
enum class GoOn : uint8_t { kYes };

// Where the header stands, which decides what its options may mean.
struct OptionsPlace {
  size_t offset = 0;  // of the header, from the IPv6 header
  bool hop_by_hop = false;
  bool to_group = false;  // to a multicast address, or in a frame to a link-layer group
};

Verdict<GoOn> JudgeOptions(const wire::ExtensionView& header, const OptionsPlace& place,
                           const Tunables& tunables);

}  // namespace sextant::ip6
