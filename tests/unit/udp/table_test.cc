// SPDX-License-Identifier: BSD-3-Clause
// Which socket a datagram belongs to: who may share a port, and who of several receives.
#include "udp/table.h"

#include <gtest/gtest.h>

#include <set>

#include "support/core.h"
#include "support/seed.h"

namespace sextant {
namespace {

using test::Ip;
using udp::Endpoint;
using udp::Flow;

constexpr const char* kHost = "fd00:6::2";
constexpr const char* kOther = "fd00:6::3";
constexpr const char* kPeer = "fd00:6::1";

struct Binding {
  const char* address = "::";
  uint32_t interface = 0;
  bool reuse_address = false;
  bool reuse_port = false;
  uint32_t user = 0;
};

struct ConflictCase {
  const char* name;
  Binding first;
  Binding second;
  bool conflict;
};

// clang-format off
const ConflictCase kConflictCases[] = {
    {"SameWildcard",          {},                                    {},                                    true},
    {"SameAddress",           {kHost},                               {kHost},                               true},
    {"WildcardThenAddress",   {},                                    {kHost},                               true},
    {"AddressThenWildcard",   {kHost},                               {},                                    true},
    {"DifferentAddresses",    {kHost},                               {kOther},                              false},
    {"DifferentInterfaces",   {"::", 2},                             {"::", 3},                             false},
    {"InterfaceThenAny",      {"::", 2},                             {"::", 0},                             true},
    {"BothReuseAddress",      {"::", 0, true},                       {"::", 0, true},                       false},
    {"OneReuseAddress",       {"::", 0, true},                       {},                                    true},
    {"BothReusePort",         {"::", 0, false, true, 5},             {"::", 0, false, true, 5},             false},
    {"ReusePortOtherUser",    {"::", 0, false, true, 5},             {"::", 0, false, true, 6},             true},
    {"AddressAgainstPort",    {"::", 0, true},                       {"::", 0, false, true},                true},
};
// clang-format on

class TableTest : public testing::Test {
 protected:
  ~TableTest() override {
    for (const auto& socket : sockets) {
      table.Remove(*socket);
      socket->Stop();
    }
  }
  udp::Socket& Make(const Binding& binding = {}) {
    sockets.push_back(std::make_unique<udp::Socket>());
    udp::Socket& socket = *sockets.back();
    socket.reuse_address = binding.reuse_address;
    socket.reuse_port = binding.reuse_port;
    socket.user = binding.user;
    return socket;
  }
  udp::Socket& Bound(const Binding& binding, uint16_t port) {
    udp::Socket& socket = Make(binding);
    EXPECT_EQ(table.Bind(socket, {Ip(binding.address), port}, binding.interface), Errno::kOk);
    return socket;
  }
  static Flow From(uint16_t peer_port, const char* to = kHost, uint32_t interface = 2) {
    return {{Ip(to), 7}, {Ip(kPeer), peer_port}, interface};
  }

  test::TestCore core;
  udp::Table table{core.core};
  std::vector<std::unique_ptr<udp::Socket>> sockets;
};

class ConflictTest : public TableTest, public testing::WithParamInterface<ConflictCase> {};

TEST_P(ConflictTest, Decides) {
  const ConflictCase& c = GetParam();
  Bound(c.first, 7);
  EXPECT_EQ(table.Bind(Make(c.second), {Ip(c.second.address), 7}, c.second.interface),
            c.conflict ? Errno::kAddressInUse : Errno::kOk);
  EXPECT_EQ(table.Bind(Make(c.second), {Ip(c.second.address), 8}, c.second.interface), Errno::kOk)
      << "another port never conflicts";
}

INSTANTIATE_TEST_SUITE_P(Udp, ConflictTest, testing::ValuesIn(kConflictCases), test::kNameOf);

TEST_F(TableTest, TheMostSpecificReceives) {
  udp::Socket& any = Bound({"::", 0, true}, 7);
  EXPECT_EQ(table.Lookup(From(1000)), &any);
  udp::Socket& tied = Bound({"::", 2, true}, 7);
  EXPECT_EQ(table.Lookup(From(1000)), &tied);
  EXPECT_EQ(table.Lookup(From(1000, kHost, 3)), &any);
  udp::Socket& address = Bound({kHost, 0, true}, 7);
  EXPECT_EQ(table.Lookup(From(1000)), &address);
  EXPECT_EQ(table.Lookup(From(1000, kOther)), &tied);
  udp::Socket& connected = Bound({kHost, 0, true}, 7);
  ASSERT_EQ(table.Connect(connected, {Ip(kPeer), 1000}, Ip(kHost), 0), Errno::kOk);
  EXPECT_EQ(table.Lookup(From(1000)), &connected);
  EXPECT_EQ(table.Lookup(From(1001)), &address);
  table.Remove(connected);
  EXPECT_EQ(table.Lookup(From(1000)), &address);
}

TEST_F(TableTest, NobodyListens) {
  EXPECT_EQ(table.Lookup(From(1000)), nullptr);
  udp::Socket& other = Bound({kOther}, 7);
  EXPECT_EQ(table.Lookup(From(1000)), nullptr) << "bound to another address";
  EXPECT_EQ(table.Lookup(From(1000, kOther)), &other);
}

TEST_F(TableTest, ConnectedHearsItsPeerOnly) {
  udp::Socket& socket = Bound({}, 7);
  ASSERT_EQ(table.Connect(socket, {Ip(kPeer), 1000}, Ip(kHost), 0), Errno::kOk);
  EXPECT_EQ(table.Lookup(From(1000)), &socket);
  EXPECT_EQ(table.Lookup(From(1001)), nullptr);
  table.Disconnect(socket, {}, 0);
  EXPECT_FALSE(socket.is_connected());
  EXPECT_EQ(table.Lookup(From(1001)), &socket);
}

TEST_F(TableTest, ReusePortSpreadsFlowsAndKeepsEach) {
  constexpr int kSharers = 4;
  constexpr uint16_t kFlows = 400;
  for (int i = 0; i < kSharers; ++i) Bound({"::", 0, false, true}, 7);
  std::map<udp::Socket*, int> shares;
  for (uint16_t port = 1; port <= kFlows; ++port) {
    udp::Socket* const socket = table.Lookup(From(port));
    ASSERT_NE(socket, nullptr);
    ++shares[socket];
    EXPECT_EQ(table.Lookup(From(port)), socket) << "a flow stays where it is";
  }
  ASSERT_EQ(shares.size(), kSharers);
  for (const auto& [socket, count] : shares) EXPECT_GT(count, kFlows / kSharers / 2);
}

TEST_F(TableTest, EphemeralPortsAreInRangeAndDiffer) {
  core.core.tunables().ephemeral_first = 50'000;
  core.core.tunables().ephemeral_last = 50'099;
  std::set<uint16_t> ports;
  for (int i = 0; i < 100; ++i) ports.insert(Bound({}, 0).local().port);
  EXPECT_EQ(ports.size(), 100u);
  EXPECT_EQ(*ports.begin(), 50'000);
  EXPECT_EQ(*ports.rbegin(), 50'099);
  EXPECT_EQ(table.Bind(Make(), {}, 0), Errno::kAddressInUse) << "all taken";
}

TEST_F(TableTest, EphemeralPortsAreNotGuessable) {
  // RFC 6056 §3.1: not one after the other.
  int successors = 0;
  uint16_t last = 0;
  for (int i = 0; i < 50; ++i) {
    const uint16_t port = Bound({}, 0).local().port;
    successors += port == last + 1;
    last = port;
  }
  EXPECT_LT(successors, 5);
}

TEST_F(TableTest, GroupsReachEveryMember) {
  udp::Socket& any = Bound({"::", 0, true}, 7);
  udp::Socket& bound = Bound({"ff02::fb", 0, true}, 7);
  Bound({"ff02::fa", 0, true}, 7);
  Bound({"::", 3, true}, 7);
  std::set<udp::Socket*> members;
  table.ForEachMember(From(1000, "ff02::fb"), [&](udp::Socket& s) { members.insert(&s); });
  EXPECT_EQ(members, (std::set<udp::Socket*>{&any, &bound}));
}

TEST_F(TableTest, BindingTwiceIsInvalid) {
  EXPECT_EQ(table.Bind(Bound({}, 7), {{}, 8}, 0), Errno::kInvalid);
}

}  // namespace
}  // namespace sextant
