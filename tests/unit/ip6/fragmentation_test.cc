// SPDX-License-Identifier: BSD-3-Clause
// Fragments of every shape of packet, put together again by plain code: RFC 8200 §4.5, RFC 7739.
#include "ip6/fragmentation.h"

#include <map>
#include <set>

#include "nd/rig.h"

namespace sextant {
namespace {

using test::Contents;
using test::Data;
using test::Frame;
using test::Ip6;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kPeer = "fd00:6::1";
constexpr uint8_t kFragmentHeader = 44;

struct Shape {
  const char* name;
  std::vector<std::pair<uint8_t, size_t>> headers;  // type and length
  size_t unfragmentable;                            // RFC 8200 §4.5
};

// clang-format off
const Shape kShapes[] = {
    {"Plain",                {},                                     40},
    {"HopByHop",             {{0, 8}},                               48},
    {"Routing",              {{43, 24}},                             64},
    {"DestinationBehind",    {{60, 16}},                             40},
    {"HopByHopDestination",  {{0, 8}, {60, 8}},                      48},
    {"DestinationBefore",    {{60, 8}, {43, 8}},                     56},
    {"All",                  {{0, 16}, {60, 8}, {43, 24}, {60, 8}},  88},
    {"LongHopByHop",         {{0, 400}},                             440},
};
// clang-format on

class FragmentationTest : public test::Rig {
 protected:
  // A packet of that many octets, its Meta as its maker would leave it.
  Frame Make(const Shape& shape, size_t length) {
    Ip6 packet = Ip6().From(kHost).To(kPeer).FlowLabel(0x12345).TrafficClass(0xb8);
    size_t headers = 48;
    for (const auto& [type, size] : shape.headers) {
      packet = packet.Extension(type, test::Pattern(size - 2, type));
      headers += size;
    }
    return packet.Udp(1000, 7, test::Pattern(length - headers));
  }
  PacketPtr Wrap(const Shape& shape, PacketPtr packet) {
    Meta& meta = packet->meta();
    meta.interface = test::kLan;
    meta.upper_offset = 40;
    for (const auto& header : shape.headers) {
      meta.upper_offset = static_cast<uint16_t>(meta.upper_offset + header.second);
    }
    meta.upper = 17;
    meta.checksum = ChecksumState::kComplete;
    meta.next_hop = test::Ip("fe80::77");
    meta.link_address = test::Mac("02:00:00:00:00:77");
    return packet;
  }
  // What is wrong with the fragments of `whole`; empty: nothing.
  std::string Check(const Frame& whole, size_t unfragmentable, size_t mtu,
                    const std::vector<Frame>& fragments) {
    if (fragments.size() < 2) return "not in pieces";
    size_t next_at = 6;
    for (size_t at = 40; at < unfragmentable; at += (size_t{whole[at + 1]} + 1) * 8) next_at = at;
    Frame joined(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(unfragmentable));
    std::set<uint32_t> identifications;
    for (size_t i = 0; i < fragments.size(); ++i) {
      const Frame& f = fragments[i];
      const bool is_last = i + 1 == fragments.size();
      const std::string which = "fragment " + std::to_string(i) + ": ";
      if (f.size() > mtu) return which + "too long";
      if (Load16(f, 4) != f.size() - 40) return which + "payload length";
      if (f[next_at] != kFragmentHeader) return which + "no fragment header";
      Frame head(f.begin(), f.begin() + static_cast<ptrdiff_t>(unfragmentable));
      head[next_at] = whole[next_at];
      head[4] = whole[4];
      head[5] = whole[5];
      if (!std::ranges::equal(head, Bytes(whole).first(unfragmentable))) return which + "headers";
      const Bytes header = Bytes(f).subspan(unfragmentable, 8);
      if (header[0] != whole[next_at] || header[1] != 0) return which + "next header";
      const size_t size = f.size() - unfragmentable - 8;
      if (Load16(header, 2) != ((joined.size() - unfragmentable) | (is_last ? 0U : 1U))) {
        return which + "offset";
      }
      if (!is_last && (size == 0 || size % 8 != 0 || size + 8 <= mtu - unfragmentable - 8)) {
        return which + "neither full nor a multiple of eight";
      }
      identifications.insert(Load32(header, 4));
      joined.insert(joined.end(), f.begin() + static_cast<ptrdiff_t>(unfragmentable) + 8, f.end());
    }
    if (identifications.size() != 1) return "identifications differ";
    return joined == whole ? "" : "joined it is another packet";
  }
  std::vector<Frame> Take(PacketQueue& pieces) {
    std::vector<Frame> out;
    while (PacketPtr piece = pieces.Pop()) {
      EXPECT_TRUE(test::IsConsistent(*piece));
      EXPECT_EQ(piece->meta().interface, test::kLan);
      EXPECT_EQ(piece->meta().next_hop, test::Ip("fe80::77"));
      EXPECT_EQ(piece->meta().link_address, test::Mac("02:00:00:00:00:77"));
      EXPECT_EQ(piece->meta().checksum, ChecksumState::kComplete);
      EXPECT_TRUE(piece->IsOwned()) << "the link writes in front of it";
      out.push_back(Contents(*piece));
      piece.Free();
    }
    return out;
  }
  std::string SplitAndCheck(const Shape& shape, const Frame& whole, PacketPtr packet, size_t mtu) {
    PacketQueue pieces;
    const DropReason reason = fragmentation.Split(packet, mtu, pieces, core);
    if (reason != DropReason::kNone) {
      packet.Free();
      return std::string(Describe(reason).name);
    }
    EXPECT_FALSE(packet);
    return Check(whole, shape.unfragmentable, mtu, Take(pieces));
  }

  ip6::Fragmentation fragmentation{core, interfaces};
};

TEST_F(FragmentationTest, EveryShapeLengthAndMtu) {
  for (const Shape& shape : kShapes) {
    for (const size_t mtu : {1280U, 1281U, 1284U, 1287U, 1288U, 1500U, 9000U, 65535U}) {
      // One fragment's worth of the fragmentable part, and what lies around multiples of it.
      const size_t full = (mtu - shape.unfragmentable - 8) / 8 * 8;
      std::set<size_t> lengths;
      for (const size_t base :
           {mtu, shape.unfragmentable + full, shape.unfragmentable + 2 * full, 2 * mtu, 10 * mtu}) {
        for (const size_t more : {0U, 1U, 2U, 7U, 8U, 9U, 15U, 16U, 17U})
          lengths.insert(base + more);
      }
      lengths.insert({65535, 65536, 65574, 65575});
      for (const size_t length : lengths) {
        if (length <= mtu || length > 65575) continue;
        const Frame whole = Make(shape, length);
        ASSERT_EQ(whole.size(), length);
        EXPECT_EQ(SplitAndCheck(shape, whole, Wrap(shape, pool->Copy(whole)), mtu), "")
            << shape.name << " mtu " << mtu << " length " << length;
      }
    }
  }
}

TEST_F(FragmentationTest, ChainsOfAllKinds) {
  const Shape& shape = kShapes[6];
  const Frame whole = Make(shape, 4001);
  SeededRng split{test::Seed()};
  for (int round = 0; round < 300; ++round) {
    // The headers lie in the first segment, the rest anywhere.
    std::vector<size_t> sizes{128 + split.Next32() % 1500};
    for (size_t left = whole.size() - sizes[0]; left != 0; left -= sizes.back()) {
      sizes.push_back(std::min<size_t>(left, split.Next32() % 1900));
    }
    PacketPtr packet = Wrap(shape, test::Chain(*pool, whole, sizes));
    ASSERT_EQ(SplitAndCheck(shape, whole, std::move(packet), 1280 + split.Next32() % 900), "");
  }
}

// Somebody else reads the same bytes: they are left as they are, checksum field included.
TEST_F(FragmentationTest, SharedBytesStayAsTheyAre) {
  for (const bool partial : {false, true}) {
    Frame whole = Make(kShapes[0], 3000);
    const Frame right = whole;
    if (partial) {
      const Frame addresses(whole.begin() + 8, whole.begin() + 40);
      const auto length = static_cast<uint32_t>(whole.size() - 40);
      whole = test::Poke16(whole, 46, test::PlainSum(addresses, length + 17));
    }
    PacketPtr original = Wrap(kShapes[0], pool->Copy(whole));
    original->meta().checksum = partial ? ChecksumState::kPartial : ChecksumState::kComplete;
    original->meta().checksum_offset = 6;
    PacketPtr clone = pool->Share(*original);
    EXPECT_EQ(SplitAndCheck(kShapes[0], right, std::move(clone), 1280), "")
        << "the checksum is complete before it is split";
    EXPECT_EQ(Contents(*original), whole);
    original.Free();
  }
}

TEST_F(FragmentationTest, PayloadIsNotCopied) {
  PacketPtr packet = Wrap(kShapes[0], pool->Copy(Make(kShapes[0], 1900)));
  const uint8_t* const data = packet->bytes().data();
  PacketQueue pieces;
  ASSERT_EQ(fragmentation.Split(packet, 1280, pieces, core), DropReason::kNone);
  PacketPtr first = pieces.Pop();
  EXPECT_EQ(first->bytes().size(), 48U);
  bool found = false;
  first->ForEachSegment(48, 1, [&](Bytes part) { found = part.data() == data + 40; });
  EXPECT_TRUE(found);
  first.Free();
  pieces.Pop().Free();
}

TEST_F(FragmentationTest, ADryPoolLeavesThePacketWhole) {
  const Frame whole = Make(kShapes[0], 4000);
  PacketPtr packet = Wrap(kShapes[0], pool->Copy(whole));
  size_t left = 0;
  for (;; ++left) {
    const test::Drought drought(*pool, left);
    PacketQueue pieces;
    const DropReason reason = fragmentation.Split(packet, 1280, pieces, core);
    if (reason == DropReason::kNone) {
      EXPECT_EQ(Check(whole, 40, 1280, Take(pieces)), "");
      break;
    }
    ASSERT_EQ(reason, DropReason::kNoBuffer);
    ASSERT_EQ(pool->available(), left);
    ASSERT_EQ(Contents(*packet), whole);
    ASSERT_TRUE(pieces.empty());
  }
  EXPECT_GE(left, 8U);
}

struct RefusedCase {
  const char* name;
  const char* section;
  Frame packet;
  uint16_t upper_offset;
};

Ip6 Good() { return Ip6().From(kHost).To(kPeer); }

// clang-format off
const RefusedCase kRefused[] = {
    {"HeadersTooLong",   "RFC 7112 §5",   Good().Extension(0, test::Pattern(1230)).Udp(1, 2, test::Pattern(500)), 40 + 1232},
    {"UpperNotInFirst",  "RFC 7112 §5",   Good().Extension(60, test::Pattern(1222)).Udp(1, 2, test::Pattern(500)), 40 + 1224},
    {"FragmentAlready",  "RFC 8200 §4.5", Good().Extension(44, {0, 1, 0, 0, 0, 1}).Upper(17, test::Pattern(1500)), 48},
};
// clang-format on

class RefusedTest : public FragmentationTest, public testing::WithParamInterface<RefusedCase> {};

TEST_P(RefusedTest, StaysWhole) {
  PacketPtr packet = Wrap(kShapes[0], pool->Copy(GetParam().packet));
  packet->meta().upper_offset = GetParam().upper_offset;
  PacketQueue pieces;
  EXPECT_EQ(fragmentation.Split(packet, 1280, pieces, core), DropReason::kOutputTooBig)
      << GetParam().section;
  packet.Free();
}
INSTANTIATE_TEST_SUITE_P(Rfc8200, RefusedTest, testing::ValuesIn(kRefused), test::kNameOf);

// RFC 7739 §5.3: of one pair they do not come back; of different pairs they have nothing to do
// with each other.
TEST_F(FragmentationTest, Identifications) {
  std::map<std::string, std::vector<uint32_t>> seen;
  for (int round = 0; round < 50; ++round) {
    for (const char* peer : {"fd00:6::1", "fd00:6::3", "fd00:6::4"}) {
      const Frame whole = Ip6().From(kHost).To(peer).Udp(1, 2, test::Pattern(1300));
      PacketPtr packet = Wrap(kShapes[0], pool->Copy(whole));
      PacketQueue pieces;
      ASSERT_EQ(fragmentation.Split(packet, 1280, pieces, core), DropReason::kNone);
      seen[peer].push_back(Load32(Take(pieces).front(), 44));
    }
  }
  std::set<uint32_t> all;
  for (const auto& [peer, values] : seen) {
    EXPECT_EQ(std::set(values.begin(), values.end()).size(), values.size()) << peer;
    all.insert(values.begin(), values.end());
  }
  EXPECT_EQ(all.size(), 150U);
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_GT(seen["fd00:6::1"][i] ^ seen["fd00:6::3"][i], 0xffffU);
    EXPECT_GT(seen["fd00:6::1"][i] ^ seen["fd00:6::4"][i], 0xffffU);
  }
}

// As a stage: by the path's MTU or the link's, whichever is less.
TEST_F(FragmentationTest, TakesWhatItIsGiven) {
  struct Row {
    uint32_t path_mtu;
    size_t length;
    size_t pieces;
  };
  for (const Row& row : {Row{0, 1500, 1}, Row{0, 1501, 2}, Row{1280, 1500, 2}, Row{1280, 1280, 1},
                         Row{9000, 1501, 2}, Row{1280, 65575, 54}}) {
    PacketPtr packet = Wrap(kShapes[0], pool->Copy(Make(kShapes[0], row.length)));
    packet->meta().path_mtu = row.path_mtu;
    EXPECT_TRUE(fragmentation.Take(packet, core).held());
    EXPECT_EQ(fragmentation.pieces().size(), row.pieces) << row.length;
    Take(fragmentation.pieces());
  }
}

}  // namespace
}  // namespace sextant
