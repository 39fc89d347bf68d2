// SPDX-License-Identifier: BSD-3-Clause
// Ancillary data, both ways.
// Owned by one Core.
#include "socket/control.h"

#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr int kIp6 = IPPROTO_IPV6;

// One control message; `length` overrides cmsg_len.
Frame Item(int level, int type, const Data& data, size_t length = 0) {
  Frame out(CMSG_SPACE(data.size()));
  cmsghdr header{};
  header.cmsg_len = length != 0 ? length : CMSG_LEN(data.size());
  header.cmsg_level = level;
  header.cmsg_type = type;
  std::memcpy(out.data(), &header, sizeof header);
  std::ranges::copy(data, out.begin() + CMSG_LEN(0));
  return out;
}
Data Number(int32_t number) {
  Frame out(sizeof number);
  std::memcpy(out.data(), &number, sizeof number);
  return out;
}
Data Info(const char* address, unsigned interface) {
  const in6_pktinfo info{socket::ToC(Ip(address)), interface};
  Frame out(sizeof info);
  std::memcpy(out.data(), &info, sizeof info);
  return out;
}

Errno SendWith(SocketRig& rig, int fd, Frame control, const sockaddr_in6& to) {
  sockaddr_in6 address = to;
  iovec part{const_cast<char*>("data"), 4};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  return rig.layer().SendMsg(fd, message, 0).error();
}
Errno SendWith(SocketRig& rig, const Frame& control) {
  return SendWith(rig, rig.Open(), control, At("::1", 7));
}

// clang-format off
const CallCase kControlCases[] = {
    {"HopLimit",         "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(5))); }, kOk, kOk},
    {"HopLimitDefault",  "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(-1))); }, kOk, kOk},
    {"HopLimitLow",      "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(-2))); }, Errno::kInvalid, Errno::kInvalid},
    {"HopLimitHigh",     "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(256))); }, Errno::kInvalid, Errno::kInvalid},
    {"HopLimitLong",     "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, {5, 0, 0, 0, 0})); },
                         Errno::kInvalid, Errno::kInvalid},
    {"HopLimitShort",    "RFC 3542 §6.3", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, {5, 0, 0})); }, Errno::kInvalid, Errno::kInvalid},
    {"ClassHigh",        "RFC 3542 §6.5", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_TCLASS, Number(256))); }, Errno::kInvalid, Errno::kInvalid},
    {"Info",             "RFC 3542 §6.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_PKTINFO, Info("::1", 1))); }, kOk, kOk},
    {"InfoShort",        "RFC 3542 §6.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_PKTINFO, Data(Frame(19)))); },
                         Errno::kInvalid, Errno::kInvalid},
    {"InfoNoInterface",  "RFC 3542 §6.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_PKTINFO, Info("::", 9))); },
                         Errno::kNoDeviceOrAddress, Errno::kNoDevice},
    {"InfoForeign",      "RFC 3542 §6.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_PKTINFO, Info("fd00:6::9", 0))); },
                         Errno::kAddressNotAvailable, Errno::kInvalid},
    {"Two",              "RFC 3542 §20",
                         [](SocketRig& r) { return SendWith(r, Join(Item(kIp6, IPV6_HOPLIMIT, Number(5)), Item(kIp6, IPV6_TCLASS, Number(5)))); }, kOk, kOk},
    {"SecondWrong",      "RFC 3542 §20",
                         [](SocketRig& r) { return SendWith(r, Join(Item(kIp6, IPV6_HOPLIMIT, Number(5)), Item(kIp6, IPV6_TCLASS, Number(-9)))); },
                         Errno::kInvalid, Errno::kInvalid},
    {"Unknown",          "RFC 3542 §4.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, 111, Number(1))); }, Errno::kInvalid, Errno::kInvalid},
    {"NotAncillary",     "RFC 3542 §4.2", [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_UNICAST_HOPS, Number(1))); }, Errno::kInvalid, Errno::kInvalid},
    {"OtherLevel",       "own rule",      [](SocketRig& r) { return SendWith(r, Item(IPPROTO_UDP, 103, Number(1))); }, Errno::kInvalid, Errno::kInvalid},
    {"Rights",           "own rule",      [](SocketRig& r) { return SendWith(r, Item(SOL_SOCKET, SCM_RIGHTS, Number(1))); }, Errno::kInvalid, Errno::kInvalid},
    {"LengthZero",       "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Poke(Item(kIp6, IPV6_HOPLIMIT, Number(5)), 0, 0)); },
                         Errno::kInvalid, Errno::kInvalid},
    {"LengthSmall",      "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(5), 15)); }, Errno::kInvalid, Errno::kInvalid},
    {"LengthBeyond",     "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(5), 25)); }, Errno::kInvalid, Errno::kInvalid},
    {"LengthHuge",       "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Item(kIp6, IPV6_HOPLIMIT, Number(5), SIZE_MAX)); },
                         Errno::kInvalid, Errno::kInvalid},
    {"PaddingMissing",   "POSIX",         [](SocketRig& r) { return SendWith(r, Cut(Item(kIp6, IPV6_HOPLIMIT, Number(5)), CMSG_LEN(4))); }, kOk, kOk},
    {"TrailingSeven",    "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Pad(Item(kIp6, IPV6_HOPLIMIT, Number(5)), 7)); }, kOk, kOk},
    {"OnlySeven",        "RFC 3542 §20",  [](SocketRig& r) { return SendWith(r, Frame(7)); }, kOk, kOk},
    {"TooMuch",          "own rule",      [](SocketRig& r) { return SendWith(r, Frame((64 << 10) + 1)); }, Errno::kNoBuffers, Errno::kNoBuffers},
};
// clang-format on

using ControlTest = CallTest;
TEST_P(ControlTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc3542, ControlTest, InBothProfiles(kControlCases), kNameOfCall);

class ItemTest : public SocketRig {
 protected:
  // Receives one datagram with room for control; returns "type:size..." and flags.
  std::string ReceiveItems(int fd, size_t room, Frame* control = nullptr) {
    Frame space(room);
    msghdr message{};
    message.msg_control = room == 0 ? nullptr : space.data();
    message.msg_controllen = room;
    EXPECT_TRUE(layer().ReceiveMsg(fd, message, 0).ok());
    space.resize(message.msg_controllen);
    std::string out;
    EXPECT_EQ(kOk, socket::ForEachControl(space, [&](int level, int type, Bytes data) {
                EXPECT_EQ(level, kIp6);
                out += std::to_string(type) + ":" + std::to_string(data.size()) + " ";
                return kOk;
              }));
    if (control != nullptr) *control = space;
    return out + ((message.msg_flags & MSG_CTRUNC) != 0 ? "cut" : "");
  }
  int OpenWithItems(const char* address, uint32_t zone = 0) {
    const int fd = OpenAt(address, 7, zone);
    for (const int option : {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS}) {
      EXPECT_EQ(Set(fd, kIp6, option, 1), kOk);
    }
    return fd;
  }
};

TEST_F(ItemTest, OnlyWhatWasAskedFor) {
  const int fd = OpenAt("::1", 7);
  EXPECT_EQ(SendTo(fd, "x", At("::1", 7)), kOk);
  Settle();
  EXPECT_EQ(ReceiveItems(fd, 256), "");
  EXPECT_EQ(Set(fd, kIp6, IPV6_RECVHOPLIMIT, 1), kOk);
  EXPECT_EQ(SendTo(fd, "x", At("::1", 7)), kOk);
  Settle();
  EXPECT_EQ(ReceiveItems(fd, 256), "52:4 ");
}

TEST_F(ItemTest, WhatDoesNotFitIsCut) {
  const int fd = OpenWithItems("::1");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(SendTo(fd, "x", At("::1", 7)), kOk);
  Settle();
  EXPECT_EQ(ReceiveItems(fd, CMSG_SPACE(20) + 2 * CMSG_SPACE(4)), "50:20 52:4 67:4 ");
  EXPECT_EQ(ReceiveItems(fd, CMSG_SPACE(20) + CMSG_SPACE(4) + CMSG_LEN(4)), "50:20 52:4 67:4 ");
  EXPECT_EQ(ReceiveItems(fd, CMSG_SPACE(20) + CMSG_SPACE(4) + CMSG_LEN(4) - 1), "50:20 52:4 cut");
  EXPECT_EQ(ReceiveItems(fd, CMSG_LEN(20) - 1), "52:4 cut");
  EXPECT_EQ(ReceiveItems(fd, 0), "cut");
}

TEST_F(ItemTest, WhatWasSentIsReceivedAndAnswersUnchanged) {
  // Requirements C-3 and C-5.
  const int fd = OpenWithItems(kOurLinkLocal, kLan);
  const Frame sent =
      Join(Item(kIp6, IPV6_HOPLIMIT, Number(7)), Item(kIp6, IPV6_TCLASS, Number(0xb8)));
  EXPECT_EQ(SendWith(*this, fd, sent, At(kOurLinkLocal, 7, kLan)), kOk);
  Settle();
  Frame control;
  EXPECT_EQ(ReceiveItems(fd, 256, &control), "50:20 52:4 67:4 ");
  const Frame want = Join(Join(Item(kIp6, IPV6_PKTINFO, Info(kOurLinkLocal, kLan)),
                               Item(kIp6, IPV6_HOPLIMIT, Number(7))),
                          Item(kIp6, IPV6_TCLASS, Number(0xb8)));
  EXPECT_EQ(control, want);
  EXPECT_EQ(SendWith(*this, fd, control, At(kOurLinkLocal, 7, kLan)), kOk);
  Settle();
  Frame again;
  EXPECT_EQ(ReceiveItems(fd, 256, &again), "50:20 52:4 67:4 ");
  EXPECT_EQ(again, want);
}

TEST_F(ItemTest, AncillaryOverSticky) {
  // RFC 3542 §4.2: for one datagram only.
  const int fd = OpenAt("::1", 7);
  EXPECT_EQ(Set(fd, kIp6, IPV6_RECVTCLASS, 1), kOk);
  EXPECT_EQ(Set(fd, kIp6, IPV6_TCLASS, 8), kOk);
  EXPECT_EQ(SendWith(*this, fd, Item(kIp6, IPV6_TCLASS, Number(16)), At("::1", 7)), kOk);
  EXPECT_EQ(SendTo(fd, "x", At("::1", 7)), kOk);
  EXPECT_EQ(SendWith(*this, fd, Item(kIp6, IPV6_TCLASS, Number(-1)), At("::1", 7)), kOk);
  Settle();
  for (const int want : {16, 8, 0}) {
    Frame control;
    EXPECT_EQ(ReceiveItems(fd, 256, &control), "67:4 ");
    EXPECT_EQ(control, Item(kIp6, IPV6_TCLASS, Number(want)));
  }
}

}  // namespace
}  // namespace sextant::test
