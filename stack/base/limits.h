// SPDX-License-Identifier: BSD-3-Clause
// Limits: every bound that is a property of the code, with its reason. Bounds
// that a user may want to move are rows of the tunables table instead
// (stack/core/tunables.h).
// Any thread.
#pragma once

#include <cstddef>

#include "base/time.h"

namespace sextant {

// Packets that move through the stages together. 32 keeps a burst of mbuf
// headers in the first-level cache and is what every poll-mode driver likes.
inline constexpr size_t kBurstSize = 32;

// The header chain that views may read from one span; the runner pulls this
// much into the first segment. 40 + eight extension headers of moderate size.
inline constexpr size_t kMaxHeaderBytes = 512;

// Data room of one packet buffer: the usual 2 KiB minus nothing, so that a
// 1500-byte MTU frame fits in one segment; longer frames are chained.
inline constexpr size_t kPacketHeadroom = 128;
inline constexpr size_t kPacketDataRoom = 2048 + kPacketHeadroom;

// RFC 8200 §5: every link carries at least this much.
inline constexpr size_t kMinMtu = 1280;
// RFC 4443 §2.4(c): an error quotes as much as fits here.
inline constexpr size_t kMaxIcmp6ErrorSize = kMinMtu;
inline constexpr size_t kLoopbackMtu = 65536;
inline constexpr size_t kMaxUdpPayload = 65535 - 8;

// Interfaces of a host, loopback included. Zone checks and multicast sends scan them.
inline constexpr size_t kMaxInterfaces = 16;
// RFC-wise unlimited; FreeBSD and Linux cap automatic ones at 16 as well.
inline constexpr size_t kMaxAddressesPerInterface = 16;
inline constexpr size_t kMaxRoutes = 1024;
// A name as Linux allows it: IFNAMSIZ without the terminating zero.
inline constexpr size_t kMaxInterfaceName = 15;

// Options that a neighbor discovery message may carry before it counts as an attack.
inline constexpr size_t kMaxNdOptions = 32;

// Descriptors of one core. A descriptor costs a pointer until it is used.
inline constexpr size_t kMaxDescriptors = 1 << 20;

// Messages of one recvmmsg() or sendmmsg(), as Linux has it.
inline constexpr size_t kMaxMessages = 1024;
// Parts of one message (POSIX IOV_MAX on Linux).
inline constexpr size_t kMaxIoVectors = 1024;

}  // namespace sextant
