// SPDX-License-Identifier: BSD-3-Clause
// The rules of reassembly as a table: fragments in, what comes of each.
// RFC 8200 §4.5, RFC 5722, RFC 3168 §5.3.
#include "ip6/reassembly_rig.h"
#include "support/reference_reassembler.h"

namespace sextant::test {
namespace {

struct RuleCase {
  const char* name;
  const char* section;
  const char* fragments;
  const char* want;
};

// clang-format off
const RuleCase kRuleCases[] = {
    {"TwoInOrder",             "RFC 8200 §4.5", "0+64m 64+64",                     "held whole"},
    {"TwoReversed",            "RFC 8200 §4.5", "64+64 0+64m",                     "held whole"},
    {"TwoLong",                "RFC 8200 §4.5", "0+1232m 1232+1232",               "held whole"},
    {"TwoLongReversed",        "RFC 8200 §4.5", "1232+1232 0+1232m",               "held whole"},
    {"ShortLast",              "RFC 8200 §4.5", "0+1232m 1232+1",                  "held whole"},
    {"ShortLastFirst",         "RFC 8200 §4.5", "1232+1 0+1232m",                  "held whole"},
    {"ShortFirst",             "RFC 8200 §4.5", "0+8m 8+1232",                     "held whole"},
    {"ShortFirstLast",         "RFC 8200 §4.5", "8+1232 0+8m",                     "held whole"},
    {"HoleInTheMiddle",        "RFC 8200 §4.5", "0+8m 16+8 8+8m",                  "held held whole"},
    {"MiddleFirst",            "RFC 8200 §4.5", "8+8m 16+8 0+8m",                  "held held whole"},
    {"MiddleLong",             "RFC 8200 §4.5", "1240+8 0+8m 8+1232m",             "held held whole"},
    {"MiddleShort",            "RFC 8200 §4.5", "1240+1232 0+1232m 1232+8m",       "held held whole"},
    {"LastOdd",                "RFC 8200 §4.5", "0+8m 8+13",                       "held whole"},
    {"NoUpperLimitButSixteen", "RFC 8200 §4.5", "0+32768m 32768+32767",            "held whole"},
    {"NextHeadersKept",        "RFC 8200 §4.5", "0+8mu8 8+8u8",                    "held whole"},
    {"OnlyFirstsHeadersCount", "RFC 8200 §4.5", "0+8mu16 8+8",                     "held whole"},
    {"OnlyFirstsHeadersCount2","RFC 8200 §4.5", "8+8u24 0+8mu8",                   "held whole"},
    {"OtherIdentification",    "RFC 8200 §4.5", "0+8mi1 8+8i2",                    "held held"},
    {"OtherSource",            "RFC 8200 §4.5", "0+8ms1 8+8s2",                    "held held"},
    {"HopLimitsDiffer",        "RFC 8200 §4.5", "0+8mz9 8+8z8",                    "held whole"},

    {"Unaligned",              "RFC 8200 §4.5", "0+9m",                            "refuse:fragment-unaligned@4"},
    {"UnalignedLater",         "RFC 8200 §4.5", "0+8m 8+12m 8+12",                 "held refuse:fragment-unaligned@4 whole"},
    {"UnalignedAfterHeaders",  "RFC 8200 §4.5", "0+7mu16",                         "refuse:fragment-unaligned@4"},
    {"TooLong",                "RFC 8200 §4.5", "65528+8",                         "refuse:fragment-too-long@42"},
    {"LongestEnd",             "RFC 8200 §4.5", "65528+7",                         "held"},
    {"TooLongMore",            "RFC 8200 §4.5", "65528+8m",                        "refuse:fragment-too-long@42"},
    {"TooLongAfterHeaders",    "RFC 8200 §4.5", "65528+8u8",                       "refuse:fragment-too-long@50"},
    {"TooLongForFirst",        "RFC 8200 §4.5", "0+8mu8 65528+7",                  "held refuse:fragment-too-long@42"},
    {"FitsFirstJust",          "RFC 8200 §4.5", "0+8mu8 65520+7",                  "held held"},
    {"QueuedTooLong",          "RFC 8200 §4.5", "65528+7 0+8mu8",                  "held held"},
    {"QueuedTooLongForgotten", "RFC 8200 §4.5", "65528+7 0+8mu8 8+8",              "held held whole"},
    {"QueuedLongTooLong",      "RFC 8200 §4.5", "64536+999 0+8mu8 8+8",            "held held whole"},
    {"DuplicateFirstChangesNothing", "RFC 8200 §4.5", "0+8m 0+8mu8 65528+7",       "held fragment-duplicate held"},
    {"Empty",                  "-",             "8+0m 8+0 0+8m 8+0 8+0m 8+8",      "fragment-empty fragment-empty held fragment-empty fragment-empty whole"},
    {"EmptyFirst",             "-",             "0+0m",                            "fragment-empty"},
    {"EmptyAtTheEnd",          "-",             "65528+0",                         "fragment-empty"},

    {"SecondEndDiffers",       "RFC 8200 §4.5", "8+8 8+16",                        "held fragment-length"},
    {"SecondEndEarlier",       "RFC 8200 §4.5", "16+8 8+8",                        "held fragment-length"},
    {"DataBeyondEnd",          "RFC 8200 §4.5", "8+8 16+8m",                       "held fragment-length"},
    {"EndBeforeData",          "RFC 8200 §4.5", "16+8m 8+8",                       "held fragment-length"},
    {"EndInsideUnit",          "RFC 8200 §4.5", "8+8m 8+5",                        "held fragment-length"},
    {"EndInsideUnit2",         "RFC 8200 §4.5", "8+5 8+8m",                        "held fragment-length"},
    {"LengthForgets",          "RFC 8200 §4.5", "8+8 8+16 0+8m 8+8",               "held fragment-length held whole"},

    {"Duplicate",              "RFC 8200 §4.5", "0+8m 0+8m 8+8",                   "held fragment-duplicate whole"},
    {"DuplicateLast",          "RFC 8200 §4.5", "8+8 8+8 0+8m",                    "held fragment-duplicate whole"},
    {"DuplicateOtherBytes",    "RFC 8200 §4.5", "0+8m 0+8mf9 8+8",                 "held fragment-duplicate whole"},
    {"SameButMore",            "RFC 5722 §4",   "8+8m 8+8",                        "held fragment-overlap"},
    {"SameButLast",            "RFC 5722 §4",   "8+8 8+8m",                        "held fragment-overlap"},
    {"OverlapHead",            "RFC 5722 §4",   "0+16m 8+16m",                     "held fragment-overlap"},
    {"OverlapTail",            "RFC 5722 §4",   "8+16m 0+16m",                     "held fragment-overlap"},
    {"Inside",                 "RFC 5722 §4",   "0+24m 8+8m",                      "held fragment-overlap"},
    {"InsideAtStart",          "RFC 5722 §4",   "0+24m 0+8m",                      "held fragment-overlap"},
    {"InsideAtEnd",            "RFC 5722 §4",   "0+24m 16+8m",                     "held fragment-overlap"},
    {"Around",                 "RFC 5722 §4",   "8+8m 0+24m",                      "held fragment-overlap"},
    {"AroundMany",             "RFC 5722 §4",   "8+8m 24+8m 0+64m",                "held held fragment-overlap"},
    {"AcrossTwo",              "RFC 5722 §4",   "0+8m 8+8m 0+16m",                 "held held fragment-overlap"},
    {"Tombstone",              "RFC 5722 §4",   "0+16m 8+16m 0+8m 8+8",            "held fragment-overlap fragment-tombstone fragment-tombstone"},
    {"TombstoneOfOneOnly",     "RFC 5722 §4",   "0+16m 8+16m 0+8mi2 8+8i2",        "held fragment-overlap held whole"},

    {"EcnAllNotCapable",       "RFC 3168 §5.3", "0+8me0 8+8e0",                    "held whole"},
    {"EcnAllCe",               "RFC 3168 §5.3", "0+8me3 8+8e3",                    "held whole"},
    {"EcnCeWithEct0",          "RFC 3168 §5.3", "0+8me2 8+8e3",                    "held whole"},
    {"EcnCeWithEct1",          "RFC 3168 §5.3", "0+8me3 8+8e1",                    "held whole"},
    {"EcnBothEct",             "RFC 3168 §5.3", "0+8me2 8+8e1",                    "held whole"},
    {"EcnCeWithNotCapable",    "RFC 3168 §5.3", "0+8me0 8+8e3",                    "held fragment-ecn"},
    {"EcnEctWithNotCapable",   "RFC 3168 §5.3", "0+8me2 8+8e0",                    "held fragment-ecn"},
    {"EcnEct1WithNotCapable",  "RFC 3168 §5.3", "8+8e1 0+8me0",                    "held fragment-ecn"},
    {"EcnForgets",             "RFC 3168 §5.3", "0+8me2 8+8e0 0+8me2 8+8e2",       "held fragment-ecn held whole"},
};
// clang-format on

class ReassemblyRuleTest : public testing::TestWithParam<RuleCase> {};

TEST_P(ReassemblyRuleTest, Judges) {
  ReassemblyRig rig;
  EXPECT_EQ(rig.Run(GetParam().fragments), GetParam().want) << GetParam().section;
}

// The table is the oracle's too.
TEST_P(ReassemblyRuleTest, ReferenceAgrees) {
  ReassemblyRig rig;
  ReferenceReassembler reference;
  for (const FragmentSpec& spec : ParseFragments(GetParam().fragments)) {
    const uint64_t refused = rig.core.core.counters().refused;
    const auto want = reference.Take(spec);
    const FragmentOutcome got = rig.Take(spec);
    EXPECT_EQ(got, want.outcome);
    const bool itself = got.kind == FragmentOutcome::Kind::kRefused;
    EXPECT_EQ(rig.core.core.counters().refused - refused, want.refused_earlier + itself);
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc8200, ReassemblyRuleTest, testing::ValuesIn(kRuleCases), kNameOf);

// RFC 8200 §4.5: the queued fragment is the one that is told about, as it was received.
TEST(ReassemblyTest, QueuedFragmentIsReportedWhenTheFirstArrives) {
  for (const char* const queued : {"65528+7", "64528+1007", "65528+7u8"}) {
    ReassemblyRig rig;
    const auto spec = FragmentSpec::Parse(queued);
    EXPECT_EQ(rig.Run(queued), "held");
    EXPECT_EQ(rig.Run("0+8mu16"), "held");
    const auto refused = TakeRefused(rig.core.core);
    ASSERT_EQ(refused.size(), 1U) << queued;
    EXPECT_EQ(refused[0].packet, spec.bytes());
    EXPECT_EQ(refused[0].error,
              wire::Icmp6Error::ParameterProblem(wire::ParameterCode::kErroneousField,
                                                 static_cast<uint32_t>(spec.header() + 2)));
    EXPECT_EQ(rig.core.core.counters().refused_for[size_t(DropReason::kFragmentTooLong)], 1U);
  }
}

// RFC 4007 §6: link-local addresses are of a link; groups are joined on one.
TEST(ReassemblyTest, InterfaceIsPartOfTheKeyWhereAddressesAreZoned) {
  struct Row {
    const char* destination;
    bool zoned;
  };
  for (const Row row : {Row{"2001:db8::1", false}, Row{"fe80::1", true}, Row{"ff02::1", true},
                        Row{"ff0e::1", true}}) {
    ReassemblyRig rig;
    auto first = FragmentSpec::Parse("0+8m");
    auto second = FragmentSpec::Parse("8+8");
    first.destination = second.destination = Ip(row.destination);
    PacketPtr packet = rig.core.Received(first.bytes());
    MarkFragment(*packet, first);
    packet->meta().interface = 2;
    EXPECT_EQ(Give(rig.reassembly, std::move(packet), rig.core.core).text(), "held");
    packet = rig.core.Received(second.bytes());
    MarkFragment(*packet, second);
    packet->meta().interface = 3;
    EXPECT_EQ(Give(rig.reassembly, std::move(packet), rig.core.core).text(),
              row.zoned ? "held" : "whole")
        << row.destination;
  }
}

TEST(ReassemblyTest, TooManyFragments) {
  ReassemblyRig rig;
  rig.tunables().reassembly_max_fragments = 4;
  EXPECT_EQ(rig.Run("0+8m 8+8m 16+8m 24+8"), "held held held whole");
  EXPECT_EQ(rig.Run("0+8m 8+8m 16+8m 24+8m 32+8"), "held held held held fragment-too-many");
  EXPECT_EQ(rig.statistics().fragments, 0U);
  EXPECT_EQ(rig.core.dropped(DropReason::kFragmentTooMany), 5U);
}

// RFC 8200 §4.5 forgets a datagram whose fragments overlapped, once told to.
TEST(ReassemblyTest, NoTombstonesWhenOff) {
  ReassemblyRig rig;
  rig.tunables().reassembly_tombstones = 0;
  EXPECT_EQ(rig.Run("0+16m 8+16m 0+8m 8+8"), "held fragment-overlap held whole");
}

TEST(ReassemblyTest, OldestTombstoneGivesWay) {
  ReassemblyRig rig;
  rig.tunables().reassembly_tombstones = 2;
  EXPECT_EQ(rig.Run("0+16mi1 8+16mi1 0+16mi2 8+16mi2"),
            "held fragment-overlap held fragment-overlap");
  EXPECT_EQ(rig.Run("0+8mi1 0+8mi2"), "fragment-tombstone fragment-tombstone");
  EXPECT_EQ(rig.Run("0+16mi3 8+16mi3"), "held fragment-overlap");
  EXPECT_EQ(rig.Run("0+8mi1 0+8mi2 0+8mi3"), "held fragment-tombstone fragment-tombstone");
}

}  // namespace
}  // namespace sextant::test
