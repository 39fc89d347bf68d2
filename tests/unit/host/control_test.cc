// SPDX-License-Identifier: BSD-3-Clause
// What an operator sees and does, on two hosts joined in memory.
// Owned by one Core.
#include "sextant/control.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "core/tunables.h"
#include "host/docs.h"
#include "host/graph.h"

namespace sextant {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Control : public testing::Test {
 protected:
  void SetUp() override {
    std::string error;
    std::tie(first_, second_) = MakeJoinedPair(error);
    ASSERT_TRUE(first_ && second_) << error;
    // Both tell the other about their groups; that is not what is looked at here.
    Poll(3);
  }

  void Poll(int times = 20) {
    for (int i = 0; i < times; ++i) {
      first_->PollOnce();
      second_->PollOnce();
    }
  }

  static sockaddr_in6 To(const char* address, uint16_t port = 0) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    inet_pton(AF_INET6, address, &to.sin6_addr);
    return to;
  }

  std::unique_ptr<Host> first_;
  std::unique_ptr<Host> second_;
  std::string text_;
};

TEST_F(Control, ShowsNothingButItsTopics) {
  EXPECT_EQ(Show(*first_, "weather"), "");
  for (const std::string_view topic : ShowTopics()) {
    const std::string text = Show(*first_, topic);
    EXPECT_FALSE(text.empty()) << topic;
    EXPECT_EQ(text.back(), '\n') << topic;
    EXPECT_THAT(text, Not(HasSubstr(" \n"))) << topic << ": no space at the end of lines";
  }
}

TEST_F(Control, ShowsInterfaces) {
  const std::string text = Show(*first_, "interfaces");
  EXPECT_THAT(text, HasSubstr("lo\n  index      1\n  state      up\n"));
  EXPECT_THAT(text, HasSubstr("::1/128 preferred\n"));
  EXPECT_THAT(text, HasSubstr("lan0\n"));
  EXPECT_THAT(text, HasSubstr("fd00:6::1/64 preferred\n"));
  EXPECT_THAT(text, HasSubstr("sleeps 1 to 4 ms when idle (no wake-up descriptor)\n"));
  EXPECT_THAT(text, HasSubstr("memory0\n"));
  EXPECT_THAT(text, HasSubstr("nothing; all is done in software\n"));
}

TEST_F(Control, ShowsRoutes) {
  EXPECT_EQ(Show(*first_, "routes"),
            "prefix       next hop  interface\n"
            "fd00:6::/64  on-link   lan0\n");
}

TEST_F(Control, ShowsSockets) {
  EXPECT_EQ(Show(*second_, "sockets"), "none\n");
  UdpSocket any(*second_);
  ASSERT_EQ(any.Bind(in6addr_any, 7), 0);
  UdpSocket connected(*second_);
  ASSERT_EQ(connected.Bind(in6addr_any, 9), 0);
  ASSERT_EQ(connected.Connect(To("fd00:6::1", 1234)), 0);
  const std::string text = Show(*second_, "sockets");
  EXPECT_THAT(text, HasSubstr("udp       [::]:7         any               any "));
  EXPECT_THAT(text, HasSubstr("[fd00:6::1]:1234"));
}

TEST_F(Control, ShowsDropsByReason) {
  EXPECT_THAT(Show(*second_, "drops"), Not(HasSubstr("udp-no-socket")));
  UdpSocket socket(*first_);
  ASSERT_EQ(socket.Bind(in6addr_any, 0), 0);
  Datagram datagram = socket.Make(1);
  datagram.peer = To("fd00:6::2", 4444);
  EXPECT_EQ(socket.Send({&datagram, 1}), 1u);
  Poll();
  const std::string text = Show(*second_, "drops");
  EXPECT_THAT(text, HasSubstr("udp-no-socket"));
  EXPECT_THAT(text, HasSubstr("RFC 4443 §3.1"));
  EXPECT_THAT(text, HasSubstr("nobody listens on this port"));
}

TEST_F(Control, PingsAndKnowsTheNeighborAfterwards) {
  Pinger pinger(*first_);
  EXPECT_FALSE(pinger.Take().has_value());
  ASSERT_EQ(pinger.Send(To("fd00:6::2"), 56), 0);
  Poll();
  const auto answer = pinger.Take();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->sequence, 1);
  EXPECT_EQ(answer->size, 64u);
  EXPECT_EQ(answer->hop_limit, 64);
  EXPECT_GT(answer->round_trip_ns, 0);
  const sockaddr_in6 second = To("fd00:6::2");
  EXPECT_TRUE(IN6_ARE_ADDR_EQUAL(&answer->from, &second.sin6_addr));
  EXPECT_FALSE(pinger.Take().has_value());
  const std::string text = Show(*first_, "neighbors");
  EXPECT_THAT(text, HasSubstr("fd00:6::2"));
  EXPECT_THAT(text, HasSubstr("REACHABLE"));
}

TEST_F(Control, PingsItself) {
  Pinger pinger(*first_);
  ASSERT_EQ(pinger.Send(To("::1")), 0);
  ASSERT_EQ(pinger.Send(To("fd00:6::1")), 0);
  Poll();
  EXPECT_TRUE(pinger.Take().has_value());
  EXPECT_TRUE(pinger.Take().has_value());
}

TEST_F(Control, PingersDoNotTakeEachOthersAnswers) {
  Pinger one(*first_);
  Pinger other(*first_);
  ASSERT_EQ(one.Send(To("fd00:6::2"), 0), 0);
  ASSERT_EQ(other.Send(To("fd00:6::2"), 8), 0);
  ASSERT_EQ(other.Send(To("fd00:6::2"), 1400), 0);
  Poll();
  EXPECT_EQ(one.Take()->size, 8u);
  EXPECT_FALSE(one.Take().has_value());
  EXPECT_EQ(other.Take()->sequence, 1);
  EXPECT_EQ(other.Take()->sequence, 2);
}

TEST_F(Control, AnswersToNobodyAreCounted) {
  {
    Pinger gone(*first_);
    ASSERT_EQ(gone.Send(To("fd00:6::2")), 0);
  }
  Poll();
  EXPECT_THAT(Show(*first_, "drops"), HasSubstr("icmp6-echo-unsolicited"));
}

// Nobody has that address: the host itself says so, after having asked for it.
TEST_F(Control, PingsNobody) {
  ASSERT_TRUE(SetTunable(*first_, "nd_retrans_ms", "10", text_));
  Pinger pinger(*first_);
  ASSERT_EQ(pinger.Send(To("fd00:6::77")), 0);
  std::optional<EchoAnswer> answer;
  for (int i = 0; i < 2'000'000 && !answer; ++i) {
    Poll(1);
    answer = pinger.Take();
  }
  ASSERT_TRUE(answer && answer->error);
  EXPECT_EQ(answer->error->type, 1);
  EXPECT_EQ(answer->error->code, 3);
  EXPECT_EQ(answer->sequence, 1);
}

TEST_F(Control, PingErrors) {
  Pinger pinger(*first_);
  EXPECT_EQ(pinger.Send(To("2001:db8::1")), ENETUNREACH);
  EXPECT_EQ(pinger.Send(To("fe80::1")), EADDRNOTAVAIL) << "on which link?";
  EXPECT_EQ(pinger.Send(To("::")), EINVAL);
  EXPECT_EQ(pinger.Send(To("fd00:6::2"), 1453), EMSGSIZE);
  EXPECT_EQ(pinger.Send(To("fd00:6::2"), 1452), 0);
  EXPECT_EQ(pinger.Send(To("fd00:6::2"), 1 << 20), EMSGSIZE);
}

TEST_F(Control, SetsTunables) {
  std::string error;
  EXPECT_TRUE(SetTunable(*first_, "hop_limit", "17", error)) << error;
  EXPECT_EQ(first_->graph().core().tunables().hop_limit, 17);
  EXPECT_THAT(Show(*first_, "tunables"), testing::ContainsRegex("\nhop_limit +17 +64 "));
}

struct BadTunable {
  const char* name;
  const char* value;
  const char* error;
};

TEST_F(Control, RefusesTunables) {
  const BadTunable kRows[] = {
      {"hop_limit", "0", "hop_limit: 0 is not between 1 and 255"},
      {"hop_limit", "256", "hop_limit: 256 is not between 1 and 255"},
      {"hop_limit", "", "hop_limit:  is not a decimal number"},
      {"hop_limit", "12x", "hop_limit: 12x is not a decimal number"},
      {"hop_limits", "1", "there is no tunable hop_limits; did you mean hop_limit?"},
      {"ephemeral_last", "1024", "ephemeral_first: 49152 is above ephemeral_last, which is 1024"},
  };
  const Tunables before = first_->graph().core().tunables();
  for (const BadTunable& row : kRows) {
    std::string error;
    EXPECT_FALSE(SetTunable(*first_, row.name, row.value, error));
    EXPECT_EQ(error, row.error);
  }
  for (const TunableRow& row : TunableRows()) {
    EXPECT_EQ(first_->graph().core().tunables().*row.field, before.*row.field) << row.name;
  }
}

TEST_F(Control, TellsAddressesAndInterfaces) {
  EXPECT_THAT(UsableAddresses(*first_), testing::Contains("lan0 fd00:6::1"));
  EXPECT_EQ(InterfaceIndex(*first_, "lo"), 1u);
  EXPECT_EQ(InterfaceIndex(*first_, "lan0"), 2u);
  EXPECT_EQ(InterfaceIndex(*first_, "lan1"), 0u);
}

TEST_F(Control, StatisticsAddUp) {
  Pinger pinger(*first_);
  EXPECT_EQ(pinger.Send(To("fd00:6::2")), 0);
  Poll();  // the neighbor is known now
  for (int i = 0; i < 10; ++i) EXPECT_EQ(pinger.Send(To("fd00:6::2")), 0);
  Poll();
  for (Host* const host : {first_.get(), second_.get()}) {
    const HostStatistics s = Statistics(*host);
    EXPECT_GE(s.received, 10u);
    EXPECT_EQ(s.received, s.delivered + s.held + s.refused + s.dropped);
    EXPECT_EQ(s.held, 0u);
    EXPECT_GE(s.sent, 10u);
  }
}

TEST(GeneratedDocs, HaveARowForEverything) {
  const std::string drops = DropsMarkdown();
  for (const DropReasonRow& row : kDropReasons) {
    if (row.reason == DropReason::kNone) continue;
    EXPECT_THAT(drops, HasSubstr("| `" + std::string(row.name) + "` | "));
  }
  const std::string tunables = TunablesMarkdown();
  for (const TunableRow& row : TunableRows()) {
    EXPECT_THAT(tunables, HasSubstr("| `" + std::string(row.name) + "` | " +
                                    std::to_string(row.initial) + " | "));
  }
}

}  // namespace
}  // namespace sextant
