// SPDX-License-Identifier: BSD-3-Clause
// The options of raw sockets: RFC 3542 §3.1 and §3.2; the column `linux` was
// seen on Linux 6.
// Owned by one Core.
#include "raw_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr auto kBad = Errno::kInvalid;
constexpr auto kNone = Errno::kNoProtoOpt;
constexpr int kIp6 = IPPROTO_IPV6;
constexpr int kLevel = IPPROTO_ICMPV6;

Errno SetFilter(SocketRig& rig, int fd, size_t length) {
  const Frame value(64);
  return rig.layer().SetSockOpt(fd, kLevel, ICMP6_FILTER, value.data(),
                                static_cast<socklen_t>(length));
}
Errno GetIt(SocketRig& rig, int fd, int level, int option) {
  std::array<uint8_t, 64> value{};
  socklen_t length = value.size();
  return rig.layer().GetSockOpt(fd, level, option, value.data(), &length);
}
Errno Checksum(SocketRig& rig, int offset) {
  return rig.Set(OpenRaw(rig), kIp6, IPV6_CHECKSUM, offset);
}

// clang-format off
const CallCase kCases[] = {
    {"ChecksumEven",     "RFC 3542 §3.1", [](SocketRig& r) { return Checksum(r, 4); }, kOk, kOk},
    {"ChecksumZero",     "RFC 3542 §3.1", [](SocketRig& r) { return Checksum(r, 0); }, kOk, kOk},
    {"ChecksumOff",      "RFC 3542 §3.1", [](SocketRig& r) { return Checksum(r, -1); }, kOk, kOk},
    {"ChecksumOdd",      "RFC 3542 §3.1", [](SocketRig& r) { return Checksum(r, 3); }, kBad, kBad},
    {"ChecksumNegative", "ip6(4)",        [](SocketRig& r) { return Checksum(r, -2); }, kBad, kOk},
    {"ChecksumLowest",   "ip6(4)",        [](SocketRig& r) { return Checksum(r, INT32_MIN); }, kBad, kOk},
    {"ChecksumLargest",  "RFC 3542 §3.1", [](SocketRig& r) { return Checksum(r, INT32_MAX); }, kBad, kBad},
    {"ChecksumOfIcmp6",  "RFC 3542 §3.1", [](SocketRig& r) { return r.Set(OpenRaw(r, 58), kIp6, IPV6_CHECKSUM, 2); }, kBad, kBad},
    {"ChecksumOfUdp",    "RFC 3542 §3.1", [](SocketRig& r) { return r.Set(r.Open(), kIp6, IPV6_CHECKSUM, 2); }, kNone, kNone},
    {"GetChecksumOfUdp", "RFC 3542 §3.1", [](SocketRig& r) { return GetIt(r, r.Open(), kIp6, IPV6_CHECKSUM); }, kNone, kNone},
    {"FilterWhole",      "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, OpenRaw(r, 58), 32); }, kOk, kOk},
    {"FilterNone",       "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, OpenRaw(r, 58), 0); }, kOk, kOk},
    {"FilterShort",      "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, OpenRaw(r, 58), 31); }, kBad, kOk},
    {"FilterLong",       "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, OpenRaw(r, 58), 33); }, kBad, kOk},
    {"FilterOfOther",    "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, OpenRaw(r), 32); }, Errno::kNotSupported, Errno::kNotSupported},
    {"GetFilterOfOther", "RFC 3542 §3.2", [](SocketRig& r) { return GetIt(r, OpenRaw(r), kLevel, ICMP6_FILTER); }, Errno::kNotSupported, Errno::kNotSupported},
    {"FilterOfUdp",      "RFC 3542 §3.2", [](SocketRig& r) { return SetFilter(r, r.Open(), 32); }, kNone, kNone},
    {"GetFilterOfUdp",   "RFC 3542 §3.2", [](SocketRig& r) { return GetIt(r, r.Open(), kLevel, ICMP6_FILTER); }, kNone, kNone},
    {"OtherOfLevel",     "RFC 3542 §3.2", [](SocketRig& r) { return GetIt(r, OpenRaw(r, 58), kLevel, 2); }, kNone, kNone},
    {"HeaderIncluded",   "D-2",           [](SocketRig& r) { return r.Set(OpenRaw(r), kIp6, IPV6_HDRINCL, 1); }, kNone, kOk},
    {"GetHeaderIncluded", "D-2",          [](SocketRig& r) { return GetIt(r, OpenRaw(r), kIp6, IPV6_HDRINCL); }, kNone, kOk},
    {"HeaderOfUdp",      "raw(7)",        [](SocketRig& r) { return r.Set(r.Open(), kIp6, IPV6_HDRINCL, 1); }, kNone, kNone},
    {"V6Only",           "raw(7)",        [](SocketRig& r) { return r.Set(OpenRaw(r), kIp6, IPV6_V6ONLY, 1); }, kBad, kBad},
    {"GetV6Only",        "raw(7)",        [](SocketRig& r) { return GetIt(r, OpenRaw(r), kIp6, IPV6_V6ONLY); }, kOk, kOk},
};
// clang-format on

using RawOptionTest = CallTest;
TEST_P(RawOptionTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Raw, RawOptionTest, InBothProfiles(kCases), kNameOfCall);

using RawOptionsTest = SocketRig;
class LinuxRawOptionsTest : public SocketRig {
 public:
  LinuxRawOptionsTest() : SocketRig(ProfileName::kLinux) {}
};

TEST_F(RawOptionsTest, ReadBack) {
  const int fd = OpenRaw(*this);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_TYPE), SOCK_RAW);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_PROTOCOL), kTestProtocol);
  EXPECT_EQ(Get(fd, kIp6, IPV6_CHECKSUM), -1);
  EXPECT_EQ(Set(fd, kIp6, IPV6_CHECKSUM, 6), kOk);
  EXPECT_EQ(Get(fd, kIp6, IPV6_CHECKSUM), 6);
  EXPECT_EQ(Get(OpenRaw(*this, 58), kIp6, IPV6_CHECKSUM), 2);
  EXPECT_EQ(Get(OpenRaw(*this, 0), SOL_SOCKET, SO_PROTOCOL), IPPROTO_RAW);
}

// The C library's macros mean what they say.
TEST_F(RawOptionsTest, TheFilterIsTheCLibrarys) {
  const int fd = OpenRaw(*this, 58);
  auto filter = Get<icmp6_filter>(fd, kLevel, ICMP6_FILTER);
  EXPECT_TRUE(ICMP6_FILTER_WILLPASS(0, &filter) && ICMP6_FILTER_WILLPASS(255, &filter));
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
  EXPECT_EQ(Set(fd, kLevel, ICMP6_FILTER, filter), kOk);
  EXPECT_TRUE(graph().raw().WantsType(ICMP6_ECHO_REPLY));
  EXPECT_FALSE(graph().raw().WantsType(ICMP6_ECHO_REQUEST));
  filter = Get<icmp6_filter>(fd, kLevel, ICMP6_FILTER);
  EXPECT_TRUE(ICMP6_FILTER_WILLPASS(ICMP6_ECHO_REPLY, &filter));
  EXPECT_TRUE(ICMP6_FILTER_WILLBLOCK(ICMP6_ECHO_REQUEST, &filter));
  EXPECT_EQ(SetFilter(*this, fd, 0), kOk) << "length 0 passes all";
  EXPECT_TRUE(graph().raw().WantsType(ICMP6_ECHO_REQUEST));
}

TEST_F(LinuxRawOptionsTest, AShortFilterReplacesItsBeginning) {
  const int fd = OpenRaw(*this, 58);
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  EXPECT_EQ(Set(fd, kLevel, ICMP6_FILTER, filter), kOk);
  EXPECT_EQ(SetFilter(*this, fd, 5), kOk);
  filter = Get<icmp6_filter>(fd, kLevel, ICMP6_FILTER);
  EXPECT_EQ(filter.icmp6_filt[0], 0U);
  EXPECT_EQ(filter.icmp6_filt[1], 0xffff'ff00U);
  EXPECT_EQ(SetFilter(*this, fd, 0), kOk);
  filter = Get<icmp6_filter>(fd, kLevel, ICMP6_FILTER);
  EXPECT_TRUE(ICMP6_FILTER_WILLBLOCK(255, &filter)) << "nothing given, nothing changed";
  EXPECT_EQ(Get(OpenRaw(*this, 255), kIp6, IPV6_HDRINCL), 1);
}

}  // namespace
}  // namespace sextant::test
