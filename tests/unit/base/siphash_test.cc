// SPDX-License-Identifier: BSD-3-Clause
// SipHash: the vectors of its authors' reference implementation for SipHash-2-4, and those of
// OpenSSL for SipHash-1-3: key 00 01 … 0f, message 00 01 … n-1 for n = 0..63, words read in
// little-endian order.
// Any thread.
#include "base/siphash.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace sextant::test {
namespace {

constexpr HashKey kKey{0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908};

// clang-format off
constexpr std::array<uint64_t, 64> kVectors24 = {
    0x726f'db47'dd0e'0e31, 0x74f8'39c5'93dc'67fd, 0x0d6c'8009'd9a9'4f5a, 0x8567'6696'd7fb'7e2d,
    0xcf27'94e0'2771'87b7, 0x1876'5564'cd99'a68d, 0xcbc9'466e'58fe'e3ce, 0xab02'00f5'8b01'd137,
    0x93f5'f579'9a93'2462, 0x9e00'82df'0ba9'e4b0, 0x7a5d'bbc5'94dd'b9f3, 0xf4b3'2f46'226b'ada7,
    0x751e'8fbc'860e'e5fb, 0x14ea'5627'c084'3d90, 0xf723'ca90'8e7a'f2ee, 0xa129'ca61'49be'45e5,
    0x3f2a'cc7f'57c2'9bdb, 0x699a'e9f5'2cbe'4794, 0x4bc1'b3f0'968d'd39c, 0xbb6d'c91d'a779'61bd,
    0xbed6'5cf2'1aa2'ee98, 0xd0f2'cbb0'2e3b'67c7, 0x9353'6795'e3a3'3e88, 0xa80c'038c'cd5c'cec8,
    0xb8ad'50c6'f649'af94, 0xbce1'92de'8a85'b8ea, 0x17d8'35b8'5bbb'15f3, 0x2f2e'6163'076b'cfad,
    0xde4d'aaac'a71d'c9a5, 0xa6a2'5066'8795'6571, 0xad87'a353'5c49'ef28, 0x32d8'92fa'd841'c342,
    0x7127'512f'72f2'7cce, 0xa7f3'2346'f959'78e3, 0x12e0'b01a'bb05'1238, 0x15e0'34d4'0fa1'97ae,
    0x314d'ffbe'0815'a3b4, 0x0279'90f0'2962'3981, 0xcadc'd4e5'9ef4'0c4d, 0x9abf'd876'6a33'735c,
    0x0e3e'a96b'5304'a7d0, 0xad0c'42d6'fc58'5992, 0x1873'06c8'9bc2'15a9, 0xd4a6'0abc'f379'2b95,
    0xf935'451d'e4f2'1df2, 0xa953'8f04'1975'5787, 0xdb9a'cddf'f56c'a510, 0xd06c'98cd'5c09'75eb,
    0xe612'a3cb'9ecb'a951, 0xc766'e62c'fcad'af96, 0xee64'435a'9752'fe72, 0xa192'd576'b245'165a,
    0x0a87'87bf'8ecb'74b2, 0x81b3'e73d'20b4'9b6f, 0x7fa8'220b'a3b2'ecea, 0x2457'31c1'3ca4'2499,
    0xb78d'bfaf'3a8d'83bd, 0xea1a'd565'322a'1a0b, 0x60e6'1c23'a379'5013, 0x6606'd7e4'4628'2b93,
    0x6ca4'ecb1'5c5f'91e1, 0x9f62'6da1'5c96'25f3, 0xe51b'3860'8ef2'5f57, 0x958a'324c'eb06'4572,
};
constexpr std::array<uint64_t, 64> kVectors13 = {
    0xabac'0158'050f'c4dc, 0xc9f4'9bf3'7d57'ca93, 0x82cb'9b02'4dc7'd44d, 0x8bf8'0ab8'e7dd'f7fb,
    0xcf75'5760'88d3'8328, 0xdef9'd52f'4953'3b67, 0xc50d'2b50'c59f'22a7, 0xd392'7d98'9bb1'1140,
    0x3690'9511'8d29'9a8e, 0x25a4'8eb3'6c06'3de4, 0x79de'85ee'92ff'097f, 0x70c1'18c1'f94d'c352,
    0x78a3'84b1'57b4'd9a2, 0x306f'760c'1229'ffa7, 0x605a'a111'c0f9'5d34, 0xd320'd86d'2a51'9956,
    0xcc4f'dd1a'7d90'8b66, 0x9cf2'6890'63db'd80c, 0x8ffc'389c'b473'e63e, 0xf21f'9de5'8d29'7d1c,
    0xc0dc'2f46'a6cc'e040, 0xb992'abfe'2b45'f844, 0x7ffe'7b9b'a320'872e, 0x525a'0e7f'dae6'c123,
    0xf464'aeb2'6734'9c8c, 0x45cd'5928'705b'0979, 0x3a3e'35e3'ca99'13a5, 0xa91d'c74e'4ade'3b35,
    0xfb0b'ed02'ef6c'd00d, 0x88d9'3cb4'4ab1'e1f4, 0x540f'11d6'43c5'e663, 0x2370'dd1f'8c21'd1bc,
    0x8115'7b6c'16a7'b60d, 0x4d54'b9e5'7a8f'f9bf, 0x759f'1278'1f2a'753e, 0xcea1'a3be'bf18'6b91,
    0x2cf5'08d3'ada2'6206, 0xb610'1c2d'a3c3'3057, 0xb3f4'7496'ae3a'36a1, 0x626b'5754'7b10'8392,
    0xc1d2'3632'99e4'1531, 0x667c'c192'3f1a'd944, 0x6570'4ffe'c813'8825, 0x24f2'80d1'c289'49a6,
    0xc2ca'1ced'faf8'876b, 0xc216'4bfc'9f04'2196, 0xa16e'9c93'68b1'd623, 0x49fb'169c'8b51'14fd,
    0x9f31'43f8'df07'4c46, 0xc6fd'af24'12cc'86b3, 0x7eaf'49d1'0a52'098f, 0x1cf3'1355'9d29'2f9a,
    0xc44a'30dd'a2f4'1f12, 0x36fa'e989'43a7'1ed0, 0x318f'b34c'73f0'bce6, 0xa27a'bf36'70a7'e980,
    0xb4bc'c0db'243c'6d75, 0x23f8'd852'fdb7'1513, 0x8f03'5f4d'a67d'8a08, 0xd89c'd0e5'b7e8'f148,
    0xf6f4'e6bc'f7a6'44ee, 0xaec5'9ad8'0f18'37f2, 0xc3b2'f615'4b66'94e0, 0x9d19'9062'b7bb'b3a8,
};
// clang-format on

std::array<uint8_t, 64> Message() {
  std::array<uint8_t, 64> message{};
  for (size_t i = 0; i < message.size(); ++i) message[i] = static_cast<uint8_t>(i);
  return message;
}

class SipHashTest : public testing::TestWithParam<size_t> {};

TEST_P(SipHashTest, TwoFour) {
  EXPECT_EQ((SipHash<2, 4>(kKey, Bytes(Message()).first(GetParam()))), kVectors24[GetParam()]);
  EXPECT_EQ(Prf(kKey, Bytes(Message()).first(GetParam())), kVectors24[GetParam()]);
}

TEST_P(SipHashTest, OneThree) {
  EXPECT_EQ((SipHash<1, 3>(kKey, Bytes(Message()).first(GetParam()))), kVectors13[GetParam()]);
}

INSTANTIATE_TEST_SUITE_P(Vectors, SipHashTest, testing::Range(size_t{0}, size_t{64}));

// The paper's own example (appendix A): fifteen bytes.
TEST(SipHashTest, PaperExample) {
  EXPECT_EQ(Prf(kKey, Bytes(Message()).first(15)), 0xa129'ca61'49be'45e5U);
}

// Words by hand are the same message, the length being in the last one.
TEST(SipHashTest, WordsAreTheMessage) {
  const auto message = Message();
  for (size_t words = 0; words < 8; ++words) {
    TableHasher hasher(kKey);
    for (size_t i = 0; i < words; ++i) hasher.Word(LoadWord64(message.data() + 8 * i));
    EXPECT_EQ(hasher.Finish(uint64_t{8 * words} << 56), kVectors13[8 * words]) << words;
  }
}

// Every bit of the key and of the message counts, and changes about half of the output.
TEST(SipHashTest, EveryBitCounts) {
  const auto message = Message();
  const uint64_t plain = Prf(kKey, message);
  std::set<uint64_t> all = {plain};
  for (int bit = 0; bit < 64; ++bit) {
    all.insert(Prf({kKey.k0 ^ uint64_t{1} << bit, kKey.k1}, message));
    all.insert(Prf({kKey.k0, kKey.k1 ^ uint64_t{1} << bit}, message));
  }
  for (size_t bit = 0; bit < 8 * message.size(); ++bit) {
    auto other = message;
    other[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const uint64_t hash = Prf(kKey, other);
    EXPECT_GT(std::popcount(hash ^ plain), 10) << bit;
    all.insert(hash);
  }
  EXPECT_EQ(all.size(), 1 + 128 + 512U);
}

TEST(SipHashTest, KeysAreDrawn) {
  SeededRng rng(7);
  const HashKey a = HashKey::Draw(rng);
  const HashKey b = HashKey::Draw(rng);
  EXPECT_NE(a.k0, a.k1);
  EXPECT_NE(a.k0, b.k0);
  EXPECT_NE(a.k1, b.k1);
}

}  // namespace
}  // namespace sextant::test
