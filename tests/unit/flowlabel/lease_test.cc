// SPDX-License-Identifier: BSD-3-Clause
// Leases over time: joining, releasing, lingering, renewing, lapsing.
// Owned by one Core.
#include "unit/flowlabel/rig.h"

namespace sextant::test {
namespace {

constexpr uint32_t kLabel = 0x12345;

TEST_F(LabelTest, UnknownFails) {
  EXPECT_EQ(Get(a, kLabel, Share::kAny, 0), Errno::kNoEntry);
  EXPECT_EQ(Put(a, kLabel), Errno::kNoProcess);
  EXPECT_EQ(Renew(a, kUser1, kLabel), Errno::kNoProcess);
}

TEST_F(LabelTest, LabelsOfMoreThanTwentyBitsAreNobodys) {
  EXPECT_EQ(Get(a, 0x10'0000 | kLabel, Share::kAny, kMake), Errno::kInvalid);
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Put(a, 0x10'0000 | kLabel), Errno::kNoProcess) << "exactly the 32 bits";
  EXPECT_EQ(Renew(a, kRoot, 0x10'0000 | kLabel), Errno::kNoProcess);
}

TEST_F(LabelTest, CreateRejoinRejoinWithCreate) {
  EXPECT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Get(a, kLabel, Share::kAny, 0), Errno::kOk);
  EXPECT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Get(a, kLabel, Share::kAny, kMakeNew), Errno::kExists);
  EXPECT_EQ(Find(kLabel)->references, 3u);
}

TEST_F(LabelTest, AsManyPutsAsGets) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Put(a, kLabel), Errno::kOk);
  EXPECT_EQ(Put(a, kLabel), Errno::kNoProcess);
}

// Also by the very socket that leases it.
TEST_F(LabelTest, PrivateMeansPrivate) {
  ASSERT_EQ(Get(a, kLabel, Share::kExclusive, kMake), Errno::kOk);
  EXPECT_EQ(Get(a, kLabel, Share::kAny, 0), Errno::kPermission);
  EXPECT_EQ(Get(a, kLabel, Share::kExclusive, 0), Errno::kPermission);
  EXPECT_EQ(Get(a, kLabel, Share::kExclusive, kMake), Errno::kPermission);
}

TEST_F(LabelTest, LingerBlocksOthersThenFrees) {
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kAny, kMake, 0, 20)), Errno::kOk);
  Pass(100);  // longer than it expires: it is leased
  ASSERT_EQ(Put(a, kLabel), Errno::kOk);
  EXPECT_EQ(Get(b, kLabel, Share::kExclusive, kMake), Errno::kPermission);
  Pass(19);
  EXPECT_EQ(Get(b, kLabel, Share::kExclusive, kMake), Errno::kPermission);
  Pass(1);
  EXPECT_EQ(Find(kLabel), nullptr);
  EXPECT_EQ(Get(b, kLabel, Share::kExclusive, kMake), Errno::kOk);
}

// A refusal must not keep a label from its next owner.
TEST_F(LabelTest, RefusalDoesNotLengthenLinger) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(Put(a, kLabel), Errno::kOk);
  Pass(5);
  EXPECT_EQ(Get(b, kLabel, Share::kExclusive, kMake), Errno::kPermission);
  Pass(1);
  EXPECT_EQ(Find(kLabel), nullptr);
}

TEST_F(LabelTest, SixSecondsAtLeast) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Find(kLabel)->linger, 6);
  EXPECT_EQ(SecondsLeft(kLabel), 6);
  Pass(3);
  Put(a, kLabel);
  Pass(5);
  EXPECT_NE(Find(kLabel), nullptr);
  Pass(1);
  EXPECT_EQ(Find(kLabel), nullptr);
}

TEST_F(LabelTest, ExpiryOutlivesLinger) {
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kAny, kMake, 50, 10)), Errno::kOk);
  Put(a, kLabel);
  Pass(49);
  EXPECT_NE(Find(kLabel), nullptr) << "the linger is over, the expiry is not";
  Pass(1);
  EXPECT_EQ(Find(kLabel), nullptr);
}

TEST_F(LabelTest, LingerIsPartOfTheExpiry) {
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kAny, kMake, 10, 50)), Errno::kOk);
  EXPECT_EQ(SecondsLeft(kLabel), 50);
}

TEST_F(LabelTest, LeasedLabelsNeverLapse) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  Pass(1'000'000);
  EXPECT_NE(Find(kLabel), nullptr);
  EXPECT_LT(SecondsLeft(kLabel), 0);
  EXPECT_EQ(Get(b, kLabel, Share::kAny, 0), Errno::kOk);
}

TEST_F(LabelTest, RevivalKeepsTheOldDestination) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  Put(a, kLabel);
  Request request = GetRequest(kLabel, Share::kAny, kMake);
  request.destination = Ip("2001:db8::2");
  EXPECT_EQ(Get(b, kUser2, request), Errno::kOk);
  EXPECT_EQ(Find(kLabel)->destination, Ip("2001:db8::1"));
  Pass(100);
  EXPECT_NE(Find(kLabel), nullptr) << "the collector has passed it by";
  Put(b, kLabel);
  Pass(6);
  EXPECT_EQ(Find(kLabel), nullptr);
}

TEST_F(LabelTest, JoiningRaisesTimesAndNeverLowersThem) {
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kAny, kMake, 30, 20)), Errno::kOk);
  ASSERT_EQ(Get(b, kUser2, GetRequest(kLabel, Share::kAny, 0, 40, 10)), Errno::kOk);
  EXPECT_EQ(Find(kLabel)->linger, 20);
  EXPECT_EQ(SecondsLeft(kLabel), 40);
  ASSERT_EQ(Get(b, kUser2, GetRequest(kLabel, Share::kAny, 0, 6, 6)), Errno::kOk);
  EXPECT_EQ(Find(kLabel)->linger, 20);
  EXPECT_EQ(SecondsLeft(kLabel), 40);
}

TEST_F(LabelTest, RenewNeverLowers) {
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kAny, kMake, 50, 20)), Errno::kOk);
  EXPECT_EQ(Renew(a, kUser1, kLabel, Share::kAny, 0, 0), Errno::kOk);
  EXPECT_EQ(SecondsLeft(kLabel), 50);
  Pass(40);
  EXPECT_EQ(Renew(a, kUser1, kLabel, Share::kAny, 0, 0), Errno::kOk);
  EXPECT_EQ(SecondsLeft(kLabel), 20) << "the linger counts from now";
  EXPECT_EQ(Renew(a, kUser1, kLabel, Share::kAny, 60, 30), Errno::kOk);
  EXPECT_EQ(SecondsLeft(kLabel), 60);
  EXPECT_EQ(Find(kLabel)->linger, 30);
}

struct RenewCase {
  std::string name;
  Caller caller;
  Share share;
  uint16_t expires;
  uint16_t linger;
  bool own;
  Errno want;
};

// clang-format off
const RenewCase kRenewCases[] = {
    {"Own",                 kUser1, Share::kAny,  0,  0,   true,  Errno::kOk},
    {"OwnShareIgnored",     kUser1, Share::kNone, 0,  0,   true,  Errno::kOk},
    {"OwnTooLong",          kUser1, Share::kAny,  61, 0,   true,  Errno::kPermission},
    {"OwnLingerTooLong",    kUser1, Share::kAny,  0,  61,  true,  Errno::kPermission},
    {"OwnLongAsRoot",       kRoot,  Share::kAny,  0,  65535, true,  Errno::kOk},
    {"Foreign",             kUser1, Share::kAny,  0,  0,   false, Errno::kNoProcess},
    {"ForeignNone",         kUser1, Share::kNone, 0,  0,   false, Errno::kNoProcess},
    {"ForeignNoneTooLong",  kUser1, Share::kNone, 61, 0,   false, Errno::kNoProcess},
    {"ForeignAsRoot",       kRoot,  Share::kNone, 0,  100, false, Errno::kOk},
    {"ForeignAnyAsRoot",    kRoot,  Share::kAny,  0,  0,   false, Errno::kNoProcess},
};
// clang-format on

class RenewTest : public testing::TestWithParam<RenewCase>, protected LabelRig {};

TEST_P(RenewTest, Answers) {
  const RenewCase& row = GetParam();
  ASSERT_EQ(Get(b, kLabel, Share::kAny, kMake), Errno::kOk);
  auto& socket = row.own ? b : a;
  EXPECT_EQ(Renew(socket, row.caller, kLabel, row.share, row.expires, row.linger), row.want);
  EXPECT_EQ(Find(kLabel)->linger, row.want == Errno::kOk && row.linger > 6 ? row.linger : 6);
}

INSTANTIATE_TEST_SUITE_P(Table, RenewTest, testing::ValuesIn(kRenewCases), kNameOf);

TEST_F(LabelTest, LingeringLabelsAreNotRenewed) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  Put(a, kLabel);
  EXPECT_EQ(Renew(a, kRoot, kLabel), Errno::kNoProcess);
}

// Processes come and go; descriptors are inherited.
TEST_F(LabelTest, UserAgainstAnotherUser) {
  ASSERT_EQ(Get(a, kLabel, Share::kUser, kMake, kUser1), Errno::kOk);
  EXPECT_EQ(Get(b, kLabel, Share::kUser, 0, kUser2), Errno::kPermission);
  EXPECT_EQ(Get(b, kLabel, Share::kUser, 0, kUser1Again), Errno::kOk);
}

TEST_F(LabelTest, ProcessAgainstItsChild) {
  ASSERT_EQ(Get(a, kLabel, Share::kProcess, kMake, kUser1), Errno::kOk);
  EXPECT_EQ(Get(a, kLabel, Share::kProcess, 0, kUser1Again), Errno::kPermission);
  EXPECT_EQ(Get(b, kLabel, Share::kProcess, 0, kUser1), Errno::kOk);
}

TEST_F(LabelTest, WhoeverHasTheDescriptorMayPut) {
  ASSERT_EQ(Get(a, kLabel, Share::kProcess, kMake, kUser2), Errno::kOk);
  EXPECT_EQ(Put(a, kLabel), Errno::kOk) << "asked by another process than made it";
}

TEST_F(LabelTest, CloseEndsAllLeases) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(Get(a, 1, Share::kExclusive, kMake), Errno::kOk);
  ASSERT_EQ(Get(b, kLabel, Share::kAny, 0), Errno::kOk);
  manager.Release(a);
  EXPECT_EQ(a.size(), 0u);
  EXPECT_EQ(Find(kLabel)->references, 1u);
  EXPECT_EQ(Find(1)->references, 0u);
  Pass(6);
  EXPECT_EQ(Find(1), nullptr);
  EXPECT_NE(Find(kLabel), nullptr);
}

TEST_F(LabelTest, PutForgetsWhatTheSocketSends) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(Get(a, 7, Share::kAny, kMake), Errno::kOk);
  a.flow_info = 0xab0'0000 | kLabel;
  Put(a, 7);
  EXPECT_EQ(a.flow_info, 0xab0'0000 | kLabel);
  Put(a, kLabel);
  EXPECT_EQ(a.flow_info, 0xab0'0000u) << "the traffic class stays";
}

TEST_F(LabelTest, ReflectAndItsEnd) {
  EXPECT_EQ(Put(a, 0, kFlagReflect), Errno::kNoProtoOpt);
  EXPECT_EQ(Put(tcp, 0, kFlagReflect), Errno::kNoProcess);
  t.core.tunables().flowlabel_consistency = 0;
  EXPECT_EQ(Get(tcp, 0, Share::kNone, kFlagReflect), Errno::kOk);
  tcp.flow_info = kLabel;
  t.core.tunables().flowlabel_consistency = 1;
  EXPECT_EQ(Put(tcp, 0, kFlagReflect), Errno::kOk);
  EXPECT_EQ(tcp.flow_info, 0u);
  EXPECT_EQ(Put(tcp, 0, kFlagReflect), Errno::kNoProcess);
}

// Many at once: the collector does not hold up the poll, and forgets nobody.
TEST_F(LabelTest, ManyLapseTogether) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kOk);
  manager.Release(a);
  Pass(6);
  EXPECT_EQ(manager.table().size(), 5000u - 1024u);
  for (int i = 0; i < 4; ++i) t.Pass(TimerWheel::kTick * 2);
  EXPECT_EQ(manager.table().size(), 0u);
}

TEST_F(LabelTest, HeadersStayAsLongAsTheLease) {
  const uint8_t hop_by_hop[8] = {59, 0, 1, 4};
  const uint8_t destination[8] = {43, 0, 1, 4};
  const uint8_t routing[8] = {59, 0, 4};
  Request request = GetRequest(kLabel, Share::kAny, kMake);
  request.headers = {hop_by_hop, destination, routing};
  ASSERT_EQ(Get(a, kUser1, request), Errno::kOk);
  const flowlabel::HeaderBlock* const block = manager.Use(a, kLabel);
  ASSERT_NE(block, nullptr);
  EXPECT_TRUE(*block == request.headers);
  EXPECT_EQ(block->size(), 24u);
  EXPECT_EQ(manager.Use(b, kLabel), nullptr) << "not its lease";
  ASSERT_EQ(Get(a, 5, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(manager.Use(a, 5), nullptr) << "without headers";
}

TEST_F(LabelTest, UseRefreshesLastUseOnly) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  Pass(3);
  manager.Use(a, kLabel);
  EXPECT_EQ(Find(kLabel)->last_use, t.core.now());
  EXPECT_EQ(SecondsLeft(kLabel), 2);
}

}  // namespace
}  // namespace sextant::test
