// SPDX-License-Identifier: BSD-3-Clause
// Who may send which label, what a query tells, and the listing.
// Owned by one Core.
#include "flowlabel/listing.h"
#include "unit/flowlabel/rig.h"

namespace sextant::test {
namespace {

constexpr uint32_t kLabel = 0x12345;
constexpr uint32_t kUnleased = 0x54321;

class LabelSendTest : public LabelTest {
 protected:
  Errno MaySend(const flowlabel::SocketLabels& socket, uint32_t number,
                const char* to = "2001:db8::1") {
    return manager.MaySend(socket, number, Ip(to));
  }
};

TEST_F(LabelSendTest, AnyLabelWhileNoneIsGuarded) {
  EXPECT_EQ(MaySend(a, kUnleased), Errno::kOk);
  ASSERT_EQ(Get(b, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(MaySend(a, kUnleased), Errno::kOk);
  EXPECT_EQ(MaySend(a, kLabel), Errno::kOk) << "another's, but shared with anybody";
  EXPECT_EQ(manager.guarded(), 0u);
}

struct GuardCase {
  std::string name;
  Share share;
  bool headers;
  bool guards;
};

// clang-format off
const GuardCase kGuardCases[] = {
    {"Any",            Share::kAny,       false, false},
    {"AnyWithHeaders", Share::kAny,       true,  true},
    {"Exclusive",      Share::kExclusive, false, true},
    {"Process",        Share::kProcess,   false, true},
    {"User",           Share::kUser,      false, true},
    {"UserHeaders",    Share::kUser,      true,  true},
};
// clang-format on

class GuardTest : public LabelSendTest, public testing::WithParamInterface<GuardCase> {};

TEST_P(GuardTest, OneGuardedLabelGuardsAll) {
  const uint8_t header[8] = {};
  Request request = GetRequest(kLabel, GetParam().share, kMake);
  if (GetParam().headers) request.headers.hop_by_hop = header;
  const uint32_t generation = manager.generation();
  ASSERT_EQ(Get(b, kUser1, request), Errno::kOk);
  const Errno want = GetParam().guards ? Errno::kInvalid : Errno::kOk;
  EXPECT_EQ(manager.generation() != generation, GetParam().guards);
  EXPECT_EQ(MaySend(a, kUnleased), want);
  EXPECT_EQ(MaySend(a, kLabel), want);
  EXPECT_EQ(MaySend(a, 0), Errno::kOk) << "no label needs no lease";
  EXPECT_EQ(MaySend(b, kLabel), Errno::kOk);
  EXPECT_EQ(MaySend(b, kUnleased), want);
  Put(b, kLabel);
  EXPECT_EQ(MaySend(a, kUnleased), want) << "it is still there";
  Pass(6);
  EXPECT_EQ(MaySend(a, kUnleased), Errno::kOk);
}

INSTANTIATE_TEST_SUITE_P(Table, GuardTest, testing::ValuesIn(kGuardCases), kNameOf);

TEST_F(LabelSendTest, LeaseRequiredAlways) {
  t.core.tunables().flowlabel_require_lease = 1;
  EXPECT_EQ(MaySend(a, kUnleased), Errno::kInvalid);
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(MaySend(a, kLabel), Errno::kOk);
  EXPECT_EQ(MaySend(b, kLabel), Errno::kInvalid);
  EXPECT_EQ(MaySend(a, 0), Errno::kOk);
}

TEST_F(LabelSendTest, DestinationOfALease) {
  ASSERT_EQ(Get(a, kLabel, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(MaySend(a, kLabel, "2001:db8::2"), Errno::kOk) << "off by default";
  t.core.tunables().flowlabel_check_destination = 1;
  EXPECT_EQ(MaySend(a, kLabel, "2001:db8::2"), Errno::kInvalid);
  EXPECT_EQ(MaySend(a, kLabel, "2001:db8::1"), Errno::kOk);
  EXPECT_EQ(MaySend(a, kUnleased, "2001:db8::2"), Errno::kOk) << "not leased";
}

class LabelQueryTest : public LabelTest {
 protected:
  Result<flowlabel::Answer> Query(const flowlabel::SocketLabels& socket, uint16_t flags = 0) {
    Request request;
    request.flags = flags;
    return manager.Query(socket, request, 0xab0'0000 | kUnleased);
  }
};

TEST_F(LabelQueryTest, OnlyGetAsks) {
  for (const Action action : {Action::kPut, Action::kRenew, Action(3)}) {
    Request request;
    request.action = action;
    EXPECT_EQ(manager.Query(a, request, 0).error(), Errno::kInvalid);
  }
}

TEST_F(LabelQueryTest, TheLabelThatIsSent) {
  EXPECT_EQ(Query(a).error(), Errno::kNoEntry);
  ASSERT_EQ(Get(a, kUser1, GetRequest(kLabel, Share::kUser, kMake, 50, 20)), Errno::kOk);
  EXPECT_EQ(Query(a).error(), Errno::kNoEntry) << "leased, but not sent";
  a.flow_info = 0xab0'0000 | kLabel;
  Pass(5);
  const auto answer = Query(a);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->label, kLabel);
  EXPECT_EQ(answer->destination, Ip("2001:db8::1"));
  EXPECT_EQ(answer->share, Share::kUser);
  EXPECT_EQ(answer->expires, 44);
  EXPECT_EQ(answer->linger, 20);
  Pass(100);
  EXPECT_EQ(Query(a)->expires, 0) << "over, but leased";
  b.flow_info = kLabel;
  EXPECT_EQ(Query(b).error(), Errno::kNoEntry) << "another's";
}

TEST_F(LabelQueryTest, RemoteAndReflected) {
  const auto remote = Query(a, kFlagRemote);
  ASSERT_TRUE(remote.ok());
  EXPECT_EQ(remote->label, kUnleased) << "without the traffic class";
  EXPECT_EQ(remote->share, Share::kNone);
  t.core.tunables().flowlabel_consistency = 0;
  ASSERT_EQ(Get(tcp, 0, Share::kNone, kFlagReflect), Errno::kOk);
  tcp.flow_info = kLabel;
  EXPECT_EQ(Query(tcp)->label, kLabel);
  EXPECT_EQ(Query(tcp, kFlagRemote)->label, kUnleased);
}

// In the kernel's own columns, to the space.
TEST_F(LabelQueryTest, Listing) {
  const uint8_t header[8] = {};
  ASSERT_EQ(Get(a, kUser1, GetRequest(0x12, Share::kProcess, kMake, 60, 6)), Errno::kOk);
  ASSERT_EQ(Get(a, kUser1, GetRequest(0xabcde, Share::kUser, kMake, 0, 30)), Errno::kOk);
  Request request = GetRequest(0x345, Share::kAny, kMake);
  request.headers.hop_by_hop = header;
  ASSERT_EQ(Get(a, kUser1, request), Errno::kOk);
  ASSERT_EQ(Get(b, 0x345, Share::kAny, 0), Errno::kOk);
  Pass(10);
  ASSERT_EQ(Get(a, kUser1, GetRequest(0x99, Share::kExclusive, kMake)), Errno::kOk);
  EXPECT_EQ(flowlabel::Listing(manager.table(), t.core.now()),
            "Label S Owner  Users  Linger Expires  Dst                              Opt\n"
            "00012 2 101    1      6      49       20010db8000000000000000000000001 0   \n"
            "00099 1 0      1      6      6        20010db8000000000000000000000001 0   \n"
            "00345 255 0      2      6      -4       20010db8000000000000000000000001 8   \n"
            "ABCDE 3 1001   1      30     19       20010db8000000000000000000000001 0   \n");
}

}  // namespace
}  // namespace sextant::test
