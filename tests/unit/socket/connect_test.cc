// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;

sockaddr_in6 Nobody() {
  sockaddr_in6 out{};
  out.sin6_family = AF_UNSPEC;
  return out;
}

Errno AfterConnect(SocketRig& rig, const sockaddr_in6& to) {
  const int fd = rig.Open();
  if (rig.Connect(fd, At("::1", 7)) != kOk) return Errno::kFault;
  return rig.Connect(fd, to);
}

// clang-format off
const CallCase kConnectCases[] = {
    {"Loopback",      "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), At("::1", 7)); }, kOk, kOk},
    {"Unspecified",   "RFC 4291 §2.5.2", [](SocketRig& r) { return r.Connect(r.Open(), At("::", 7)); }, kOk, kOk},
    {"OnLink",        "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), At(kPeerGlobal, 7)); }, kOk, kOk},
    {"LinkLocal",     "RFC 4007 §6",   [](SocketRig& r) { return r.Connect(r.Open(), At(kPeerLinkLocal, 7, kLan)); }, kOk, kOk},
    {"Group",         "RFC 3493 §5.2", [](SocketRig& r) { return r.Connect(r.Open(), At("ff02::7", 7)); }, kOk, kOk},
    {"Again",         "POSIX",         [](SocketRig& r) { return AfterConnect(r, At(kPeerGlobal, 8)); }, kOk, kOk},
    {"AgainTheSame",  "POSIX",         [](SocketRig& r) { return AfterConnect(r, At("::1", 7)); }, kOk, kOk},
    {"Dissolve",      "POSIX",         [](SocketRig& r) { return AfterConnect(r, Nobody()); }, kOk, kOk},
    {"DissolveNone",  "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), Nobody()); }, kOk, kOk},
    {"DissolveShort", "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), Nobody(), 2); }, kOk, kOk},
    {"TooShort",      "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), Nobody(), 1); }, Errno::kInvalid, Errno::kInvalid},
    {"ShortLength",   "RFC 2553 §3.3", [](SocketRig& r) { return r.Connect(r.Open(), At("::1", 7), 23); }, Errno::kInvalid, Errno::kInvalid},
    {"OldLength",     "RFC 2553 §3.3", [](SocketRig& r) { return r.Connect(r.Open(), At("::1", 7), 24); }, kOk, kOk},
    {"Null",          "POSIX",         [](SocketRig& r) { return r.layer().Connect(r.Open(), nullptr, 28); }, Errno::kFault, Errno::kFault},
    {"OtherFamily",   "POSIX",         [](SocketRig& r) { sockaddr_in6 a = At("::1", 7); a.sin6_family = AF_INET; return r.Connect(r.Open(), a); },
                      Errno::kFamilyNoSupport, Errno::kFamilyNoSupport},
    {"PortZero",      "Linux", [](SocketRig& r) { return r.Connect(r.Open(), At("::1", 0)); }, Errno::kInvalid, Errno::kInvalid},
    {"NoZone",        "RFC 4007 §6",   [](SocketRig& r) { return r.Connect(r.Open(), At(kPeerLinkLocal, 7)); }, Errno::kInvalid, Errno::kInvalid},
    {"NoRoute",       "POSIX",         [](SocketRig& r) { return r.Connect(r.Open(), At("2001:db8::1", 7)); },
                         Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"Mapped",        "RFC 3493 §3.7", [](SocketRig& r) { return r.Connect(r.Open(), At("::ffff:127.0.0.1", 7)); },
                      Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"LoopbackAbroad", "RFC 4291 §2.5.3", [](SocketRig& r) { return r.Connect(r.OpenAt("::1", 9), At(kPeerGlobal, 7)); }, Errno::kInvalid, Errno::kInvalid},
    {"BadDescriptor", "POSIX",         [](SocketRig& r) { return r.Connect(kNoFd, At("::1", 7)); }, Errno::kBadDescriptor, Errno::kBadDescriptor},
};
// clang-format on

using ConnectTest = CallTest;
TEST_P(ConnectTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Connect, ConnectTest, InBothProfiles(kConnectCases), kNameOfCall);

using PeerTest = SocketRig;

std::string PeerOf(SocketRig& rig, int fd) {
  sockaddr_in6 name{};
  socklen_t length = sizeof name;
  const Errno error = rig.layer().GetPeerName(fd, reinterpret_cast<sockaddr*>(&name), &length);
  return error == kOk ? SocketRig::Text(name) : "none";
}

TEST_F(PeerTest, BothNames) {
  const int fd = Open();
  EXPECT_EQ(Connect(fd, At(kPeerGlobal, 7)), kOk);
  EXPECT_EQ(PeerOf(*this, fd), "fd00:6::1%0 port 7");
  // RFC 6724 §5: the source is one of the interface it leaves by.
  EXPECT_EQ(socket::FromC(NameOf(fd).sin6_addr), Ip(kOurGlobal));
  const uint16_t port = NameOf(fd).sin6_port;
  EXPECT_NE(port, 0);

  EXPECT_EQ(Connect(fd, At(kPeerLinkLocal, 8, kLan)), kOk);
  EXPECT_EQ(PeerOf(*this, fd), "fe80::1%2 port 8");
  EXPECT_EQ(socket::FromC(NameOf(fd).sin6_addr), Ip(kOurLinkLocal));
  EXPECT_EQ(NameOf(fd).sin6_scope_id, kLan);
  EXPECT_EQ(NameOf(fd).sin6_port, port);

  // The zone of the old peer does not bind the new one.
  EXPECT_EQ(Connect(fd, At("::", 9)), kOk);
  EXPECT_EQ(PeerOf(*this, fd), "::1%0 port 9");
  EXPECT_EQ(Connect(fd, Nobody()), kOk);
  EXPECT_EQ(PeerOf(*this, fd), "none");
  EXPECT_EQ(Text(NameOf(fd)), "::%0 port 0");
}

TEST_F(PeerTest, DissolvingKeepsWhatBindWasGiven) {
  const int fd = OpenAt("::", 77);
  EXPECT_EQ(Connect(fd, At(kPeerGlobal, 7)), kOk);
  EXPECT_EQ(Text(NameOf(fd)), "fd00:6::2%0 port 77");
  EXPECT_EQ(Connect(fd, Nobody()), kOk);
  EXPECT_EQ(Text(NameOf(fd)), "::%0 port 77");
}

TEST_F(PeerTest, HearsNobodyElse) {
  const int fd = OpenAt("::1", 7);
  const int peer = OpenAt("::1", 8);
  const int other = OpenAt("::1", 9);
  EXPECT_EQ(Connect(fd, At("::1", 8)), kOk);
  EXPECT_EQ(SendTo(other, "no", At("::1", 7)), kOk);
  EXPECT_EQ(SendTo(peer, "yes", At("::1", 7)), kOk);
  Settle();
  EXPECT_EQ(Receive(fd), "yes");
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
}

TEST_F(PeerTest, SameTwoEndsOnce) {
  const int yes = 1;
  const int a = Open();
  const int b = Open();
  for (const int fd : {a, b}) {
    EXPECT_EQ(Set(fd, SOL_SOCKET, SO_REUSEADDR, yes), kOk);
    EXPECT_EQ(Bind(fd, At("::1", 7)), kOk);
  }
  EXPECT_EQ(Connect(a, At("::1", 8)), kOk);
  EXPECT_EQ(Connect(b, At("::1", 8)), Errno::kAddressInUse);
  EXPECT_EQ(Connect(b, At("::1", 9)), kOk);
}

TEST_F(PeerTest, RefusedOnce) {
  // RFC 4443 §3.1, RFC 8085 §5.2: nobody listens, and the connected socket is told.
  const int fd = Open();
  EXPECT_EQ(Connect(fd, At("::1", 7)), kOk);
  EXPECT_EQ(Send(fd, "anybody?"), kOk);
  Settle();
  pollfd polled{fd, POLLIN, 0};
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U);
  EXPECT_EQ(polled.revents, POLLERR);
  EXPECT_EQ(Receive(fd), "[ECONNREFUSED]");
  EXPECT_EQ(Receive(fd), "[EAGAIN]");
  EXPECT_EQ(Send(fd, "anybody?"), kOk);
  Settle();
  EXPECT_EQ(Send(fd, "anybody?"), Errno::kConnectionRefused);
  EXPECT_EQ(Send(fd, "anybody?"), kOk);
  Settle();
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_ERROR), 0);
  EXPECT_EQ(layer().Poll({&polled, 1}), 0U);
}

TEST_F(PeerTest, Shutdown) {
  const int fd = OpenAt("::1", 7);
  EXPECT_EQ(layer().Shutdown(fd, SHUT_RD), Errno::kNotConnected);
  EXPECT_EQ(Connect(fd, At("::1", 7)), kOk);
  EXPECT_EQ(layer().Shutdown(fd, 3), Errno::kInvalid);
  EXPECT_EQ(Send(fd, "last"), kOk);
  Settle();
  EXPECT_EQ(layer().Shutdown(fd, SHUT_WR), kOk);
  EXPECT_EQ(Send(fd, "more"), Errno::kPipe);
  EXPECT_EQ(layer().Shutdown(fd, SHUT_RD), kOk);
  pollfd polled{fd, POLLIN, 0};
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U);
  EXPECT_EQ(polled.revents, POLLIN | POLLHUP);
  EXPECT_EQ(Receive(fd), "last");
  EXPECT_EQ(Receive(fd), "");
  EXPECT_EQ(layer().Poll({&polled, 1}), 1U);
}

}  // namespace
}  // namespace sextant::test
