// SPDX-License-Identifier: BSD-3-Clause
// The options about how long packets may be: what becomes of a datagram, as a table, in both
// profiles; path MTU notices; the fragment size of a received datagram.
// RFC 3542 §11.
// Owned by one Core.
#include "sextant/socket.h"
#include "socket/control.h"
#include "socket/receive_items.h"
#include "socket/resolve.h"
#include "socket_rig.h"

namespace sextant::test {
namespace {

using socket::Destination;
using socket::Ip6Options;
using socket::Journey;
using socket::OpenSocket;
using socket::Purpose;

constexpr auto kOk = Errno::kOk;
constexpr int kIp6 = IPPROTO_IPV6;
constexpr const char* kNarrow = "fd00:6::9";  // behind a path MTU of 1400
constexpr const char* kGroup = "ff02::7";
constexpr uint32_t kNarrowMtu = 1400;

struct FitCase {
  const char* name;
  const char* section;
  void (*set)(Ip6Options& options);
  const char* to;
  size_t length;    // of the packet
  const char* rfc;  // "whole", the length of fragments, "dropped" or an error
  const char* on_linux;
};

// clang-format off
const FitCase kFitCases[] = {
    {"Short",              "RFC 8200 §5",    [](Ip6Options&) {},                                kPeerGlobal, 1280,  "whole",    "whole"},
    {"TheLinks",           "RFC 8200 §5",    [](Ip6Options&) {},                                kPeerGlobal, 1500,  "whole",    "whole"},
    {"BeyondTheLink",      "RFC 8200 §5",    [](Ip6Options&) {},                                kPeerGlobal, 1501,  "1500",     "1500"},
    {"Longest",            "RFC 8200 §4.5",  [](Ip6Options&) {},                                kPeerGlobal, 65575, "1500",     "1500"},
    {"ThePaths",           "RFC 8201 §4",    [](Ip6Options&) {},                                kNarrow,     1400,  "whole",    "whole"},
    {"BeyondThePath",      "RFC 8201 §4",    [](Ip6Options&) {},                                kNarrow,     1401,  "1400",     "1400"},
    {"Loopback",           "own rule",       [](Ip6Options&) {},                                "::1",       65536, "whole",    "whole"},
    {"BeyondLoopback",     "own rule",       [](Ip6Options&) {},                                "::1",       65537, "65536",    "65536"},
    {"LoopbackDo",         "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 2; },          "::1",       65537, "EMSGSIZE", "EMSGSIZE"},

    {"Dont",               "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 0; },          kNarrow,     1401,  "1400",     "1400"},
    {"Do",                 "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 2; },          kNarrow,     1400,  "whole",    "whole"},
    {"DoBeyond",           "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 2; },          kNarrow,     1401,  "EMSGSIZE", "EMSGSIZE"},
    {"Probe",              "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 3; },          kNarrow,     1500,  "whole",    "whole"},
    {"ProbeBeyond",        "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 3; },          kNarrow,     1501,  "EMSGSIZE", "EMSGSIZE"},
    {"Interface",          "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 4; },          kNarrow,     1500,  "whole",    "whole"},
    {"InterfaceBeyond",    "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 4; },          kNarrow,     1501,  "EMSGSIZE", "EMSGSIZE"},
    {"Omit",               "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 5; },          kNarrow,     1500,  "whole",    "whole"},
    {"OmitBeyond",         "ipv6(7)",        [](Ip6Options& o) { o.mtu_discover = 5; },          kNarrow,     1501,  "1500",     "1500"},

    {"Mtu",                "ipv6(7)",        [](Ip6Options& o) { o.mtu = 1300; },                kPeerGlobal, 1300,  "whole",    "whole"},
    {"MtuBeyond",          "ipv6(7)",        [](Ip6Options& o) { o.mtu = 1300; },                kPeerGlobal, 1301,  "1300",     "1300"},
    {"MtuAbovePath",       "ipv6(7)",        [](Ip6Options& o) { o.mtu = 1450; },                kNarrow,     1451,  "1400",     "1400"},
    {"MtuAndDo",           "ipv6(7)",        [](Ip6Options& o) { o.mtu = 1300; o.mtu_discover = 2; }, kPeerGlobal, 1301, "EMSGSIZE", "EMSGSIZE"},

    {"MinMtu",             "RFC 3542 §11.1", [](Ip6Options& o) { o.use_min_mtu = 1; },           kPeerGlobal, 1281,  "1280",     "1280"},
    {"MinMtuShort",        "RFC 3542 §11.1", [](Ip6Options& o) { o.use_min_mtu = 1; },           kPeerGlobal, 1280,  "whole",    "whole"},
    {"MinMtuGroup",        "RFC 3542 §11.1", [](Ip6Options&) {},                                kGroup,      1281,  "1280",     "whole"},
    {"MinMtuGroupOff",     "RFC 3542 §11.1", [](Ip6Options& o) { o.use_min_mtu = 0; },           kGroup,      1500,  "whole",    "whole"},
    {"MinMtuGroupOffLong", "RFC 3542 §11.1", [](Ip6Options& o) { o.use_min_mtu = 0; },           kGroup,      1501,  "1500",     "1500"},

    {"DontFragment",       "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; },      kPeerGlobal, 1500,  "whole",    "whole"},
    {"DontFragmentLong",   "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; },      kPeerGlobal, 1501,  "dropped",  "EMSGSIZE"},
    {"DontFragmentPath",   "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; },      kNarrow,     1401,  "whole",    "EMSGSIZE"},
    {"DontFragmentMtu",    "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; o.mtu = 1300; }, kPeerGlobal, 1301, "whole", "EMSGSIZE"},
    {"DontFragmentGroup",  "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; },      kGroup,      1500,  "whole",    "whole"},
    {"DontFragmentSelf",   "RFC 3542 §11.2", [](Ip6Options& o) { o.dont_fragment = true; },      "::1",       65575, "dropped",  "EMSGSIZE"},
};
// clang-format on

class FitTest : public SocketRig,
                public testing::WithParamInterface<std::tuple<FitCase, ProfileName>> {};

TEST_P(FitTest, Decides) {
  const auto& [row, profile] = GetParam();
  ASSERT_TRUE(graph().routes().LearnPathMtu(Ip(kNarrow), kLan, kNarrowMtu, graph().core().now()));
  socket::Environment environment{
      graph().core(), graph().interfaces(), graph().routes(),          graph().udp(),
      graph().raw(),  graph().outbox(),     socket::ProfileOf(profile)};
  OpenSocket socket;
  Ip6Options options;
  row.set(options);
  Destination to{{Ip(row.to), 7}, Ip(row.to).needs_zone() ? kLan : 0U};
  Journey journey;
  ASSERT_EQ(Resolve(environment, socket, options, to, Purpose::kSend, journey), kOk);
  const Errno error = FitsPath(environment, socket, options, row.length - 48, journey);
  std::string got =
      journey.departure.path_mtu == 0 ? "whole" : std::to_string(journey.departure.path_mtu);
  if (journey.discarded) got = "dropped";
  if (error != kOk) got = strerrorname_np(static_cast<int>(error));
  EXPECT_EQ(got, profile == ProfileName::kLinux ? row.on_linux : row.rfc) << row.section;
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, FitTest,
                         testing::Combine(testing::ValuesIn(kFitCases),
                                          testing::Values(ProfileName::kRfc, ProfileName::kLinux)),
                         kNameOfCall);

// What setsockopt() and control messages take.

struct ValueCase {
  const char* name;
  int option;
  int value;
  Errno want;        // of setsockopt()
  Errno as_control;  // on sendmsg()
};

// clang-format off
const ValueCase kValueCases[] = {
    {"MtuOff",           IPV6_MTU,          0,    kOk,             Errno::kInvalid},
    {"MtuMinimum",       IPV6_MTU,          1280, kOk,             Errno::kInvalid},
    {"MtuBelow",         IPV6_MTU,          1279, Errno::kInvalid, Errno::kInvalid},
    {"MtuNegative",      IPV6_MTU,          -1,   Errno::kInvalid, Errno::kInvalid},
    {"MtuLarge",         IPV6_MTU,          70000, kOk,            Errno::kInvalid},
    {"DiscoverLow",      IPV6_MTU_DISCOVER, -1,   Errno::kInvalid, Errno::kInvalid},
    {"DiscoverHigh",     IPV6_MTU_DISCOVER, 6,    Errno::kInvalid, Errno::kInvalid},
    {"DontFragmentOff",  IPV6_DONTFRAG,     0,    kOk,             kOk},
    {"DontFragmentOn",   IPV6_DONTFRAG,     1,    kOk,             kOk},
    {"DontFragmentTwo",  IPV6_DONTFRAG,     2,    kOk,             Errno::kInvalid},
    {"DontFragmentLess", IPV6_DONTFRAG,     -1,   kOk,             Errno::kInvalid},
    {"MinMtuDefault",    IPV6_USE_MIN_MTU,  -1,   kOk,             kOk},
    {"MinMtuOff",        IPV6_USE_MIN_MTU,  0,    kOk,             kOk},
    {"MinMtuOn",         IPV6_USE_MIN_MTU,  1,    kOk,             kOk},
    {"MinMtuTwo",        IPV6_USE_MIN_MTU,  2,    Errno::kInvalid, Errno::kInvalid},
    {"PathMtu",          IPV6_PATHMTU,      1500, Errno::kNoProtoOpt, Errno::kInvalid},
};
// clang-format on

Errno SendWith(SocketRig& rig, int fd, std::string_view data, const sockaddr_in6& to, int type,
               int number) {
  alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof number)> control{};
  socket::ControlWriter writer(control.data(), control.size());
  writer.Put(kIp6, type, Bytes(reinterpret_cast<const uint8_t*>(&number), sizeof number));
  sockaddr_in6 address = to;
  iovec part{const_cast<char*>(data.data()), data.size()};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  return rig.layer().SendMsg(fd, message, 0).error();
}

class MtuValueTest : public SocketRig, public testing::WithParamInterface<ValueCase> {};

TEST_P(MtuValueTest, IsTakenOrRefused) {
  const ValueCase& c = GetParam();
  EXPECT_EQ(Set(Open(), kIp6, c.option, c.value), c.want);
  EXPECT_EQ(SendWith(*this, Open(), "x", At("::1", 7), c.option, c.value), c.as_control);
}
INSTANTIATE_TEST_SUITE_P(Rfc3542, MtuValueTest, testing::ValuesIn(kValueCases), kNameOf);

class PathMtuOptionTest : public SocketRig {
 protected:
  bool Learn(const char* destination, uint32_t mtu) {
    return graph().routes().LearnPathMtu(Ip(destination), kLan, mtu, graph().core().now());
  }
  int Interested() {
    const int fd = OpenAt("::", 0);
    EXPECT_EQ(Set(fd, kIp6, IPV6_RECVPATHMTU, 1), kOk);
    return fd;
  }
  // The next notice, "fd00:6::9 1400", or what came instead.
  std::string Notice(int fd, int flags = 0, size_t room = 100) {
    std::array<char, 8> data{};
    sockaddr_in6 name{};
    alignas(cmsghdr) std::array<uint8_t, 100> control{};
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_name = &name;
    message.msg_namelen = sizeof name;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = room;
    const auto got = layer().ReceiveMsg(fd, message, flags);
    if (!got) return strerrorname_np(static_cast<int>(got.error()));
    if (*got != 0) return std::string(data.data(), *got);
    if ((message.msg_flags & MSG_CTRUNC) != 0) return "truncated";
    std::string text;
    const Errno read = socket::ForEachControl(
        Bytes(control).first(message.msg_controllen), [&](int level, int type, Bytes item) {
          ip6_mtuinfo info{};
          EXPECT_EQ(level, kIp6);
          EXPECT_EQ(type, IPV6_PATHMTU);
          EXPECT_EQ(item.size(), sizeof info);
          std::memcpy(&info, item.data(), sizeof info);
          EXPECT_EQ(Text(info.ip6m_addr), Text(name));
          text += Text(info.ip6m_addr) + " " + std::to_string(info.ip6m_mtu);
          return kOk;
        });
    EXPECT_EQ(read, kOk);
    return text;
  }
  uint64_t DroppedByOption() {
    return graph().core().counters().made_dropped[static_cast<size_t>(
        DropReason::kOutputDontFragment)];
  }
};

TEST_F(PathMtuOptionTest, TellsThePathMtuToThePeer) {
  const int fd = Open();
  int mtu = 0;
  ip6_mtuinfo info{};
  socklen_t length = sizeof mtu;
  EXPECT_EQ(layer().GetSockOpt(fd, kIp6, IPV6_MTU, &mtu, &length), Errno::kNotConnected);
  length = sizeof info;
  EXPECT_EQ(layer().GetSockOpt(fd, kIp6, IPV6_PATHMTU, &info, &length), Errno::kNotConnected);
  ASSERT_EQ(Connect(fd, At(kNarrow, 7)), kOk);
  EXPECT_EQ(Get(fd, kIp6, IPV6_MTU), 1500);
  ASSERT_TRUE(Learn(kNarrow, 1400));
  EXPECT_EQ(Get(fd, kIp6, IPV6_MTU), 1400);
  EXPECT_EQ(Set(fd, kIp6, IPV6_MTU, 1300), kOk);
  EXPECT_EQ(Get(fd, kIp6, IPV6_MTU), 1400) << "the option limits fragments, not the path";
  length = sizeof info - 1;
  EXPECT_EQ(layer().GetSockOpt(fd, kIp6, IPV6_PATHMTU, &info, &length), Errno::kInvalid);
  info = Get<ip6_mtuinfo>(fd, kIp6, IPV6_PATHMTU);
  EXPECT_EQ(info.ip6m_mtu, 1400U);
  EXPECT_EQ(Text(info.ip6m_addr), "fd00:6::9%0 port 7");
}

TEST_F(PathMtuOptionTest, EveryInterestedSocketIsToldOncePerDestination) {
  const int one = Interested();
  const int two = Interested();
  const int none = OpenAt("::", 0);
  const int elsewhere = Interested();
  ASSERT_EQ(Connect(elsewhere, At(kPeerGlobal, 7)), kOk);
  EXPECT_TRUE(Learn(kNarrow, 1400));
  EXPECT_TRUE(Learn(kNarrow, 1300));
  EXPECT_TRUE(Learn(kPeerLinkLocal, 1350));
  EXPECT_EQ(Notice(one, MSG_PEEK), "fd00:6::9%0 port 0 1300");
  for (const int fd : {one, two}) {
    EXPECT_EQ(Notice(fd), "fd00:6::9%0 port 0 1300");
    EXPECT_EQ(Notice(fd), "fe80::1%2 port 0 1350");
    EXPECT_EQ(Notice(fd), "EAGAIN");
  }
  EXPECT_EQ(Notice(none), "EAGAIN");
  EXPECT_EQ(Notice(elsewhere), "EAGAIN");
  // The same again: a router says it about each packet that was too big.
  EXPECT_FALSE(Learn(kNarrow, 1300));
  EXPECT_EQ(Notice(one), "fd00:6::9%0 port 0 1300");
  EXPECT_EQ(Set(two, kIp6, IPV6_RECVPATHMTU, 0), kOk);
  EXPECT_EQ(Notice(two), "EAGAIN");
  EXPECT_EQ(layer().Close(one), kOk);
  EXPECT_TRUE(Learn(kNarrow, 1290));
}

TEST_F(PathMtuOptionTest, NoticesComeBehindTheData) {
  const int fd = OpenAt("::1", 7);
  ASSERT_EQ(Set(fd, kIp6, IPV6_RECVPATHMTU, 1), kOk);
  ASSERT_TRUE(Learn(kNarrow, 1400));
  ASSERT_EQ(SendTo(Open(), "data", At("::1", 7)), kOk);
  Settle();
  pollfd polled{fd, POLLIN, 0};
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U);
  EXPECT_EQ(Notice(fd), "data");
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U) << "still readable";
  EXPECT_EQ(Notice(fd), "fd00:6::9%0 port 0 1400");
  EXPECT_EQ(layer().Poll({&polled, 1}), 0U);
  ASSERT_TRUE(Learn(kNarrow, 1300));
  EXPECT_EQ(Notice(fd, 0, 16), "truncated") << "no room for the item";
}

TEST_F(PathMtuOptionTest, WakesWatchers) {
  const int fd = Interested();
  const auto epoll = layer().EpollCreate(0);
  ASSERT_TRUE(epoll);
  epoll_event event{EPOLLIN, {.fd = fd}};
  ASSERT_EQ(layer().EpollCtl(*epoll, EPOLL_CTL_ADD, fd, &event), kOk);
  std::array<epoll_event, 4> ready{};
  EXPECT_EQ(*layer().EpollWait(*epoll, ready), 0U);
  ASSERT_TRUE(Learn(kNarrow, 1400));
  EXPECT_EQ(*layer().EpollWait(*epoll, ready), 1U);
  EXPECT_EQ(Notice(fd), "fd00:6::9%0 port 0 1400");
  EXPECT_EQ(*layer().EpollWait(*epoll, ready), 0U);
}

TEST_F(PathMtuOptionTest, TheOldestOfTooManyIsLost) {
  const int fd = Interested();
  for (uint16_t i = 0; i < 17; ++i) {
    const auto destination = Ipv6Address::FromGroups({0xfd00, 6, 0, 0, 0, 0, 1, i});
    ASSERT_TRUE(graph().routes().LearnPathMtu(destination, kLan, 1400, graph().core().now()));
  }
  EXPECT_EQ(Notice(fd), "fd00:6::1:1%0 port 0 1400");
}

TEST_F(PathMtuOptionTest, DontFragmentDropsSilentlyAndTells) {
  const int fd = Interested();
  const std::string data(1453, 'x');
  ASSERT_TRUE(Learn(kNarrow, 1400));
  EXPECT_EQ(Notice(fd), "fd00:6::9%0 port 0 1400");
  EXPECT_EQ(SendWith(*this, fd, data, At(kNarrow, 7), IPV6_DONTFRAG, 1), kOk);
  EXPECT_EQ(DroppedByOption(), 1U);
  EXPECT_EQ(Notice(fd), "fd00:6::9%0 port 0 1400");
  ASSERT_EQ(Set(fd, kIp6, IPV6_DONTFRAG, 1), kOk);
  EXPECT_EQ(SendWith(*this, fd, data, At(kNarrow, 7), IPV6_DONTFRAG, 0), kOk);
  EXPECT_EQ(DroppedByOption(), 1U) << "ancillary data wins";
  EXPECT_EQ(SendTo(fd, data, At(kNarrow, 7)), kOk);
  EXPECT_EQ(DroppedByOption(), 2U);
}

class LinuxPathMtuTest : public PathMtuOptionTest {
 protected:
  LinuxPathMtuTest() {
    linux_ = std::make_unique<SocketLayer>(graph().core(), graph().interfaces(), graph().routes(),
                                           graph().udp(), graph().raw(), graph().outbox(),
                                           socket::kLinuxProfile);
  }
  std::unique_ptr<SocketLayer> linux_;
};

// As measured: EMSGSIZE, and one notice of the limit.
TEST_F(LinuxPathMtuTest, DontFragmentIsAnErrorAndTells) {
  const int fd = *linux_->Socket(AF_INET6, SOCK_DGRAM, 0);
  const int one = 1;
  ASSERT_EQ(linux_->SetSockOpt(fd, kIp6, IPV6_RECVPATHMTU, &one, sizeof one), kOk);
  ASSERT_EQ(linux_->SetSockOpt(fd, kIp6, IPV6_DONTFRAG, &one, sizeof one), kOk);
  ASSERT_TRUE(Learn(kNarrow, 1400));
  const sockaddr_in6 to = At(kNarrow, 7);
  const std::string data(1353, 'x');
  EXPECT_EQ(linux_->SendTo(fd, data.data(), data.size(), 0, Cast(to), sizeof to).error(),
            Errno::kMessageSize);
  char byte = 0;
  EXPECT_EQ(*linux_->ReceiveFrom(fd, &byte, 1, 0, nullptr, nullptr), 0U);
  EXPECT_EQ(linux_->ReceiveFrom(fd, &byte, 1, 0, nullptr, nullptr).error(), Errno::kWouldBlock);
  linux_.reset();
}

// IPV6_RECVFRAGSIZE: of a datagram that came in fragments, and of no other.
TEST_F(PathMtuOptionTest, FragmentSizeIsToldOfReassembledDatagrams) {
  Ip6Options options;
  options.receive_fragment_size = true;
  PacketPtr packet = pool().Copy(Frame(Ip6().Udp(1, 2, "data")));
  for (const bool reassembled : {false, true}) {
    packet->meta().reassembled = reassembled;
    packet->meta().has_extensions = true;
    packet->extensions() = {.largest_fragment = 1444};
    alignas(cmsghdr) std::array<uint8_t, 64> control{};
    socket::ControlWriter out(control.data(), control.size());
    socket::WriteReceiveItems(*packet, options, out);
    EXPECT_EQ(out.used(), reassembled ? CMSG_SPACE(sizeof(int)) : 0U);
    if (!reassembled) continue;
    int size = 0;
    std::memcpy(&size, control.data() + CMSG_LEN(0), sizeof size);
    EXPECT_EQ(size, 1444);
  }
  packet.Free();
}

}  // namespace
}  // namespace sextant::test
