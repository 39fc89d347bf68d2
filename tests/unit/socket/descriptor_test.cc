// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include <fcntl.h>
#include <sys/ioctl.h>

#include "socket_rig.h"

namespace sextant::test {
namespace {

struct KindCase {
  const char* name;
  int domain;
  int type;
  int protocol;
  Errno want;
};

// clang-format off
const KindCase kKinds[] = {
    {"Udp",             AF_INET6, SOCK_DGRAM,                               0,                Errno::kOk},
    {"UdpByNumber",     AF_INET6, SOCK_DGRAM,                               IPPROTO_UDP,      Errno::kOk},
    {"Flags",           AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,               Errno::kOk},
    {"OtherDomain",     AF_INET,  SOCK_DGRAM,                               0,                Errno::kFamilyNoSupport},
    {"Stream",          AF_INET6, SOCK_STREAM,                              0,                Errno::kSocketTypeNoSupport},
    {"Raw",             AF_INET6, SOCK_RAW,                                 IPPROTO_ICMPV6,   Errno::kOk},
    {"UdpLite",         AF_INET6, SOCK_DGRAM,                               IPPROTO_UDPLITE,  Errno::kProtoNoSupport},
    {"UnknownTypeBits", AF_INET6, SOCK_DGRAM | 0x100,                       0,                Errno::kInvalid},
    {"NegativeType",    AF_INET6, -1,                                       0,                Errno::kInvalid},
};
// clang-format on

class KindTest : public SocketRig, public testing::WithParamInterface<KindCase> {};
TEST_P(KindTest, Socket) {
  const KindCase& row = GetParam();
  EXPECT_EQ(layer().Socket(row.domain, row.type, row.protocol).error(), row.want);
}
INSTANTIATE_TEST_SUITE_P(Posix, KindTest, testing::ValuesIn(kKinds), kNameOf);

using DescriptorTest = SocketRig;

TEST_F(DescriptorTest, LowestFreeFirst) {
  EXPECT_EQ(Open(), 3);
  EXPECT_EQ(Open(), 4);
  EXPECT_EQ(Open(), 5);
  EXPECT_EQ(layer().Close(4), Errno::kOk);
  EXPECT_EQ(layer().Close(3), Errno::kOk);
  EXPECT_EQ(Open(), 3);
  EXPECT_EQ(*layer().EpollCreate(0), 4);
  EXPECT_EQ(Open(), 6);
  EXPECT_EQ(layer().open(), 4U);
}

TEST_F(DescriptorTest, WhatIsNotOpen) {
  for (const int fd : {-1, 0, 2, 3, kNoFd, INT_MIN, INT_MAX}) {
    EXPECT_EQ(layer().Close(fd), Errno::kBadDescriptor) << fd;
    EXPECT_EQ(layer().Fcntl(fd, F_GETFL, 0).error(), Errno::kBadDescriptor) << fd;
    EXPECT_EQ(Send(fd, ""), Errno::kBadDescriptor) << fd;
    EXPECT_EQ(Receive(fd), "[EBADF]") << fd;
  }
  const int epoll = *layer().EpollCreate(0);
  EXPECT_EQ(Send(epoll, ""), Errno::kNotSocket);
  EXPECT_EQ(Receive(epoll), "[ENOTSOCK]");
  EXPECT_EQ(layer().Listen(epoll), Errno::kNotSocket);
  EXPECT_EQ(layer().Shutdown(epoll, SHUT_RD), Errno::kNotSocket);
}

TEST_F(DescriptorTest, NoMoreThanTheTunableSays) {
  graph().core().tunables().sockets_max = 2;
  const int first = Open();
  Open();
  EXPECT_EQ(layer().Socket(AF_INET6, SOCK_DGRAM, 0).error(), Errno::kTooManyFiles);
  EXPECT_EQ(layer().EpollCreate(0).error(), Errno::kTooManyFiles);
  EXPECT_EQ(layer().Close(first), Errno::kOk);
  EXPECT_EQ(Open(), first);
}

TEST_F(DescriptorTest, FcntlAndFionbio) {
  const int fd = Open();
  EXPECT_EQ(*layer().Fcntl(fd, F_GETFL, 0), O_RDWR);
  EXPECT_FALSE(layer().PatienceOf(fd)->non_blocking);
  EXPECT_EQ(*layer().Fcntl(fd, F_SETFL, O_NONBLOCK), 0);
  EXPECT_EQ(*layer().Fcntl(fd, F_GETFL, 0), O_RDWR | O_NONBLOCK);
  EXPECT_TRUE(layer().PatienceOf(fd)->non_blocking);
  int off = 0;
  EXPECT_EQ(layer().Ioctl(fd, FIONBIO, &off), Errno::kOk);
  EXPECT_EQ(*layer().Fcntl(fd, F_GETFL, 0), O_RDWR);
  EXPECT_EQ(layer().Fcntl(fd, F_SETFL, O_ASYNC).error(), Errno::kInvalid);
  EXPECT_EQ(layer().Fcntl(fd, F_DUPFD, 0).error(), Errno::kInvalid);

  EXPECT_EQ(*layer().Fcntl(fd, F_GETFD, 0), 0);
  EXPECT_EQ(*layer().Fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
  EXPECT_EQ(*layer().Fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
  const int other = Open(SOCK_NONBLOCK | SOCK_CLOEXEC);
  EXPECT_EQ(*layer().Fcntl(other, F_GETFL, 0), O_RDWR | O_NONBLOCK);
  EXPECT_EQ(*layer().Fcntl(other, F_GETFD, 0), FD_CLOEXEC);
}

TEST_F(DescriptorTest, FionreadIsTheNextDatagram) {
  const int fd = OpenAt("::1", 7);
  int size = -1;
  EXPECT_EQ(layer().Ioctl(fd, FIONREAD, &size), Errno::kOk);
  EXPECT_EQ(size, 0);
  EXPECT_EQ(SendTo(fd, "four", At("::1", 7)), Errno::kOk);
  EXPECT_EQ(SendTo(fd, "and more", At("::1", 7)), Errno::kOk);
  Settle();
  EXPECT_EQ(layer().Ioctl(fd, FIONREAD, &size), Errno::kOk);
  EXPECT_EQ(size, 4);
  EXPECT_EQ(layer().Ioctl(fd, FIONREAD, nullptr), Errno::kFault);
  EXPECT_EQ(layer().Ioctl(fd, TIOCGWINSZ, &size), Errno::kNotTty);
  EXPECT_EQ(layer().Ioctl(*layer().EpollCreate(0), FIONREAD, &size), Errno::kNotTty);
}

TEST_F(DescriptorTest, ClosedWithDatagramsInIt) {
  const int fd = OpenAt("::1", 7);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(SendTo(fd, "x", At("::1", 7)), Errno::kOk);
  Settle();
  EXPECT_EQ(layer().Close(fd), Errno::kOk);
  EXPECT_EQ(graph().udp().size(), 0U);
  EXPECT_EQ(Bind(Open(), At("::1", 7)), Errno::kOk);
}

TEST_F(DescriptorTest, Interfaces) {
  EXPECT_EQ(layer().IndexOf("lo"), 1U);
  EXPECT_EQ(layer().IndexOf("lan0"), 2U);
  EXPECT_EQ(layer().IndexOf("lan1"), 0U);
  EXPECT_EQ(*layer().NameOf(2), "lan0");
  EXPECT_EQ(layer().NameOf(0), nullptr);
  EXPECT_EQ(layer().NameOf(3), nullptr);
}

}  // namespace
}  // namespace sextant::test
