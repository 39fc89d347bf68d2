// SPDX-License-Identifier: BSD-3-Clause
// Which messages the listener believes. RFC 3810 §5.1, §6.2, §8.1; RFC 2710 §3.
// Owned by one Core.
#include "unit/mld/mld_rig.h"

namespace sextant::test {
namespace {

using testing::IsEmpty;
using testing::Not;

struct InputCase {
  const char* name;
  const char* section;
  Frame packet;
  const char* want;
};

Ip6 General() { return QueryV2({}); }
Ip6 Specific(const Texts& sources = {}) { return QueryV2({.group = kGroup, .sources = sources}); }
// A general query of that many bytes, whatever they are.
Ip6 OfSize(size_t size) { return Envelope("::").Icmp6(130, 0, 0, Frame(size - 8)); }
Ip6 WithHeader(const Data& body) {
  return Ip6().From(kQuerier).To("ff02::1").HopLimit(1).Extension(0, body).Icmp6(130, 0, 0,
                                                                                 Frame(20));
}
// That many sources are declared, and one is there.
Ip6 Declaring(uint16_t count) {
  Frame body = QueryBody({.group = kGroup, .sources = {kA}});
  return Envelope(kGroup).Icmp6(130, 0, 0, Poke16(body, 18, count));
}

std::vector<InputCase> Cases() {
  const Frame plain = Ip6().From(kQuerier).To("ff02::1").HopLimit(1).Icmp6(130, 0, 0, Frame(20));
  // clang-format off
  return {
    {"General",             "RFC 3810 §5.1",    General(),                                    "delivered"},
    {"GeneralV1",           "RFC 2710 §3",      QueryV1("::", 1'000),                         "delivered"},
    {"Specific",            "RFC 3810 §5.1",    Specific(),                                   "delivered"},
    {"SpecificV1",          "RFC 2710 §3",      QueryV1(kGroup, 1'000),                       "delivered"},
    {"OneSource",           "RFC 3810 §5.1",    Specific({kA}),                               "delivered"},
    {"NotOurGroup",         "RFC 3810 §6.2",    QueryV2({.group = "ff05::77"}),               "delivered"},
    {"ToOurAddress",        "RFC 3810 §5.1.15", General().To(kOurLinkLocal),                  "delivered"},
    {"ToTheGroup",          "RFC 3810 §5.1.15", General().To(kGroup),                         "delivered"},
    {"CodeIsIgnored",       "RFC 3810 §5.1.1",  Envelope("::").Icmp6(130, 7, 0, Frame(20)),   "delivered"},
    {"TrailingBytes",       "RFC 3810 §5.1.12", General().Append(Frame(40, 1)),               "delivered"},
    {"TrailingBehindThem",  "RFC 3810 §5.1.12", Specific({kA}).Append(Frame(7, 1)),           "delivered"},

    {"HopLimit0",           "RFC 3810 §6.2",    General().HopLimit(0),                        "mld-hop-limit"},
    {"HopLimit2",           "RFC 3810 §6.2",    General().HopLimit(2),                        "mld-hop-limit"},
    {"HopLimit255",         "RFC 3810 §6.2",    General().HopLimit(255),                      "mld-hop-limit"},
    {"NoHopByHop",          "RFC 3810 §6.2",    plain,                                        "mld-no-router-alert"},
    {"OnlyPadding",         "RFC 3810 §6.2",    WithHeader({1, 4, 0, 0, 0, 0}),               "mld-no-router-alert"},
    {"AlertForRsvp",        "RFC 2711 §2.1",    WithHeader({5, 2, 0, 1, 1, 0}),               "mld-no-router-alert"},
    {"AlertTooLong",        "RFC 2711 §2.1",    WithHeader({5, 4, 0, 0, 0, 0}),               "mld-no-router-alert"},
    {"AlertInDestination",  "RFC 3810 §6.2",    Ip6().From(kQuerier).To("ff02::1").HopLimit(1).Extension(60, kRouterAlert).Icmp6(130, 0, 0, Frame(20)),
                                                                                              "mld-no-router-alert"},
    {"AlertBehindPad1",     "RFC 8200 §4.2",    WithHeader({0, 0, 5, 2, 0, 0}),               "delivered"},
    {"AlertBehindPadN",     "RFC 8200 §4.2",    WithHeader({1, 0, 5, 2, 0, 0}),               "delivered"},
    {"AlertBehindUnknown",  "RFC 8200 §4.2",    WithHeader({30, 0, 5, 2, 0, 0}),              "delivered"},
    {"AlertBeyondHeader",   "RFC 8200 §4.2",    WithHeader({0, 0, 0, 0, 5, 2}),               "mld-no-router-alert"},
    {"AlertInLongHeader",   "RFC 8200 §4.2",    WithHeader({1, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0, 0, 1, 0, 0, 0, 0, 0}),
                                                                                              "delivered"},
    {"GlobalSource",        "RFC 3810 §5.1.14", General().From("2001:db8::1"),                "mld-source"},
    {"UnspecifiedSource",   "RFC 3810 §5.1.14", General().From("::"),                         "mld-source"},
    {"GlobalSourceV1",      "RFC 2710 §3",      QueryV1("::", 1).From("2001:db8::1"),         "mld-source"},

    {"Of23Bytes",           "RFC 3810 §8.1",    OfSize(23),                                   "mld-truncated"},
    {"Of24Bytes",           "RFC 3810 §8.1",    OfSize(24),                                   "delivered"},
    {"Of25Bytes",           "RFC 3810 §8.1",    OfSize(25),                                   "mld-truncated"},
    {"Of27Bytes",           "RFC 3810 §8.1",    OfSize(27),                                   "mld-truncated"},
    {"Of28Bytes",           "RFC 3810 §8.1",    OfSize(28),                                   "delivered"},
    {"Of8Bytes",            "RFC 3810 §8.1",    OfSize(8),                                    "mld-truncated"},
    {"UnicastGroup",        "RFC 3810 §5.1.5",  QueryV2({.group = "2001:db8::1"}),            "mld-group"},
    {"UnicastGroupV1",      "RFC 2710 §3.6",    QueryV1("2001:db8::1", 1),                    "mld-group"},
    {"GeneralWithSources",  "RFC 3810 §5.1.10", QueryV2({.sources = {kA}}),                   "mld-sources"},
    {"TwoDeclaredOneThere", "RFC 3810 §5.1.10", Declaring(2),                                 "mld-sources"},
    {"65535Declared",       "RFC 3810 §5.1.10", Declaring(65535),                             "mld-sources"},
    {"NoneDeclaredOneThere","RFC 3810 §5.1.12", Declaring(0),                                 "delivered"},

    {"ReportV1",            "RFC 2710 §4",      ReportV1(kGroup),                             "delivered"},
    {"ReportV1Longer",      "RFC 2710 §3.7",    ReportV1(kGroup).Append(Frame(9)),            "delivered"},
    {"ReportV1Short",       "RFC 2710 §3",      Envelope(kGroup).Icmp6(131, 0, 0, Frame(15)), "mld-truncated"},
    {"ReportV1Unicast",     "RFC 2710 §3.6",    ReportV1("2001:db8::1"),                      "mld-group"},
    {"ReportV1General",     "RFC 2710 §3.6",    ReportV1("::"),                               "mld-group"},
    {"ReportV1FromNobody",  "RFC 3590 §4",      ReportV1(kGroup).From("::"),                  "mld-source"},
    {"ReportV1HopLimit",    "RFC 2710 §3",      ReportV1(kGroup).HopLimit(64),                "mld-hop-limit"},
    {"Done",                "RFC 2710 §4",      Envelope(kGroup).Icmp6(132, 0, 0, Group16(kGroup)), "mld-not-for-hosts"},
    {"ReportV2",            "RFC 3810 §5.2",    Ip6().From("fe80::9").MldReport(4, kGroup),   "mld-not-for-hosts"},
  };
  // clang-format on
}

class MldInputTest : public MldRig, public testing::WithParamInterface<InputCase> {};

TEST_P(MldInputTest, Judges) {
  Join(kGroup);
  EXPECT_EQ(Hear(GetParam().packet), GetParam().want);
  const Counters& counters = core.counters();
  EXPECT_EQ(counters.received, counters.delivered + Counters::Total(counters.dropped));
}

// Whatever is refused asks for nothing.
TEST_P(MldInputTest, RefusedIsNotAnswered) {
  if (std::string_view(GetParam().want) == "delivered") return;
  Join(kGroup);
  Quiet();
  Hear(GetParam().packet);
  PassMs(12'000);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(link().version(), wire::MldVersion::kV2);
}
INSTANTIATE_TEST_SUITE_P(Rfc3810, MldInputTest, testing::ValuesIn(Cases()), kNameOf);

class MldInputTableTest : public MldRig {};

TEST_F(MldInputTableTest, OurOwnLoopbackAsksForNothing) {
  EXPECT_EQ(Fate(Arrived(General(), 1)), "mld-not-for-hosts");
  EXPECT_EQ(Fate(Arrived(General(), 9)), "mld-not-for-hosts");
}

// Every pair of declared sources and real length, with and without a group.
TEST_F(MldInputTableTest, EveryDeclaredAndRealLength) {
  Join(kGroup);
  Join("ff05::4", Include({kA}));
  Quiet();
  for (size_t declared = 0; declared <= 90; ++declared) {
    for (size_t extra = 0; extra <= 90; ++extra) {
      for (const char* const group : {"::", kGroup, "ff05::4"}) {
        Frame body = QueryBody({.group = group});
        body = Poke16(body, 18, static_cast<uint16_t>(declared));
        const Frame packet = Envelope(group).Icmp6(130, 0, 0, Pad(body, extra));
        const bool fits = declared * 16 <= extra;
        const bool general = std::string_view(group) == "::";
        const char* const want = fits && (!general || declared == 0) ? "delivered" : "mld-sources";
        ASSERT_EQ(Hear(packet), want) << declared << " declared, " << extra << " bytes, " << group;
      }
    }
    Sent();
  }
  PassMs(2'000);
  EXPECT_THAT(Sent(), Not(IsEmpty()));
}

// The same in chains of segments, cut everywhere.
TEST_F(MldInputTableTest, ChainedAnywhere) {
  Join(kGroup, Include({kA, kB}));
  Quiet();
  const Frame packet = QueryV2({.group = kGroup, .code = 0, .sources = {kA, kC}});
  // The runner has the headers in the first segment, 48 bytes and one of ICMPv6.
  for (size_t cut = 49; cut < packet.size(); ++cut) {
    PacketPtr whole = Arrived(packet);
    const size_t sizes[] = {cut, packet.size() - cut};
    PacketPtr chained = Chain(*pool, packet, sizes);
    core.Received(*chained);
    chained->meta() = whole->meta();
    chained->extensions() = whole->extensions();
    core.Consume(std::move(whole));
    ASSERT_EQ(Fate(std::move(chained)), "delivered");
    PassMs(5);
    ASSERT_THAT(Sent(),
                testing::ElementsAre(testing::HasSubstr("is-include ff05::2 source 2001:db8::a")));
  }
}

// More sources than are looked at: all of the group's are reported.
TEST_F(MldInputTableTest, ManySources) {
  Join(kGroup, Include({kA}));
  Quiet();
  for (const size_t count : {1, 128, 129, 1'000}) {
    Frame body = QueryBody({.group = kGroup});
    body = Poke16(body, 18, static_cast<uint16_t>(count));
    for (size_t i = 0; i < count; ++i) body = test::Join(body, Group16(kA));
    const Frame packet = Envelope(kGroup).Icmp6(130, 0, 0, body);
    PacketPtr chained = pool->Copy(packet);
    PacketPtr model = Arrived(Frame(packet.begin(), packet.begin() + 80));
    core.Received(*chained);
    chained->meta() = model->meta();
    chained->extensions() = model->extensions();
    chained->meta().upper_length = static_cast<uint16_t>(packet.size() - 48);
    core.Consume(std::move(model));
    EXPECT_EQ(Fate(std::move(chained)), "delivered");
    PassMs(5);
    EXPECT_THAT(Sent(),
                testing::ElementsAre(testing::HasSubstr("is-include ff05::2 source 2001:db8::a")));
  }
}

// Cut anywhere, or with any byte spoiled: a verdict, and nothing read beyond the end.
TEST_F(MldInputTableTest, SpoiledAnywhere) {
  Join(kGroup);
  const Frame good = Specific({kA, kB});
  for (size_t i = 40; i < good.size(); ++i) {
    for (const uint8_t value : Frame{0, 1, 5, 0x7f, 0x80, 0xff}) {
      PacketPtr packet = Arrived(good);
      packet->Writable()[i] = value;
      Fate(std::move(packet));
    }
  }
  for (size_t length = 1; length + 48 <= good.size(); ++length) {
    PacketPtr packet = Arrived(good);
    packet->Trim(48 + length);
    packet->meta().upper_length = static_cast<uint16_t>(length);
    const bool whole = length == 24 || length + 48 == good.size();
    EXPECT_EQ(Fate(std::move(packet)), whole         ? "delivered"
                                       : length < 28 ? "mld-truncated"
                                                     : "mld-sources");
  }
}

}  // namespace
}  // namespace sextant::test
