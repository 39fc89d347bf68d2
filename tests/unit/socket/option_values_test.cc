// SPDX-License-Identifier: BSD-3-Clause
// What single options check and answer.
// Owned by one Core.
#include <net/if.h>
#include <sys/time.h>

#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr int kIp6 = IPPROTO_IPV6;

Errno SetSized(SocketRig& rig, int option, int value, socklen_t length) {
  return rig.layer().SetSockOpt(rig.Open(), kIp6, option, &value, length);
}
Errno SetInt(SocketRig& rig, int option, int value) { return SetSized(rig, option, value, 4); }

Errno SetInfo(SocketRig& rig, const char* address, unsigned interface) {
  const in6_pktinfo info{socket::ToC(Ip(address)), interface};
  return rig.Set(rig.Open(), kIp6, IPV6_PKTINFO, info);
}

Errno SetTime(SocketRig& rig, timeval time) {
  return rig.Set(rig.Open(), SOL_SOCKET, SO_RCVTIMEO, time);
}

Errno AfterBind(SocketRig& rig, const char* address, uint32_t zone, int option, int value) {
  return rig.Set(rig.OpenAt(address, 7, zone), kIp6, option, value);
}

Errno SetDevice(SocketRig& rig, int fd, std::string_view name) {
  return rig.layer().SetSockOpt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.data(),
                                static_cast<socklen_t>(name.size()));
}

// clang-format off
const CallCase kValueCases[] = {
    {"LongerThanInt",    "Linux",         [](SocketRig& r) { const int64_t v = 0xffff'ffff'0000'0007; return r.Set(r.Open(), kIp6, IPV6_UNICAST_HOPS, v); },
                         kOk, kOk},
    {"LoopByte",         "requirement B-4", [](SocketRig& r) { return SetSized(r, IPV6_MULTICAST_LOOP, 1, 1); }, kOk, kOk},
    {"LoopByteTwo",      "requirement B-4", [](SocketRig& r) { return SetSized(r, IPV6_MULTICAST_LOOP, 2, 1); }, Errno::kInvalid, Errno::kInvalid},
    {"LoopIntTwo",       "requirement B-4", [](SocketRig& r) { return SetInt(r, IPV6_MULTICAST_LOOP, 2); }, Errno::kInvalid, Errno::kInvalid},
    {"GroupInterface",   "RFC 3493 §5.2", [](SocketRig& r) { return SetInt(r, IPV6_MULTICAST_IF, kLan); }, kOk, kOk},
    {"NoGroupInterface", "RFC 3493 §5.2", [](SocketRig& r) { return SetInt(r, IPV6_MULTICAST_IF, 9); }, Errno::kNoDeviceOrAddress, Errno::kNoDevice},
    {"HugeIndex",        "RFC 3493 §5.2", [](SocketRig& r) { return SetInt(r, IPV6_MULTICAST_IF, -1); }, Errno::kNoDeviceOrAddress, Errno::kNoDevice},
    {"OtherInterface",   "Linux",         [](SocketRig& r) { return AfterBind(r, kOurLinkLocal, kLan, IPV6_MULTICAST_IF, 1); },
                         Errno::kInvalid, Errno::kInvalid},
    {"SameInterface",    "Linux",         [](SocketRig& r) { return AfterBind(r, kOurLinkLocal, kLan, IPV6_MULTICAST_IF, kLan); }, kOk, kOk},
    {"V6OnlyLate",       "RFC 3493 §5.3", [](SocketRig& r) { return AfterBind(r, "::1", 0, IPV6_V6ONLY, 1); }, Errno::kInvalid, Errno::kInvalid},
    {"Info",             "RFC 3542 §6.2", [](SocketRig& r) { return SetInfo(r, kOurGlobal, kLan); }, kOk, kOk},
    {"InfoCleared",      "RFC 3542 §6.2", [](SocketRig& r) { return SetInfo(r, "::", 0); }, kOk, kOk},
    {"InfoNoInterface",  "RFC 3542 §6.2", [](SocketRig& r) { return SetInfo(r, "::", 9); }, Errno::kNoDeviceOrAddress, Errno::kNoDevice},
    {"InfoGroup",        "RFC 3542 §6.2", [](SocketRig& r) { return SetInfo(r, "ff02::1", kLan); }, Errno::kInvalid, Errno::kInvalid},
    {"Timeout",          "POSIX",         [](SocketRig& r) { return SetTime(r, {1, 500'000}); }, kOk, kOk},
    {"TimeoutMicros",    "POSIX",         [](SocketRig& r) { return SetTime(r, {1, 1'000'000}); }, Errno::kDomain, Errno::kDomain},
    {"TimeoutNegative",  "POSIX",         [](SocketRig& r) { return SetTime(r, {-1, 0}); }, Errno::kDomain, Errno::kDomain},
    {"TimeoutEndless",   "POSIX",         [](SocketRig& r) { return SetTime(r, {INT64_MAX, 0}); }, Errno::kDomain, Errno::kDomain},
    {"Device",           "socket(7)",     [](SocketRig& r) { return SetDevice(r, r.Open(), "lan0"); }, kOk, kOk},
    {"DeviceWithZero",   "socket(7)",     [](SocketRig& r) { return SetDevice(r, r.Open(), {"lan0\0junk", 10}); }, kOk, kOk},
    {"DeviceNone",       "socket(7)",     [](SocketRig& r) { return SetDevice(r, r.Open(), ""); }, kOk, kOk},
    {"DeviceUnknown",    "socket(7)",     [](SocketRig& r) { return SetDevice(r, r.Open(), "lan1"); }, Errno::kNoDevice, Errno::kNoDevice},
    {"DeviceOtherZone",  "RFC 4007 §6",   [](SocketRig& r) { return SetDevice(r, r.OpenAt(kOurLinkLocal, 7, kLan), "lo"); }, Errno::kInvalid, Errno::kInvalid},
    {"DeviceLeftZone",   "RFC 4007 §6",   [](SocketRig& r) { return SetDevice(r, r.OpenAt(kOurLinkLocal, 7, kLan), ""); }, Errno::kInvalid, Errno::kInvalid},
};
// clang-format on

using ValueTest = CallTest;
TEST_P(ValueTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Values, ValueTest, InBothProfiles(kValueCases), kNameOfCall);

struct BufferCase {
  const char* name;
  ProfileName profile;
  int option;
  int set;
  int get;
};

// clang-format off
const BufferCase kBufferCases[] = {
    {"RfcReceive",        ProfileName::kRfc,   SO_RCVBUF, 100'000, 100'000},
    {"RfcSend",           ProfileName::kRfc,   SO_SNDBUF, 100'000, 100'000},
    {"RfcTooSmall",       ProfileName::kRfc,   SO_RCVBUF, 0,       2304},
    {"RfcTooLarge",       ProfileName::kRfc,   SO_RCVBUF, INT_MAX, 8 << 20},
    {"LinuxReceive",      ProfileName::kLinux, SO_RCVBUF, 100'000, 200'000},
    {"LinuxSend",         ProfileName::kLinux, SO_SNDBUF, 100'000, 200'000},
    {"LinuxSendTooSmall", ProfileName::kLinux, SO_SNDBUF, 1,       4608},
    {"LinuxTooLarge",     ProfileName::kLinux, SO_SNDBUF, INT_MAX, 16 << 20},
};
// clang-format on

class BufferTest : public SocketRig, public testing::WithParamInterface<BufferCase> {
 public:
  BufferTest() : SocketRig(GetParam().profile) {}
};
TEST_P(BufferTest, IsBroughtIntoRange) {
  const int fd = Open();
  EXPECT_EQ(Get(fd, SOL_SOCKET, GetParam().option), 212'992);
  EXPECT_EQ(Set(fd, SOL_SOCKET, GetParam().option, GetParam().set), kOk);
  EXPECT_EQ(Get(fd, SOL_SOCKET, GetParam().option), GetParam().get);
}
INSTANTIATE_TEST_SUITE_P(Buffers, BufferTest, testing::ValuesIn(kBufferCases), kNameOf);

using AnswerTest = SocketRig;

TEST_F(AnswerTest, WhatASocketIs) {
  const int fd = Open();
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET6);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST_F(AnswerTest, Defaults) {
  // RFC 3493 §5.1, §5.2; RFC 3542 §4: nothing set.
  const int fd = Open();
  EXPECT_EQ(Get(fd, kIp6, IPV6_UNICAST_HOPS), 64);
  EXPECT_EQ(Get(fd, kIp6, IPV6_MULTICAST_HOPS), 1);
  EXPECT_EQ(Get(fd, kIp6, IPV6_MULTICAST_LOOP), 1);
  EXPECT_EQ(Get(fd, kIp6, IPV6_MULTICAST_IF), 0);
  EXPECT_EQ(Get(fd, kIp6, IPV6_V6ONLY), 0);
  EXPECT_EQ(Get(fd, kIp6, IPV6_TCLASS), 0);
  for (const int option : {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS}) {
    EXPECT_EQ(Get(fd, kIp6, option), 0);
  }
  const auto info = Get<in6_pktinfo>(fd, kIp6, IPV6_PKTINFO);
  EXPECT_EQ(socket::FromC(info.ipi6_addr), Ipv6Address());
  EXPECT_EQ(info.ipi6_ifindex, 0U);
  graph().core().tunables().hop_limit = 77;
  EXPECT_EQ(Get(fd, kIp6, IPV6_UNICAST_HOPS), 77);
}

TEST_F(AnswerTest, MinusOneClears) {
  const int fd = Open();
  for (const int option : {IPV6_UNICAST_HOPS, IPV6_MULTICAST_HOPS, IPV6_TCLASS}) {
    const int before = Get(fd, kIp6, option);
    EXPECT_EQ(Set(fd, kIp6, option, 200), kOk);
    EXPECT_EQ(Get(fd, kIp6, option), 200);
    EXPECT_EQ(Set(fd, kIp6, option, -1), kOk);
    EXPECT_EQ(Get(fd, kIp6, option), before);
  }
}

TEST_F(AnswerTest, Timeouts) {
  const int fd = Open();
  EXPECT_EQ(Get<timeval>(fd, SOL_SOCKET, SO_RCVTIMEO).tv_sec, 0);
  EXPECT_EQ(layer().PatienceOf(fd)->receive, Duration::Infinite());
  EXPECT_EQ(Set(fd, SOL_SOCKET, SO_RCVTIMEO, timeval{2, 250'000}), kOk);
  EXPECT_EQ(Set(fd, SOL_SOCKET, SO_SNDTIMEO, timeval{0, 1}), kOk);
  EXPECT_EQ(Get<timeval>(fd, SOL_SOCKET, SO_RCVTIMEO).tv_sec, 2);
  EXPECT_EQ(Get<timeval>(fd, SOL_SOCKET, SO_RCVTIMEO).tv_usec, 250'000);
  EXPECT_EQ(layer().PatienceOf(fd)->receive, Duration::Milliseconds(2250));
  EXPECT_EQ(layer().PatienceOf(fd)->send, Duration::Microseconds(1));
}

TEST_F(AnswerTest, DeviceByName) {
  const int fd = Open();
  char name[IFNAMSIZ] = "?";
  socklen_t length = sizeof name;
  EXPECT_EQ(layer().GetSockOpt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &length), kOk);
  EXPECT_EQ(length, 0U);
  EXPECT_EQ(SetDevice(*this, fd, "lan0"), kOk);
  length = sizeof name;
  EXPECT_EQ(layer().GetSockOpt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &length), kOk);
  EXPECT_EQ(std::string(name, length), std::string("lan0\0", 5));
}

TEST_F(AnswerTest, DeviceDecidesWhatIsHeard) {
  const int tied = OpenAt("::", 7);
  EXPECT_EQ(SetDevice(*this, tied, "lan0"), kOk);
  const int from = Open();
  EXPECT_EQ(SendTo(from, "over lo", At("::1", 7)), kOk);
  EXPECT_EQ(SendTo(from, "over lan0", At(kOurGlobal, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(tied), "over lan0");
  EXPECT_EQ(Receive(tied), "[EAGAIN]");
  EXPECT_EQ(SetDevice(*this, tied, ""), kOk);
  EXPECT_EQ(SendTo(from, "over lo", At("::1", 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(tied), "over lo");
}

}  // namespace
}  // namespace sextant::test
