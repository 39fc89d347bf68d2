// SPDX-License-Identifier: BSD-3-Clause
// Validation of solicitations and advertisements, one row per rule, and our answers.
// RFC 4861 §7.1, §7.2.3, §7.2.4; RFC 4862 §5.4.3; RFC 9131.
// Owned by one Core.
#include "unit/nd/nd_rig.h"

namespace sextant::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kPreferred = iface::AddressState::kPreferred;
constexpr const char* kOurGroup = "ff02::1:ff00:2";
constexpr const char* kTentative = "fd00::7e";
constexpr const char* kDuplicate = "fd00::d0";

const Ip6 kNs = Ip6().From(kPeer).To(kOurGroup).NeighborSolicitation(kOurLinkLocal, kPeerMac);
const Ip6 kBareNs = Ip6().From(kPeer).To(kOurGroup).NeighborSolicitation(kOurLinkLocal);
const Ip6 kDadNs = Ip6().From("::").To(kOurGroup).NeighborSolicitation(kOurLinkLocal);
const Ip6 kNa =
    Ip6().From(kPeer).To(kOurLinkLocal).NeighborAdvertisement(kPeer, kSolicitedFlag, kPeerMac);
const Ip6 kBareNa =
    Ip6().From(kPeer).To(kOurLinkLocal).NeighborAdvertisement(kPeer, kSolicitedFlag);

constexpr size_t kHopLimitAt = 7;
constexpr size_t kCodeAt = 41;
constexpr size_t kTargetAt = 48;
constexpr size_t kOptionLengthAt = 65;

Data Options(size_t count) {
  Frame bytes;
  for (size_t i = 0; i < count; ++i) bytes = Join(bytes, {200, 1, 0, 0, 0, 0, 0, 0});
  return Data(bytes);
}

struct ValidationCase {
  const char* name;
  const char* section;
  Frame packet;
  DropReason want;
};

// The checksum is verified before; it does not matter that it is spoilt here.
// clang-format off
const ValidationCase kSolicitationCases[] = {
    {"Good",                "RFC 4861 §7.1.1", kNs,                                        DropReason::kNone},
    {"WithoutAddress",      "RFC 4861 §7.2.3", kBareNs,                                    DropReason::kNone},
    {"Unicast",             "RFC 4861 §7.2.3", kNs.To(kOurLinkLocal),                      DropReason::kNone},
    {"AllNodes",            "RFC 4861 §7.1.1", kNs.To("ff02::1"),                          DropReason::kNone},
    {"ForDad",              "RFC 4862 §5.4.3", kDadNs,                                     DropReason::kNone},
    {"HopLimit254",         "RFC 4861 §7.1.1", Poke(kNs, kHopLimitAt, 254),                DropReason::kNdHopLimit},
    {"HopLimit0",           "RFC 4861 §7.1.1", Poke(kNs, kHopLimitAt, 0),                  DropReason::kNdHopLimit},
    {"Code1",               "RFC 4861 §7.1.1", Poke(kNs, kCodeAt, 1),                      DropReason::kNdBadCode},
    {"Short",               "RFC 4861 §7.1.1", Cut(kBareNs, 63),                           DropReason::kNdTruncated},
    {"HeaderOnly",          "RFC 4861 §7.1.1", Cut(kBareNs, 44),                           DropReason::kNdTruncated},
    {"NotEvenAHeader",      "RFC 4861 §7.1.1", Cut(kBareNs, 43),                           DropReason::kNdTruncated},
    {"GroupTarget",         "RFC 4861 §7.1.1", Poke(kNs, kTargetAt, 0xff),                 DropReason::kNdBadTarget},
    {"OptionLength0",       "RFC 4861 §7.1.1", Poke(kNs, kOptionLengthAt, 0),              DropReason::kNdBadOption},
    {"OptionBeyond",        "RFC 4861 §7.1.1", Poke(kNs, kOptionLengthAt, 2),              DropReason::kNdBadOption},
    {"TrailingBytes",       "RFC 4861 §7.1.1", Pad(kNs, 3),                                DropReason::kNdBadOption},
    {"OneTrailingByte",     "RFC 4861 §7.1.1", Pad(kNs, 1),                                DropReason::kNdBadOption},
    {"UnknownOptions",      "RFC 4861 §4.6",   kNs.Append(Options(31)),                    DropReason::kNone},
    {"TooManyOptions",      "limits.h",        kNs.Append(Options(32)),                    DropReason::kNdBadOption},
    {"GroupAsAddress",      "-",               kBareNs.NeighborSolicitation(kOurLinkLocal, "33:33:00:00:00:01"), DropReason::kNdBadOption},
    {"ZeroAsAddress",       "-",               kBareNs.NeighborSolicitation(kOurLinkLocal, "00:00:00:00:00:00"), DropReason::kNdBadOption},
    {"DadToUnicast",        "RFC 4861 §7.1.1", kDadNs.To(kOurLinkLocal),                   DropReason::kNdBadDestination},
    {"DadToAllNodes",       "RFC 4861 §7.1.1", kDadNs.To("ff02::1"),                       DropReason::kNdBadDestination},
    {"DadWithAddress",      "RFC 4861 §7.1.1", kNs.From("::"),                             DropReason::kNdUnspecifiedSource},
    {"ForAnother",          "RFC 4861 §7.2.3", kNs.NeighborSolicitation("fe80::77", kPeerMac), DropReason::kNdNotOurTarget},
    {"ForUnspecified",      "RFC 4861 §7.2.3", kNs.NeighborSolicitation("::", kPeerMac),   DropReason::kNdNotOurTarget},
    {"ForDuplicate",        "RFC 4862 §5.4.5", kNs.NeighborSolicitation(kDuplicate, kPeerMac), DropReason::kNdNotOurTarget},
    {"ForTentative",        "RFC 4862 §5.4.3", kNs.NeighborSolicitation(kTentative, kPeerMac), DropReason::kIp6Tentative},
    {"ForOtherInterface",   "RFC 4861 §7.2.3", kNs.NeighborSolicitation("fd01::3", kPeerMac), DropReason::kNdNotOurTarget},
    {"FromOurselves",       "RFC 4862 §5.4.5", kNs.From(kOurLinkLocal),                    DropReason::kNdOwnSource},
};

const ValidationCase kAdvertisementCases[] = {
    {"Good",                "RFC 4861 §7.1.2", kNa,                                        DropReason::kNone},
    {"HopLimit254",         "RFC 4861 §7.1.2", Poke(kNa, kHopLimitAt, 254),                DropReason::kNdHopLimit},
    {"Code1",               "RFC 4861 §7.1.2", Poke(kNa, kCodeAt, 1),                      DropReason::kNdBadCode},
    {"Short",               "RFC 4861 §7.1.2", Cut(kBareNa, 63),                           DropReason::kNdTruncated},
    {"GroupTarget",         "RFC 4861 §7.1.2", Poke(kNa, kTargetAt, 0xff),                 DropReason::kNdBadTarget},
    {"SolicitedToGroup",    "RFC 4861 §7.1.2", kNa.To("ff02::1"),                          DropReason::kNdBadDestination},
    {"UnsolicitedToGroup",  "RFC 4861 §7.1.2", kNa.To("ff02::1").NeighborAdvertisement(kPeer, 0, kPeerMac), DropReason::kNone},
    {"OptionLength0",       "RFC 4861 §7.1.2", Poke(kNa, kOptionLengthAt, 0),              DropReason::kNdBadOption},
    {"OptionBeyond",        "RFC 4861 §7.1.2", Poke(kNa, kOptionLengthAt, 2),              DropReason::kNdBadOption},
    {"TrailingBytes",       "RFC 4861 §7.1.2", Pad(kNa, 7),                                DropReason::kNdBadOption},
    {"TooManyOptions",      "limits.h",        kNa.Append(Options(32)),                    DropReason::kNdBadOption},
    {"GroupAsAddress",      "-",               kBareNa.NeighborAdvertisement(kPeer, kSolicitedFlag, "ff:ff:ff:ff:ff:ff"), DropReason::kNdBadOption},
    {"NoAddress",           "RFC 4861 §7.2.5", kBareNa,                                    DropReason::kNdNoLinkAddress},
    {"NobodyAsked",         "RFC 4861 §7.2.5", kNa.NeighborAdvertisement("fe80::77", kSolicitedFlag, kPeerMac), DropReason::kNdUnsolicited},
    {"ForOurAddress",       "RFC 4862 §5.4.4", kNa.NeighborAdvertisement(kOurLinkLocal, kOverrideFlag, kPeerMac), DropReason::kNdUnsolicited},
    {"WrongOptionLength",   "RFC 4861 §4.6.1", kBareNa.Append({2, 2, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}), DropReason::kNdNoLinkAddress},
};

const ValidationCase kOtherCases[] = {
    {"RouterSolicitation",  "RFC 4861 §6",     kNs.Icmp6(133, 0, 0).HopLimit(255),                  DropReason::kNdNotYet},
    {"RouterAdvertisement", "RFC 4861 §6",     kNs.Icmp6(134, 0, 0, Frame(8)).HopLimit(255),        DropReason::kNdNotYet},
    {"Redirect",            "RFC 4861 §8",     kNs.Icmp6(137, 0, 0, Frame(32)).HopLimit(255),       DropReason::kNdNotYet},
};
// clang-format on

class NdInputTest : public NdRig {
 protected:
  NdInputTest() {
    interfaces.Add("lan1", std::make_unique<IdleLink>(link_up));
    interfaces.at(3)->AddAddress({Ip("fd01::3"), 64, kPreferred, false});
    AddAddress(kTentative, iface::AddressState::kTentative);
    AddAddress(kDuplicate, iface::AddressState::kDuplicate);
    SendTo(kPeer);
    Sent();
  }
};

class NdValidationTest : public NdInputTest, public testing::WithParamInterface<ValidationCase> {};

TEST_P(NdValidationTest, Judges) {
  const std::string before = StateOf(kPeer);
  const DropReason got = Hear(GetParam().packet);
  EXPECT_EQ(Describe(got).name, Describe(GetParam().want).name) << GetParam().section;
  if (GetParam().want != DropReason::kNone) {
    EXPECT_THAT(Sent(), IsEmpty());
    EXPECT_EQ(StateOf(kPeer), before);
    EXPECT_EQ(Dropped(GetParam().want), 1u);
  }
}

// The same in two segments, cut at every place that matters.
TEST_P(NdValidationTest, JudgesChained) {
  for (const size_t cut : {40, 42, 48, 63, 65}) {
    if (cut >= GetParam().packet.size()) continue;
    discovery.Flush(kLan);
    SendTo(kPeer);
    EXPECT_EQ(Hear(GetParam().packet, cut), GetParam().want) << cut;
  }
}

// RFC 6980 §5: not one of them counts if it came in fragments, be it a single one.
TEST_P(NdValidationTest, IgnoresWhatCameInFragments) {
  const std::string before = StateOf(kPeer);
  PacketPtr packet = MakePacket(GetParam().packet);
  core.Received(*packet);
  Meta& meta = packet->meta();
  meta.interface = kLan;
  meta.upper_offset = 40;
  meta.upper_length = static_cast<uint16_t>(GetParam().packet.size() - 40);
  meta.has_extensions = meta.reassembled = true;
  packet->extensions() = {};
  RunOne(std::move(packet));
  EXPECT_EQ(Dropped(DropReason::kNdFragmented), 1u) << GetParam().section;
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(StateOf(kPeer), before);
}

INSTANTIATE_TEST_SUITE_P(Solicitation, NdValidationTest, testing::ValuesIn(kSolicitationCases),
                         kNameOf);
INSTANTIATE_TEST_SUITE_P(Advertisement, NdValidationTest, testing::ValuesIn(kAdvertisementCases),
                         kNameOf);
INSTANTIATE_TEST_SUITE_P(Other, NdValidationTest, testing::ValuesIn(kOtherCases), kNameOf);

TEST_F(NdInputTest, LengthBeyondThePacket) {
  Frame bytes = kNs;
  PacketPtr packet = MakePacket(bytes);
  core.Received(*packet);
  packet->meta().interface = kLan;
  packet->meta().upper_offset = 40;
  packet->meta().upper_length = static_cast<uint16_t>(bytes.size() - 39);
  RunOne(std::move(packet));
  EXPECT_EQ(Dropped(DropReason::kNdTruncated), 1u);
}

struct AnswerCase {
  const char* name;
  Frame solicitation;
  const char* answer;
};

// RFC 4861 §7.2.4.
// clang-format off
const AnswerCase kAnswerCases[] = {
    {"Multicast", kNs,
     "fe80::ff:fe00:2 > fe80::1 hl 255 icmp6 na target fe80::ff:fe00:2 R=0 S=1 O=1 tlla 02:00:00:00:00:02 => 02:00:00:00:00:01"},
    {"Unicast", kNs.To(kOurLinkLocal),
     "fe80::ff:fe00:2 > fe80::1 hl 255 icmp6 na target fe80::ff:fe00:2 R=0 S=1 O=1 tlla 02:00:00:00:00:02 => 02:00:00:00:00:01"},
    {"ForDad", kDadNs,
     "fe80::ff:fe00:2 > ff02::1 hl 255 icmp6 na target fe80::ff:fe00:2 R=0 S=0 O=1 tlla 02:00:00:00:00:02 => 33:33:00:00:00:01"},
    {"Global", kNs.To("ff02::1:ff00:5").NeighborSolicitation("fd00::5", kPeerMac),
     "fd00::5 > fe80::1 hl 255 icmp6 na target fd00::5 R=0 S=1 O=1 tlla 02:00:00:00:00:02 => 02:00:00:00:00:01"},
    {"Deprecated", kNs.To("ff02::1:ff00:6").NeighborSolicitation("fd00::6", kPeerMac),
     "fd00::6 > fe80::1 hl 255 icmp6 na target fd00::6 R=0 S=1 O=1 tlla 02:00:00:00:00:02 => 02:00:00:00:00:01"},
    // Of two addresses the first counts.
    {"AddressTwice", kNs.Append({1, 1, 2, 0, 0, 0, 0, 0x99}),
     "fe80::ff:fe00:2 > fe80::1 hl 255 icmp6 na target fe80::ff:fe00:2 R=0 S=1 O=1 tlla 02:00:00:00:00:02 => 02:00:00:00:00:01"},
    // Without an address to answer to we ask for it first.
    {"WithoutAddress", kBareNs,
     "fe80::ff:fe00:2 > ff02::1:ff00:1 hl 255 icmp6 ns target fe80::1 slla 02:00:00:00:00:02 => 33:33:ff:00:00:01"},
};
// clang-format on

class NdAnswerTest : public NdInputTest, public testing::WithParamInterface<AnswerCase> {};

TEST_P(NdAnswerTest, Answers) {
  discovery.Flush(kLan);
  AddAddress("fd00::5", kPreferred);
  AddAddress("fd00::6", iface::AddressState::kDeprecated);
  EXPECT_EQ(Hear(GetParam().solicitation), DropReason::kNone);
  EXPECT_THAT(Sent(), ElementsAre(GetParam().answer));
  EXPECT_EQ(last_meta.upper_offset, 40);
  EXPECT_EQ(last_meta.upper_length, last.size() - 40);
  EXPECT_EQ(last_meta.checksum, ChecksumState::kComplete);
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, NdAnswerTest, testing::ValuesIn(kAnswerCases), kNameOf);

TEST_F(NdInputTest, DadQuestionMakesNoEntry) {
  discovery.Flush(kLan);
  Hear(kDadNs);
  EXPECT_EQ(discovery.neighbor_count(), 0u);
}

TEST_F(NdInputTest, QuestionForAnotherMakesNoEntry) {
  discovery.Flush(kLan);
  Hear(kNs.NeighborSolicitation("fe80::77", kPeerMac));
  EXPECT_EQ(discovery.neighbor_count(), 0u);
}

// Who has the address that we may not have is a neighbor like any other.
TEST_F(NdInputTest, OwnerOfOurDuplicate) {
  SendTo(kDuplicate);
  EXPECT_EQ(Hear(kNa.NeighborAdvertisement(kDuplicate, kSolicitedFlag, kPeerMac)),
            DropReason::kNone);
  EXPECT_EQ(StateOf(kDuplicate), "REACHABLE 02:00:00:00:00:01");
}

TEST_F(NdInputTest, NoBufferForTheAnswer) {
  PacketPtr packet = MakePacket(kNs);
  core.Received(*packet);
  packet->meta().interface = kLan;
  packet->meta().upper_offset = 40;
  packet->meta().upper_length = static_cast<uint16_t>(packet->length() - 40);
  discovery.Flush(kLan);
  const Drought drought(*pool, 0);
  RunOne(std::move(packet));
  EXPECT_EQ(Dropped(DropReason::kNoBuffer), 1u);
  EXPECT_EQ(core.counters().delivered, 1u);
}

// Random bytes behind a good header: nothing crashes, everything is counted.
TEST_F(NdInputTest, RandomMessages) {
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(20'000); ++i) {
    Frame bytes = i % 2 == 0 ? kNs.bytes() : kNa.bytes();
    for (uint32_t changes = rng.Below(4); changes > 0; --changes) {
      bytes[rng.Below(static_cast<uint32_t>(bytes.size()))] = static_cast<uint8_t>(rng.Next32());
    }
    bytes.resize(40 + rng.Below(60));
    Hear(bytes);
    Sent();
  }
  EXPECT_EQ(core.counters().held(), 0u);
}

}  // namespace
}  // namespace sextant::test
