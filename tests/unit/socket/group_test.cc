// SPDX-License-Identifier: BSD-3-Clause
// Multicast membership and what groups deliver.
// Owned by one Core.
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr const char* kGroup = "ff05::7:7";

Errno Change(SocketRig& rig, int fd, int option, const char* group, unsigned interface) {
  const ipv6_mreq request{socket::ToC(Ip(group)), interface};
  return rig.Set(fd, IPPROTO_IPV6, option, request);
}
Errno Join(SocketRig& rig, int fd, const char* group, unsigned interface) {
  return Change(rig, fd, IPV6_JOIN_GROUP, group, interface);
}
Errno Leave(SocketRig& rig, int fd, const char* group, unsigned interface) {
  return Change(rig, fd, IPV6_LEAVE_GROUP, group, interface);
}

// clang-format off
const CallCase kGroupCases[] = {
    {"Join",             "RFC 3493 §5.2", [](SocketRig& r) { return Join(r, r.Open(), kGroup, kLan); }, kOk, kOk},
    {"JoinDefault",      "RFC 3493 §5.2", [](SocketRig& r) { return Join(r, r.Open(), kGroup, 0); }, kOk, kOk},
    {"JoinTwice",        "RFC 3493 §5.2", [](SocketRig& r) { const int fd = r.Open(); Join(r, fd, kGroup, kLan); return Join(r, fd, kGroup, kLan); },
                         Errno::kAddressInUse, Errno::kAddressInUse},
    {"JoinElsewhere",    "RFC 3493 §5.2", [](SocketRig& r) { const int fd = r.Open(); Join(r, fd, kGroup, kLan); return Join(r, fd, kGroup, 1); }, kOk, kOk},
    {"NotAGroup",        "RFC 3493 §5.2", [](SocketRig& r) { return Join(r, r.Open(), kOurGlobal, kLan); }, Errno::kInvalid, Errno::kInvalid},
    {"NoInterface",      "RFC 3493 §5.2", [](SocketRig& r) { return Join(r, r.Open(), kGroup, 9); }, Errno::kAddressNotAvailable, Errno::kNoDevice},
    {"Leave",            "RFC 3493 §5.2", [](SocketRig& r) { const int fd = r.Open(); Join(r, fd, kGroup, kLan); return Leave(r, fd, kGroup, kLan); },
                         kOk, kOk},
    {"LeaveAny",         "RFC 3493 §5.2", [](SocketRig& r) { const int fd = r.Open(); Join(r, fd, kGroup, kLan); return Leave(r, fd, kGroup, 0); }, kOk, kOk},
    {"LeaveOther",       "RFC 3493 §5.2", [](SocketRig& r) { const int fd = r.Open(); Join(r, fd, kGroup, kLan); return Leave(r, fd, kGroup, 1); },
                         Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"LeaveNotJoined",   "RFC 3493 §5.2", [](SocketRig& r) { return Leave(r, r.Open(), kGroup, kLan); },
                         Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"LeaveNoInterface", "RFC 3493 §5.2", [](SocketRig& r) { return Leave(r, r.Open(), kGroup, 9); }, Errno::kAddressNotAvailable, Errno::kNoDevice},
    {"LeaveNotAGroup",   "RFC 3493 §5.2", [](SocketRig& r) { return Leave(r, r.Open(), kOurGlobal, kLan); }, Errno::kInvalid, Errno::kInvalid},
};
// clang-format on

using GroupTest = CallTest;
TEST_P(GroupTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc3493, GroupTest, InBothProfiles(kGroupCases), kNameOfCall);

class MemberTest : public SocketRig {
 protected:
  // The counters after a test must still agree, whatever was dropped.
  int Sender(int loop = 1, int hops = 1) {
    const int fd = Open();
    EXPECT_EQ(Set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, loop), kOk);
    EXPECT_EQ(Set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hops), kOk);
    return fd;
  }
};

TEST_F(MemberTest, EndsWithTheSocket) {
  const int a = Open();
  const int b = Open();
  EXPECT_EQ(Join(*this, a, kGroup, kLan), kOk);
  EXPECT_EQ(Join(*this, b, kGroup, kLan), kOk);
  EXPECT_EQ(layer().Close(a), kOk);
  EXPECT_TRUE(lan().IsMember(Ip(kGroup)));
  EXPECT_EQ(layer().Close(b), kOk);
  EXPECT_FALSE(lan().IsMember(Ip(kGroup)));
}

TEST_F(MemberTest, EveryMemberHears) {
  const int yes = 1;
  std::array<int, 3> members;
  for (int& fd : members) {
    fd = Open();
    EXPECT_EQ(Set(fd, SOL_SOCKET, SO_REUSEADDR, yes), kOk);
    EXPECT_EQ(Bind(fd, At("::", 7)), kOk);
    EXPECT_EQ(Join(*this, fd, kGroup, kLan), kOk);
  }
  EXPECT_EQ(SendTo(Sender(), "to all", At(kGroup, 7)), kOk);
  Settle();
  for (const int fd : members) EXPECT_EQ(Receive(fd), "to all");
}

TEST_F(MemberTest, LoopIsTheSendersChoice) {
  const int member = OpenAt("::", 7);
  EXPECT_EQ(Join(*this, member, kGroup, kLan), kOk);
  EXPECT_EQ(SendTo(Sender(0), "not back", At(kGroup, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(member), "[EAGAIN]");
  // Requirement B-2: hop limit 0 stays here, and members here still hear it.
  EXPECT_EQ(SendTo(Sender(1, 0), "stays", At(kGroup, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(member), "stays");
}

TEST_F(MemberTest, NobodyHasJoined) {
  const int deaf = OpenAt("::", 7);
  EXPECT_EQ(SendTo(Sender(), "x", At(kGroup, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(deaf), "[EAGAIN]");
}

TEST_F(MemberTest, BoundToTheGroupAndAnswering) {
  const int member = OpenAt(kGroup, 7);
  EXPECT_EQ(Join(*this, member, kGroup, kLan), kOk);
  const int asking = OpenAt(kOurGlobal, 8);
  EXPECT_EQ(SendTo(asking, "who?", At(kGroup, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(member), "who?");
  // RFC 4291 §2.7: the answer does not come from the group.
  EXPECT_EQ(SendTo(member, "me", At(kOurGlobal, 8)), kOk);
  Settle();
  sockaddr_in6 source{};
  socklen_t length = sizeof source;
  char text[4];
  EXPECT_EQ(*layer().ReceiveFrom(asking, text, 4, 0, reinterpret_cast<sockaddr*>(&source), &length),
            2U);
  EXPECT_EQ(Text(source), "fd00:6::2%0 port 7");
}

}  // namespace
}  // namespace sextant::test
