// SPDX-License-Identifier: BSD-3-Clause
// Pcapng: the blocks of a capture file, as bytes in the order of this machine.
// draft-ietf-opsawg-pcapng.
// Any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sextant::pcapng {

// https://www.tcpdump.org/linktypes.html. All interfaces of a file have the
// same one: tcpdump does not read others.
inline constexpr uint16_t kEthernetLink = 1;

// Of the packet's flags word.
enum class Direction : uint32_t { kUnknown = 0, kInbound = 1, kOutbound = 2 };

using Block = std::vector<uint8_t>;

// The blocks are appended to `out`.
// §4.1: the first block of a file; `application` wrote it.
void AppendSection(Block& out, std::string_view application);
// §4.2: interfaces are numbered from 0 in the order of these blocks; time in nanoseconds.
void AppendInterface(Block& out, std::string_view name, std::string_view description);

struct PacketHeader {
  uint32_t interface = 0;
  uint64_t time_ns = 0;  // since 1970
  uint32_t length = 0;   // all of it is in the file
  Direction direction = Direction::kUnknown;
};
// §4.3: a packet is its head, `length` bytes of data, and its tail.
void AppendPacketHead(Block& out, const PacketHeader& header);
void AppendPacketTail(Block& out, const PacketHeader& header);

}  // namespace sextant::pcapng
