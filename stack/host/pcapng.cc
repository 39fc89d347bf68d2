// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "host/pcapng.h"

#include <bit>
#include <cstring>

namespace sextant::pcapng {
namespace {

constexpr uint32_t kSectionBlock = 0x0a0d0d0a;
constexpr uint32_t kInterfaceBlock = 1;
constexpr uint32_t kPacketBlock = 6;
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kInterfaceName = 2;
constexpr uint16_t kInterfaceDescription = 3;
constexpr uint16_t kTimeResolution = 9;
constexpr uint16_t kUserApplication = 4;
constexpr uint16_t kPacketFlags = 2;

constexpr uint8_t kNanoseconds = 9;  // ten to the power of minus nine

// Type, length, interface, time, captured and original length.
constexpr uint32_t kPacketHead = 28;
// The flags option, the end of options, the length once more.
constexpr uint32_t kPacketTail = 8 + 4 + 4;

template <typename T>
void Append(Block& out, T value) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(&value);
  out.insert(out.end(), bytes, bytes + sizeof value);
}

constexpr uint32_t Padding(size_t length) { return static_cast<uint32_t>(-length & 3); }

void AppendText(Block& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
  out.insert(out.end(), Padding(text.size()), 0);
}

void AppendOption(Block& out, uint16_t code, std::string_view value) {
  Append(out, code);
  Append(out, static_cast<uint16_t>(value.size()));
  AppendText(out, value);
}

size_t Begin(Block& out, uint32_t type) {
  const size_t begin = out.size();
  Append(out, type);
  Append(out, uint32_t{0});
  return begin;
}

// Ends the options; the block's length stands at both of its ends.
void End(Block& out, size_t begin) {
  Append(out, uint32_t{kEndOfOptions});
  const auto length = static_cast<uint32_t>(out.size() - begin + sizeof(uint32_t));
  Append(out, length);
  std::memcpy(out.data() + begin + sizeof(uint32_t), &length, sizeof length);
}

uint32_t PacketBlockLength(uint32_t length) {
  return kPacketHead + length + Padding(length) + kPacketTail;
}

}  // namespace

void AppendSection(Block& out, std::string_view application) {
  const size_t begin = Begin(out, kSectionBlock);
  Append(out, kByteOrderMagic);
  Append(out, uint16_t{1});
  Append(out, uint16_t{0});
  Append(out, int64_t{-1});  // the section's length is not known yet
  AppendOption(out, kUserApplication, application);
  End(out, begin);
}

void AppendInterface(Block& out, std::string_view name, std::string_view description) {
  const size_t begin = Begin(out, kInterfaceBlock);
  Append(out, kEthernetLink);
  Append(out, uint16_t{0});
  Append(out, uint32_t{0});  // no limit to the length of packets
  AppendOption(out, kInterfaceName, name);
  AppendOption(out, kInterfaceDescription, description);
  const char resolution = kNanoseconds;
  AppendOption(out, kTimeResolution, {&resolution, 1});
  End(out, begin);
}

void AppendPacketHead(Block& out, const PacketHeader& header) {
  Append(out, kPacketBlock);
  Append(out, PacketBlockLength(header.length));
  Append(out, header.interface);
  Append(out, static_cast<uint32_t>(header.time_ns >> 32));
  Append(out, static_cast<uint32_t>(header.time_ns));
  Append(out, header.length);
  Append(out, header.length);
}

void AppendPacketTail(Block& out, const PacketHeader& header) {
  out.insert(out.end(), Padding(header.length), 0);
  Append(out, kPacketFlags);
  Append(out, uint16_t{sizeof(uint32_t)});
  Append(out, static_cast<uint32_t>(header.direction));
  Append(out, uint32_t{kEndOfOptions});
  Append(out, PacketBlockLength(header.length));
}

}  // namespace sextant::pcapng
