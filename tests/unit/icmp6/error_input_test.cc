// SPDX-License-Identifier: BSD-3-Clause
// Which received ICMPv6 errors are about packets that we can have sent, as a
// table: RFC 4443 §2.4, RFC 8201 §4.
#include "icmp6/error_input.h"

#include "nd/rig.h"
#include "wire/ipv6.h"

namespace sextant {
namespace {

using test::Cut;
using test::Frame;
using test::Ip6;
using test::Pattern;
using test::Poke;
using test::Poke16;
using Next = icmp6::ErrorInput::Next;
using Verdict = Verdict<Next>;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kTentative = "fd00:6::3";
constexpr const char* kPeer = "fd00:6::1";

struct ErrorCase {
  const char* name;
  const char* section;
  uint8_t type;
  uint32_t value;
  Frame quote;
  Verdict want;
};

Ip6 Ours() { return Ip6().From(kHost).To(kPeer); }
Ip6 Udp(size_t size = 0) { return Ours().Udp(5000, 53, Pattern(size)); }
// A fragment header: next UDP, this offset and M bit, identification 1.
Ip6 Fragment(uint16_t offset, bool more) {
  const auto field = static_cast<uint16_t>(offset | (more ? 1 : 0));
  return Udp(8).Extension(
      44, {static_cast<uint8_t>(field >> 8), static_cast<uint8_t>(field), 0, 0, 0, 1});
}
constexpr test::Frame::size_type kChain = 40 + 8;  // an IPv6 header, one extension header
const test::Data kOptions = {1, 4, 0, 0, 0, 0};    // six octets of padding

// clang-format off
std::vector<ErrorCase> Cases() {
  constexpr auto kShort = DropReason::kIcmp6ErrorShort;
  constexpr auto kNotOurs = DropReason::kIcmp6ErrorNotOurs;
  constexpr auto kMtu = DropReason::kIcmp6ErrorMtu;
  const Frame long_udp = Udp(1400);                       // 1448 octets
  const Frame exact = Udp(1500 - 48);                     // 1500 octets
  return {
    {"Udp",                "RFC 4443 §2.4(d)", 1,   0, Udp(8),                                          Next::kUdp},
    {"UdpHeaderOnly",      "RFC 4443 §2.4(c)", 1,   0, Cut(Udp(8), 48),                                 Next::kUdp},
    {"SevenOfUdp",         "RFC 4443 §2.4(c)", 1,   0, Cut(Udp(8), 47),                                 kShort},
    {"SevenClaimed",       "RFC 4443 §2.4(c)", 1,   0, Poke16(Udp(8), 4, 7),                            kShort},
    {"NothingClaimed",     "RFC 4443 §2.4(c)", 1,   0, Poke16(Udp(8), 4, 0),                            kShort},
    {"HeaderCut",          "RFC 4443 §2.4(c)", 1,   0, Cut(Udp(8), 39),                                 kShort},
    {"NoQuote",            "RFC 4443 §2.4(c)", 1,   0, {},                                              kShort},
    {"Version4",           "RFC 8200 §3",      1,   0, Poke(Udp(8), 0, 0x40),                           kShort},
    {"FromSomebodyElse",   "RFC 4443 §2.4(d)", 1,   0, Udp(8).From("fd00:6::9"),                        kNotOurs},
    {"FromTheSender",      "RFC 4443 §2.4(d)", 1,   0, Udp(8).From(kPeer).To(kHost),                    kNotOurs},
    {"FromGroup",          "RFC 4291 §2.7",    1,   0, Udp(8).From("ff02::1"),                          kNotOurs},
    {"FromNobody",         "RFC 4443 §2.4(d)", 1,   0, Udp(8).From("::"),                               kNotOurs},
    {"FromTentative",      "RFC 4862 §5.4",    1,   0, Udp(8).From(kTentative),                         kNotOurs},
    {"ToGroup",            "RFC 4443 §3.4",    4,  42, Udp(8).To("ff02::1"),                            Next::kUdp},
    {"UnknownType",        "RFC 4443 §2.4(a)", 100, 0, Udp(8),                                          Next::kUdp},
    {"TypeZero",           "RFC 4443 §2.1",    0,   0, Udp(8),                                          Next::kUdp},
    {"Echo",               "RFC 4443 §2.4(d)", 1,   0, Ours().Icmp6Echo(1, 1),                          Next::kEcho},
    {"EchoReply",          "RFC 4443 §2.4(d)", 1,   0, Ours().Icmp6EchoReply(1, 1),                     Next::kOther},
    {"AboutAnError",       "RFC 4443 §2.4(e)", 1,   0, Ours().Icmp6(1, 0, 0, Frame(Udp(8))),            Next::kOther},
    {"Tcp",                "RFC 4443 §2.4(d)", 1,   0, Ours().Upper(6, Pattern(20)),                    Next::kOther},
    {"NoNextHeader",       "RFC 4443 §2.4(d)", 1,   0, Ours().Upper(59, Pattern(20)),                   Next::kOther},
    // Quoted header chains.
    {"BehindOptions",      "RFC 8200 §4",      1,   0, Udp(8).Extension(60, kOptions),                  Next::kUdp},
    {"BehindThree",        "RFC 8200 §4",      1,   0, Udp(8).Extension(0, kOptions).Extension(60, kOptions).Extension(43, {4, 0, 0, 0, 0, 0}), Next::kUdp},
    {"EchoBehindOptions",  "RFC 8200 §4",      1,   0, Ours().Icmp6Echo(1, 1).Extension(0, kOptions),   Next::kEcho},
    {"CutInOptions",       "RFC 4443 §2.4(c)", 1,   0, Cut(Udp(8).Extension(60, kOptions), kChain - 1), kShort},
    {"CutBehindOptions",   "RFC 4443 §2.4(c)", 1,   0, Cut(Udp(8).Extension(60, kOptions), kChain + 7), kShort},
    {"OptionsTooLong",     "RFC 8200 §4",      1,   0, Poke(Udp(8).Extension(60, kOptions), 41, 255),   kShort},
    {"FirstFragment",      "RFC 8200 §4.5",    1,   0, Fragment(0, true),                               Next::kUdp},
    {"AtomicFragment",     "RFC 6946",         1,   0, Fragment(0, false),                              Next::kUdp},
    {"LaterFragment",      "RFC 8200 §4.5",    1,   0, Fragment(8, true),                               kShort},
    {"LastFragment",       "RFC 8200 §4.5",    1,   0, Fragment(1232, false),                           kShort},
    // Packet Too Big: only if a packet of that size can have been sent.
    {"TooBig",             "RFC 8201 §4",      2, 1400, Cut(long_udp, 1232),                            Next::kUdp},
    {"TooBigByOne",        "RFC 8201 §4",      2, 1499, Cut(exact, 1232),                               Next::kUdp},
    {"WouldHaveFitted",    "RFC 8201 §4",      2, 1500, Cut(exact, 1232),                               kMtu},
    {"LargerThanSent",     "RFC 8201 §4",      2, 9000, Cut(exact, 1232),                               kMtu},
    {"LargestNumber",      "RFC 8201 §4",      2, 0xffff'ffff, Cut(exact, 1232),                        kMtu},
    {"MinimumMtu",         "RFC 8201 §4",      2, 1280, Cut(long_udp, 1232),                            Next::kUdp},
    {"BelowMinimumMtu",    "RFC 8201 §4",      2, 1279, Cut(long_udp, 1232),                            kMtu},
    {"MtuZero",            "RFC 8201 §4",      2,    0, Cut(long_udp, 1232),                            kMtu},
    {"ForgedAboutSmall",   "RFC 8201 §4",      2, 1280, Udp(8),                                         kMtu},
    {"TooBigEcho",         "RFC 8201 §4",      2, 1280, Cut(Ours().Icmp6Echo(1, 1, Pattern(1400)), 1232), Next::kEcho},
  };
}
// clang-format on

class ErrorInputTest : public test::Rig, public testing::WithParamInterface<ErrorCase> {
 protected:
  ErrorInputTest() {
    AddAddress(kHost, iface::AddressState::kPreferred);
    AddAddress(kTentative, iface::AddressState::kTentative);
  }
  Verdict JudgeIt(PacketPtr packet) {
    Meta& meta = packet->meta();
    meta.interface = test::kLan;
    meta.upper_offset = wire::Ipv6View::kSize;
    meta.upper_length = static_cast<uint16_t>(packet->length() - wire::Ipv6View::kSize);
    const Verdict verdict = icmp6::ErrorInput(interfaces).Judge(*packet, meta);
    packet.Free();
    return verdict;
  }
  static Frame Error(const ErrorCase& c) {
    return Ip6().From(kPeer).To(kHost).Icmp6(c.type, 0, c.value, c.quote);
  }
};

TEST_P(ErrorInputTest, Judges) {
  const Verdict got = JudgeIt(MakePacket(Error(GetParam())));
  EXPECT_EQ(Describe(got.reason()).name, Describe(GetParam().want.reason()).name)
      << GetParam().section;
  EXPECT_EQ(got, GetParam().want) << GetParam().section;
}

// The runner has pulled the headers into the first segment; the rest may lie anywhere.
TEST_P(ErrorInputTest, JudgesInTwoSegments) {
  const Frame error = Error(GetParam());
  if (error.size() <= kMaxHeaderBytes) return;  // the rule is not for this row
  const size_t sizes[] = {kMaxHeaderBytes, error.size() - kMaxHeaderBytes};
  EXPECT_EQ(JudgeIt(test::Chain(*pool, error, sizes)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Rfc4443, ErrorInputTest, testing::ValuesIn(Cases()), test::kNameOf);

// Wherever an error is cut, it is judged without looking beyond its end.
TEST_F(ErrorInputTest, EveryLength) {
  const Frame whole = Ip6().From(kPeer).To(kHost).Icmp6(
      1, 0, 0, Frame(Udp(8).Extension(0, kOptions).Extension(60, kOptions)));
  constexpr size_t kEnough = 40 + 8 + 40 + 8 + 8 + 8;
  for (size_t length = 48; length <= whole.size(); ++length) {
    const Verdict got = JudgeIt(MakePacket(Cut(whole, length)));
    EXPECT_EQ(got.passed(), length >= kEnough) << length;
  }
}

}  // namespace
}  // namespace sextant
