// SPDX-License-Identifier: BSD-3-Clause
// Items of received packets beyond the plain ones: a crafted packet, the exact control messages;
// what is done when they do not fit; IPV6_PKTOPTIONS; who is too far away.
// RFC 3542 §7 to §9, RFC 2292 §4.5 to §8, RFC 5082 §3.
// Owned by one Core.
#include "wire_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr uint16_t kPort = 7;

const Data kAlert{5, 2, 0, 0, 1, 0};
const Data kNote{0x1e, 4, 'a', 'b', 'c', 'd'};
const Data kOther{0x1e, 4, 'w', 'x', 'y', 'z'};
// RFC 8200 §4.4: with no segment left it is of no type that needs to be known.
const Data kRoute{77, 0, 9, 9, 9, 9};

Frame Header(uint8_t next, const Data& body) { return Join(Frame{next, 0}, body); }
Ip6 FromPeer() { return Ip6().From(kPeerGlobal).To(kOurGlobal).HopLimit(33).TrafficClass(0xb8); }

struct ItemCase {
  const char* name;
  const char* section;
  std::vector<int> switches;
  Ip6 (*packet)();
  std::vector<Given> want;
};

Ip6 Plain() { return FromPeer().Udp(99, kPort, "data"); }
Ip6 Full() {
  return FromPeer()
      .Extension(0, kAlert)
      .Extension(60, kNote)
      .Extension(43, kRoute)
      .Extension(60, kOther)
      .Udp(99, kPort, "data");
}

// clang-format off
const ItemCase kItemCases[] = {
    {"NothingAsked",  "RFC 3542 §4.1", {}, Full, {}},
    {"NothingThere",  "RFC 3542 §4.1", {IPV6_RECVHOPOPTS, IPV6_RECVDSTOPTS, IPV6_RECVRTHDR, IPV6_2292HOPOPTS, IPV6_2292DSTOPTS, IPV6_2292RTHDR}, Plain, {}},
    {"HopByHop",      "RFC 3542 §8",   {IPV6_RECVHOPOPTS}, Full, {{IPV6_HOPOPTS, Header(60, kAlert)}}},
    {"Destination",   "RFC 3542 §9",   {IPV6_RECVDSTOPTS}, Full, {{IPV6_DSTOPTS, Header(43, kNote)}, {IPV6_DSTOPTS, Header(17, kOther)}}},
    {"Routing",       "RFC 3542 §7",   {IPV6_RECVRTHDR}, Full, {{IPV6_RTHDR, Header(60, kRoute)}}},
    {"DestinationOne", "RFC 3542 §9",  {IPV6_RECVDSTOPTS}, [] { return FromPeer().Extension(60, kNote).Udp(99, kPort, "data"); },
                      {{IPV6_DSTOPTS, Header(17, kNote)}}},
    {"PacketOrder",   "RFC 3542 §4.1", {IPV6_RECVRTHDR, IPV6_RECVDSTOPTS, IPV6_RECVHOPOPTS}, Full,
                      {{IPV6_HOPOPTS, Header(60, kAlert)}, {IPV6_DSTOPTS, Header(43, kNote)}, {IPV6_RTHDR, Header(60, kRoute)},
                       {IPV6_DSTOPTS, Header(17, kOther)}}},
    {"OldHopByHop",   "RFC 2292 §6",   {IPV6_2292HOPOPTS}, Full, {{IPV6_2292HOPOPTS, Header(60, kAlert)}}},
    {"OldOrder",      "RFC 2292 §7",   {IPV6_2292DSTOPTS, IPV6_2292RTHDR}, Full,
                      {{IPV6_2292DSTOPTS, Header(43, kNote)}, {IPV6_2292RTHDR, Header(60, kRoute)}, {IPV6_2292DSTOPTS, Header(17, kOther)}}},
    {"OldInfo",       "RFC 2292 §5.1", {IPV6_2292PKTINFO}, Plain, {{IPV6_2292PKTINFO, Info(kOurGlobal, kLan)}}},
    {"OldHopLimit",   "RFC 2292 §5.3", {IPV6_2292HOPLIMIT}, Plain, {{IPV6_2292HOPLIMIT, Number(33)}}},
    {"NewBeforeOld",  "own rule",      {IPV6_2292HOPLIMIT, IPV6_2292PKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVPKTINFO, IPV6_RECVTCLASS}, Plain,
                      {{IPV6_PKTINFO, Info(kOurGlobal, kLan)}, {IPV6_HOPLIMIT, Number(33)}, {IPV6_TCLASS, Number(0xb8)},
                       {IPV6_2292PKTINFO, Info(kOurGlobal, kLan)}, {IPV6_2292HOPLIMIT, Number(33)}}},
    {"Original",      "ipv6(7)",       {IPV6_RECVORIGDSTADDR}, Plain, {{IPV6_ORIGDSTADDR, AsData(At(kOurGlobal, kPort))}}},
};
// clang-format on

class ReceivingRig : public WireRig {
 protected:
  explicit ReceivingRig(ProfileName profile) : WireRig(profile) {}

  int OpenWith(const std::vector<int>& switches) {
    const int fd = OpenAt("::", kPort);
    for (const int option : switches) EXPECT_EQ(Set(fd, kIp6Level, option, 1), kOk) << option;
    return fd;
  }
  void Deliver(const Ip6& packet) {
    link().Arrive(pool().Copy(Ethernet(kOurMac, "02:00:00:00:00:01", packet)));
    Settle();
  }
  // The control bytes of the next datagram.
  Frame ReceiveControl(int fd, size_t room, int& flags) {
    Frame space(room);
    msghdr message{};
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    EXPECT_TRUE(layer().ReceiveMsg(fd, message, 0).ok());
    space.resize(message.msg_controllen);
    flags = message.msg_flags;
    return space;
  }
  static Frame Items(const std::vector<Given>& items) {
    Frame out;
    for (const Given& item : items) out = Join(out, ControlItem(item.type, item.value));
    return out;
  }
};

class ReceivedItemTest : public ReceivingRig,
                         public testing::WithParamInterface<std::tuple<ItemCase, ProfileName>> {
 protected:
  ReceivedItemTest() : ReceivingRig(std::get<1>(GetParam())) {}
};

TEST_P(ReceivedItemTest, IsExact) {
  const ItemCase& row = std::get<0>(GetParam());
  const int fd = OpenWith(row.switches);
  Deliver(row.packet());
  int flags = 0;
  EXPECT_EQ(ReceiveControl(fd, 1024, flags), Items(row.want)) << row.section;
  EXPECT_EQ(flags & MSG_CTRUNC, 0);
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, ReceivedItemTest,
                         testing::Combine(testing::ValuesIn(kItemCases),
                                          testing::Values(ProfileName::kRfc, ProfileName::kLinux)),
                         kNameOfCall);

class ShortOfRoomTest : public ReceivingRig, public testing::WithParamInterface<ProfileName> {
 protected:
  ShortOfRoomTest() : ReceivingRig(GetParam()) {}
};

TEST_P(ShortOfRoomTest, CutsOrLeavesOut) {
  const bool cuts = GetParam() == ProfileName::kLinux;
  const int fd = OpenWith({IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT});
  const Frame info = ControlItem(IPV6_PKTINFO, Info(kOurGlobal, kLan));
  const Frame limit = ControlItem(IPV6_HOPLIMIT, Number(33));
  for (size_t room = 0; room <= info.size() + limit.size(); ++room) {
    Deliver(Plain());
    int flags = 0;
    const Frame got = ReceiveControl(fd, room, flags);
    const bool whole = room >= info.size() + CMSG_LEN(4);
    EXPECT_EQ((flags & MSG_CTRUNC) != 0, !whole) << room;
    if (whole) {
      const size_t least = info.size() + CMSG_LEN(4);
      EXPECT_EQ(Cut(got, least), Cut(Join(info, limit), least));
    }
    if (room < CMSG_LEN(0)) {
      EXPECT_EQ(got, Frame());
    }
    // Room for the second one only.
    if (!cuts && room == limit.size()) {
      EXPECT_EQ(got, limit);
    }
    // Linux: the length that it has, and as much of the data.
    if (cuts && room == CMSG_LEN(7)) {
      EXPECT_EQ(got, Cut(Poke(info, 0, static_cast<uint8_t>(CMSG_LEN(7))), room));
    }
    if (cuts && room == CMSG_LEN(0)) {
      EXPECT_EQ(got, Cut(Poke(info, 0, CMSG_LEN(0)), room));
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, ShortOfRoomTest,
                         testing::Values(ProfileName::kRfc, ProfileName::kLinux),
                         [](const auto& row) {
                           return row.param == ProfileName::kLinux ? "Linux" : "Rfc";
                         });

class ReceivedTest : public ReceivingRig {
 protected:
  ReceivedTest() : ReceivingRig(ProfileName::kRfc) {}
  Frame PacketOptions(int fd) {
    Frame room(1024);
    auto length = static_cast<socklen_t>(room.size());
    EXPECT_EQ(layer().GetSockOpt(fd, kIp6Level, IPV6_PKTOPTIONS, room.data(), &length), kOk);
    room.resize(length);
    return room;
  }
};

TEST_F(ReceivedTest, PacketOptionsTellOfTheLastPacket) {
  // Requirement C-9.
  const int fd = OpenWith({IPV6_2292HOPOPTS, IPV6_2292HOPLIMIT});
  EXPECT_EQ(PacketOptions(fd), Frame());
  Deliver(Full());
  EXPECT_EQ(PacketOptions(fd), Frame());
  EXPECT_EQ(Receive(fd), "data");
  const Frame want =
      Items({{IPV6_2292HOPLIMIT, Number(33)}, {IPV6_2292HOPOPTS, Header(60, kAlert)}});
  EXPECT_EQ(PacketOptions(fd), want);
  Deliver(Plain());
  EXPECT_EQ(Receive(fd), "data");
  EXPECT_EQ(PacketOptions(fd), Items({{IPV6_2292HOPLIMIT, Number(33)}}));
}

TEST_F(ReceivedTest, WhatWasReceivedCanBeSent) {
  // Requirement C-5, for headers that may be sent.
  const int fd = OpenWith({IPV6_RECVHOPOPTS, IPV6_RECVPKTINFO});
  Deliver(FromPeer().Extension(0, kAlert).Udp(99, kPort, "data"));
  int flags = 0;
  Frame control = ReceiveControl(fd, 256, flags);
  EXPECT_EQ(control,
            Items({{IPV6_PKTINFO, Info(kOurGlobal, kLan)}, {IPV6_HOPOPTS, Header(17, kAlert)}}));
  const int out = OpenWire();
  EXPECT_EQ(SendWire(out, At(kPeerGlobal, 99),
                     {{IPV6_PKTINFO, Info(kOurGlobal, kLan)}, {IPV6_HOPOPTS, Header(17, kAlert)}}),
            kOk);
  EXPECT_EQ(TakeSent().size(), 1U);
}

TEST_F(ReceivedTest, WhoIsTooFarAwayIsNotHeard) {
  const int fd = OpenWith({});
  EXPECT_EQ(Set(fd, kIp6Level, IPV6_MINHOPCOUNT, 34), kOk);
  Deliver(Plain());
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  EXPECT_EQ(Set(fd, kIp6Level, IPV6_MINHOPCOUNT, 33), kOk);
  Deliver(Plain());
  EXPECT_EQ(Receive(fd), "data");
}

TEST_F(ReceivedTest, GroupsOfOthers) {
  // ipv6(7) IPV6_MULTICAST_ALL.
  const int member = OpenAt("::", kPort);
  EXPECT_EQ(Set(member, kIp6Level, IPV6_JOIN_GROUP, ipv6_mreq{socket::ToC(Ip("ff02::7")), kLan}),
            kOk);
  const int other = OpenAt("::", kPort + 1);
  EXPECT_EQ(Set(other, kIp6Level, IPV6_MULTICAST_ALL, 0), kOk);
  const Ip6 packet = FromPeer().To("ff02::7").Udp(99, kPort + 1, "data");
  const auto deliver = [&] {
    link().Arrive(pool().Copy(Ethernet("33:33:00:00:00:07", "02:00:00:00:00:01", packet)));
    Settle();
    return Receive(other);
  };
  EXPECT_EQ(deliver(), "[EAGAIN]");
  EXPECT_EQ(Set(other, kIp6Level, IPV6_MULTICAST_ALL, 1), kOk);
  EXPECT_EQ(deliver(), "data");
  EXPECT_EQ(Set(other, kIp6Level, IPV6_MULTICAST_ALL, 0), kOk);
  EXPECT_EQ(Set(other, kIp6Level, IPV6_JOIN_GROUP, ipv6_mreq{socket::ToC(Ip("ff02::7")), kLan}),
            kOk);
  EXPECT_EQ(deliver(), "data");
}

}  // namespace
}  // namespace sextant::test
