// SPDX-License-Identifier: BSD-3-Clause
// How many labels there may be: in all, per socket, per user.
// Owned by one Core.
#include <deque>

#include "unit/flowlabel/rig.h"

namespace sextant::test {
namespace {

using flowlabel::SocketLabels;

class CapacityTest : public LabelTest {
 protected:
  ~CapacityTest() override {
    for (SocketLabels& socket : sockets) manager.Release(socket);
  }
  // That many labels of root's, on a socket of its own.
  void Fill(size_t used) {
    SocketLabels& socket = sockets.emplace_back(false);
    while (manager.table().size() < used) {
      ASSERT_EQ(Get(socket, 0, Share::kAny, kMake, kRoot), Errno::kOk);
    }
  }
  SocketLabels& Fresh() { return sockets.emplace_back(false); }

  std::deque<SocketLabels> sockets;
};

TEST_F(CapacityTest, ThirtyTwoPerSocket) {
  Fill(1);
  for (int i = 0; i < 31; ++i) ASSERT_EQ(Get(a, 0, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(Get(a, 0, Share::kAny, kMake), Errno::kOk) << "the 32nd";
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake), Errno::kNoBuffers);
  EXPECT_EQ(Get(b, 0, Share::kAny, kMake), Errno::kOk) << "another socket";
  for (int i = 0; i < 100; ++i) ASSERT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kOk);
}

TEST_F(CapacityTest, ThirtyTwoLeasesOfOneLabel) {
  for (int i = 0; i < 32; ++i) ASSERT_EQ(Get(a, 9, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Get(a, 9, Share::kAny, kMake), Errno::kNoBuffers);
  EXPECT_EQ(Get(a, 9, Share::kAny, kMakeNew), Errno::kExists) << "that comes first";
  EXPECT_EQ(Get(a, 9, Share::kUser, 0), Errno::kPermission) << "that too";
  EXPECT_EQ(Get(a, 9, Share::kAny, 0, kRoot), Errno::kOk);
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake), Errno::kOk) << "few labels are there: always";
}

struct CapacityCase {
  std::string name;
  size_t used;
  size_t leases;  // of the socket that asks
  Caller caller;
  Errno want;
};

// clang-format off
const CapacityCase kCapacityCases[] = {
    {"HalfAndALease",         2048, 1, kUser1, Errno::kOk},
    {"OverHalfAndALease",     2049, 1, kUser1, Errno::kNoBuffers},
    {"OverHalfWithoutLease",  2049, 0, kUser1, Errno::kOk},
    {"OverHalfRoot",          2049, 1, kRoot,  Errno::kOk},
    {"ThreeQuarters",         3072, 0, kUser1, Errno::kOk},
    {"OverThreeQuarters",     3073, 0, kUser1, Errno::kNoBuffers},
    {"OverThreeQuartersRoot", 3073, 0, kRoot,  Errno::kOk},
    {"LastOne",               4095, 0, kRoot,  Errno::kOk},
    {"Full",                  4096, 0, kRoot,  Errno::kNoBuffers},
    {"FullUser",              4096, 0, kUser1, Errno::kNoBuffers},
};
// clang-format on

class CapacityRowTest : public CapacityTest, public testing::WithParamInterface<CapacityCase> {};

TEST_P(CapacityRowTest, Answers) {
  const CapacityCase& row = GetParam();
  for (size_t i = 0; i < row.leases; ++i) ASSERT_EQ(Get(a, 0, Share::kAny, kMake), Errno::kOk);
  Fill(row.used);
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake, row.caller), row.want);
}

INSTANTIATE_TEST_SUITE_P(Table, CapacityRowTest, testing::ValuesIn(kCapacityCases), kNameOf);

// The lingering count too; and a lingering one cannot be revived in a full table, as on Linux.
TEST_F(CapacityTest, LingeringLabelsCount) {
  t.core.tunables().flowlabel_entries = 32;
  ASSERT_EQ(Get(a, 9, Share::kAny, kMake), Errno::kOk);
  Fill(32);
  Put(a, 9);
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kNoBuffers);
  EXPECT_EQ(Get(a, 9, Share::kAny, kMake, kRoot), Errno::kNoBuffers);
  Pass(6);
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kOk);
}

TEST_F(CapacityTest, LabelsOfAUser) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  t.core.tunables().flowlabel_user_max = 100;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(Get(Fresh(), 0, Share::kAny, kMake), Errno::kOk);
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake), Errno::kNoBuffers);
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake, kUser1Again), Errno::kNoBuffers);
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake, kUser2), Errno::kOk);
  Caller powerful = kUser1;
  powerful.net_admin = true;
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake, powerful), Errno::kOk);
  manager.Release(sockets[0]);
  manager.Release(sockets[1]);
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake), Errno::kNoBuffers) << "they linger";
  Pass(6);
  EXPECT_EQ(Get(Fresh(), 0, Share::kAny, kMake), Errno::kOk);
}

TEST_F(CapacityTest, EveryLabelThereIs) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  Fill(kLabelMask);
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kNoBuffers);
}

// Labels by hash have the upper half for themselves.
TEST_F(CapacityTest, LowerHalfOnly) {
  t.core.tunables().flowlabel_entries = 1 << 20;
  t.core.tunables().flowlabel_state_ranges = 1;
  Fill(0x7'ffff);
  manager.table().ForEach([](const flowlabel::Entry& entry) { EXPECT_LT(entry.label, 0x8'0000u); });
  EXPECT_EQ(Get(a, 0, Share::kAny, kMake, kRoot), Errno::kNoBuffers);
}

}  // namespace
}  // namespace sextant::test
