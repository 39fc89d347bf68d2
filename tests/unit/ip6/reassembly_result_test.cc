// SPDX-License-Identifier: BSD-3-Clause
// What comes out of reassembly: bytes, headers, Meta, segments and counters, for
// packets of every layout in memory.
// RFC 8200 §4.5, RFC 3168 §5.3.
#include <numeric>
#include <random>

#include "ip6/reassembly_rig.h"
#include "support/reference_reassembler.h"

namespace sextant::test {
namespace {

struct ReassemblyResultTest : ReassemblyRig, testing::Test {
  PacketPtr Packet(const FragmentSpec& spec) {
    PacketPtr packet = core.Received(spec.bytes());
    MarkFragment(*packet, spec);
    return packet;
  }
  // Gives all fragments and returns the datagram, which must be whole then.
  PacketPtr Whole(std::string_view fragments) {
    PacketPtr packet;
    for (const FragmentSpec& spec : ParseFragments(fragments)) {
      EXPECT_FALSE(packet);
      packet = Packet(spec);
      const auto verdict = reassembly.Take(packet, core.core);
      EXPECT_TRUE(verdict.held() || verdict.passed());
    }
    EXPECT_TRUE(packet);
    return packet;
  }
  static Frame Expected(std::string_view fragments) {
    ReferenceReassembler reference;
    Frame whole;
    for (const FragmentSpec& spec : ParseFragments(fragments)) {
      whole = reference.Take(spec).outcome.whole;
    }
    return whole;
  }
};

TEST_F(ReassemblyResultTest, HeadersAreMended) {
  PacketPtr packet = Whole("0+64mu8 64+200");
  EXPECT_EQ(Contents(*packet), Expected("0+64mu8 64+200"));
  const Bytes bytes = packet->bytes();
  EXPECT_EQ(Load16(bytes, 4), 8 + 264);
  EXPECT_EQ(bytes[6], 60) << "destination options come first still";
  EXPECT_EQ(bytes[40], 17) << "and UDP behind them, where the Fragment header was";
  const Meta& meta = packet->meta();
  EXPECT_TRUE(meta.reassembled);
  EXPECT_EQ(meta.upper, 17);
  EXPECT_EQ(meta.upper_offset, 48);
  EXPECT_EQ(meta.upper_length, 264);
  EXPECT_EQ(meta.next, nullptr);
  const ExtensionPlaces& extensions = packet->extensions();
  EXPECT_EQ(extensions.fragment, 0);
  EXPECT_EQ(extensions.destination_first, 40);
  EXPECT_EQ(extensions.last_next_header, 40);
  EXPECT_EQ(extensions.largest_fragment, 40 + 8 + 200);
  EXPECT_EQ(extensions.absorbed, 1);
  core.core.Consume(std::move(packet));
}

// Meta is the first fragment's, whichever came last.
TEST_F(ReassemblyResultTest, MetaIsTheFirstFragments) {
  for (const char* const fragments :
       {"0+64m 64+64", "64+64 0+64m", "0+1232m 1232+1232", "1232+1232 0+1232m", "0+8m 8+1232"}) {
    PacketPtr packet;
    for (const FragmentSpec& spec : ParseFragments(fragments)) {
      packet = Packet(spec);
      packet->meta().interface = spec.offset == 0 ? 3 : 4;
      packet->meta().link_multicast = spec.offset == 0;
      EXPECT_FALSE(reassembly.Take(packet, core.core).refused());
    }
    ASSERT_TRUE(packet) << fragments;
    EXPECT_EQ(packet->meta().interface, 3) << fragments;
    EXPECT_TRUE(packet->meta().link_multicast);
    EXPECT_EQ(packet->meta().origin, Origin::kReceived);
    core.core.Consume(std::move(packet));
  }
}

// A fragment counts once, by its datagram's fate.
TEST_F(ReassemblyResultTest, FragmentsShareTheDatagramsFate) {
  core.core.Consume(Whole("0+8m 8+8m 16+8"));
  EXPECT_EQ(core.core.counters().delivered, 3U);
  core.core.Drop(Whole("0+8mi2 16+1232i2 8+8mi2"), DropReason::kUdpNoSocket);
  EXPECT_EQ(core.dropped(DropReason::kUdpNoSocket), 3U);
  core.core.Refuse(Whole("8+8i3 0+8mi3"), DropReason::kUdpNoSocket, {});
  EXPECT_EQ(core.core.counters().refused, 2U);
  EXPECT_EQ(core.core.counters().held(), 0U);
}

// A packet that stood for fragments and comes back over the loopback is one packet.
TEST_F(ReassemblyResultTest, SentAgainItIsOnePacket) {
  PacketPtr packet = Whole("0+8m 8+8");
  core.core.Delivered(*packet);
  core.core.Received(*packet);
  EXPECT_EQ(core.core.counters().held(), 1U);
  core.core.Consume(std::move(packet));
  EXPECT_EQ(core.core.counters().held(), 0U);
}

TEST_F(ReassemblyResultTest, ChecksumIsTrustedOnlyFromThisHost) {
  using enum ChecksumState;
  struct Row {
    bool looped;
    ChecksumState first;
    ChecksumState second;
    ChecksumState want;
  };
  for (const Row& row : {Row{true, kGood, kGood, kGood}, Row{true, kGood, kUnknown, kUnknown},
                         Row{false, kGood, kGood, kUnknown}, Row{false, kBad, kBad, kUnknown},
                         Row{true, kUnknown, kGood, kUnknown}}) {
    PacketPtr packet;
    for (const FragmentSpec& spec : ParseFragments("0+8m 8+8")) {
      packet = Packet(spec);
      packet->meta().looped = row.looped;
      packet->meta().checksum = spec.offset == 0 ? row.first : row.second;
      static_cast<void>(reassembly.Take(packet, core.core));
    }
    EXPECT_EQ(packet->meta().checksum, row.want);
    core.core.Consume(std::move(packet));
  }
}

// Every pair of the ECN field's values, and every set of them in every order of arrival.
TEST_F(ReassemblyResultTest, EcnOfTheResult) {
  for (uint8_t first = 0; first < 4; ++first) {
    for (uint8_t second = 0; second < 4; ++second) {
      for (uint8_t third = 0; third < 4; ++third) {
        const std::string text = "0+8me" + std::to_string(first) + " 8+8me" +
                                 std::to_string(second) + " 16+8e" + std::to_string(third);
        ReferenceReassembler reference;
        FragmentOutcome want;
        FragmentOutcome got;
        for (const FragmentSpec& spec : ParseFragments(text)) {
          want = reference.Take(spec).outcome;
          got = Take(spec);
        }
        EXPECT_EQ(got, want) << text;
      }
    }
  }
}

TEST_F(ReassemblyResultTest, BytesBehindThePacketAreNotTaken) {
  PacketPtr packet;
  for (const FragmentSpec& spec : ParseFragments("0+8m 8+5")) {
    packet = core.Received(Pad(spec.bytes(), 11));
    MarkFragment(*packet, spec);
    static_cast<void>(reassembly.Take(packet, core.core));
  }
  ASSERT_TRUE(packet);
  EXPECT_EQ(Contents(*packet), Expected("0+8m 8+5"));
  core.core.Consume(std::move(packet));
}

TEST_F(ReassemblyResultTest, HeadersEndUpInTheFirstSegment) {
  PacketPtr packet = Whole("0+8m 8+1232m 1240+1232m 2472+9");
  EXPECT_EQ(Contents(*packet), Expected("0+8m 8+1232m 1240+1232m 2472+9"));
  EXPECT_GE(packet->bytes().size(), kMaxHeaderBytes);
  EXPECT_TRUE(IsConsistent(*packet));
  core.core.Consume(std::move(packet));
}

TEST_F(ReassemblyResultTest, SmallDatagramsAreOneSegment) {
  for (const char* const fragments : {"0+64m 64+64", "64+64 0+64m", "0+8m 16+8 8+8m"}) {
    PacketPtr packet = Whole(fragments);
    EXPECT_FALSE(packet->is_chained()) << fragments;
    EXPECT_GE(packet->headroom(), 14U) << "an Ethernet header fits in front of a reply";
    core.core.Consume(std::move(packet));
  }
}

TEST_F(ReassemblyResultTest, LargestDatagram) {
  std::string fragments;
  for (int offset = 0; offset < 64 * 1024 - 1232; offset += 1232) {
    fragments += std::to_string(offset) + "+1232m ";
  }
  fragments += "65296+239";
  PacketPtr packet = Whole(fragments);
  EXPECT_EQ(Contents(*packet), Expected(fragments));
  EXPECT_EQ(packet->length(), 40U + 65'535);
  EXPECT_EQ(packet->extensions().absorbed, 53);
  core.core.Consume(std::move(packet));
}

// Any arrival order of up to six fragments, short and long ones mixed.
TEST_F(ReassemblyResultTest, EveryOrder) {
  const std::vector<FragmentSpec> parts =
      ParseFragments("0+8m 8+1232m 1240+96m 1336+240m 1576+1232m 2808+3");
  const Frame want = Expected("0+8m 8+1232m 1240+96m 1336+240m 1576+1232m 2808+3");
  std::vector<size_t> order(parts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  do {
    FragmentOutcome got;
    for (const size_t i : order) got = Take(parts[i]);
    ASSERT_EQ(got.text(), "whole");
    ASSERT_EQ(got.whole, want);
  } while (std::ranges::next_permutation(order).found);
}

// The same through compact storage only.
TEST_F(ReassemblyResultTest, EveryOrderOfShortOnes) {
  const std::vector<FragmentSpec> parts =
      ParseFragments("0+16mu8 16+8m 24+200m 224+8m 232+40m 272+1");
  const Frame want = Expected("0+16mu8 16+8m 24+200m 224+8m 232+40m 272+1");
  std::vector<size_t> order(parts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  do {
    FragmentOutcome got;
    for (const size_t i : order) got = Take(parts[i]);
    ASSERT_EQ(got.whole, want);
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(statistics().bytes, empty_bytes);
}

// Clones, which must not be written to: what was sent over the loopback is one.
TEST_F(ReassemblyResultTest, ClonesStayAsTheyAre) {
  for (const char* const text : {"0+64m 64+64", "64+64 0+64m", "0+1232m 1232+1232",
                                 "1232+1232 0+1232m", "0+8m 8+1232", "0+1232m 1240+8 1232+8m"}) {
    PacketQueue originals;
    PacketPtr packet;
    for (const FragmentSpec& spec : ParseFragments(text)) {
      PacketPtr original = core.pool->Copy(spec.bytes());
      packet = core.pool->Share(*original);
      core.core.Received(*packet);
      MarkFragment(*packet, spec);
      originals.Push(std::move(original));
      static_cast<void>(reassembly.Take(packet, core.core));
    }
    ASSERT_TRUE(packet) << text;
    EXPECT_EQ(Contents(*packet), Expected(text)) << text;
    EXPECT_TRUE(packet->IsOwned());
    core.core.Consume(std::move(packet));
    for (const FragmentSpec& spec : ParseFragments(text)) {
      PacketPtr original = originals.Pop();
      EXPECT_EQ(Contents(*original), spec.bytes());
      original.Free();
    }
  }
}

// However a fragment lies in memory, the result is the same. Its headers are in
// one segment, as the runner has seen to.
TEST_F(ReassemblyResultTest, EverySplitIntoTwoSegments) {
  for (const bool reversed : {false, true}) {
    const Frame want = Expected("0+64mu8 64+300");
    const std::vector<FragmentSpec> specs = ParseFragments("0+64mu8 64+300");
    for (size_t which = 0; which < 2; ++which) {
      const size_t size = specs[which].bytes().size();
      for (size_t cut = specs[which].header() + 8; cut < size; ++cut) {
        PacketPtr packet;
        for (size_t i = 0; i < 2; ++i) {
          const FragmentSpec& spec = specs[reversed ? 1 - i : i];
          const bool split = &spec == &specs[which];
          const Frame bytes = spec.bytes();
          packet = split ? Chain(*core.pool, bytes, std::array{cut, bytes.size() - cut})
                         : core.pool->Copy(bytes);
          core.core.Received(*packet);
          MarkFragment(*packet, spec);
          static_cast<void>(reassembly.Take(packet, core.core));
        }
        ASSERT_TRUE(packet);
        ASSERT_EQ(Contents(*packet), want) << cut;
        ASSERT_TRUE(IsConsistent(*packet));
        core.core.Consume(std::move(packet));
      }
    }
  }
}

TEST_F(ReassemblyResultTest, SeededSplits) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  std::mt19937_64 random(Seed());
  const std::vector<FragmentSpec> specs = ParseFragments("0+1000mu8 1000+200m 1200+900");
  const Frame want = Expected("0+1000mu8 1000+200m 1200+900");
  for (int round = 0; round < Rounds(1000); ++round) {
    std::vector<FragmentSpec> order = specs;
    std::ranges::shuffle(order, random);
    PacketPtr packet;
    for (const FragmentSpec& spec : order) {
      const Frame bytes = spec.bytes();
      std::vector<size_t> sizes{spec.header() + 8 + random() % 20};
      while (sizes.size() < 2 + random() % 4) {
        const size_t left = bytes.size() - std::accumulate(sizes.begin(), sizes.end(), size_t{0});
        sizes.push_back(random() % (left / 2 + 1));
      }
      sizes.push_back(bytes.size() - std::accumulate(sizes.begin(), sizes.end(), size_t{0}));
      packet = Chain(*core.pool, bytes, sizes);
      core.core.Received(*packet);
      MarkFragment(*packet, spec);
      static_cast<void>(reassembly.Take(packet, core.core));
    }
    ASSERT_TRUE(packet);
    ASSERT_EQ(Contents(*packet), want);
    ASSERT_TRUE(IsConsistent(*packet));
    core.core.Consume(std::move(packet));
  }
}

// A pool that is dry when the datagram is put together: dropped whole, counted whole.
TEST_F(ReassemblyResultTest, DryPool) {
  struct Row {
    const char* fragments;
    bool clones;
    bool want;
  };
  for (const Row& row :
       {Row{"64+64 0+64m", true, false}, Row{"0+64m 64+64", true, false},
        Row{"0+64m 64+64", false, true}, Row{"64+64 0+64m", false, true},
        Row{"0+1232m 1232+1232", false, true}, Row{"0+1232m 1232+1232", true, false},
        Row{"0+8m 8+1232m 1240+1232m 2472+8", false, false}}) {
    const uint64_t dropped = core.dropped(DropReason::kNoBuffer);
    const std::vector<FragmentSpec> specs = ParseFragments(row.fragments);
    PacketQueue originals;
    PacketPtr packet;
    for (size_t i = 0; i < specs.size(); ++i) {
      packet = Packet(specs[i]);
      if (row.clones) {
        PacketPtr clone = core.pool->Share(*packet);
        originals.Push(std::move(packet));
        packet = std::move(clone);
      }
      if (i + 1 < specs.size()) static_cast<void>(reassembly.Take(packet, core.core));
    }
    {
      const Drought drought(*core.pool, 0);
      const auto verdict = reassembly.Take(packet, core.core);
      EXPECT_EQ(verdict.passed(), row.want) << row.fragments << row.clones;
      if (verdict.passed()) {
        core.core.Consume(std::move(packet));
      } else {
        EXPECT_EQ(verdict.reason(), DropReason::kNoBuffer);
        core.core.Drop(std::move(packet), verdict.reason());
      }
    }
    EXPECT_EQ(core.dropped(DropReason::kNoBuffer) - dropped, row.want ? 0 : specs.size());
    EXPECT_EQ(core.core.counters().held(), 0U);
    while (PacketPtr original = originals.Pop()) original.Free();
  }
}

}  // namespace
}  // namespace sextant::test
