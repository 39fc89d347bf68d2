// SPDX-License-Identifier: BSD-3-Clause
// The chain of extension headers as a table, one row per rule, and each row cut into segments and
// short at every byte.
// RFC 8200 §4, RFC 6946, RFC 7112, RFC 5095, RFC 2675 §3, RFC 8504 §5.3.
// Owned by one Core.
#include "unit/ip6/chain_rig.h"

namespace sextant::test {
namespace {

using wire::ParameterCode;

constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kRouting = 43;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kAh = 51;
constexpr uint8_t kOptions = 60;

const Ip6 kFrom = Ip6().From("fd00:6::1").To("fd00:6::2");
const Ip6 kUdp = kFrom.Udp(1000, 7, "hello");
const Ip6 kEcho = kFrom.Icmp6Echo(1, 2, "hello");
const Ip6 kTcp = kFrom.Upper(6, Frame(20));
const Ip6 kGroup = kUdp.To("ff02::1");
const Frame kUnknown10 = {0x9e, 0, 1, 2, 0, 0};
const Frame kUnknown11 = {0xde, 0, 1, 2, 0, 0};

Ip6 First(const Ip6& packet) { return packet.Extension(kFragment, FragmentBody(0, true)); }
Ip6 Atomic(const Ip6& packet) { return packet.Extension(kFragment, FragmentBody(0, false)); }
Ip6 Times(Ip6 packet, size_t count, uint8_t type) {
  for (size_t i = 0; i < count; ++i) {
    packet = packet.Extension(type, type == kRouting ? RoutingBody(0, 0) : kPadBody);
  }
  return packet;
}
// A first fragment, cut behind its Fragment header (octet 48) and `count` octets more.
Frame CutFirst(const Ip6& packet, size_t count) { return FixLength(Cut(packet, 48 + count)); }

ChainVerdict Field(DropReason reason, uint32_t pointer) {
  return Problem(reason, ParameterCode::kErroneousField, pointer);
}
ChainVerdict NextHeaderAt(DropReason reason, uint32_t pointer) {
  return Problem(reason, ParameterCode::kUnknownNextHeader, pointer);
}
ChainVerdict OptionAt(uint32_t pointer) {
  return Problem(DropReason::kIp6UnknownOption, ParameterCode::kUnknownOption, pointer);
}
const ChainVerdict kIncomplete =
    Problem(DropReason::kIp6FragmentChain, ParameterCode::kIncompleteChain, 0);

struct ChainCase {
  const char* name;
  const char* section;
  Frame packet;
  ChainVerdict want;
};

// clang-format off
const ChainCase kOrderCases[] = {
    {"HopByHop",          "RFC 8200 §4.3", kUdp.Extension(kHopByHop, kPadBody),                   ChainNext::kUdp},
    {"Destination",       "RFC 8200 §4.6", kUdp.Extension(kOptions, kPadBody),                    ChainNext::kUdp},
    {"BeforeIcmp6",       "RFC 8200 §4.1", kEcho.Extension(kOptions, kPadBody),                   ChainNext::kIcmp6},
    {"RecommendedOrder",  "RFC 8200 §4.1",
     Atomic(kUdp.Extension(kHopByHop, kPadBody).Extension(kOptions, kPadBody).Extension(kRouting, RoutingBody(0, 0))).Extension(kOptions, kPadBody),
     ChainNext::kUdp},
    {"AnyOrder",          "RFC 8200 §4.1", Atomic(kUdp.Extension(kOptions, kPadBody)).Extension(kRouting, RoutingBody(0, 0)), ChainNext::kUdp},
    {"HopByHopSecond",    "RFC 8200 §4.1", kUdp.Extension(kOptions, kPadBody).Extension(kHopByHop, kPadBody),
     NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 40)},
    {"HopByHopTwice",     "RFC 8200 §4.1", Times(kUdp, 2, kHopByHop),                             NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 40)},
    {"HopByHopThird",     "RFC 8200 §4.1", Times(kUdp, 2, kOptions).Extension(kHopByHop, kPadBody), NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 48)},
    {"HopByHopInAtomic",  "RFC 8200 §4.1", Atomic(kUdp).Extension(kHopByHop, kPadBody),           NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 40)},
    {"HopByHopCutSecond", "RFC 8200 §4.1", FixLength(Cut(kUdp.Extension(kOptions, kPadBody).Extension(kHopByHop, kPadBody), 48)),
     NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 40)},
    {"NothingFollows",    "RFC 8200 §4.7", kFrom.Extension(kOptions, kPadBody),                   DropReason::kIp6NoNextHeader},
    {"UnknownUpper",      "RFC 8200 §4",   kFrom.Upper(253, "x").Extension(kOptions, kPadBody),   NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40)},
    {"UnknownBehindTwo",  "RFC 8200 §4",   kFrom.Upper(253, "x").Extension(kHopByHop, kPadBody).Extension(kOptions, Join({0x1e, 20}, Frame(20))),
     NextHeaderAt(DropReason::kIp6UnknownNextHeader, 48)},
    {"UnknownInAtomic",   "RFC 8200 §4",   Atomic(kFrom.Upper(253, "x")),                         NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40)},
    {"TcpIsUnknownYet",   "RFC 8200 §4",   kTcp.Extension(kOptions, kPadBody),                    NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40)},
    {"AhIsUnknown",       "RFC 8200 §4",   kUdp.Extension(kOptions, kPadBody).Extension(kAh, Frame(22)), NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40)},
    {"UpperEmpty",        "RFC 8200 §4",   FixLength(Cut(kUdp.Extension(kOptions, kPadBody), 48)), ChainNext::kUdp},
    {"TrailingBytes",     "RFC 2464 §3",   Pad(kUdp.Extension(kOptions, kPadBody), 9),            ChainNext::kUdp},
    {"LengthZeroHop",     "RFC 2675 §3",   kUdp.Extension(kHopByHop, kPadBody).PayloadLength(0),  Field(DropReason::kIp6PayloadLengthZero, 4)},
    {"LengthZeroJumbo",   "RFC 2675 §3",   kUdp.Extension(kHopByHop, {0xc2, 4, 0, 1, 0, 0}).PayloadLength(0), Field(DropReason::kIp6PayloadLengthZero, 4)},
    {"LengthZeroOptions", "RFC 8200 §4",   kUdp.Extension(kOptions, kPadBody).PayloadLength(0),   DropReason::kIp6HeaderTruncated},
    {"LengthZeroRouting", "RFC 8200 §4",   kUdp.Extension(kRouting, RoutingBody(0, 0)).PayloadLength(0), DropReason::kIp6HeaderTruncated},
    {"LengthBeyond",      "RFC 8200 §4",   Poke(kUdp.Extension(kOptions, kPadBody), 41, 2),       DropReason::kIp6HeaderTruncated},
    {"LengthFarBeyond",   "RFC 8200 §4",   Poke(kUdp.Extension(kHopByHop, kPadBody), 41, 255),    DropReason::kIp6HeaderTruncated},
    {"LengthInPadding",   "RFC 8200 §4",   Pad(Poke(kUdp.Extension(kOptions, Frame(6, 0)), 41, 2), 16), DropReason::kIp6HeaderTruncated},
};

const ChainCase kOptionCases[] = {
    {"HopByHopOption",    "RFC 8200 §4.2", kUdp.Extension(kHopByHop, kUnknown10),                 OptionAt(42)},
    {"DestinationOption", "RFC 8200 §4.2", kUdp.Extension(kOptions, kUnknown10),                  OptionAt(42)},
    {"OptionInSecond",    "RFC 8200 §4.2", kUdp.Extension(kHopByHop, kPadBody).Extension(kOptions, kUnknown10), OptionAt(50)},
    {"OptionToGroup",     "RFC 8200 §4.2", kGroup.Extension(kOptions, kUnknown10),                OptionAt(42)},
    {"SilentToGroup",     "RFC 8200 §4.2", kGroup.Extension(kOptions, kUnknown11),                DropReason::kIp6UnknownOption},
    {"ToldToHost",        "RFC 8200 §4.2", kUdp.Extension(kOptions, kUnknown11),                  OptionAt(42)},
    {"JumboWithLength",   "RFC 2675 §3",   kUdp.Extension(kHopByHop, {0xc2, 4, 0, 1, 0, 0}),
     Problem(DropReason::kIp6Jumbo, ParameterCode::kUnknownOption, 42)},
    {"JumboToGroup",      "RFC 2675 §3",   kGroup.Extension(kHopByHop, {0xc2, 4, 0, 1, 0, 0}),    DropReason::kIp6Jumbo},
    {"RouterAlert",       "RFC 2711 §2.1", kEcho.Extension(kHopByHop, {5, 2, 0, 0, 1, 0}),        ChainNext::kIcmp6},
    {"RouterAlertShort",  "RFC 2711 §2.1", kEcho.Extension(kHopByHop, {5, 1, 0, 0, 1, 0}),        DropReason::kIp6RouterAlert},
    {"RouterAlertInDest", "RFC 2711 §2.1", kEcho.Extension(kOptions, {5, 1, 0, 0, 0, 0}),         ChainNext::kIcmp6},
    {"OptionTruncated",   "RFC 8200 §4.2", kUdp.Extension(kOptions, {0x1e, 5, 0, 0, 0, 0}),       DropReason::kIp6OptionTruncated},
    {"InFirstFragment",   "RFC 8200 §4.5", First(kUdp.Extension(kHopByHop, kUnknown10)),          OptionAt(42)},
    {"BehindFirst",       "RFC 8200 §4.5", First(kUdp).Extension(kOptions, kUnknown10),           ChainNext::kFragment},
    {"BehindAtomic",      "RFC 6946 §4",   Atomic(kUdp).Extension(kOptions, kUnknown10),          OptionAt(50)},
};

const ChainCase kRoutingCases[] = {
    {"Type0Done",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(0, 0)),           ChainNext::kUdp},
    {"Type0Left",         "RFC 5095 §3",   kUdp.Extension(kRouting, RoutingBody(0, 1)),           Field(DropReason::kIp6RoutingType, 42)},
    {"Type2Done",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(2, 0)),           ChainNext::kUdp},
    {"Type2Left",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(2, 1)),           Field(DropReason::kIp6RoutingType, 42)},
    {"Type3Done",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(3, 0)),           ChainNext::kUdp},
    {"Type3Left",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(3, 1)),           Field(DropReason::kIp6RoutingType, 42)},
    {"Type4Done",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(4, 0)),           ChainNext::kUdp},
    {"Type4Left",         "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(4, 1)),           Field(DropReason::kIp6RoutingType, 42)},
    {"UnknownDone",       "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(253, 0)),         ChainNext::kUdp},
    {"UnknownLeft",       "RFC 8200 §4.4", kUdp.Extension(kRouting, RoutingBody(253, 255)),       Field(DropReason::kIp6RoutingType, 42)},
    {"BehindOptions",     "RFC 8200 §4.4", kUdp.Extension(kOptions, kPadBody).Extension(kRouting, RoutingBody(0, 1)), Field(DropReason::kIp6RoutingType, 50)},
    {"ToGroup",           "RFC 8200 §4.4", kGroup.Extension(kRouting, RoutingBody(0, 0)),         DropReason::kIp6RoutingMulticast},
    {"ToGroupLeft",       "RFC 8200 §4.4", kGroup.Extension(kRouting, RoutingBody(0, 1)),         DropReason::kIp6RoutingMulticast},
    {"Truncated",         "RFC 8200 §4.4", Poke(kUdp.Extension(kRouting, RoutingBody(0, 1)), 41, 9), DropReason::kIp6HeaderTruncated},
};

const ChainCase kFragmentCases[] = {
    {"Atomic",            "RFC 6946 §4",   Atomic(kUdp),                                          ChainNext::kUdp},
    {"AtomicReserved",    "RFC 8200 §4.5", Poke(Poke(Atomic(kUdp), 41, 0xff), 43, 6),             ChainNext::kUdp},
    {"AtomicOdd",         "RFC 6946 §4",   Atomic(kEcho),                                         ChainNext::kIcmp6},
    {"AtomicEmpty",       "RFC 6946 §4",   Atomic(kFrom),                                         DropReason::kIp6NoNextHeader},
    {"First",             "RFC 8200 §4.5", First(kUdp),                                           ChainNext::kFragment},
    {"Later",             "RFC 8200 §4.5", kUdp.Extension(kFragment, FragmentBody(8, true)),      ChainNext::kFragment},
    {"Last",              "RFC 8200 §4.5", kUdp.Extension(kFragment, FragmentBody(65528, false)), ChainNext::kFragment},
    {"LaterUnknown",      "RFC 8200 §4.5", kFrom.Upper(253, "x").Extension(kFragment, FragmentBody(8, true)), ChainNext::kFragment},
    {"LaterEmpty",        "RFC 8200 §4.5", kFrom.Extension(kFragment, FragmentBody(8, true)),     ChainNext::kFragment},
    {"HeaderCut",         "RFC 8200 §4.5", FixLength(Cut(First(kUdp), 47)),                       DropReason::kIp6HeaderTruncated},
    {"Jumbo",             "RFC 2675 §3",   First(kUdp).PayloadLength(0),                          Field(DropReason::kIp6FragmentJumbo, 40)},
    {"JumboAtomic",       "RFC 2675 §3",   Atomic(kUdp).PayloadLength(0),                         Field(DropReason::kIp6FragmentJumbo, 40)},
    {"AtomicTwice",       "RFC 8200 §4.5", Atomic(Atomic(kUdp)),                                  Field(DropReason::kIp6FragmentNested, 48)},
    {"FirstInAtomic",     "RFC 8200 §4.5", First(Atomic(kUdp)),                                   Field(DropReason::kIp6FragmentNested, 48)},
    {"FirstOfFirst",      "RFC 8200 §4.5", First(First(kUdp)),                                    ChainNext::kFragment},
    {"UdpSeven",          "RFC 7112 §5",   CutFirst(First(kUdp), 7),                              kIncomplete},
    {"UdpEight",          "RFC 7112 §5",   CutFirst(First(kUdp), 8),                              ChainNext::kFragment},
    {"Icmp6Seven",        "RFC 7112 §5",   CutFirst(First(kEcho), 7),                             kIncomplete},
    {"Icmp6Eight",        "RFC 7112 §5",   CutFirst(First(kEcho), 8),                             ChainNext::kFragment},
    {"TcpEight",          "RFC 7112 §5",   CutFirst(First(kTcp), 8),                              kIncomplete},
    {"TcpNineteen",       "RFC 7112 §5",   CutFirst(First(kTcp), 19),                             kIncomplete},
    {"TcpTwenty",         "RFC 7112 §5",   CutFirst(First(kTcp), 20),                             ChainNext::kFragment},
    {"UnknownEmpty",      "RFC 7112 §5",   CutFirst(First(kFrom.Upper(253, "x")), 0),             kIncomplete},
    {"UnknownOne",        "RFC 7112 §5",   CutFirst(First(kFrom.Upper(253, "x")), 1),             ChainNext::kFragment},
    {"NothingFollows",    "RFC 7112 §5",   First(kFrom),                                          ChainNext::kFragment},
    {"OptionsAlone",      "RFC 7112 §5",   CutFirst(First(kUdp).Extension(kOptions, kPadBody), 8), kIncomplete},
    {"OptionsTooLong",    "RFC 7112 §5",   Poke(First(kUdp).Extension(kOptions, kPadBody), 49, 9), kIncomplete},
    {"OptionsAndUdp",     "RFC 7112 §5",   CutFirst(First(kUdp).Extension(kOptions, kPadBody), 16), ChainNext::kFragment},
    {"OptionsAndSeven",   "RFC 7112 §5",   CutFirst(First(kUdp).Extension(kOptions, kPadBody), 15), kIncomplete},
    {"NestedCut",         "RFC 7112 §5",   CutFirst(First(First(kUdp)), 7),                       kIncomplete},
    {"AhThenUdp",         "RFC 7112 §3",   Poke(First(kUdp).Extension(kAh, Frame(22)), 49, 4),    ChainNext::kFragment},
    {"AhTooLong",         "RFC 7112 §3",   Poke(First(kUdp).Extension(kAh, Frame(22)), 49, 99),   kIncomplete},
};

const ChainCase kLimitCases[] = {
    {"TwoOfAKind",        "RFC 8504 §5.3", Times(kUdp, 2, kOptions),                              ChainNext::kUdp},
    {"ThreeOfAKind",      "RFC 8504 §5.3", Times(kUdp, 3, kOptions),                              DropReason::kIp6TooManyHeaders},
    {"TwoRouting",        "RFC 8504 §5.3", Times(kUdp, 2, kRouting),                              ChainNext::kUdp},
    {"ThreeRouting",      "RFC 8504 §5.3", Times(kUdp, 3, kRouting),                              DropReason::kIp6TooManyHeaders},
    {"SixOfAllKinds",     "RFC 8504 §5.3", Atomic(Times(Times(kUdp.Extension(kHopByHop, kPadBody), 2, kOptions), 2, kRouting)), ChainNext::kUdp},
    {"Alternating",       "RFC 8504 §5.3", Times(Times(Times(kUdp, 2, kOptions), 2, kRouting), 1, kOptions), DropReason::kIp6TooManyHeaders},
    {"NineBehindFirst",   "RFC 8504 §5.3", Times(First(kUdp), 9, kOptions),                       DropReason::kIp6TooManyHeaders},
    {"SevenBehindFirst",  "RFC 8504 §5.3", Times(First(kUdp), 7, kOptions),                       ChainNext::kFragment},
    {"EightBehindFirst",  "RFC 8504 §5.3", Times(First(kUdp), 8, kOptions),                       DropReason::kIp6TooManyHeaders},
};
// clang-format on

class ChainTest : public ChainRig, public testing::WithParamInterface<ChainCase> {
 protected:
  // In segments of these sizes the packet fares as it does in one.
  void ExpectSame(const std::vector<size_t>& sizes, const ChainOutcome& whole) {
    const ChainOutcome split = Run(GetParam().packet, sizes);
    EXPECT_EQ(split.Essence(), whole.Essence()) << testing::PrintToString(sizes);
    EXPECT_EQ(split.contents, GetParam().packet) << testing::PrintToString(sizes);
  }
};

TEST_P(ChainTest, IsJudged) {
  const ChainVerdict got = Judge(GetParam().packet);
  EXPECT_EQ(Describe(got.reason()).name, Describe(GetParam().want.reason()).name)
      << GetParam().section;
  EXPECT_EQ(got, GetParam().want) << GetParam().section;
}

TEST_P(ChainTest, InTwoSegments) {
  const size_t size = GetParam().packet.size();
  const ChainOutcome whole = Run(GetParam().packet);
  for (size_t first = 40; first < size; ++first) ExpectSame({first, size - first}, whole);
}

TEST_P(ChainTest, InThreeToFiveSegments) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  SeededRng rng(Seed());
  const ChainOutcome whole = Run(GetParam().packet);
  for (int round = 0; round < Rounds(15); ++round) {
    size_t left = GetParam().packet.size() - 40;
    std::vector<size_t> sizes = {40};
    for (uint32_t parts = 2 + rng.Below(3); parts > 1 && left > 0; --parts) {
      sizes.push_back(rng.Below(static_cast<uint32_t>(left)) + 1);
      left -= sizes.back();
    }
    sizes.push_back(left);
    ExpectSame(sizes, whole);
  }
}

// Somebody cut it, and the IPv6 header agrees. It never passes for something else than the
// whole does, or is refused for something that is not there.
TEST_P(ChainTest, ShortAtEveryByte) {
  const ChainOutcome whole = Run(GetParam().packet);
  for (size_t size = 41; size < GetParam().packet.size(); ++size) {
    if (Load16(GetParam().packet, 4) != GetParam().packet.size() - 40) return;
    const Frame cut = FixLength(Cut(GetParam().packet, size));
    const ChainVerdict got = Judge(cut);
    if (got.passed()) {
      ASSERT_TRUE(whole.verdict.passed() || whole.verdict.reason() == DropReason::kIp6FragmentChain)
          << size;
    } else if (got.refused() && got.error().value != 0) {
      EXPECT_EQ(got, GetParam().want) << size;
      EXPECT_LT(got.error().value, size);
    } else if (got.reason() != DropReason::kIp6HeaderTruncated && got != kIncomplete) {
      EXPECT_EQ(got, GetParam().want) << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Order, ChainTest, testing::ValuesIn(kOrderCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Options, ChainTest, testing::ValuesIn(kOptionCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Routing, ChainTest, testing::ValuesIn(kRoutingCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Fragments, ChainTest, testing::ValuesIn(kFragmentCases), kNameOf);
INSTANTIATE_TEST_SUITE_P(Limits, ChainTest, testing::ValuesIn(kLimitCases), kNameOf);

class ChainsTest : public ChainRig {};

TEST_F(ChainsTest, AllNextHeadersBehindAnOptionsHeader) {
  for (int next = 0; next < 256; ++next) {
    Frame packet = kFrom.Upper(static_cast<uint8_t>(next), Frame(24)).Extension(kOptions, kPadBody);
    ChainVerdict want = NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40);
    if (next == 17) want = ChainNext::kUdp;
    if (next == 58) want = ChainNext::kIcmp6;
    if (next == 59) want = DropReason::kIp6NoNextHeader;
    if (next == kHopByHop) want = NextHeaderAt(DropReason::kIp6HopByHopMisplaced, 40);
    if (next == kRouting || next == kFragment || next == kOptions) {
      packet[48] = 17;  // what follows those
      want = ChainNext::kUdp;
      if (next == kOptions) packet[50] = 1, packet[51] = 4;
    }
    EXPECT_EQ(Judge(packet), want) << next;
  }
}

TEST_F(ChainsTest, AllRoutingTypesToHostAndGroup) {
  for (int type = 0; type < 256; ++type) {
    for (const int left : {0, 1, 255}) {
      const Frame body = RoutingBody(static_cast<uint8_t>(type), static_cast<uint8_t>(left));
      EXPECT_EQ(Judge(kUdp.Extension(kRouting, body)),
                left == 0 ? ChainVerdict(ChainNext::kUdp) : Field(DropReason::kIp6RoutingType, 42));
      EXPECT_EQ(Judge(kGroup.Extension(kRouting, body)),
                ChainVerdict(DropReason::kIp6RoutingMulticast));
    }
  }
}

TEST_F(ChainsTest, AllOptionTypesInBothHeadersToHostAndGroup) {
  for (int type = 2; type < 256; ++type) {
    const Frame body = {static_cast<uint8_t>(type), 2, 0, 0, 1, 0};
    for (const uint8_t header : {kHopByHop, kOptions}) {
      for (const bool to_group : {false, true}) {
        const ChainVerdict got = Judge((to_group ? kGroup : kUdp).Extension(header, body));
        EXPECT_EQ(got.passed(), type < 64) << type;
        EXPECT_EQ(got.refused(), type >= 192 ? !to_group : type >= 128) << type;
        if (got.refused()) {
          EXPECT_EQ(got.error(),
                    wire::Icmp6Error::ParameterProblem(ParameterCode::kUnknownOption, 42));
        }
      }
    }
  }
}

TEST_F(ChainsTest, LimitsFollowTheTunables) {
  tunables().ip6_max_headers_of_a_kind = 64;
  EXPECT_EQ(Judge(Times(kUdp, 8, kOptions)), ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Judge(Times(kUdp, 9, kOptions)), ChainVerdict(DropReason::kIp6TooManyHeaders));
  EXPECT_EQ(Judge(Times(Atomic(kUdp), 7, kOptions)), ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Judge(Times(Atomic(kUdp), 8, kOptions)), ChainVerdict(DropReason::kIp6TooManyHeaders));
  tunables().ip6_max_headers = 64;
  EXPECT_EQ(Judge(Times(kUdp, 64, kOptions)), ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Judge(Times(kUdp, 65, kOptions)), ChainVerdict(DropReason::kIp6TooManyHeaders));
  tunables().ip6_max_headers = 1;
  EXPECT_EQ(Judge(Times(kUdp, 1, kOptions)), ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Judge(Times(kUdp, 2, kOptions)), ChainVerdict(DropReason::kIp6TooManyHeaders));
}

TEST_F(ChainsTest, RecordsWhereHeadersLie) {
  const ChainOutcome out = Run(Pad(Atomic(kUdp.Extension(kHopByHop, kPadBody)
                                              .Extension(kOptions, kPadBody)
                                              .Extension(kRouting, RoutingBody(0, 0)))
                                       .Extension(kOptions, kPadBody),
                                   5));
  EXPECT_TRUE(out.meta.has_extensions);
  EXPECT_EQ(out.places.hop_by_hop, 40);
  EXPECT_EQ(out.places.destination_first, 48);
  EXPECT_EQ(out.places.routing, 56);
  EXPECT_EQ(out.places.fragment, 64);
  EXPECT_EQ(out.places.destination, 72);
  EXPECT_EQ(out.places.last_next_header, 72);
  EXPECT_EQ(out.meta.upper_offset, 80);
  EXPECT_EQ(out.meta.upper_length, 8 + 5);
  EXPECT_EQ(out.meta.upper, 17);
}

TEST_F(ChainsTest, RecordsDestinationOptionsByTheirPlace) {
  const ChainOutcome before =
      Run(kUdp.Extension(kOptions, kPadBody).Extension(kRouting, RoutingBody(0, 0)));
  EXPECT_EQ(before.places.destination_first, 40);
  EXPECT_EQ(before.places.destination, 0);
  const ChainOutcome behind =
      Run(kUdp.Extension(kRouting, RoutingBody(0, 0)).Extension(kOptions, kPadBody));
  EXPECT_EQ(behind.places.destination_first, 0);
  EXPECT_EQ(behind.places.destination, 48);
  const ChainOutcome both = Run(Times(kUdp, 2, kOptions));
  EXPECT_EQ(both.places.destination_first, 40);
  EXPECT_EQ(both.places.destination, 48);
}

TEST_F(ChainsTest, AtomicFragmentsAreMarked) {
  const Frame packet = Atomic(kUdp);
  PacketPtr received = core.Received(packet);
  received->meta().checksum = ChecksumState::kGood;
  const ChainOutcome out = Run(std::move(received));
  EXPECT_TRUE(out.meta.reassembled);
  EXPECT_EQ(out.places.fragment, 40);
  EXPECT_EQ(out.places.largest_fragment, packet.size());
  EXPECT_EQ(out.meta.checksum, ChecksumState::kUnknown) << "of a fragment a link knows no checksum";
}

TEST_F(ChainsTest, FragmentsAreDescribedForReassembly) {
  const Ip6 packet =
      kUdp.Extension(kHopByHop, kPadBody).Extension(kFragment, FragmentBody(16, true));
  const ChainOutcome out = Run(packet);
  EXPECT_FALSE(out.meta.reassembled);
  EXPECT_EQ(out.places.fragment, 48);
  EXPECT_EQ(out.places.last_next_header, 40);
  EXPECT_EQ(out.meta.upper_offset, 56);
  EXPECT_EQ(out.meta.upper_length, 8 + 5);
  EXPECT_EQ(out.meta.upper, 17);
}

// What reassembly hands back: the Fragment header gone, the rest as it was.
class ReassembledTest : public ChainRig {
 protected:
  ChainOutcome Resume(const Frame& packet, size_t first = 0) {
    const std::vector<size_t> sizes = {first == 0 ? packet.size() : first, packet.size() - first};
    PacketPtr received = Chain(*core.pool, packet, std::span(sizes).first(first == 0 ? 1 : 2));
    core.core.Received(*received);
    Meta& meta = received->meta();
    meta.reassembled = meta.has_extensions = true;
    received->extensions() = {};
    received->extensions().largest_fragment = 1280;
    received->extensions().hop_by_hop = 0xdead;
    return Run(std::move(received));
  }
};

TEST_F(ReassembledTest, GoesToItsUpperLayer) {
  const ChainOutcome out = Resume(kUdp);
  EXPECT_EQ(out.verdict, ChainVerdict(ChainNext::kUdp));
  EXPECT_TRUE(out.meta.reassembled);
  EXPECT_EQ(out.places.largest_fragment, 1280);
  EXPECT_EQ(out.places.hop_by_hop, 0);
  EXPECT_EQ(out.places.last_next_header, 6);
  EXPECT_EQ(out.meta.upper_offset, 40);
}

TEST_F(ReassembledTest, WalksWhatWasBehindTheFragmentHeader) {
  const Ip6 packet = kUdp.Extension(kHopByHop, kPadBody).Extension(kOptions, kPadBody);
  for (const size_t first : {0, 40, 47, 48, 55, 60}) {
    const ChainOutcome out = Resume(packet, first);
    EXPECT_EQ(out.verdict, ChainVerdict(ChainNext::kUdp)) << first;
    EXPECT_EQ(out.places.hop_by_hop, 40);
    EXPECT_EQ(out.places.destination, 48);
    EXPECT_EQ(out.meta.upper_offset, 56);
  }
  EXPECT_EQ(Resume(kUdp.Extension(kOptions, kUnknown10)).verdict, OptionAt(42));
  EXPECT_EQ(Resume(kFrom.Upper(253, "x").Extension(kOptions, kPadBody)).verdict,
            NextHeaderAt(DropReason::kIp6UnknownNextHeader, 40));
}

TEST_F(ReassembledTest, HoldsNoFragments) {
  EXPECT_EQ(Resume(Atomic(kUdp)).verdict, Field(DropReason::kIp6FragmentNested, 40));
  EXPECT_EQ(Resume(First(kUdp.Extension(kOptions, kPadBody))).verdict,
            Field(DropReason::kIp6FragmentNested, 48));
}

TEST_F(ReassembledTest, CountsItsFragmentHeader) {
  tunables().ip6_max_headers_of_a_kind = 64;
  EXPECT_EQ(Resume(Times(kUdp, 7, kOptions)).verdict, ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Resume(Times(kUdp, 8, kOptions)).verdict, ChainVerdict(DropReason::kIp6TooManyHeaders));
}

// Long chains.

// An options header of `size` octets that holds only options to skip.
Ip6 WithLong(const Ip6& packet, size_t size) {
  Frame body;
  while (body.size() + 2 < size) {
    const size_t left = size - 2 - body.size();
    const size_t part = std::min<size_t>(left, 257);
    body = Join(body, Join({0x1e, static_cast<uint8_t>(part - 2)}, Frame(part - 2)));
  }
  return packet.Extension(kOptions, body);
}

TEST_F(ChainsTest, LongerThanWhatIsPulledTogetherAtFirst) {
  const Frame packet = WithLong(WithLong(kUdp, 800), 800);
  for (const size_t first : {40UL, 41UL, 512UL, 839UL, 840UL, 841UL, 1000UL, 1640UL, 1648UL}) {
    const ChainOutcome out = Run(packet, {first, packet.size() - first});
    EXPECT_EQ(out.verdict, ChainVerdict(ChainNext::kUdp)) << first;
    EXPECT_EQ(out.meta.upper_offset, 1640);
    EXPECT_EQ(out.contents, packet);
  }
}

TEST_F(ChainsTest, LongerThanABuffer) {
  EXPECT_EQ(Judge(WithLong(WithLong(kUdp, 1024), 1024)),
            ChainVerdict(DropReason::kIp6TooManyHeaders));
}

TEST_F(ChainsTest, UpperLayerAtABuffersEnd) {
  // Eight octets of it fit into the first buffer, the rest does not.
  const Ip6 packet = WithLong(kFrom.Udp(1, 7, Pattern(1400)), 2000 - 8);
  const ChainOutcome out = Run(packet);
  EXPECT_EQ(out.verdict, ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(out.meta.upper_offset, 2032);
  EXPECT_EQ(Judge(WithLong(kFrom.Udp(1, 7, Pattern(1400)), 2000 + 8)),
            ChainVerdict(DropReason::kIp6TooManyHeaders));
}

TEST_F(ChainsTest, SharedBytesAreCopiedToBeGathered) {
  const Frame packet = WithLong(kUdp, 800);
  const std::vector<size_t> sizes = {100, packet.size() - 100};
  PacketPtr original = Chain(*core.pool, packet, sizes);
  PacketPtr shared = core.pool->Share(*original);
  core.core.Received(*shared);
  const ChainOutcome out = Run(std::move(shared));
  EXPECT_EQ(out.verdict, ChainVerdict(ChainNext::kUdp));
  EXPECT_EQ(Contents(*original), packet);
  EXPECT_EQ(SegmentSizes(*original), sizes);

  shared = core.pool->Share(*original);
  core.core.Received(*shared);
  {
    const Drought drought(*core.pool, 0);
    const ChainVerdict verdict = stage.Take(shared, core.core);
    EXPECT_EQ(verdict, ChainVerdict(DropReason::kNoBuffer));
  }
  core.core.Drop(std::move(shared), DropReason::kNoBuffer);
  original.Free();
}

}  // namespace
}  // namespace sextant::test
