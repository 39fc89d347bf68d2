// SPDX-License-Identifier: BSD-3-Clause
// Which raw sockets a packet is for, as a table; and the count of types that
// anybody wants: RFC 3542 §3.
#include "raw/table.h"

#include <gtest/gtest.h>

#include "support/describe.h"
#include "support/frames.h"
#include "support/seed.h"

namespace sextant {
namespace {

using test::Ip;
using wire::NextHeader;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kOther = "fd00:6::3";
constexpr const char* kPeer = "fd00:6::1";
constexpr const char* kGroup = "ff02::7";

// The groups of the socket under test: kGroup on interface 2.
class OneGroup final : public Groups {
 public:
  bool HasJoined(const Ipv6Address& group, uint32_t interface) const override {
    return group == Ip(kGroup) && interface == 2;
  }
};

struct MatchCase {
  const char* name;
  const char* section;
  const char* local;  // of the socket
  const char* remote;
  uint32_t interface;
  const char* to;  // of the packet
  const char* from;
  uint32_t arrival;
  bool receives;
  bool sends;  // is it asked about errors, the packet's source being `to`?
};

// clang-format off
const MatchCase kMatchCases[] = {
    {"Any",              "RFC 3542 §3", "::",    "::",   0, kHost,     kPeer,  2, true,  true},
    {"AnyTakesGroups",   "RFC 3542 §3", "::",    "::",   0, "ff02::9", kPeer,  2, true,  true},
    {"ItsAddress",       "ip6(4)",      kHost,   "::",   0, kHost,     kPeer,  2, true,  true},
    {"AnotherAddress",   "ip6(4)",      kHost,   "::",   0, kOther,    kPeer,  2, false, false},
    {"JoinedGroup",      "raw(7)",      kHost,   "::",   0, kGroup,    kPeer,  2, true,  false},
    {"JoinedElsewhere",  "raw(7)",      kHost,   "::",   0, kGroup,    kPeer,  3, false, false},
    {"OtherGroup",       "raw(7)",      kHost,   "::",   0, "ff02::9", kPeer,  2, false, false},
    {"BoundToGroup",     "raw(7)",      kGroup,  "::",   0, kGroup,    kPeer,  3, true,  true},
    {"BoundToGroupOnly", "raw(7)",      kGroup,  "::",   0, kHost,     kPeer,  2, false, true},
    {"ItsPeer",          "ip6(4)",      kHost,   kPeer,  0, kHost,     kPeer,  2, true,  true},
    {"AnotherPeer",      "ip6(4)",      kHost,   kPeer,  0, kHost,     kOther, 2, false, false},
    {"ItsInterface",     "raw(7)",      "::",    "::",   2, kHost,     kPeer,  2, true,  true},
    {"OtherInterface",   "raw(7)",      "::",    "::",   2, kHost,     kPeer,  3, false, false},
    {"AllThree",         "raw(7)",      kHost,   kPeer,  2, kHost,     kPeer,  2, true,  true},
};
// clang-format on

class RawTableTest : public testing::TestWithParam<MatchCase> {
 protected:
  bool IsReader(const raw::Flow& flow, NextHeader protocol = NextHeader{253}, uint8_t type = 0) {
    bool found = false;
    table.ForEachReader(protocol, type, flow, [&](raw::Socket&) { found = true; });
    return found;
  }
  raw::Table table;
};

TEST_P(RawTableTest, Matches) {
  const MatchCase& c = GetParam();
  const OneGroup groups;
  raw::Socket socket(253, &groups);
  table.Add(socket);
  table.Bind(socket, Ip(c.local), c.interface);
  if (!Ip(c.remote).is_unspecified()) {
    table.Connect(socket, {Ip(c.remote), 0}, Ip(c.local), c.interface);
  }
  const raw::Flow flow{Ip(c.to), Ip(c.from), c.arrival};
  EXPECT_EQ(IsReader(flow), c.receives) << c.section;
  EXPECT_FALSE(IsReader(flow, NextHeader{252})) << "another protocol";
  bool sends = false;
  table.ForEachSender(NextHeader{253}, flow, [&](raw::Socket&) { sends = true; });
  EXPECT_EQ(sends, c.sends) << c.section;
  table.Remove(socket);
  EXPECT_FALSE(IsReader(flow));
}
INSTANTIATE_TEST_SUITE_P(Raw, RawTableTest, testing::ValuesIn(kMatchCases), test::kNameOf);

TEST_F(RawTableTest, DisconnectedItTakesAllAgain) {
  raw::Socket socket(253);
  table.Add(socket);
  table.Connect(socket, {Ip(kPeer), 0}, Ip(kHost), 2);
  EXPECT_TRUE(socket.is_connected());
  table.Disconnect(socket, {}, 0);
  EXPECT_FALSE(socket.is_connected());
  EXPECT_TRUE(IsReader({Ip(kOther), Ip(kOther), 3}));
  table.Remove(socket);
}

TEST_F(RawTableTest, KnowsWhichProtocolsAreTaken) {
  raw::Socket one(253);
  raw::Socket two(253);
  table.Add(one);
  table.Add(two);
  EXPECT_TRUE(table.Takes(NextHeader{253}));
  EXPECT_FALSE(table.Takes(NextHeader::kUdp));
  table.Remove(one);
  EXPECT_TRUE(table.Takes(NextHeader{253}));
  table.Remove(two);
  EXPECT_FALSE(table.Takes(NextHeader{253}));
  table.Remove(two);  // once more does nothing
  EXPECT_EQ(table.size(), 0U);
}

// A type is wanted as long as one ICMPv6 socket lets it pass.
TEST_F(RawTableTest, CountsWhoWantsAType) {
  raw::Filter none;
  none.words().fill(~0U);
  raw::Filter only_129 = none;
  only_129.words()[129 / 32] &= ~(1U << 129 % 32);
  EXPECT_FALSE(table.WantsType(129));
  raw::Socket socket(raw::kIcmp6);
  raw::Socket udp(17);
  table.SetFilter(socket, none);  // before it is in the table
  table.Add(socket);
  table.Add(udp);
  for (int type = 0; type < 256; ++type) {
    EXPECT_FALSE(table.WantsType(static_cast<uint8_t>(type))) << type;
  }
  table.SetFilter(socket, only_129);
  for (int type = 0; type < 256; ++type) {
    EXPECT_EQ(table.WantsType(static_cast<uint8_t>(type)), type == 129) << type;
    EXPECT_EQ(IsReader({Ip(kHost), Ip(kPeer), 2}, NextHeader::kIcmp6, static_cast<uint8_t>(type)),
              type == 129);
  }
  raw::Socket all(raw::kIcmp6);
  table.Add(all);
  EXPECT_TRUE(table.WantsType(128));
  EXPECT_TRUE(table.WantsType(255));
  table.Remove(all);
  EXPECT_FALSE(table.WantsType(128));
  table.Remove(socket);
  EXPECT_FALSE(table.WantsType(129));
  table.Remove(udp);
}

}  // namespace
}  // namespace sextant
