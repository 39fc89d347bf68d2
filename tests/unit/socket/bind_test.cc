// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket_rig.h"

namespace sextant::test {
namespace {

constexpr auto kOk = Errno::kOk;

Errno WithoutPrivilege(SocketRig& rig, const sockaddr_in6& at) {
  rig.layer().set_caller({.net_bind = false});
  return rig.Bind(rig.Open(), at);
}

Errno Second(SocketRig& rig, const sockaddr_in6& first, const sockaddr_in6& second,
             int shared_option = 0, uint32_t second_user = 0) {
  const int yes = 1;
  const int a = rig.Open();
  rig.layer().set_caller({.user = second_user});
  const int b = rig.Open();
  if (shared_option != 0) {
    rig.Set(a, SOL_SOCKET, shared_option, yes);
    rig.Set(b, SOL_SOCKET, shared_option, yes);
  }
  if (const Errno failed = rig.Bind(a, first); failed != kOk) return Errno::kFault;
  return rig.Bind(b, second);
}

// clang-format off
const CallCase kBindCases[] = {
    {"Any",            "POSIX",          [](SocketRig& r) { return r.Bind(r.Open(), At("::", 7)); }, kOk, kOk},
    {"AnyPort",        "POSIX",          [](SocketRig& r) { return r.Bind(r.Open(), At("::", 0)); }, kOk, kOk},
    {"Loopback",       "POSIX",          [](SocketRig& r) { return r.Bind(r.Open(), At("::1", 7)); }, kOk, kOk},
    {"Global",         "POSIX",          [](SocketRig& r) { return r.Bind(r.Open(), At(kOurGlobal, 7)); }, kOk, kOk},
    {"LinkLocal",      "RFC 4007 §6",    [](SocketRig& r) { return r.Bind(r.Open(), At(kOurLinkLocal, 7, kLan)); }, kOk, kOk},
    {"Group",          "RFC 3493 §5.2",  [](SocketRig& r) { return r.Bind(r.Open(), At("ff05::7", 7)); }, kOk, kOk},
    {"OldLength",      "RFC 2553 §3.3",  [](SocketRig& r) { return r.Bind(r.Open(), At("::1", 7), 24); }, kOk, kOk},
    {"ShortLength",    "Linux", [](SocketRig& r) { return r.Bind(r.Open(), At("::1", 7), 23); }, Errno::kInvalid, Errno::kInvalid},
    {"NullAddress",    "POSIX",          [](SocketRig& r) { return r.layer().Bind(r.Open(), nullptr, 28); }, Errno::kFault, Errno::kFault},
    {"OtherFamily",    "POSIX",          [](SocketRig& r) { sockaddr_in6 a = At("::1", 7); a.sin6_family = AF_INET; return r.Bind(r.Open(), a); },
                       Errno::kFamilyNoSupport, Errno::kFamilyNoSupport},
    {"Twice",          "POSIX",          [](SocketRig& r) { return r.Bind(r.OpenAt("::1", 7), At("::1", 8)); }, Errno::kInvalid, Errno::kInvalid},
    {"NotOurs",        "POSIX",          [](SocketRig& r) { return r.Bind(r.Open(), At("fd00:6::3", 7)); },
                         Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"Mapped",         "RFC 3493 §3.7",  [](SocketRig& r) { return r.Bind(r.Open(), At("::ffff:127.0.0.1", 7)); },
                         Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"NoZone",         "RFC 4007 §6",    [](SocketRig& r) { return r.Bind(r.Open(), At(kOurLinkLocal, 7)); }, Errno::kInvalid, Errno::kInvalid},
    {"GroupNoZone",    "RFC 4007 §6",    [](SocketRig& r) { return r.Bind(r.Open(), At("ff02::7", 7)); }, Errno::kInvalid, Errno::kInvalid},
    {"WrongZone",      "RFC 4007 §6",    [](SocketRig& r) { return r.Bind(r.Open(), At(kOurLinkLocal, 7, 1)); },
                         Errno::kAddressNotAvailable, Errno::kAddressNotAvailable},
    {"UnknownZone",    "RFC 4007 §6",    [](SocketRig& r) { return r.Bind(r.Open(), At(kOurLinkLocal, 7, 9)); }, Errno::kNoDevice, Errno::kNoDevice},
    {"ZoneNotNeeded",  "RFC 3493 §3.3",  [](SocketRig& r) { return r.Bind(r.Open(), At(kOurGlobal, 7, 9)); }, kOk, kOk},
    {"ReservedPort",   "RFC 6335 §6",    [](SocketRig& r) { return WithoutPrivilege(r, At("::", 1023)); }, Errno::kAccess, Errno::kAccess},
    {"UserPort",       "RFC 6335 §6",    [](SocketRig& r) { return WithoutPrivilege(r, At("::", 1024)); }, kOk, kOk},
    {"ChosenPort",     "RFC 6056 §3.2",  [](SocketRig& r) { return WithoutPrivilege(r, At("::", 0)); }, kOk, kOk},
    {"Taken",          "POSIX",          [](SocketRig& r) { return Second(r, At("::1", 7), At("::1", 7)); }, Errno::kAddressInUse, Errno::kAddressInUse},
    {"TakenByAny",     "POSIX",          [](SocketRig& r) { return Second(r, At("::", 7), At("::1", 7)); }, Errno::kAddressInUse, Errno::kAddressInUse},
    {"OtherAddress",   "POSIX",          [](SocketRig& r) { return Second(r, At(kOurGlobal, 7), At("::1", 7)); }, kOk, kOk},
    {"SharedAddress",  "socket(7)",      [](SocketRig& r) { return Second(r, At("::1", 7), At("::1", 7), SO_REUSEADDR); }, kOk, kOk},
    {"SharedPort",     "socket(7)",      [](SocketRig& r) { return Second(r, At("::1", 7), At("::1", 7), SO_REUSEPORT); }, kOk, kOk},
    {"OtherUsersPort", "socket(7)",      [](SocketRig& r) { return Second(r, At("::1", 7), At("::1", 7), SO_REUSEPORT, 1000); },
                         Errno::kAddressInUse, Errno::kAddressInUse},
    {"TiedElsewhere",  "socket(7)",      [](SocketRig& r) { const int fd = r.Open(); r.Set(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo");
                                                            return r.Bind(fd, At(kOurLinkLocal, 7, kLan)); }, Errno::kInvalid, Errno::kInvalid},
};
// clang-format on

using BindTest = CallTest;
TEST_P(BindTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Bind, BindTest, InBothProfiles(kBindCases), kNameOfCall);

using NameTest = SocketRig;

TEST_F(NameTest, OfEverySocket) {
  const int fd = Open();
  EXPECT_EQ(Text(NameOf(fd)), "::%0 port 0");
  EXPECT_EQ(Bind(fd, At(kOurLinkLocal, 7, kLan)), Errno::kOk);
  EXPECT_EQ(Text(NameOf(fd)), std::string(kOurLinkLocal) + "%2 port 7");
  const int any = OpenAt("::", 0);
  EXPECT_GE(ntohs(NameOf(any).sin6_port), 49152);
}

TEST_F(NameTest, CutToTheRoomThereIs) {
  const int fd = OpenAt("::1", 7);
  sockaddr_in6 name{};
  name.sin6_scope_id = 77;
  socklen_t length = 24;
  EXPECT_EQ(layer().GetSockName(fd, reinterpret_cast<sockaddr*>(&name), &length), Errno::kOk);
  EXPECT_EQ(length, sizeof(sockaddr_in6));
  EXPECT_EQ(name.sin6_scope_id, 77U);
  EXPECT_EQ(ntohs(name.sin6_port), 7);
  EXPECT_EQ(layer().GetSockName(fd, reinterpret_cast<sockaddr*>(&name), nullptr), Errno::kFault);
  EXPECT_EQ(layer().GetPeerName(fd, reinterpret_cast<sockaddr*>(&name), &length),
            Errno::kNotConnected);
}

}  // namespace
}  // namespace sextant::test
