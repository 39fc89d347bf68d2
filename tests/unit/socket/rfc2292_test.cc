// SPDX-License-Identifier: BSD-3-Clause
// A source written for RFC 2292: the names mean what they meant, and its sockets keep to it.
// RFC 2292 §4 to §8, requirement C-2.
// Any thread.
#define SEXTANT_RFC2292
#include <gtest/gtest.h>
#include <sextant/socket.h>

namespace {

TEST(Rfc2292Source, HasTheOldNumbers) {
  EXPECT_EQ(IPV6_PKTINFO, 2);
  EXPECT_EQ(IPV6_HOPOPTS, 3);
  EXPECT_EQ(IPV6_DSTOPTS, 4);
  EXPECT_EQ(IPV6_RTHDR, 5);
  EXPECT_EQ(IPV6_PKTOPTIONS, 6);
  EXPECT_EQ(IPV6_HOPLIMIT, 8);
  EXPECT_EQ(IPV6_NEXTHOP, 9);
}

TEST(Rfc2292Source, MakesSocketsThatKeepToIt) {
  // Before sx_init() there are none; the call is the wrapper's all the same.
  EXPECT_EQ(&sx_socket, &sx_socket_rfc2292);
  EXPECT_EQ(sx_socket(AF_INET6, SOCK_DGRAM, 0), -1);
}

}  // namespace
