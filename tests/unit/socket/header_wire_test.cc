// SPDX-License-Identifier: BSD-3-Clause
// Extension headers as options: what is on the wire, byte by byte; what is refused.
// RFC 3542 §7 to §9, RFC 2292 §4.5 to §7, RFC 8754.
// Owned by one Core.
#include "socket/header_block.h"
#include "udp/output.h"
#include "wire_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr auto kInvalid = Errno::kInvalid;
constexpr const char* kFar = "2001:db8::9";  // behind no route

// Headers begin with Next Header and length; bodies are what follows these.
const Data kAlert{5, 2, 0, 0, 1, 0};
const Data kNote{0x1e, 4, 'a', 'b', 'c', 'd'};
const Data kOther{0x1e, 4, 'w', 'x', 'y', 'z'};

Data Header(const Data& body) {
  const auto units = static_cast<uint8_t>((body.size() + 2) / 8 - 1);
  return Join(Frame{0xee, units}, body);  // whatever the application leaves in Next Header
}
Data Segments(uint8_t left, const char* last, const char* first) {
  const auto bytes = [](const char* text) {
    const in6_addr address = socket::ToC(Ip(text));
    return Frame(address.s6_addr, address.s6_addr + 16);
  };
  return Join(Join(Frame{4, left, 1, 0, 0, 0}, bytes(last)), bytes(first));
}

struct WireCase {
  const char* name;
  const char* section;
  std::vector<Given> sticky;
  std::vector<Given> ancillary;
  Ip6 (*headers)(const Ip6& packet);  // what stands in front of UDP
  ProfileName profile = ProfileName::kRfc;
};

Ip6 Nothing(const Ip6& p) { return p; }

// clang-format off
const WireCase kWireCases[] = {
    {"Plain",            "RFC 8200 §3",      {}, {}, Nothing},
    {"StickyHop",        "RFC 3542 §8",      {{IPV6_HOPOPTS, Header(kAlert)}}, {}, [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"AncillaryHop",     "RFC 3542 §8",      {}, {{IPV6_HOPOPTS, Header(kAlert)}}, [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"StickyDest",       "RFC 3542 §9",      {{IPV6_DSTOPTS, Header(kNote)}}, {}, [](const Ip6& p) { return p.Extension(60, kNote); }},
    {"AncillaryDest",    "RFC 3542 §9",      {}, {{IPV6_DSTOPTS, Header(kNote)}}, [](const Ip6& p) { return p.Extension(60, kNote); }},
    {"Both",             "RFC 8200 §4.1",    {{IPV6_DSTOPTS, Header(kNote)}, {IPV6_HOPOPTS, Header(kAlert)}}, {},
                         [](const Ip6& p) { return p.Extension(0, kAlert).Extension(60, kNote); }},
    {"FirstAlone",       "RFC 3542 §9.2",    {{IPV6_RTHDRDSTOPTS, Header(kNote)}}, {}, Nothing},
    {"FirstAloneHop",    "RFC 3542 §9.2",    {{IPV6_HOPOPTS, Header(kAlert)}}, {{IPV6_RTHDRDSTOPTS, Header(kNote)}},
                         [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"Cleared",          "RFC 3542 §8",      {{IPV6_HOPOPTS, Header(kAlert)}, {IPV6_HOPOPTS, {}}}, {}, Nothing},
    {"Replaced",         "RFC 3542 §9",      {{IPV6_DSTOPTS, Header(kNote)}, {IPV6_DSTOPTS, Header(kOther)}}, {},
                         [](const Ip6& p) { return p.Extension(60, kOther); }},
    {"AncillaryOver",    "RFC 3542 §4.2",    {{IPV6_DSTOPTS, Header(kNote)}}, {{IPV6_DSTOPTS, Header(kOther)}},
                         [](const Ip6& p) { return p.Extension(60, kOther); }},
    {"OtherKindStays",   "RFC 3542 §4.2",    {{IPV6_HOPOPTS, Header(kAlert)}}, {{IPV6_DSTOPTS, Header(kNote)}},
                         [](const Ip6& p) { return p.Extension(0, kAlert).Extension(60, kNote); }},
    {"OtherKindGoesOnLinux", "Linux",        {{IPV6_HOPOPTS, Header(kAlert)}}, {{IPV6_DSTOPTS, Header(kNote)}},
                         [](const Ip6& p) { return p.Extension(60, kNote); }, ProfileName::kLinux},
    {"HopLimitLeavesThem", "Linux",          {{IPV6_HOPOPTS, Header(kAlert)}}, {{IPV6_HOPLIMIT, Number(64)}},
                         [](const Ip6& p) { return p.Extension(0, kAlert); }, ProfileName::kLinux},
    {"EmptySuppresses",  "RFC 3542 §4.2",    {{IPV6_HOPOPTS, Header(kAlert)}, {IPV6_DSTOPTS, Header(kNote)}}, {{IPV6_HOPOPTS, {}}},
                         [](const Ip6& p) { return p.Extension(60, kNote); }},
    {"LongerItem",       "own rule",         {}, {{IPV6_HOPOPTS, Pad(Header(kAlert), 8)}}, [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"OldSticky",        "RFC 2292 §6",      {{IPV6_2292HOPOPTS, Header(kAlert)}}, {}, [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"OldAncillary",     "RFC 2292 §7",      {}, {{IPV6_2292DSTOPTS, Header(kNote)}}, [](const Ip6& p) { return p.Extension(60, kNote); }},
    {"OldModeMerges",    "RFC 2292 §4.5.2",  {{IPV6_RFC2292, Number(1)}}, {{IPV6_2292DSTOPTS, Header(kNote)}, {IPV6_2292DSTOPTS, Header(kOther)}},
                         [](const Ip6& p) { return p.Extension(60, {0x1e, 4, 'a', 'b', 'c', 'd', 1, 0, 0x1e, 4, 'w', 'x', 'y', 'z'}); }},
    {"OldModeHides",     "RFC 2292 §4.5.2",  {{IPV6_RFC2292, Number(1)}, {IPV6_HOPOPTS, Header(kAlert)}}, {{IPV6_2292HOPLIMIT, Number(64)}}, Nothing},
    {"OldModeNoneGiven", "RFC 2292 §4.5.2",  {{IPV6_RFC2292, Number(1)}, {IPV6_HOPOPTS, Header(kAlert)}}, {},
                         [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"PacketOptions",    "RFC 2292 §8",      {{IPV6_DSTOPTS, Header(kNote)}, {IPV6_PKTOPTIONS, ControlItem(IPV6_2292HOPOPTS, Header(kAlert))}}, {},
                         [](const Ip6& p) { return p.Extension(0, kAlert); }},
    {"PacketOptionsEmpty", "RFC 2292 §8",    {{IPV6_DSTOPTS, Header(kNote)}, {IPV6_PKTOPTIONS, {}}}, {}, Nothing},
};
// clang-format on

class HeaderWireTest : public WireRig, public testing::WithParamInterface<WireCase> {
 protected:
  HeaderWireTest() : WireRig(GetParam().profile) {}
};

TEST_P(HeaderWireTest, IsOnTheWire) {
  const WireCase& row = GetParam();
  const int fd = OpenWire();
  for (const Given& option : row.sticky) {
    ASSERT_EQ(SetWire(fd, option.type, option.value), kOk) << row.section;
  }
  ASSERT_EQ(SendWire(fd, At(kPeerGlobal, 7), row.ancillary), kOk) << row.section;
  const auto sent = TakeSent();
  ASSERT_EQ(sent.size(), 1U);
  const Ip6 plain = Ip6().From(kOurGlobal).To(kPeerGlobal).Udp(PortOf(fd), 7, "dddd");
  const Frame want = row.headers(plain);
  EXPECT_EQ(sent[0].bytes, want) << row.section;
  EXPECT_EQ(sent[0].upper_offset, want.size() - 12);
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, HeaderWireTest, testing::ValuesIn(kWireCases), kNameOf);

// RFC 8754 §3.1: the segment list's next one on the wire, the datagram's own at its end, and the
// latter in the pseudo-header (RFC 8200 §8.1).
struct RouteCase {
  const char* name;
  std::vector<Given> sticky;
  std::vector<Given> ancillary;
  Ip6 (*headers)(const Ip6& packet);
};
// clang-format off
const RouteCase kRouteCases[] = {
    {"Sticky",    {{IPV6_RTHDR, Header(Segments(1, "::", kPeerGlobal))}}, {},
                  [](const Ip6& p) { return p.Extension(43, Segments(1, kFar, kPeerGlobal)); }},
    {"Ancillary", {}, {{IPV6_RTHDR, Header(Segments(1, "::", kPeerGlobal))}},
                  [](const Ip6& p) { return p.Extension(43, Segments(1, kFar, kPeerGlobal)); }},
    {"All",       {{IPV6_RTHDR, Header(Segments(1, "::", kPeerGlobal))}, {IPV6_RTHDRDSTOPTS, Header(kNote)}, {IPV6_HOPOPTS, Header(kAlert)}},
                  {{IPV6_DSTOPTS, Header(kOther)}},
                  [](const Ip6& p) { return p.Extension(0, kAlert).Extension(60, kNote).Extension(43, Segments(1, kFar, kPeerGlobal)).Extension(60, kOther); }},
    {"OldBefore", {}, {{IPV6_2292DSTOPTS, Header(kNote)}, {IPV6_2292RTHDR, Header(Segments(1, "::", kPeerGlobal))}},
                  [](const Ip6& p) { return p.Extension(60, kNote).Extension(43, Segments(1, kFar, kPeerGlobal)); }},
    {"OldBehind", {}, {{IPV6_2292RTHDR, Header(Segments(1, "::", kPeerGlobal))}, {IPV6_2292DSTOPTS, Header(kNote)}},
                  [](const Ip6& p) { return p.Extension(43, Segments(1, kFar, kPeerGlobal)).Extension(60, kNote); }},
    {"OldMergedAround", {{IPV6_RFC2292, Number(1)}},
                  {{IPV6_2292DSTOPTS, Header(kNote)}, {IPV6_2292DSTOPTS, Header(kNote)}, {IPV6_2292RTHDR, Header(Segments(1, "::", kPeerGlobal))},
                   {IPV6_2292DSTOPTS, Header(kOther)}, {IPV6_2292DSTOPTS, Header(kOther)}},
                  [](const Ip6& p) {
                    return p.Extension(60, {0x1e, 4, 'a', 'b', 'c', 'd', 1, 0, 0x1e, 4, 'a', 'b', 'c', 'd'}).Extension(43, Segments(1, kFar, kPeerGlobal))
                            .Extension(60, {0x1e, 4, 'w', 'x', 'y', 'z', 1, 0, 0x1e, 4, 'w', 'x', 'y', 'z'}); }},
};
// clang-format on

class RouteWireTest : public WireRig, public testing::WithParamInterface<RouteCase> {};

TEST_P(RouteWireTest, GoesToTheNextSegment) {
  const RouteCase& row = GetParam();
  const int fd = OpenWire();
  for (const Given& option : row.sticky) ASSERT_EQ(SetWire(fd, option.type, option.value), kOk);
  ASSERT_EQ(SendWire(fd, At(kFar, 7), row.ancillary), kOk);
  const auto sent = TakeSent();
  ASSERT_EQ(sent.size(), 1U);
  const uint16_t port = PortOf(fd);
  const Frame message{static_cast<uint8_t>(port >> 8),
                      static_cast<uint8_t>(port),
                      0,
                      7,
                      0,
                      12,
                      0,
                      0,
                      'd',
                      'd',
                      'd',
                      'd'};
  const Ip6 plain = Ip6()
                        .From(kOurGlobal)
                        .To(kPeerGlobal)
                        .Udp(port, 7, "dddd")
                        .Checksum(UpperChecksum(Ip(kOurGlobal), Ip(kFar), 17, message));
  EXPECT_EQ(sent[0].bytes, row.headers(plain));
  EXPECT_EQ(sent[0].next_hop, Ip(kPeerGlobal));
}
INSTANTIATE_TEST_SUITE_P(Rfc8754, RouteWireTest, testing::ValuesIn(kRouteCases), kNameOf);

// What is refused, as an option and as a control message.
struct RefusalCase {
  const char* name;
  const char* section;
  int option;
  Data value;
  Errno sticky;
  Errno ancillary;
  Errno ancillary_on_linux;
};
Data Wrong(Data header, size_t at, uint8_t value) {
  header[at] = value;
  return header;
}
const Data kPair = Header(Segments(1, "::", kPeerGlobal));
// clang-format off
const RefusalCase kRefusals[] = {
    {"Good",          "RFC 3542 §8",   IPV6_HOPOPTS, Header(kAlert),               kOk,      kOk,      kOk},
    {"Empty",         "RFC 3542 §4.2", IPV6_HOPOPTS, {},                           kOk,      kOk,      kInvalid},
    {"TwoBytes",      "RFC 8200 §4.3", IPV6_HOPOPTS, {0, 0},                       kInvalid, kInvalid, kInvalid},
    {"SevenBytes",    "RFC 8200 §4.3", IPV6_DSTOPTS, Cut(Header(kNote), 7),        kInvalid, kInvalid, kInvalid},
    {"ClaimsMore",    "own rule",      IPV6_DSTOPTS, Wrong(Header(kNote), 1, 1),   kInvalid, kInvalid, kInvalid},
    {"ClaimsLess",    "own rule",      IPV6_DSTOPTS, Pad(Header(kNote), 8),        kInvalid, kOk,      kOk},
    {"Longest",       "own rule",      IPV6_HOPOPTS, Wrong(Frame(2040), 1, 254),   kOk,      Errno::kMessageSize, Errno::kMessageSize},
    {"TooLong",       "own rule",      IPV6_HOPOPTS, Wrong(Frame(2048), 1, 255),   kInvalid, kInvalid, kInvalid},
    {"OptionBeyond",  "RFC 8200 §4.2", IPV6_HOPOPTS, Wrong(Header(kAlert), 3, 5),  kInvalid, kInvalid, kInvalid},
    {"PadBeyond",     "RFC 8200 §4.2", IPV6_DSTOPTS, Header({1, 5, 0, 0, 0, 0}),   kInvalid, kInvalid, kInvalid},
    {"LoneType",      "RFC 8200 §4.2", IPV6_DSTOPTS, Header({1, 3, 0, 0, 0, 7}),   kInvalid, kInvalid, kInvalid},
    {"Type0",         "RFC 5095 §3",   IPV6_RTHDR,   Wrong(Header(Segments(1, "::", "::1")), 2, 0), kInvalid, kInvalid, kInvalid},
    {"Type2",         "RFC 6275 §6.4", IPV6_RTHDR,   Wrong(Header(Segments(1, "::", "::1")), 2, 2), kInvalid, kInvalid, kInvalid},
    {"Type4",         "RFC 8754 §2",   IPV6_RTHDR,   kPair,                        kOk,      kOk,      kInvalid},
    {"Type4Left",     "RFC 8754 §2",   IPV6_RTHDR,   Wrong(kPair, 3, 2),           kInvalid, kInvalid, kInvalid},
    {"Type4Arrived",  "RFC 8754 §2",   IPV6_RTHDR,   Wrong(kPair, 3, 0),           kOk,      kOk,      kInvalid},
    {"Type4Entries",  "RFC 8754 §2",   IPV6_RTHDR,   Wrong(kPair, 4, 2),           kInvalid, kInvalid, kInvalid},
    {"Type4Group",    "own rule",      IPV6_RTHDR,   Header(Segments(1, "::", "ff02::1")), kInvalid, kInvalid, kInvalid},
    {"Type4Nowhere",  "own rule",      IPV6_RTHDR,   Header(Segments(1, "::", "::")),      kInvalid, kInvalid, kInvalid},
};
// clang-format on

class RefusalTest : public WireRig,
                    public testing::WithParamInterface<std::tuple<RefusalCase, ProfileName>> {
 protected:
  RefusalTest() : WireRig(std::get<1>(GetParam())) {}
};

TEST_P(RefusalTest, Answers) {
  const auto& [row, profile] = GetParam();
  const int fd = OpenWire();
  EXPECT_EQ(SetWire(fd, row.option, row.value), row.sticky) << row.section;
  EXPECT_EQ(GetWire(fd, row.option), row.sticky == kOk ? Frame(row.value) : Frame());
  EXPECT_EQ(SendWire(OpenWire(), At(kPeerGlobal, 7), {{row.option, row.value}}),
            profile == ProfileName::kLinux ? row.ancillary_on_linux : row.ancillary)
      << row.section;
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, RefusalTest,
                         testing::Combine(testing::ValuesIn(kRefusals),
                                          testing::Values(ProfileName::kRfc, ProfileName::kLinux)),
                         kNameOfCall);

using HeaderTest = WireRig;

TEST_F(HeaderTest, TwiceIsRefused) {
  // RFC 3542 §8: hop-by-hop options may be given once.
  for (const int type : {IPV6_HOPOPTS, IPV6_DSTOPTS, IPV6_2292HOPOPTS}) {
    const Given item{type, Header(kNote)};
    EXPECT_EQ(SendWire(OpenWire(), At(kPeerGlobal, 7), {item, item}), kInvalid) << type;
  }
}

TEST_F(HeaderTest, TakesAPrivilege) {
  socket::Credentials caller;
  caller.net_raw = false;
  wire().set_caller(caller);
  const int fd = OpenWire();
  const Given privileged[] = {
      {IPV6_HOPOPTS, Header(kAlert)},       {IPV6_HOPOPTS, {}},
      {IPV6_DSTOPTS, Header(kNote)},        {IPV6_RTHDRDSTOPTS, Header(kNote)},
      {IPV6_2292HOPOPTS, Header(kAlert)},   {IPV6_2292DSTOPTS, Header(kNote)},
      {IPV6_NEXTHOP, Neighbor(kPeerGlobal)}};
  for (const Given& item : privileged) {
    EXPECT_EQ(SetWire(fd, item.type, item.value), Errno::kPermission) << item.type;
    EXPECT_EQ(SendWire(fd, At(kPeerGlobal, 7), {item}), Errno::kPermission) << item.type;
  }
  EXPECT_EQ(SetWire(fd, IPV6_RTHDR, kPair), kOk);
  EXPECT_EQ(SetWire(fd, IPV6_RTHDR, {}), kOk);
  for (const int old : {IPV6_2292HOPOPTS, IPV6_2292DSTOPTS, IPV6_2292RTHDR}) {
    EXPECT_EQ(SetWire(fd, old, Number(1)), Errno::kPermission);  // requirement C-12
  }
  for (const int item : {IPV6_RECVHOPOPTS, IPV6_RECVDSTOPTS, IPV6_RECVRTHDR}) {
    EXPECT_EQ(SetWire(fd, item, Number(1)), kOk);
  }
  EXPECT_EQ(SetWire(fd, IPV6_TRANSPARENT, Number(1)), kOk);  // CAP_NET_ADMIN will do
  caller.net_admin = false;
  wire().set_caller(caller);
  EXPECT_EQ(SetWire(fd, IPV6_TRANSPARENT, Number(1)), Errno::kPermission);
  EXPECT_EQ(SetWire(fd, IPV6_TRANSPARENT, Number(0)), kOk);
}

TEST_F(HeaderTest, CountsForThePath) {
  const int fd = OpenWire();
  ASSERT_EQ(SetWire(fd, IPV6_DSTOPTS, Header(kNote)), kOk);
  ASSERT_EQ(SendWire(fd, At(kPeerGlobal, 7), {}, 1500 - 48 - 8), kOk);
  ASSERT_EQ(SendWire(fd, At(kPeerGlobal, 7), {}, 1500 - 48 - 7), kOk);
  ASSERT_EQ(SendWire(fd, At(kPeerGlobal, 7), {}, 65527 - 8), kOk);
  EXPECT_EQ(SendWire(fd, At(kPeerGlobal, 7), {}, 65527 - 7), Errno::kMessageSize);
  const auto sent = TakeSent();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].path_mtu, 0U);
  EXPECT_EQ(sent[1].path_mtu, 1500U);
}

TEST_F(HeaderTest, LongOnesGetABufferOfTheirOwn) {
  const int fd = OpenWire();
  const Data header = Wrong(Frame(800), 1, 99);
  ASSERT_EQ(SetWire(fd, IPV6_HOPOPTS, header), kOk);
  ASSERT_EQ(SendWire(fd, At(kPeerGlobal, 7)), kOk);
  const auto sent = TakeSent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].bytes, Frame(Ip6()
                                     .From(kOurGlobal)
                                     .To(kPeerGlobal)
                                     .Extension(0, Frame(798))
                                     .Udp(PortOf(fd), 7, "dddd")));
}

TEST_F(HeaderTest, PacketOptionsKeepTheOldOnesOnError) {
  const int fd = OpenWire();
  ASSERT_EQ(SetWire(fd, IPV6_HOPOPTS, Header(kAlert)), kOk);
  const Frame good = ControlItem(IPV6_DSTOPTS, Header(kNote));
  EXPECT_EQ(SetWire(fd, IPV6_PKTOPTIONS, Join(good, ControlItem(IPV6_TCLASS, Number(256)))),
            kInvalid);
  EXPECT_EQ(GetWire(fd, IPV6_HOPOPTS), Header(kAlert));
  EXPECT_EQ(GetWire(fd, IPV6_DSTOPTS), Frame());
  EXPECT_EQ(SetWire(fd, IPV6_PKTOPTIONS, Join(good, ControlItem(IPV6_TCLASS, Number(7)))), kOk);
  EXPECT_EQ(GetWire(fd, IPV6_HOPOPTS), Frame());
  EXPECT_EQ(GetWire(fd, IPV6_DSTOPTS), Header(kNote));
  EXPECT_EQ(GetWire(fd, IPV6_TCLASS), Number(7));
  EXPECT_EQ(SetWire(fd, IPV6_PKTOPTIONS, Frame((64 << 10) + 1)), kInvalid);
}

// The short way to a ready neighbor leads to the same bytes as the output stages.
class StraightTest : public WireRig, public iface::FrameObserver {
 protected:
  StraightTest() { lan().Observe(this); }
  ~StraightTest() override { lan().Observe(nullptr); }
  void OnFrames(const iface::Interface&, std::span<Packet* const> frames,
                iface::Direction direction) override {
    if (direction != iface::Direction::kSent) return;
    for (const Packet* const frame : frames) sent.push_back(Contents(*frame));
  }
  std::vector<Frame> sent;
};

TEST_F(StraightTest, CarriesTheSameHeaders) {
  socket::HeaderSet set;
  const Frame hop = Header(kAlert);
  const Frame destination = Header(kNote);
  set.Set(socket::HeaderPlace::kHopByHop, hop);
  set.Set(socket::HeaderPlace::kDestination, destination);
  std::array<uint8_t, 64> room{};
  const wire::HeaderChain chain = Compile(set, wire::NextHeader::kUdp, room);
  udp::Departure departure;
  departure.source = {Ip(kOurGlobal), 99};
  departure.destination = {Ip(kPeerGlobal), 7};
  departure.extensions = &chain;
  Settle();  // what waits in the outbox would stay before it
  const auto routed = graph().routes().Resolve(Ip(kPeerGlobal), 0);
  ASSERT_TRUE(routed.ok());
  route::Path path = *routed;
  path.straight = &lan();
  wire::EthernetFields{Mac("02:00:00:00:00:01"), Mac(kOurMac)}.WriteTo(path.link_header);
  udp::Send(pool().Copy(Frame(4, 'd')), departure, path, graph().outbox(), graph().core());
  Settle();
  EXPECT_THAT(sent, testing::Contains(Ethernet("02:00:00:00:00:01", kOurMac,
                                               Ip6()
                                                   .From(kOurGlobal)
                                                   .To(kPeerGlobal)
                                                   .Extension(0, kAlert)
                                                   .Extension(60, kNote)
                                                   .Udp(99, 7, "dddd"))));
}

// From one socket to another of this host, in fragments and back together.
TEST_F(HeaderTest, ArrivesAsItWasSent) {
  const int to = OpenAt("::1", 7);
  ASSERT_EQ(Set(to, kIp6Level, IPV6_RECVHOPOPTS, 1), kOk);
  const int from = Open();
  const Frame hop = Header(kAlert);
  ASSERT_EQ(layer().SetSockOpt(from, kIp6Level, IPV6_HOPOPTS, hop.data(), 8), kOk);
  for (const int mtu : {0, 1280}) {
    ASSERT_EQ(Set(from, kIp6Level, IPV6_MTU, mtu), kOk);
    ASSERT_EQ(SendTo(from, std::string(3000, 'x'), At("::1", 7)), kOk);
    Settle();
    std::string data(4000, ' ');
    Frame control(256);
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto received = layer().ReceiveMsg(to, message, 0);
    ASSERT_TRUE(received.ok()) << mtu;
    EXPECT_EQ(*received, 3000U);
    control.resize(message.msg_controllen);
    Frame got = hop;
    got[0] = control.size() > 16 ? control[16] : 0;  // what follows: UDP, or a Fragment header
    EXPECT_EQ(control, ControlItem(IPV6_HOPOPTS, got)) << mtu;
  }
}

}  // namespace
}  // namespace sextant::test
