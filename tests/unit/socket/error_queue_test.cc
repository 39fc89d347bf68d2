// SPDX-License-Identifier: BSD-3-Clause
// The error queue as programs see it. What is expected was first seen on Linux 6.18.
// ipv6(7) IPV6_RECVERR, RFC 4884 §4 and §7.
// Owned by one Core.
#include "socket/error_receive.h"
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr const char* kRouter = "fd00:6::ff";

class ErrorQueueTest : public SocketRig {
 protected:
  ErrorQueueTest() : fd_(Open()) {
    EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR, 1), kOk);
    EXPECT_EQ(Bind(fd_, At("::", 5000)), kOk);
  }

  void SendToNobody(std::string_view data, uint16_t port = 9) {
    EXPECT_EQ(SendTo(fd_, data, At("::1", port)), kOk);
    Settle();
  }
  // An ICMPv6 error from kRouter arrives.
  void Hear(uint8_t type, uint8_t code, uint32_t value, const Frame& body) {
    PacketPtr packet = pool().Copy(Ethernet(kOurMac, "02:00:00:00:00:01",
                                            Ip6()
                                                .From(kRouter)
                                                .To(kOurGlobal)
                                                .TrafficClass(0x20)
                                                .HopLimit(60)
                                                .Icmp6(type, code, value, body)));
    packet->meta().interface = kLan;
    link().Arrive(std::move(packet));
    Settle();
  }
  // What poll() says of it.
  int Ready() {
    pollfd polled{fd_, POLLIN | POLLOUT | POLLPRI, 0};
    layer().Poll({&polled, 1});
    return polled.revents;
  }
  std::string SoError() {
    const int error = Get(fd_, SOL_SOCKET, SO_ERROR);
    return error == 0 ? "0" : strerrorname_np(error);
  }
  // "data | flags | name | errno origin type code info data | offender | items".
  std::string Read(size_t room = 2000, int flags = 0) {
    std::string data(room, '.');
    iovec part{data.data(), data.size()};
    sockaddr_in6 name{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_name = &name;
    message.msg_namelen = sizeof name;
    message.msg_control = control_.data();
    message.msg_controllen = control_.size();
    const auto size = layer().ReceiveMsg(fd_, message, MSG_ERRQUEUE | flags);
    if (!size) return strerrorname_np(static_cast<int>(size.error()));
    return data.substr(0, *size) + " | " + FlagsOf(message.msg_flags) + " | " + Text(name) + " | " +
           ItemsOf(message);
  }

 private:
  static std::string FlagsOf(int flags) {
    std::string out;
    for (const auto& [flag, name] :
         {std::pair(MSG_ERRQUEUE, "errqueue"), std::pair(MSG_TRUNC, "trunc"),
          std::pair(MSG_CTRUNC, "ctrunc")}) {
      if ((flags & flag) != 0) out += (out.empty() ? "" : " ") + std::string(name);
    }
    return out;
  }
  static std::string ItemsOf(msghdr& message) {
    std::string out;
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
      if (!out.empty()) out += ", ";
      if (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_RECVERR) {
        out += "item " + std::to_string(c->cmsg_type);
        continue;
      }
      EXPECT_EQ(c->cmsg_len, CMSG_LEN(sizeof(sock_extended_err) + sizeof(sockaddr_in6)));
      socket::ErrorItem item;
      std::memcpy(&item, CMSG_DATA(c), sizeof item);
      const sock_extended_err& e = item.error;
      out += std::string(strerrorname_np(static_cast<int>(e.ee_errno))) + ' ' +
             std::to_string(e.ee_origin) + ' ' + std::to_string(e.ee_type) + ' ' +
             std::to_string(e.ee_code) + ' ' + std::to_string(e.ee_info) + ' ' +
             std::to_string(e.ee_data) + " from ";
      out += item.offender.sin6_family == AF_INET6 ? Text(item.offender) : "nobody";
    }
    return out;
  }

 protected:
  const int fd_;

 private:
  alignas(cmsghdr) std::array<uint8_t, 256> control_{};
};

constexpr const char* kRefused = "ECONNREFUSED 3 1 4 0 0 from ::1%0 port 0";

TEST_F(ErrorQueueTest, TellsTheUnconnectedSocket) {
  SendToNobody("hello world");
  EXPECT_EQ(Ready(), POLLERR | POLLOUT);
  EXPECT_EQ(SendTo(fd_, "x", At("::1", 10)), Errno::kConnectionRefused) << "told once, not sent";
  EXPECT_EQ(Ready(), POLLERR | POLLOUT) << "the queue is still there";
  EXPECT_EQ(Read(), std::string("hello world | errqueue | ::1%0 port 9 | ") + kRefused);
  EXPECT_EQ(Ready(), POLLOUT);
  EXPECT_EQ(Read(), "EAGAIN");
  EXPECT_EQ(SoError(), "0");
}

TEST_F(ErrorQueueTest, ReceivingTellsItToo) {
  SendToNobody("a");
  EXPECT_EQ(Receive(fd_), "[ECONNREFUSED]");
  EXPECT_EQ(Receive(fd_), "[EAGAIN]");
  EXPECT_EQ(Ready(), POLLERR | POLLOUT);
  EXPECT_EQ(Read(1), std::string("a | errqueue | ::1%0 port 9 | ") + kRefused);
}

TEST_F(ErrorQueueTest, ReadingTheQueueTakesThePendingErrorWithIt) {
  SendToNobody("a");
  EXPECT_EQ(SoError(), "ECONNREFUSED");
  SendToNobody("b", 10);
  EXPECT_EQ(SoError(), "ECONNREFUSED");
  EXPECT_EQ(Read(), std::string("a | errqueue | ::1%0 port 9 | ") + kRefused);
  EXPECT_EQ(SoError(), "ECONNREFUSED") << "of the next one in the queue";
  EXPECT_EQ(Read(), std::string("b | errqueue | ::1%0 port 10 | ") + kRefused);
  EXPECT_EQ(SoError(), "0");
}

TEST_F(ErrorQueueTest, TruncatesAndNeverPeeks) {
  SendToNobody("abcdef");
  EXPECT_EQ(Read(3, MSG_PEEK | MSG_TRUNC),
            std::string("abc | errqueue trunc | ::1%0 port 9 | ") + kRefused);
  EXPECT_EQ(Read(), "EAGAIN");
}

TEST_F(ErrorQueueTest, SwitchedOffItForgets) {
  SendToNobody("a");
  EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR, 0), kOk);
  EXPECT_EQ(Ready(), POLLERR | POLLOUT);
  EXPECT_EQ(Read(), "EAGAIN");
  EXPECT_EQ(SoError(), "ECONNREFUSED");
  EXPECT_EQ(Ready(), POLLOUT);
  SendToNobody("b");
  EXPECT_EQ(SoError(), "0") << "not connected: nobody is told";
}

TEST_F(ErrorQueueTest, Values) {
  for (const int value : {7, -1, 1}) {
    EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR, value), kOk);
    EXPECT_EQ(Get(fd_, IPPROTO_IPV6, IPV6_RECVERR), 1);
  }
  EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, 2), Errno::kInvalid);
  EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, -1), Errno::kInvalid);
  EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR, char{1}), Errno::kInvalid);
}

TEST_F(ErrorQueueTest, ComesWithTheItemsOfTheError) {
  for (const int option : {IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS}) {
    EXPECT_EQ(Set(fd_, IPPROTO_IPV6, option, 1), kOk);
  }
  SendToNobody("a");
  EXPECT_EQ(Read(),
            std::string("a | errqueue | ::1%0 port 9 | item 50, item 52, item 67, ") + kRefused);
}

TEST_F(ErrorQueueTest, TooLongToSend) {
  // Nothing else would make it too long, where datagrams are fragmented.
  static_cast<void>(Set(fd_, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO));
  EXPECT_EQ(SendTo(fd_, std::string(1500, 'x'), At(kPeerGlobal, 9)), Errno::kMessageSize);
  EXPECT_EQ(Ready(), POLLERR | POLLOUT);
  EXPECT_EQ(SoError(), "0");
  EXPECT_EQ(Read(), " | errqueue | fd00:6::1%0 port 9 | EMSGSIZE 1 0 0 1500 0 from nobody");
  EXPECT_EQ(Ready(), POLLOUT);
}

TEST_F(ErrorQueueTest, WakesEpoll) {
  const int epoll = *layer().EpollCreate(0);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  EXPECT_EQ(layer().EpollCtl(epoll, EPOLL_CTL_ADD, fd_, &event), kOk);
  std::array<epoll_event, 4> ready{};
  static_cast<void>(layer().EpollWait(epoll, ready));
  SendToNobody("a");
  EXPECT_EQ(*layer().EpollWait(epoll, ready), 1U);
  EXPECT_EQ(ready[0].events, uint32_t{EPOLLERR});
  EXPECT_EQ(*layer().EpollWait(epoll, ready), 0U) << "edge triggered";
  SoError();
  SendToNobody("b");
  EXPECT_EQ(*layer().EpollWait(epoll, ready), 1U) << "another error, another edge";
}

TEST_F(ErrorQueueTest, EndsWithItsSocket) {
  Settle();
  const size_t before = pool().available();
  for (int i = 0; i < 3; ++i) {
    SendToNobody("a");
    SoError();
  }
  EXPECT_EQ(layer().Close(fd_), kOk);
  EXPECT_EQ(pool().available(), before);
}

TEST_F(ErrorQueueTest, FromARouter) {
  const Frame quoted = Ip6().From(kOurGlobal).To(kPeerGlobal).Udp(5000, 9, "question");
  Hear(1, 0, 0, quoted);
  EXPECT_EQ(Read(),
            "question | errqueue | fd00:6::1%0 port 9 | ENETUNREACH 3 1 0 0 0 from "
            "fd00:6::ff%0 port 0");
  Hear(100, 7, 0x12345678, quoted);
  EXPECT_EQ(Read(),
            "question | errqueue | fd00:6::1%0 port 9 | EPROTO 3 100 7 305419896 0 from "
            "fd00:6::ff%0 port 0");
}

// RFC 4884: 128 octets of the quoted datagram, then the extension structure.
struct ExtensionCase {
  const char* name;
  const char* section;
  uint8_t type;
  uint8_t units;  // the length field
  Frame structure;
  uint16_t length;  // ee_rfc4884.len
  uint8_t flags;
  bool wanted = true;
};

Frame Structure(const Frame& objects, uint8_t version = 2) {
  Frame out = Join({static_cast<uint8_t>(version << 4), 0, 0, 0}, objects);
  const auto sum = static_cast<uint16_t>(~PlainSum(out));
  return Poke16(std::move(out), 2, sum);
}
const Frame kObject = {0, 8, 1, 1, 0xde, 0xad, 0xbe, 0xef};

// clang-format off
const ExtensionCase kExtensionCases[] = {
    {"One",           "RFC 4884 §7", 1, 16, Structure(kObject),                        80, 0},
    {"Two",           "RFC 4884 §7", 3, 16, Structure(Join(kObject, kObject)),         80, 0},
    {"None",          "RFC 4884 §7", 1, 16, Structure({}),                             80, 0},
    {"NoChecksum",    "RFC 4884 §7", 1, 16, Poke16(Structure(kObject), 2, 0),          80, 0},
    {"BadChecksum",   "RFC 4884 §7", 1, 16, Poke(Structure(kObject), 7, 9),            80, 1},
    {"Version1",      "RFC 4884 §7", 1, 16, Structure({9, 9, 9, 9}, 1),                80, 0},
    {"ObjectShort",   "RFC 4884 §8", 1, 16, Structure({0, 3, 1, 1}),                   80, 1},
    {"ObjectLong",    "RFC 4884 §8", 1, 16, Structure({0, 9, 1, 1, 0, 0, 0, 0}),       80, 1},
    {"ObjectEmpty",   "RFC 4884 §8", 1, 16, Structure({0, 0, 1, 1}),                   80, 1},
    {"ObjectCut",     "RFC 4884 §8", 1, 16, Structure({0, 8}),                         80, 1},
    {"HeaderCut",     "RFC 4884 §7", 1, 16, {0x20, 0, 0},                               0, 0},
    {"DatagramShort", "RFC 4884 §4", 1, 15, Structure(kObject),                         0, 0},
    {"LengthZero",    "RFC 4884 §4", 1,  0, Structure(kObject),                         0, 0},
    {"LengthBeyond",  "RFC 4884 §4", 1, 255, Structure(kObject),                        0, 0},
    {"OtherType",     "RFC 4884 §4", 4, 16, Structure(kObject),                         0, 0},
    {"NotAskedFor",   "RFC 4884 §7", 1, 16, Structure(kObject),                         0, 0, false},
};
// clang-format on

class ExtensionTest : public ErrorQueueTest, public testing::WithParamInterface<ExtensionCase> {};

TEST_P(ExtensionTest, IsFound) {
  const ExtensionCase& c = GetParam();
  EXPECT_EQ(Set(fd_, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, c.wanted ? 1 : 0), kOk);
  const Frame quoted = Ip6().From(kOurGlobal).To(kPeerGlobal).Udp(5000, 9, Frame(80, 'q'));
  ASSERT_EQ(quoted.size(), 128U);
  Hear(c.type, 0, uint32_t{c.units} << 24, Join(quoted, c.structure));
  // len, then flags, as ee_data shows them on a little-endian machine.
  const uint32_t data = c.length | uint32_t{c.flags} << 16;
  EXPECT_THAT(Read(), testing::HasSubstr(" " + std::to_string(data) + " from ")) << c.section;
}

INSTANTIATE_TEST_SUITE_P(Rfc4884, ExtensionTest, testing::ValuesIn(kExtensionCases), kNameOf);

}  // namespace
}  // namespace sextant::test
