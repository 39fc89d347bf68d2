// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket_rig.h"
#include "support/chain.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr size_t kMtuPayload = 1500 - 48;

Errno Datagram(SocketRig& rig, size_t size, const sockaddr_in6& to) {
  return rig.SendTo(rig.Open(), std::string(size, 'x'), to);
}

int Connected(SocketRig& rig) {
  const int fd = rig.Open();
  SX_CHECK(rig.Connect(fd, At("::1", 7)) == kOk);
  return fd;
}

Errno Parts(SocketRig& rig, size_t count) {
  std::vector<iovec> parts(count);
  sockaddr_in6 to = At("::1", 7);
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return rig.layer().SendMsg(rig.Open(), message, 0).error();
}

// clang-format off
const CallCase kSendCases[] = {
    {"Loopback",      "POSIX",           [](SocketRig& r) { return Datagram(r, 4, At("::1", 7)); }, kOk, kOk},
    {"Empty",         "RFC 768",         [](SocketRig& r) { return Datagram(r, 0, At("::1", 7)); }, kOk, kOk},
    {"Unspecified",   "RFC 3493 §3.8",   [](SocketRig& r) { return Datagram(r, 4, At("::", 7)); }, kOk, kOk},
    {"OnLink",        "POSIX",           [](SocketRig& r) { return Datagram(r, 4, At(kPeerGlobal, 7)); }, kOk, kOk},
    {"LinkLocal",     "RFC 4007 §6",     [](SocketRig& r) { return Datagram(r, 4, At(kPeerLinkLocal, 7, kLan)); }, kOk, kOk},
    {"Group",         "RFC 3493 §5.2",   [](SocketRig& r) { return Datagram(r, 4, At("ff02::7", 7)); }, kOk, kOk},
    {"PortZero",      "Linux",           [](SocketRig& r) { return Datagram(r, 4, At("::1", 0)); }, Errno::kInvalid, Errno::kInvalid},
    {"NoZone",        "RFC 4007 §6",     [](SocketRig& r) { return Datagram(r, 4, At(kPeerLinkLocal, 7)); },
                      Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"UnknownZone",   "RFC 4007 §6",     [](SocketRig& r) { return Datagram(r, 4, At(kPeerLinkLocal, 7, 9)); },
                      Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"NoRoute",       "POSIX",           [](SocketRig& r) { return Datagram(r, 4, At("2001:db8::1", 7)); },
                      Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"Mapped",        "RFC 3493 §3.7",   [](SocketRig& r) { return Datagram(r, 4, At("::ffff:1.2.3.4", 7)); },
                      Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"MtuExactly",    "RFC 8200 §5",     [](SocketRig& r) { return Datagram(r, kMtuPayload, At(kPeerGlobal, 7)); }, kOk, kOk},
    {"BeyondMtu",     "RFC 8200 §5",     [](SocketRig& r) { return Datagram(r, kMtuPayload + 1, At(kPeerGlobal, 7)); }, kOk, kOk},
    {"Longest",       "RFC 768",         [](SocketRig& r) { return Datagram(r, 65527, At("::1", 7)); }, kOk, kOk},
    {"TooLong",       "RFC 768",         [](SocketRig& r) { return Datagram(r, 65528, At("::1", 7)); }, Errno::kMessageSize, Errno::kMessageSize},
    {"BeyondSndbuf",  "POSIX",           [](SocketRig& r) { const int fd = r.Open(); r.Set(fd, SOL_SOCKET, SO_SNDBUF, 5000);
                                                            return r.SendTo(fd, std::string(5001, 'x'), At("::1", 7)); }, Errno::kMessageSize, kOk},
    {"ShortAddress",  "RFC 2553 §3.3",   [](SocketRig& r) { return r.SendTo(r.Open(), "x", At("::1", 7), 0, 23); }, Errno::kInvalid, Errno::kInvalid},
    {"OldAddress",    "RFC 2553 §3.3",   [](SocketRig& r) { return r.SendTo(r.Open(), "x", At("::1", 7), 0, 24); }, kOk, kOk},
    {"OtherFamily",   "POSIX",           [](SocketRig& r) { sockaddr_in6 a = At("::1", 7); a.sin6_family = AF_INET; return r.SendTo(r.Open(), "x", a); },
                      Errno::kFamilyNoSupport, Errno::kFamilyNoSupport},
    {"NoDestination", "requirement E",   [](SocketRig& r) { return r.Send(r.Open(), "x"); }, Errno::kNotConnected, Errno::kDestinationRequired},
    {"ToThePeer",     "POSIX",           [](SocketRig& r) { return r.Send(Connected(r), "x"); }, kOk, kOk},
    {"PastThePeer",   "requirement E",   [](SocketRig& r) { return r.SendTo(Connected(r), "x", At("::1", 8)); }, Errno::kIsConnected, kOk},
    {"Oob",           "POSIX",           [](SocketRig& r) { return r.Send(Connected(r), "x", MSG_OOB); }, Errno::kNotSupported, Errno::kNotSupported},
    {"More",          "POSIX",           [](SocketRig& r) { return r.Send(Connected(r), "x", MSG_MORE); }, Errno::kNotSupported, Errno::kNotSupported},
    {"HarmlessFlags", "POSIX",           [](SocketRig& r) { return r.Send(Connected(r), "x", MSG_DONTWAIT | MSG_NOSIGNAL | MSG_CONFIRM); }, kOk, kOk},
    {"NoParts",       "POSIX",           [](SocketRig& r) { return Parts(r, 0); }, kOk, kOk},
    {"ManyParts",     "POSIX",           [](SocketRig& r) { return Parts(r, 1024); }, kOk, kOk},
    {"TooManyParts",  "POSIX",           [](SocketRig& r) { return Parts(r, 1025); }, Errno::kMessageSize, Errno::kMessageSize},
    {"NullData",      "POSIX",           [](SocketRig& r) { return r.layer().SendTo(Connected(r), nullptr, 4, 0, nullptr, 0).error(); },
                      Errno::kFault, Errno::kFault},
    {"NoBuffers",     "requirement E",   [](SocketRig& r) { const Drought drought(r.pool(), 0); return r.Send(Connected(r), "x"); },
                      Errno::kNoBuffers, Errno::kNoBuffers},
    {"NoBufferChain", "requirement E",   [](SocketRig& r) { const Drought drought(r.pool(), 2); return r.Send(Connected(r), std::string(5000, 'x')); },
                      Errno::kNoBuffers, Errno::kNoBuffers},
};
// clang-format on

using SendTest = CallTest;
TEST_P(SendTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Send, SendTest, InBothProfiles(kSendCases), kNameOfCall);

using TransferTest = SocketRig;

TEST_F(TransferTest, EverySizeAroundTheBuffers) {
  // One buffer holds 2048 bytes of payload; what is longer is chained.
  const int from = Open();
  const int to = OpenAt("::1", 7);
  for (const size_t size : {0U, 1U, 47U, 1452U, 2047U, 2048U, 2049U, 4095U, 4096U, 4097U, 65488U}) {
    const Frame pattern = Pattern(size);
    const std::string data(pattern.begin(), pattern.end());
    EXPECT_EQ(SendTo(from, data, At("::1", 7)), kOk);
    Settle();
    EXPECT_EQ(Receive(to), data) << size;
  }
}

TEST_F(TransferTest, GatheredAndScattered) {
  const int to = OpenAt("::1", 7);
  const int from = Open();
  const Frame pattern = Pattern(5000);
  auto* const data = const_cast<uint8_t*>(pattern.data());
  sockaddr_in6 address = At("::1", 7);
  std::array<iovec, 5> parts{
      {{data, 1}, {data + 1, 0}, {nullptr, 0}, {data + 1, 3000}, {data + 3001, 1999}}};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  EXPECT_EQ(*layer().SendMsg(from, message, 0), 5000U);
  Settle();

  Frame out(6000);
  std::array<iovec, 4> into{
      {{out.data(), 2100}, {nullptr, 0}, {out.data() + 2100, 7}, {out.data() + 2107, 3893}}};
  msghdr received{};
  received.msg_iov = into.data();
  received.msg_iovlen = into.size();
  EXPECT_EQ(*layer().ReceiveMsg(to, received, 0), 5000U);
  EXPECT_EQ(received.msg_flags, 0);
  out.resize(5000);
  EXPECT_EQ(out, pattern);
}

TEST_F(TransferTest, WhatARowOfMessagesBecomes) {
  const int to = OpenAt("::1", 7);
  const int from = Open();
  sockaddr_in6 good = At("::1", 7);
  sockaddr_in6 bad = At("::1", 0);
  std::array<std::string, 40> texts;
  std::array<iovec, 40> parts;
  std::array<mmsghdr, 40> messages{};
  for (size_t i = 0; i < messages.size(); ++i) {
    texts[i] = "message " + std::to_string(i);
    parts[i] = {texts[i].data(), texts[i].size()};
    messages[i].msg_hdr.msg_name = &good;
    messages[i].msg_hdr.msg_namelen = sizeof good;
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  EXPECT_EQ(*layer().SendMmsg(from, messages, 0), 40U);
  EXPECT_EQ(messages[9].msg_len, 9U);
  EXPECT_EQ(messages[10].msg_len, 10U);
  Settle();

  std::array<std::array<char, 32>, 64> rooms;
  std::array<iovec, 64> into;
  std::array<mmsghdr, 64> received{};
  for (size_t i = 0; i < received.size(); ++i) {
    into[i] = {rooms[i].data(), rooms[i].size()};
    received[i].msg_hdr.msg_iov = &into[i];
    received[i].msg_hdr.msg_iovlen = 1;
  }
  EXPECT_EQ(*layer().ReceiveMmsg(to, received, 0), 40U);
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(std::string_view(rooms[i].data(), received[i].msg_len), texts[i]);
  }
  EXPECT_EQ(layer().ReceiveMmsg(to, received, 0).error(), Errno::kWouldBlock);

  // sendmmsg(2): what went before the bad one counts; the bad one alone is an error.
  messages[3].msg_hdr.msg_name = &bad;
  EXPECT_EQ(*layer().SendMmsg(from, messages, 0), 3U);
  EXPECT_EQ(layer().SendMmsg(from, std::span(messages).subspan(3), 0).error(), Errno::kInvalid);
  EXPECT_EQ(*layer().SendMmsg(from, {}, 0), 0U);
  Settle();
  EXPECT_EQ(*layer().ReceiveMmsg(to, received, 0), 3U);
}

TEST_F(TransferTest, AFewBuffersLeft) {
  // A bulk take that fails must not keep single ones from going.
  const int to = OpenAt("::1", 7);
  std::array<mmsghdr, 8> messages{};
  sockaddr_in6 address = At("::1", 7);
  for (mmsghdr& m : messages) {
    m.msg_hdr.msg_name = &address;
    m.msg_hdr.msg_namelen = sizeof address;
  }
  {
    const Drought drought(pool(), 5);
    EXPECT_EQ(*layer().SendMmsg(to, messages, 0), 5U);
    EXPECT_EQ(layer().SendMmsg(to, messages, 0).error(), Errno::kNoBuffers);
  }
  Settle();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Receive(to), "");
  EXPECT_EQ(Receive(to), "[EAGAIN]");
}

TEST_F(TransferTest, BetweenOurOwnAddresses) {
  const int to = OpenAt(kOurGlobal, 7);
  const int from = OpenAt(kOurLinkLocal, 8, kLan);
  // Bound to an interface's link-local address it speaks to what that interface reaches.
  EXPECT_EQ(SendTo(from, "hello", At(kOurGlobal, 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(to), "hello");
}

}  // namespace
}  // namespace sextant::test
