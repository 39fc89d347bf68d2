// SPDX-License-Identifier: BSD-3-Clause
// Raw sockets at work: what is sent over the loopback interface and what comes
// in by a link, who gets it, and what recvmsg() and poll() tell.
// RFC 3542 §3, requirements D-1 to D-7.
// Owned by one Core.
#include <sys/ioctl.h>

#include "raw_rig.h"
#include "socket/error_receive.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr int kIp6 = IPPROTO_IPV6;

class RawExchangeTest : public SocketRig {
 protected:
  Errno Transmit(int fd, std::string_view data, const char* to = "::1") {
    const Errno sent = SendTo(fd, data, At(to, 0));
    Settle();
    return sent;
  }
  void Hear(const Frame& packet) {
    PacketPtr frame = pool().Copy(Ethernet(kOurMac, "02:00:00:00:00:01", packet));
    frame->meta().interface = kLan;
    link().Arrive(std::move(frame));
    Settle();
  }
  static Ip6 FromPeer() { return Ip6().From(kPeerGlobal).To(kOurGlobal); }
  void Pass(int fd, std::initializer_list<int> types) {
    icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    for (const int type : types) ICMP6_FILTER_SETPASS(type, &filter);
    EXPECT_EQ(Set(fd, IPPROTO_ICMPV6, ICMP6_FILTER, filter), kOk);
  }
  int Ready(int fd) {
    pollfd polled{fd, POLLIN | POLLOUT, 0};
    layer().Poll({&polled, 1});
    return polled.revents;
  }
  int Available(int fd) {
    int count = -1;
    EXPECT_EQ(layer().Ioctl(fd, FIONREAD, &count), kOk);
    return count;
  }
};

TEST_F(RawExchangeTest, DataBeginsBehindTheHeaders) {
  const int fd = OpenRaw(*this);
  EXPECT_EQ(Transmit(fd, "hello"), kOk);
  EXPECT_EQ(Ready(fd), POLLIN | POLLOUT);
  EXPECT_EQ(Available(fd), 5);
  EXPECT_EQ(Receive(fd), "hello");
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  Hear(FromPeer().Upper(kTestProtocol, "behind").Extension(60, {1, 4, 0, 0, 0, 0}));
  EXPECT_EQ(Receive(fd), "behind");
  Hear(FromPeer().Upper(kTestProtocol, ""));
  EXPECT_EQ(Receive(fd), "");
}

TEST_F(RawExchangeTest, TheSourceHasNoPort) {
  const int fd = OpenRaw(*this);
  Hear(FromPeer().Upper(kTestProtocol, "x"));
  char data[8];
  sockaddr_in6 from{};
  socklen_t length = sizeof from;
  EXPECT_TRUE(
      layer().ReceiveFrom(fd, data, sizeof data, 0, reinterpret_cast<sockaddr*>(&from), &length));
  EXPECT_EQ(Text(from), "fd00:6::1%0 port 0");
}

TEST_F(RawExchangeTest, EverySocketOfTheProtocolGetsIt) {
  const int any = OpenRaw(*this);
  const int bound = OpenRaw(*this);
  const int elsewhere = OpenRaw(*this);
  const int other = OpenRaw(*this, 252);
  EXPECT_EQ(Bind(bound, At(kOurGlobal, 0)), kOk);
  EXPECT_EQ(Bind(elsewhere, At("::1", 0)), kOk);
  Hear(FromPeer().Upper(kTestProtocol, "x"));
  EXPECT_EQ(Receive(any), "x");
  EXPECT_EQ(Receive(bound), "x");
  EXPECT_EQ(Receive(elsewhere), "[EAGAIN]");
  EXPECT_EQ(Receive(other), "[EAGAIN]");
}

TEST_F(RawExchangeTest, AConnectedOneHearsItsPeerOnly) {
  const int fd = OpenRaw(*this);
  EXPECT_EQ(Connect(fd, At("fd00:6::9", 0)), kOk);
  Hear(FromPeer().Upper(kTestProtocol, "x"));
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  Hear(FromPeer().From("fd00:6::9").Upper(kTestProtocol, "y"));
  EXPECT_EQ(Receive(fd), "y");
}

TEST_F(RawExchangeTest, UdpIsReadBesideItsSocket) {
  const int raw = OpenRaw(*this, IPPROTO_UDP);
  const int fd = OpenAt("::", 7);
  Hear(FromPeer().Udp(1000, 7, "hello"));
  EXPECT_EQ(Receive(fd), "hello");
  EXPECT_EQ(Receive(raw).substr(8), "hello");
  Hear(FromPeer().Udp(1000, 7, "hello").Checksum(1));
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  EXPECT_EQ(Receive(raw), "[EAGAIN]") << "after the checksum";
}

TEST_F(RawExchangeTest, PingOverTheLoopbackInterface) {
  const int fd = OpenRaw(*this, IPPROTO_ICMPV6);
  EXPECT_EQ(Transmit(fd, EchoRequest()), kOk);
  const std::string request = Receive(fd);
  const std::string reply = Receive(fd);
  EXPECT_EQ(request.substr(4), EchoRequest().substr(4));
  EXPECT_EQ(static_cast<uint8_t>(reply[0]), ICMP6_ECHO_REPLY);
  EXPECT_EQ(reply.substr(4), request.substr(4));
  // The checksum is ours, whatever its user has put there.
  Frame bytes(request.begin(), request.end());
  const uint16_t sum = Load16(bytes, 2);
  EXPECT_EQ(sum, UpperChecksum(Ip("::1"), Ip("::1"), 58, Poke16(bytes, 2, 0)));
}

TEST_F(RawExchangeTest, TheFilterDecidesWhatIsQueued) {
  const int fd = OpenRaw(*this, IPPROTO_ICMPV6);
  Pass(fd, {ICMP6_ECHO_REPLY});
  EXPECT_EQ(Transmit(fd, EchoRequest()), kOk);
  EXPECT_EQ(static_cast<uint8_t>(Receive(fd)[0]), ICMP6_ECHO_REPLY);
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
}

TEST_F(RawExchangeTest, UnknownTypesAreReadAfterTheChecksum) {
  const int fd = OpenRaw(*this, IPPROTO_ICMPV6);
  Hear(FromPeer().Icmp6(200, 7, 0, "new"));
  EXPECT_EQ(Receive(fd).substr(8), "new");
  Hear(FromPeer().Icmp6(200, 7, 0, "new").Checksum(1));
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  EXPECT_EQ(graph().core().counters().dropped[static_cast<size_t>(DropReason::kIcmp6BadChecksum)],
            1U);
}

TEST_F(RawExchangeTest, TheChecksumIsFilledInAndVerified) {
  const int fd = OpenRaw(*this);
  EXPECT_EQ(Set(fd, kIp6, IPV6_CHECKSUM, 4), kOk);
  EXPECT_EQ(Transmit(fd, "abcdXXefg"), kOk);
  const std::string got = Receive(fd);
  ASSERT_EQ(got.size(), 9U);
  const Frame bytes(got.begin(), got.end());
  EXPECT_EQ(Load16(bytes, 4),
            UpperChecksum(Ip("::1"), Ip("::1"), kTestProtocol, Poke16(bytes, 4, 0)));
  Hear(FromPeer().Upper(kTestProtocol, "abcdXXefg"));
  EXPECT_EQ(Receive(fd), "[EAGAIN]") << "wrong";
  Hear(FromPeer().Upper(kTestProtocol, "abcde"));
  EXPECT_EQ(Receive(fd), "[EAGAIN]") << "no room for one";
  EXPECT_EQ(Set(fd, kIp6, IPV6_CHECKSUM, -1), kOk);
  Hear(FromPeer().Upper(kTestProtocol, "abcde"));
  EXPECT_EQ(Receive(fd), "abcde");
}

// Its checksum lies in the second buffer, or across two of them.
TEST_F(RawExchangeTest, TheChecksumMayLieAnywhere) {
  const int fd = OpenRaw(*this);
  for (const int at : {0, 2046, 2048, 4000, 59998}) {
    EXPECT_EQ(Set(fd, kIp6, IPV6_CHECKSUM, at), kOk);
    EXPECT_EQ(Transmit(fd, std::string(60'000, 'x')), kOk);
    const std::string got = Receive(fd);
    ASSERT_EQ(got.size(), 60'000U);
    const Frame bytes(got.begin(), got.end());
    const auto offset = static_cast<size_t>(at);
    EXPECT_EQ(Load16(bytes, offset),
              UpperChecksum(Ip("::1"), Ip("::1"), kTestProtocol, Poke16(bytes, offset, 0)))
        << at;
  }
}

TEST_F(RawExchangeTest, AFragmentedPacketIsReadWhole) {
  const int fd = OpenRaw(*this);
  const Frame data = Pattern(16);
  const auto fragment = [&](uint16_t field, size_t from) {
    Frame body = {static_cast<uint8_t>(field >> 8), static_cast<uint8_t>(field), 0, 0, 0, 9};
    return FromPeer().Upper(kTestProtocol, Bytes(data).subspan(from, 8)).Extension(44, body);
  };
  Hear(fragment(8, 8));
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  Hear(fragment(1, 0));
  EXPECT_EQ(Receive(fd), std::string(data.begin(), data.end()));
}

TEST_F(RawExchangeTest, ErrorsWaitInTheQueue) {
  const int fd = OpenRaw(*this, IPPROTO_ICMPV6);
  EXPECT_EQ(Set(fd, kIp6, IPV6_RECVERR, 1), kOk);
  Pass(fd, {});
  const Frame probe = Ip6().From(kOurGlobal).To("2001:db8::1").Icmp6Echo(7, 1, "probe");
  Hear(Ip6().From("fd00:6::ff").To(kOurGlobal).Icmp6(3, 0, 0, probe));
  EXPECT_NE(Ready(fd) & POLLERR, 0);
  char data[64];
  char control[256];
  sockaddr_in6 to{};
  iovec part{data, sizeof data};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  EXPECT_EQ(*layer().ReceiveMsg(fd, message, MSG_ERRQUEUE), 13U);
  EXPECT_EQ(std::string(data + 8, 5), "probe");
  EXPECT_EQ(Text(to), "2001:db8::1%0 port 0");
  sock_extended_err error{};
  std::memcpy(&error, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof error);
  EXPECT_EQ(error.ee_errno, static_cast<uint32_t>(EHOSTUNREACH));
  EXPECT_EQ(error.ee_type, 3);
  EXPECT_EQ(Ready(fd), POLLOUT);
}

TEST_F(RawExchangeTest, PollAndEpoll) {
  const int fd = OpenRaw(*this);
  const int epoll = *layer().EpollCreate(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = fd;
  EXPECT_EQ(layer().EpollCtl(epoll, EPOLL_CTL_ADD, fd, &wanted), kOk);
  EXPECT_EQ(Ready(fd), POLLOUT);
  EXPECT_EQ(Transmit(fd, "x"), kOk);
  std::array<epoll_event, 2> events{};
  EXPECT_EQ(*layer().EpollWait(epoll, events), 1U);
  EXPECT_EQ(events[0].data.fd, fd);
  EXPECT_EQ(Receive(fd), "x");
  EXPECT_EQ(Ready(fd), POLLOUT);
}

TEST_F(RawExchangeTest, ClosedItIsUnknownAgain) {
  const int fd = OpenRaw(*this);
  Hear(FromPeer().Upper(kTestProtocol, "waits"));
  EXPECT_EQ(layer().Close(fd), kOk);
  Hear(FromPeer().Upper(kTestProtocol, "refused"));
  EXPECT_EQ(graph().core().counters().refused, 1U);
}

// IPV6_HDRINCL: the packet is what its user has written.
class HeaderIncludedTest : public SocketRig {
 public:
  HeaderIncludedTest() : SocketRig(ProfileName::kLinux) {}
};

TEST_F(HeaderIncludedTest, LeavesAsItWas) {
  const int out = OpenRaw(*this, IPPROTO_RAW);
  const int in = OpenRaw(*this);
  const Frame packet = Ip6().HopLimit(9).Upper(kTestProtocol, "mine");
  const std::string data(packet.begin(), packet.end());
  EXPECT_EQ(SendTo(out, data, At("::1", 0)), kOk);
  Settle();
  EXPECT_EQ(Receive(in), "mine");
}

}  // namespace
}  // namespace sextant::test
