// SPDX-License-Identifier: BSD-3-Clause
// Assemble: makes one packet of all fragments of a datagram. Long ones are
// chained, not copied; the first one's headers are mended once.
// RFC 8200 §4.5.
// Owned by one Core.
#pragma once

#include <span>

#include "ip6/reassembly_datagrams.h"

namespace sextant::ip6 {

// `pieces` are all fragments in order; that at `rank` is `packet`, the others are
// owned by nobody else. Afterwards `packet` is the datagram without its Fragment
// header. False when the pool is dry: then it stands for the others all the same,
// whose fate is to be its own.
bool Assemble(CompactStore& compact, std::span<Piece> pieces, size_t rank, PacketPtr& packet,
              Core& core);

}  // namespace sextant::ip6
