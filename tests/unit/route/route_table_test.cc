// SPDX-License-Identifier: BSD-3-Clause
// Next-hop determination as a table (RFC 4861 §5.2), limits, and the cache in front.
#include "route/route_table.h"

#include "nd/rig.h"

namespace sextant {
namespace {

using iface::AddressState;
using route::Route;
using test::Ip;

constexpr uint16_t kWan = 3;

struct ResolveCase {
  const char* name;
  const char* section;
  const char* destination;
  uint32_t interface;
  Errno error;
  uint16_t want_interface = 0;
  const char* want_next_hop = "::";
  bool want_local = false;
};

// clang-format off
const ResolveCase kResolveCases[] = {
    {"OnLink",            "RFC 4861 §5.2",   "fd00:6::9",      0, Errno::kOk, test::kLan, "fd00:6::9"},
    {"LongerPrefixWins",  "RFC 4861 §5.2",   "2001:db8:1::1",  0, Errno::kOk, kWan,       "fd00:7::1"},
    {"ShorterPrefix",     "RFC 4861 §5.2",   "2001:db8:2::1",  0, Errno::kOk, test::kLan, "fd00:6::5"},
    {"Default",           "RFC 4861 §5.2",   "2001:4860::1",   0, Errno::kOk, test::kLan, "fd00:6::1"},
    {"NarrowedToWan",     "RFC 3542 §6.7",   "2001:db8:1::1",  kWan, Errno::kOk, kWan,    "fd00:7::1"},
    {"NoRouteOnWan",      "RFC 3542 §6.7",   "2001:4860::1",   kWan, Errno::kNetworkUnreachable},
    {"Ourselves",         "RFC 4291 §2.8",   "fd00:6::2",      0, Errno::kOk, test::kLan, "fd00:6::2", true},
    {"OurselvesOnWan",    "RFC 1122 §3.3.4", "fd00:6::2",      kWan, Errno::kOk, test::kLan, "fd00:6::2", true},
    {"Loopback",          "RFC 4291 §2.5.3", "::1",            0, Errno::kOk, 1,          "::1", true},
    {"TentativeIsNotUs",  "RFC 4862 §5.4",   "fd00:6::3",      0, Errno::kOk, test::kLan, "fd00:6::3"},
    {"LinkLocal",         "RFC 4007 §6",     "fe80::9",        test::kLan, Errno::kOk, test::kLan, "fe80::9"},
    {"LinkLocalNoZone",   "RFC 4007 §6",     "fe80::9",        0, Errno::kAddressNotAvailable},
    {"LinkLocalBadZone",  "RFC 4007 §6",     "fe80::9",        9, Errno::kNetworkUnreachable},
    {"Group",             "RFC 4291 §2.7",   "ff02::fb",       kWan, Errno::kOk, kWan,    "ff02::fb"},
    {"GroupByDefault",    "RFC 3493 §5.2",   "ff0e::1",        0, Errno::kOk, test::kLan, "ff0e::1"},
    {"GroupNodeScope",    "RFC 4291 §2.7",   "ff01::1",        0, Errno::kOk, 1,          "ff01::1"},
    {"GroupBadInterface", "RFC 3493 §5.2",   "ff02::fb",       9, Errno::kNoDevice},
};
// clang-format on

class RouteTest : public test::Rig, public testing::WithParamInterface<ResolveCase> {
 protected:
  RouteTest() {
    interfaces.Add("wan0", std::make_unique<test::IdleLink>(wan_up));
    EXPECT_EQ(
        interfaces.loopback().AddAddress({Ipv6Address::Loopback(), 128, AddressState::kPreferred}),
        Errno::kOk);
    AddAddress("fd00:6::2", AddressState::kPreferred);
    AddAddress("fd00:6::3", AddressState::kTentative);
    Add("fd00:6::/64", test::kLan, "::");
    Add("2001:db8::/32", test::kLan, "fd00:6::5");
    Add("2001:db8:1::/48", kWan, "fd00:7::1");
    Add("::/0", test::kLan, "fd00:6::1");
  }
  void Add(const char* prefix, uint16_t interface, const char* gateway) {
    EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse(prefix), interface, Ip(gateway)}), Errno::kOk);
  }
  bool wan_up = true;
  route::RouteTable routes{core, interfaces};
};

TEST_P(RouteTest, Resolves) {
  const ResolveCase& c = GetParam();
  // Twice: the second answer comes from the cache.
  for (int round = 0; round < 2; ++round) {
    const auto path = routes.Resolve(Ip(c.destination), c.interface);
    ASSERT_EQ(path.error(), c.error) << c.section;
    if (!path) continue;
    EXPECT_EQ(path->interface, c.want_interface) << c.section;
    EXPECT_EQ(path->next_hop, Ip(c.want_next_hop)) << c.section;
    EXPECT_EQ(path->local, c.want_local) << c.section;
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc4861, RouteTest, testing::ValuesIn(kResolveCases), test::kNameOf);

TEST_F(RouteTest, ForgetsAnswersWhenTheirReasonsChange) {
  ASSERT_EQ(routes.Resolve(Ip("2001:db8:1::1"), 0)->interface, kWan);
  wan_up = false;
  ASSERT_TRUE(interfaces.at(kWan)->RefreshLinkState());
  interfaces.Changed();
  EXPECT_EQ(routes.Resolve(Ip("2001:db8:1::1"), 0)->interface, test::kLan) << "wan0 is down";
  EXPECT_EQ(routes.Remove({*Ipv6Prefix::Parse("2001:db8::/32"), test::kLan, Ip("fd00:6::5")}),
            Errno::kOk);
  EXPECT_EQ(routes.Resolve(Ip("2001:db8:1::1"), 0)->next_hop, Ip("fd00:6::1"));
}

TEST_F(RouteTest, RefusesWhatCannotBe) {
  const Ipv6Prefix prefix = *Ipv6Prefix::Parse("2001:db8:5::/48");
  EXPECT_EQ(routes.Add({prefix, 9, {}}), Errno::kInvalid) << "no such interface";
  EXPECT_EQ(routes.Add({prefix, test::kLan, Ip("ff02::1")}), Errno::kInvalid) << "a group";
  EXPECT_EQ(routes.Add({prefix, test::kLan, Ip("::1")}), Errno::kInvalid) << "ourselves";
  EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse("ff0e::/16"), test::kLan, {}}), Errno::kInvalid);
  EXPECT_EQ(routes.Add({*Ipv6Prefix::Parse("fd00:6::77/64"), test::kLan, {}}), Errno::kExists)
      << "bits behind the length do not count";
  EXPECT_EQ(routes.Remove({prefix, test::kLan, {}}), Errno::kNoEntry);
}

TEST_F(RouteTest, HasALimit) {
  size_t added = routes.routes().size();
  for (uint16_t i = 0; routes.Add({{Ipv6Address::FromGroups({0x2001, 0xdb9, i, 0, 0, 0, 0, 0}), 48},
                                   test::kLan,
                                   {}}) == Errno::kOk;
       ++i) {
    ++added;
    ASSERT_LE(added, kMaxRoutes);
  }
  EXPECT_EQ(added, kMaxRoutes);
}

}  // namespace
}  // namespace sextant
