// SPDX-License-Identifier: BSD-3-Clause
// What calls on raw sockets answer; the column `linux` was seen on Linux 6.
// RFC 3542 §3, requirements D and E.
// Owned by one Core.
#include "raw_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;
constexpr auto kBad = Errno::kInvalid;

Errno Make(SocketRig& rig, int protocol, bool privileged = true) {
  socket::Credentials caller;
  caller.net_raw = privileged;
  rig.layer().set_caller(caller);
  return rig.layer().Socket(AF_INET6, SOCK_RAW, protocol).error();
}

Errno SendSize(SocketRig& rig, size_t size, const sockaddr_in6& to, int protocol = kTestProtocol) {
  return rig.SendTo(OpenRaw(rig, protocol), std::string(size, 'x'), to);
}

// With IPV6_CHECKSUM at `offset`.
Errno SendSummed(SocketRig& rig, int offset, size_t size) {
  const int fd = OpenRaw(rig);
  SX_CHECK(rig.Set(fd, IPPROTO_IPV6, IPV6_CHECKSUM, offset) == kOk);
  return rig.SendTo(fd, std::string(size, 'x'), At("::1", 0));
}

Errno BindTwice(SocketRig& rig, int fd) {
  SX_CHECK(rig.Bind(fd, At("::1", 0)) == kOk);
  return rig.Bind(fd, At(kOurGlobal, 0));
}

// clang-format off
const CallCase kCreation[] = {
    {"Icmp6",          "D-1",     [](SocketRig& r) { return Make(r, 58); }, kOk, kOk},
    {"Udp",            "D-1",     [](SocketRig& r) { return Make(r, 17); }, kOk, kOk},
    {"Last",           "D-1",     [](SocketRig& r) { return Make(r, 255); }, kOk, kOk},
    {"Zero",           "D-1",     [](SocketRig& r) { return Make(r, 0); }, kOk, Errno::kProtoNoSupport},
    {"Beyond",         "D-1",     [](SocketRig& r) { return Make(r, 256); }, Errno::kProtoNoSupport, Errno::kProtoNoSupport},
    {"Negative",       "D-1",     [](SocketRig& r) { return Make(r, -1); }, Errno::kProtoNoSupport, Errno::kProtoNoSupport},
    {"Unprivileged",   "D-1",     [](SocketRig& r) { return Make(r, 58, false); }, Errno::kAccess, Errno::kPermission},
    {"UnprivilegedZero", "D-1",   [](SocketRig& r) { return Make(r, 0, false); }, Errno::kAccess, Errno::kProtoNoSupport},
};

const CallCase kSending[] = {
    {"Loopback",       "D-2",     [](SocketRig& r) { return SendSize(r, 4, At("::1", 0)); }, kOk, kOk},
    {"Unspecified",    "raw(7)",  [](SocketRig& r) { return SendSize(r, 4, At("::", 0)); }, kOk, kOk},
    {"Nothing",        "D-2",     [](SocketRig& r) { return SendSize(r, 0, At("::1", 0)); }, kOk, kOk},
    {"Group",          "D-2",     [](SocketRig& r) { return SendSize(r, 4, At("ff02::7", 0, kLan)); }, kOk, kOk},
    {"PortIsProtocol", "raw(7)",  [](SocketRig& r) { return SendSize(r, 4, At("::1", 253)); }, kOk, kOk},
    {"OtherPort",      "raw(7)",  [](SocketRig& r) { return SendSize(r, 4, At("::1", 7)); }, kBad, kBad},
    {"PortOf255",      "raw(7)",  [](SocketRig& r) { return SendSize(r, 40, At("::1", 7), 255); }, kOk, kOk},
    {"PortBeyond255",  "raw(7)",  [](SocketRig& r) { return SendSize(r, 40, At("::1", 256), 255); }, kBad, kBad},
    {"ShortAddress",   "RFC 2553 §3.3", [](SocketRig& r) { return r.SendTo(OpenRaw(r), "x", At("::1", 0), 0, 23); }, kBad, kBad},
    {"OldAddress",     "RFC 2553 §3.3", [](SocketRig& r) { return r.SendTo(OpenRaw(r), "x", At("::1", 0), 0, 24); }, kOk, kOk},
    {"OtherFamily",    "POSIX",   [](SocketRig& r) { sockaddr_in6 a = At("::1", 0); a.sin6_family = AF_INET; return r.SendTo(OpenRaw(r), "x", a); },
                       Errno::kFamilyNoSupport, Errno::kFamilyNoSupport},
    {"NoDestination",  "E",       [](SocketRig& r) { return r.Send(OpenRaw(r), "x"); }, Errno::kNotConnected, Errno::kDestinationRequired},
    {"ToThePeer",      "D-3",     [](SocketRig& r) { return r.Send(ConnectedRaw(r), "x"); }, kOk, kOk},
    {"PastThePeer",    "E",       [](SocketRig& r) { return r.SendTo(ConnectedRaw(r), "x", At("::1", 0)); }, Errno::kIsConnected, kOk},
    {"Oob",            "POSIX",   [](SocketRig& r) { return r.Send(ConnectedRaw(r), "x", MSG_OOB); }, Errno::kNotSupported, Errno::kNotSupported},
    {"Longest",        "RFC 8200 §3", [](SocketRig& r) { return SendSize(r, 65535, At("::1", 0)); }, kOk, kOk},
    {"TooLong",        "RFC 8200 §3", [](SocketRig& r) { return SendSize(r, 65536, At("::1", 0)); }, Errno::kMessageSize, Errno::kMessageSize},
    {"NoRoute",        "POSIX",   [](SocketRig& r) { return SendSize(r, 4, At("2001:db8::1", 0)); }, Errno::kNetworkUnreachable, Errno::kNetworkUnreachable},
    {"Icmp6Three",     "RFC 4443 §2.1", [](SocketRig& r) { return SendSize(r, 3, At("::1", 0), 58); }, kBad, kBad},
    {"Icmp6Four",      "RFC 4443 §2.1", [](SocketRig& r) { return SendSize(r, 4, At("::1", 0), 58); }, kOk, kOk},
    {"SummedFits",     "RFC 3542 §3.1", [](SocketRig& r) { return SendSummed(r, 4, 6); }, kOk, kOk},
    {"SummedShort",    "RFC 3542 §3.1", [](SocketRig& r) { return SendSummed(r, 4, 5); }, kBad, kBad},
    {"SummedFar",      "RFC 3542 §3.1", [](SocketRig& r) { return SendSummed(r, 60000, 60002); }, kOk, kOk},
    {"HeaderCut",      "raw(7)",  [](SocketRig& r) { return SendSize(r, 39, At("::1", 0), 255); }, kOk, kBad},
    {"HeaderTooBig",   "raw(7)",  [](SocketRig& r) { return SendSize(r, 1501, At(kPeerGlobal, 0), 255); }, kOk, Errno::kMessageSize},
    {"NoBuffers",      "E",       [](SocketRig& r) { const int fd = ConnectedRaw(r); const Drought drought(r.pool(), 0); return r.Send(fd, "x"); },
                       Errno::kNoBuffers, Errno::kNoBuffers},
};

const CallCase kBinding[] = {
    {"Ours",           "ip6(4)",  [](SocketRig& r) { return r.Bind(OpenRaw(r), At(kOurGlobal, 0)); }, kOk, kOk},
    {"PortMeansNothing", "ip6(4)", [](SocketRig& r) { return r.Bind(OpenRaw(r), At("::1", 7)); }, kOk, kOk},
    {"Group",          "raw(7)",  [](SocketRig& r) { return r.Bind(OpenRaw(r), At("ff02::7", 0, kLan)); }, kOk, kOk},
    {"Foreign",        "ip6(4)",  [](SocketRig& r) { return r.Bind(OpenRaw(r), At(kPeerGlobal, 0)); },
                       Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"Mapped",         "ip6(4)",  [](SocketRig& r) { return r.Bind(OpenRaw(r), At("::ffff:1.2.3.4", 0)); },
                       Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"NoZone",         "RFC 4007 §6", [](SocketRig& r) { return r.Bind(OpenRaw(r), At("fe80::ff:fe00:2", 0)); }, kBad, kBad},
    {"Again",          "ip6(4)",  [](SocketRig& r) { return BindTwice(r, OpenRaw(r)); }, kOk, kOk},
    {"Connected",      "raw(7)",  [](SocketRig& r) { return r.Bind(ConnectedRaw(r), At("::1", 0)); }, kBad, kBad},
    {"SharedAddress",  "raw(7)",  [](SocketRig& r) { SX_CHECK(r.Bind(OpenRaw(r), At("::1", 0)) == kOk); return r.Bind(OpenRaw(r), At("::1", 0)); }, kOk, kOk},
    {"ShutdownAlone",  "POSIX",   [](SocketRig& r) { return r.layer().Shutdown(OpenRaw(r), SHUT_RD); }, Errno::kNotConnected, Errno::kNotConnected},
    {"Listen",         "POSIX",   [](SocketRig& r) { return r.layer().Listen(OpenRaw(r)); }, Errno::kNotSupported, Errno::kNotSupported},
};
// clang-format on

using RawCallTest = CallTest;
TEST_P(RawCallTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Creation, RawCallTest, InBothProfiles(kCreation), kNameOfCall);
INSTANTIATE_TEST_SUITE_P(Sending, RawCallTest, InBothProfiles(kSending), kNameOfCall);
INSTANTIATE_TEST_SUITE_P(Binding, RawCallTest, InBothProfiles(kBinding), kNameOfCall);

class RawNameTest : public SocketRig, public testing::WithParamInterface<ProfileName> {
 public:
  RawNameTest() : SocketRig(GetParam()) {}

 protected:
  Errno PeerOf(int fd, sockaddr_in6& peer) {
    socklen_t length = sizeof peer;
    return layer().GetPeerName(fd, reinterpret_cast<sockaddr*>(&peer), &length);
  }
};

TEST_P(RawNameTest, OfBothEnds) {
  const bool on_linux = GetParam() == ProfileName::kLinux;
  const int fd = OpenRaw(*this, 58);
  EXPECT_EQ(Text(NameOf(fd)), on_linux ? "::%0 port 58" : "::%0 port 0");
  sockaddr_in6 peer{};
  EXPECT_EQ(PeerOf(fd, peer), Errno::kNotConnected);
  EXPECT_EQ(Connect(fd, At("::1", 0)), kOk);
  EXPECT_EQ(PeerOf(fd, peer), on_linux ? Errno::kNotConnected : kOk);
  EXPECT_EQ(Connect(fd, At("::1", 58)), kOk);
  EXPECT_EQ(PeerOf(fd, peer), kOk);
  EXPECT_EQ(Text(peer), "::1%0 port 58");
  EXPECT_EQ(Text(NameOf(fd)), on_linux ? "::1%0 port 58" : "::1%0 port 0");
  sockaddr_in6 none{};
  EXPECT_EQ(Connect(fd, none), kOk);
  EXPECT_EQ(PeerOf(fd, peer), Errno::kNotConnected);
  EXPECT_EQ(Text(NameOf(fd)), on_linux ? "::%0 port 58" : "::%0 port 0");
}
INSTANTIATE_TEST_SUITE_P(Profiles, RawNameTest,
                         testing::Values(ProfileName::kRfc, ProfileName::kLinux));

TEST_F(SocketRig, ARawSocketThatFindsNoDescriptorLeavesNothingBehind) {
  graph().core().tunables().sockets_max = 0;
  EXPECT_EQ(layer().Socket(AF_INET6, SOCK_RAW, 58).error(), Errno::kTooManyFiles);
  EXPECT_EQ(graph().raw().size(), 0U);
}

}  // namespace
}  // namespace sextant::test
