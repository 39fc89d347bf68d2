// SPDX-License-Identifier: BSD-3-Clause
// What went wrong in other stacks' chains of extension headers, one test per lesson. The lesson
// is tested, not the exploit.
// Owned by one Core.
#include "core/stage.h"
#include "unit/ip6/chain_rig.h"

namespace sextant::test {
namespace {

constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kRouting = 43;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kOptions = 60;

const Ip6 kFrom = Ip6().From("fd00:6::1").To("fd00:6::2");
const Ip6 kUdp = kFrom.Udp(1000, 7, "hello");

class LessonsTest : public ChainRig {};

// CVE-2024-38063: a stack went on with a packet, and with those queued behind it, after it had
// found an option to refuse. Here a refused packet ends there, and its neighbors in the burst
// are judged for themselves.
TEST_F(LessonsTest, Cve2024_38063_RefusedOptionsEndThePacketAlone) {
  const Frame bad = kUdp.Extension(kOptions, {0x9e, 0, 0, 0, 0, 0});
  const Frame bad_fragment =
      kUdp.Extension(kOptions, {0x9e, 0, 0, 0, 0, 0}).Extension(kFragment, FragmentBody(0, true));
  const Frame good = kUdp.Extension(kOptions, kPadBody);
  Burst in;
  for (const Frame& packet : {bad, good, bad_fragment, good, bad}) in.Push(core.Received(packet));
  Edges<ip6::ExtensionHeaders> out;
  RunStage(core.core, stage, in, out);
  EXPECT_EQ(out[static_cast<size_t>(ChainNext::kUdp)].size(), 2U);
  EXPECT_TRUE(out[static_cast<size_t>(ChainNext::kFragment)].empty());
  EXPECT_EQ(core.core.counters().refused, 3U);
  EXPECT_EQ(core.core.refused().size(), 3U);
  while (PacketPtr packet = core.core.refused().Pop()) {
    EXPECT_EQ(packet->meta().error.value, 42U);
    packet.Free();
  }
  for (Burst& edge : out) {
    edge.Drain([&](PacketPtr packet) { core.core.Consume(std::move(packet)); });
  }
}

// CVE-2021-24086: nested fragments added up to headers longer than the field for their length.
// Fragments of fragments are refused, and a chain is short whatever it says.
TEST_F(LessonsTest, Cve2021_24086_NestedFragmentsAndEndlessHeaders) {
  const Ip6 nested = kUdp.Extension(kFragment, FragmentBody(0, false))
                         .Extension(kFragment, FragmentBody(0, true, 2));
  EXPECT_EQ(Judge(nested).reason(), DropReason::kIp6FragmentNested);
  tunables().ip6_max_headers = 64;
  tunables().ip6_max_headers_of_a_kind = 64;
  tunables().ip6_max_options = 1024;
  // 32 headers of 2048 octets: more than 65535 in all.
  Ip6 packet = kUdp;
  Frame body;
  while (body.size() < 2046 - 256) body = Join(body, Join({0x1e, 254}, Frame(254)));
  body = Join(body, Join({0x1e, 252}, Frame(252)));
  ASSERT_EQ(body.size(), 2046U);
  for (int i = 0; i < 31; ++i) packet = packet.Extension(kOptions, body);
  EXPECT_EQ(Judge(packet).reason(), DropReason::kIp6TooManyHeaders);
}

// CVE-2023-3107: the payload length of a reassembled packet wrapped around. Of a fragment
// header in a packet that claims no payload nothing is computed.
TEST_F(LessonsTest, Cve2023_3107_NoLengthOfNothing) {
  for (const bool more : {false, true}) {
    const Ip6 packet = kUdp.Extension(kFragment, FragmentBody(0, more)).PayloadLength(0);
    EXPECT_EQ(Judge(packet).reason(), DropReason::kIp6FragmentJumbo);
  }
  for (uint16_t length = 1; length < 8; ++length) {
    const Ip6 packet = kUdp.Extension(kFragment, FragmentBody(0, false)).PayloadLength(length);
    EXPECT_EQ(Judge(packet).reason(), DropReason::kIp6HeaderTruncated) << length;
  }
}

// CVE-2019-5608: a message in several buffers was read as if it were in one. What the upper
// layer reads in place is in one span, wherever the buffers end.
TEST_F(LessonsTest, Cve2019_5608_MessagesInSeveralBuffers) {
  const Frame query =
      kFrom.HopLimit(1).Icmp6(130, 0, 1000, Frame(20)).Extension(kHopByHop, {5, 2, 0, 0, 1, 0});
  for (size_t first = 40; first < query.size(); ++first) {
    PacketPtr packet = Chain(*core.pool, query, std::vector<size_t>{first, query.size() - first});
    core.core.Received(*packet);
    EXPECT_EQ(stage.Take(packet, core.core), ChainVerdict(ChainNext::kIcmp6));
    EXPECT_GE(packet->bytes().size(), packet->meta().upper_offset + 8U) << first;
    packet.Free();
  }
}

// CVE-2020-7469: a pointer to the header chain outlived the buffer that it pointed into. Each
// header lies in a buffer of its own here and moves when it is read; a sanitizer would see it.
TEST_F(LessonsTest, Cve2020_7469_NoPointerOutlivesItsBuffer) {
  const Frame packet = kUdp.Extension(kHopByHop, kPadBody)
                           .Extension(kOptions, kPadBody)
                           .Extension(kRouting, RoutingBody(0, 0))
                           .Extension(kOptions, {0x1e, 4, 1, 2, 3, 4});
  const ChainOutcome whole = Run(packet);
  const ChainOutcome apart = Run(packet, {40, 8, 8, 8, 8, 13});
  EXPECT_EQ(apart.Essence(), whole.Essence());
  const ChainOutcome crumbs = Run(packet, [&] {
    std::vector<size_t> sizes(packet.size() - 39, 1);
    sizes[0] = 40;
    return sizes;
  }());
  EXPECT_EQ(crumbs.Essence(), whole.Essence());
  EXPECT_EQ(crumbs.contents, packet);
}

// AMNESIA:33 (CVE-2020-13987, CVE-2020-17441, CVE-2020-17444): the lengths in the headers are
// checked against what is there, in arithmetic that does not wrap.
TEST_F(LessonsTest, Amnesia33HeaderLengths) {
  for (const uint8_t type : {kHopByHop, kRouting, kOptions}) {
    for (int length = 1; length < 256; ++length) {
      const Frame packet = Poke(kUdp.Extension(type, Frame(6)), 41, static_cast<uint8_t>(length));
      // One more unit ends inside the UDP header, two beyond the packet.
      const ChainVerdict got = Judge(packet);
      if (length > 1) {
        EXPECT_EQ(got.reason(), DropReason::kIp6HeaderTruncated) << int{type} << ' ' << length;
      }
    }
  }
  for (int payload = 0; payload < 21; ++payload) {
    const Ip6 packet =
        kUdp.Extension(kOptions, kPadBody).PayloadLength(static_cast<uint16_t>(payload));
    const ChainOutcome out = Run(packet);
    EXPECT_EQ(out.verdict.passed(), payload >= 8) << payload;
    EXPECT_EQ(out.meta.upper_length, payload >= 8 ? payload - 8 : 0) << payload;
  }
}

// Ripple20 (CVE-2020-11897, CVE-2020-11899): routing headers whose counts exceed the packet.
// Nothing that a routing header claims is used, but for its type and whether segments are left.
TEST_F(LessonsTest, Ripple20RoutingCounts) {
  for (int left = 0; left < 256; ++left) {
    for (int addresses = 0; addresses < 256; addresses += 5) {
      Frame body = RoutingBody(0, static_cast<uint8_t>(left));
      body[2] = static_cast<uint8_t>(addresses);
      const ChainVerdict got = Judge(kUdp.Extension(kRouting, body));
      EXPECT_EQ(got.passed(), left == 0) << left;
    }
  }
}

}  // namespace
}  // namespace sextant::test
