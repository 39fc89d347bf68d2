// SPDX-License-Identifier: BSD-3-Clause
// The software twins of checksum offload, for frames that begin with their
// Ethernet header.
// RFC 8200 §8.1 (pseudo-header), RFC 1071 (the sum).
// Owned by one Core.
#pragma once

#include "packet/pool.h"

namespace sextant {

// Finishes a ChecksumState::kPartial frame; other frames stay as they are. A
// frame that somebody else refers to is replaced by a copy. Returns false, the
// frame untouched, when there is no buffer for that.
bool FinishChecksum(PacketPtr& frame, PacketPool& pool);

// What a device with receive offload would say: kGood or kBad for UDP and TCP
// directly behind the IPv6 header, kUnknown for all else.
ChecksumState VerifyChecksum(const Packet& frame);

}  // namespace sextant
