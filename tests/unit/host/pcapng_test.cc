// SPDX-License-Identifier: BSD-3-Clause
// The bytes of a capture file.
// Owned by one Core.
#include "host/pcapng.h"

#include <gtest/gtest.h>

namespace sextant::pcapng {
namespace {

using Bytes = std::vector<uint8_t>;

// clang-format off
TEST(Pcapng, Section) {
  Block block;
  AppendSection(block, "Sextant");
  EXPECT_EQ(block, (Bytes{
      0x0a, 0x0d, 0x0d, 0x0a,  44, 0, 0, 0,             // type, length
      0x4d, 0x3c, 0x2b, 0x1a,  1, 0,  0, 0,             // byte order, version 1.0
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,   // length of the section: unknown
      4, 0, 7, 0, 'S', 'e', 'x', 't', 'a', 'n', 't', 0, // shb_userappl, padded
      0, 0, 0, 0,  44, 0, 0, 0}));                      // end of options, length
}

TEST(Pcapng, Interface) {
  Block block;
  AppendInterface(block, "lan0", "tap:sx0");
  EXPECT_EQ(block, (Bytes{
      1, 0, 0, 0,  52, 0, 0, 0,
      1, 0, 0, 0,  0, 0, 0, 0,                          // LINKTYPE_ETHERNET, no snap length
      2, 0, 4, 0, 'l', 'a', 'n', '0',                   // if_name
      3, 0, 7, 0, 't', 'a', 'p', ':', 's', 'x', '0', 0, // if_description
      9, 0, 1, 0, 9, 0, 0, 0,                           // if_tsresol: nanoseconds
      0, 0, 0, 0,  52, 0, 0, 0}));
}

TEST(Pcapng, Packet) {
  PacketHeader header;
  header.interface = 2;
  header.time_ns = 0x0102'0304'0506'0708;
  header.length = 5;
  header.direction = Direction::kOutbound;
  Block block;
  AppendPacketHead(block, header);
  EXPECT_EQ(block, (Bytes{
      6, 0, 0, 0,  52, 0, 0, 0,
      2, 0, 0, 0,                                       // interface
      4, 3, 2, 1,  8, 7, 6, 5,                          // time, its high half first
      5, 0, 0, 0,  5, 0, 0, 0}));                       // captured, original length
  block.clear();
  AppendPacketTail(block, header);
  EXPECT_EQ(block, (Bytes{
      0, 0, 0,                                          // padding of the data
      2, 0, 4, 0,  2, 0, 0, 0,                          // epb_flags: outbound
      0, 0, 0, 0,  52, 0, 0, 0}));
}
// clang-format on

TEST(Pcapng, BlocksAreMultiplesOfFour) {
  for (uint32_t length = 0; length < 9; ++length) {
    PacketHeader header;
    header.length = length;
    Block block;
    AppendPacketHead(block, header);
    const size_t total = block[4];
    block.insert(block.end(), length, 0x55);
    AppendPacketTail(block, header);
    EXPECT_EQ(block.size(), total) << length;
    EXPECT_EQ(block.size() % 4, 0u) << length;
  }
}

}  // namespace
}  // namespace sextant::pcapng
