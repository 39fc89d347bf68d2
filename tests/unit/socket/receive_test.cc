// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;

class ReceiveTest : public SocketRig {
 protected:
  ReceiveTest() : from_(OpenAt("::1", 8)), to_(OpenAt("::1", 7)) {}
  void Deliver(std::string_view data) {
    EXPECT_EQ(SendTo(from_, data, At("::1", 7)), kOk);
    Settle();
  }
  // What recvmsg() with this much room says: "data flags result".
  std::string Message(size_t room, int flags = 0) {
    std::string data(room, '.');
    iovec part{data.data(), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_flags = -1;
    const auto size = layer().ReceiveMsg(to_, message, flags);
    if (!size) return strerrorname_np(static_cast<int>(size.error()));
    return data + " " + std::to_string(message.msg_flags) + " " + std::to_string(*size);
  }

  const int from_;
  const int to_;
};

TEST_F(ReceiveTest, Truncated) {
  Deliver("0123456789");
  EXPECT_EQ(Message(4), "0123 " + std::to_string(MSG_TRUNC) + " 4");
  EXPECT_EQ(Message(4), "EAGAIN");  // the rest is gone
  Deliver("0123456789");
  EXPECT_EQ(Message(4, MSG_TRUNC), "0123 " + std::to_string(MSG_TRUNC) + " 10");
  Deliver("0123456789");
  EXPECT_EQ(Message(0, MSG_TRUNC), " " + std::to_string(MSG_TRUNC) + " 10");
  Deliver("0123456789");
  EXPECT_EQ(Message(10), "0123456789 0 10");
}

TEST_F(ReceiveTest, Peeked) {
  Deliver("first");
  Deliver("second");
  EXPECT_EQ(Message(5, MSG_PEEK), "first 0 5");
  EXPECT_EQ(Message(0, MSG_PEEK | MSG_TRUNC), " " + std::to_string(MSG_TRUNC) + " 5");
  EXPECT_EQ(Message(5), "first 0 5");
  EXPECT_EQ(Message(6), "second 0 6");
  EXPECT_EQ(Message(6, MSG_PEEK), "EAGAIN");
}

TEST_F(ReceiveTest, Flags) {
  Deliver("data");
  EXPECT_EQ(Message(4, MSG_OOB), "EOPNOTSUPP");
  EXPECT_EQ(Message(4, MSG_ERRQUEUE), "EAGAIN");
  EXPECT_EQ(Message(8, MSG_WAITALL | MSG_DONTWAIT | MSG_PEEK), "data.... 0 4");
  EXPECT_EQ(Message(4, MSG_WAITFORONE | MSG_CMSG_CLOEXEC), "data 0 4");
}

TEST_F(ReceiveTest, EmptyDatagramIsNotTheEnd) {
  Deliver("");
  EXPECT_EQ(Message(4), ".... 0 0");
  EXPECT_EQ(Message(4), "EAGAIN");
}

TEST_F(ReceiveTest, Source) {
  Deliver("x");
  sockaddr_in6 source{};
  socklen_t length = sizeof source;
  char byte = 0;
  auto* const out = reinterpret_cast<sockaddr*>(&source);
  EXPECT_EQ(*layer().ReceiveFrom(to_, &byte, 1, MSG_PEEK, out, &length), 1U);
  EXPECT_EQ(Text(source), "::1%0 port 8");
  EXPECT_EQ(length, sizeof source);
  EXPECT_EQ(layer().ReceiveFrom(to_, &byte, 1, 0, out, nullptr).error(), Errno::kFault);
  EXPECT_EQ(layer().ReceiveFrom(to_, nullptr, 1, 0, out, &length).error(), Errno::kFault);
  length = 4;  // cut to the room there is, and the whole length told
  source.sin6_addr = {};
  EXPECT_EQ(*layer().ReceiveFrom(to_, &byte, 1, 0, out, &length), 1U);
  EXPECT_EQ(socket::FromC(source.sin6_addr), Ipv6Address());
  EXPECT_EQ(length, sizeof source);
}

TEST_F(ReceiveTest, LinkLocalSourceHasItsZone) {
  const int to = OpenAt(kOurLinkLocal, 7, kLan);
  EXPECT_EQ(SendTo(to, "x", At(kOurLinkLocal, 7, kLan)), kOk);
  Settle();
  sockaddr_in6 source{};
  socklen_t length = sizeof source;
  char byte = 0;
  EXPECT_EQ(*layer().ReceiveFrom(to, &byte, 1, 0, reinterpret_cast<sockaddr*>(&source), &length),
            1U);
  EXPECT_EQ(Text(source), std::string(kOurLinkLocal) + "%2 port 7");
}

TEST_F(ReceiveTest, MisusedMessages) {
  Deliver("x");
  msghdr message{};
  std::vector<iovec> parts(1025);
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  EXPECT_EQ(layer().ReceiveMsg(to_, message, 0).error(), Errno::kMessageSize);
  message.msg_iov = nullptr;
  message.msg_iovlen = 1;
  EXPECT_EQ(layer().ReceiveMsg(to_, message, 0).error(), Errno::kFault);
  message.msg_iovlen = 0;
  EXPECT_EQ(*layer().ReceiveMsg(to_, message, 0), 0U);
  EXPECT_EQ(message.msg_flags, MSG_TRUNC);
}

TEST_F(ReceiveTest, FullBufferDropsAndCounts) {
  EXPECT_EQ(Set(to_, SOL_SOCKET, SO_RCVBUF, 1), kOk);  // one packet always fits
  Deliver("kept");
  Deliver("lost");
  EXPECT_EQ(Receive(to_), "kept");
  EXPECT_EQ(Receive(to_), "[EAGAIN]");
  const auto& dropped = graph().core().counters().dropped;
  EXPECT_EQ(dropped[static_cast<size_t>(DropReason::kUdpSocketFull)], 1U);
}

}  // namespace
}  // namespace sextant::test
