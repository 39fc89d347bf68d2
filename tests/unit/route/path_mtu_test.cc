// SPDX-License-Identifier: BSD-3-Clause
// What Packet Too Big messages change: RFC 8201 §4 and §5 as a table; expiry, limits, observers.
#include "route/path_mtu.h"

#include "nd/rig.h"
#include "route/route_table.h"

namespace sextant {
namespace {

using iface::AddressState;
using test::Ip;
using test::kLan;

constexpr const char* kFar = "2001:db8::1";
constexpr uint16_t kWan = 3;

struct Message {
  const char* destination;
  uint32_t interface;
  uint32_t mtu;
  bool changes;
};

struct PathMtuCase {
  const char* name;
  const char* section;
  std::vector<Message> messages;
  const char* destination;
  uint32_t interface;
  uint32_t want;
};

// clang-format off
const PathMtuCase kCases[] = {
    {"Nothing",          "RFC 8201 §3",  {},                                                  kFar,        0,    1500},
    {"Lower",            "RFC 8201 §4",  {{kFar, kLan, 1400, true}},                          kFar,        0,    1400},
    {"OneLess",          "RFC 8201 §4",  {{kFar, kLan, 1499, true}},                          kFar,        0,    1499},
    {"TheLinks",         "RFC 8201 §4",  {{kFar, kLan, 1500, false}},                         kFar,        0,    1500},
    {"MoreThanTheLinks", "RFC 8201 §4",  {{kFar, kLan, 9000, false}},                         kFar,        0,    1500},
    {"Enormous",         "RFC 8201 §4",  {{kFar, kLan, UINT32_MAX, false}},                   kFar,        0,    1500},
    {"Minimum",          "RFC 8201 §4",  {{kFar, kLan, 1280, true}},                          kFar,        0,    1280},
    {"BelowMinimum",     "RFC 8201 §4",  {{kFar, kLan, 1279, true}},                          kFar,        0,    1280},
    {"Zero",             "RFC 8021 §3",  {{kFar, kLan, 0, true}},                             kFar,        0,    1280},
    {"BelowTwice",       "RFC 8201 §4",  {{kFar, kLan, 68, true}, {kFar, kLan, 576, false}},  kFar,        0,    1280},
    {"Again",            "RFC 8201 §4",  {{kFar, kLan, 1400, true}, {kFar, kLan, 1400, false}}, kFar,      0,    1400},
    {"NeverRaised",      "RFC 8201 §4",  {{kFar, kLan, 1400, true}, {kFar, kLan, 1401, false}}, kFar,      0,    1400},
    {"LoweredTwice",     "RFC 8201 §4",  {{kFar, kLan, 1400, true}, {kFar, kLan, 1300, true}}, kFar,       0,    1300},
    {"OtherDestination", "RFC 8201 §5.2",{{kFar, kLan, 1400, true}},                          "2001:db8::2", 0,  1500},
    {"OtherArrival",     "RFC 8201 §5.2",{{kFar, kWan, 1400, true}},                          kFar,        0,    1400},
    {"AnyArrival",       "RFC 8201 §5.2",{{kFar, 0, 1400, true}},                             kFar,        kLan, 1400},
    {"LinkLocal",        "RFC 4007 §6",  {{"fe80::9", kLan, 1400, true}},                     "fe80::9",   kLan, 1400},
    {"OtherZone",        "RFC 4007 §6",  {{"fe80::9", kWan, 1400, true}},                     "fe80::9",   kLan, 1500},
    {"NoZone",           "RFC 4007 §6",  {{"fe80::9", 0, 1400, false}},                       "fe80::9",   kLan, 1500},
    {"Group",            "RFC 8201 §3",  {{"ff0e::7", kLan, 1400, true}},                     "ff0e::7",   0,    1400},
    {"LinkGroup",        "RFC 4007 §6",  {{"ff02::7", kWan, 1400, true}},                     "ff02::7",   kLan, 1500},
    {"Ourselves",        "RFC 8201 §4",  {{"fd00:6::2", kLan, 1400, false}},                  "fd00:6::2", 0,    65536},
    {"NoRoute",          "RFC 8201 §4",  {{"3fff::1", kLan, 1400, false}},                    kFar,        0,    1500},
};
// clang-format on

class PathMtuTest : public test::Rig, public testing::WithParamInterface<PathMtuCase> {
 protected:
  PathMtuTest() {
    interfaces.Add("wan0", std::make_unique<test::IdleLink>(link_up));
    for (const auto& interface : interfaces.all()) interface->RefreshLinkState();
    interfaces.Changed();
    AddAddress("fd00:6::2", AddressState::kPreferred);
    EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse("2001:db8::/32"), kLan, Ip("fd00:6::1")}), Errno::kOk);
  }
  bool Learn(const char* destination, uint32_t mtu) {
    return routes.LearnPathMtu(Ip(destination), kLan, mtu, core.now());
  }
  uint32_t MtuOf(const Ipv6Address& destination) { return routes.Resolve(destination, 0)->mtu; }

  route::RouteTable routes{core, interfaces};
};

TEST_P(PathMtuTest, Learns) {
  const PathMtuCase& c = GetParam();
  for (const Message& m : c.messages) {
    const uint64_t before = routes.generation();
    EXPECT_EQ(routes.LearnPathMtu(Ip(m.destination), m.interface, m.mtu, core.now()), m.changes)
        << c.section;
    EXPECT_EQ(routes.generation() != before, m.changes) << "whoever keeps a Path learns of it";
  }
  const auto path = routes.Resolve(Ip(c.destination), c.interface);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->mtu, c.want) << c.section;
  EXPECT_EQ(path->link_mtu, path->local ? 65536U : 1500U);
}
INSTANTIATE_TEST_SUITE_P(Rfc8201, PathMtuTest, testing::ValuesIn(kCases), test::kNameOf);

// RFC 8201 §4: not before five minutes; ten are the default.
TEST_F(PathMtuTest, Expires) {
  ASSERT_TRUE(Learn(kFar, 1400));
  Pass(Duration::Seconds(300));
  ASSERT_TRUE(Learn("2001:db8::2", 1300));
  Pass(Duration::Seconds(299));
  EXPECT_EQ(MtuOf(Ip(kFar)), 1400U);
  const uint64_t before = routes.generation();
  Pass(Duration::Seconds(2));
  EXPECT_EQ(MtuOf(Ip(kFar)), 1500U);
  EXPECT_NE(routes.generation(), before);
  EXPECT_EQ(MtuOf(Ip("2001:db8::2")), 1300U);
  Pass(Duration::Seconds(300));
  EXPECT_EQ(MtuOf(Ip("2001:db8::2")), 1500U);
  EXPECT_EQ(routes.path_mtus().size(), 0U);
  EXPECT_EQ(core.timers().armed(), 0U) << "nothing is left to do";
}

TEST_F(PathMtuTest, ALowerOneLivesAnew) {
  ASSERT_TRUE(Learn(kFar, 1400));
  Pass(Duration::Seconds(400));
  ASSERT_TRUE(Learn(kFar, 1300));
  Pass(Duration::Seconds(400));
  EXPECT_EQ(MtuOf(Ip(kFar)), 1300U);
  Pass(Duration::Seconds(201));
  EXPECT_EQ(MtuOf(Ip(kFar)), 1500U) << "the link's is tried again";
}

// A message that says nothing new does not keep an old one alive.
TEST_F(PathMtuTest, ARepeatedOneDoesNot) {
  ASSERT_TRUE(Learn(kFar, 1400));
  Pass(Duration::Seconds(400));
  ASSERT_FALSE(Learn(kFar, 1400));
  Pass(Duration::Seconds(201));
  EXPECT_EQ(MtuOf(Ip(kFar)), 1500U);
}

Ipv6Address Numbered(uint16_t number) {
  return Ipv6Address::FromGroups({0x2001, 0xdb8, 0, 0, 0, 0, 1, number});
}

TEST_F(PathMtuTest, TheOldestGivesWay) {
  core.tunables().path_mtu_entries = 16;
  for (uint16_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(routes.LearnPathMtu(Numbered(i), kLan, 1400, core.now()));
    if (i == 10) {
      ASSERT_TRUE(routes.LearnPathMtu(Numbered(0), kLan, 1390, core.now()));
    }
  }
  EXPECT_EQ(routes.path_mtus().size(), 16U);
  for (uint16_t i = 1; i <= 4; ++i) EXPECT_EQ(MtuOf(Numbered(i)), 1500U) << i;
  EXPECT_EQ(MtuOf(Numbered(0)), 1390U) << "learnt once more, it is a young one";
  EXPECT_EQ(MtuOf(Numbered(19)), 1400U);
  // A limit that is lowered is reached two at a time.
  core.tunables().path_mtu_entries = 1;
  for (uint16_t i = 0; i < 15; ++i) {
    ASSERT_TRUE(
        routes.LearnPathMtu(Numbered(static_cast<uint16_t>(100 + i)), kLan, 1400, core.now()));
  }
  EXPECT_EQ(routes.path_mtus().size(), 1U);
}

struct Listener final : route::PathMtuObserver {
  void OnPathMtu(const Ipv6Address& destination, uint32_t zone, uint32_t mtu) override {
    told.push_back(destination.ToString() + "%" + std::to_string(zone) + " " + std::to_string(mtu));
  }
  std::vector<std::string> told;
};

TEST_F(PathMtuTest, ObserversLearnOfEveryMessage) {
  Listener listener;
  routes.Observe(listener);
  {
    Listener brief;
    routes.Observe(brief);
    EXPECT_TRUE(Learn(kFar, 1400));
    EXPECT_EQ(brief.told.size(), 1U);
  }
  EXPECT_FALSE(Learn(kFar, 1400));
  EXPECT_FALSE(Learn(kFar, 1450));
  EXPECT_FALSE(Learn(kFar, 1500));
  EXPECT_TRUE(Learn("fe80::9", 100));
  EXPECT_THAT(listener.told,
              testing::ElementsAre("2001:db8::1%0 1400", "2001:db8::1%0 1400", "fe80::9%2 1280"));
}

}  // namespace
}  // namespace sextant
