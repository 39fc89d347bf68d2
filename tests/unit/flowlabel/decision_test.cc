// SPDX-License-Identifier: BSD-3-Clause
// GET, one row per decision, in the order in which they are made: each row fails the check it is
// named after and every one behind it, so that a check out of order is seen.
// Owned by one Core.
#include <string>

#include "unit/flowlabel/rig.h"

namespace sextant::test {
namespace {

using flowlabel::kLinuxPolicy;
using flowlabel::kRfcPolicy;
using flowlabel::Policy;

constexpr uint32_t kLeased = 0x11111;     // by socket b of kUser1, Share::kAny
constexpr uint32_t kPrivate = 0x22222;    // by b, Share::kExclusive
constexpr uint32_t kProcess = 0x33333;    // by b, Share::kProcess
constexpr uint32_t kUsers = 0x44444;      // by b, Share::kUser
constexpr uint32_t kLingering = 0x55555;  // nobody's any more, Share::kAny
constexpr uint32_t kLingeringPrivate = 0x66666;
constexpr uint32_t kUnknown = 0x77777;

struct Decision {
  std::string name;
  const char* why;
  Request request;
  Errno want;
  Caller caller = kUser1;
  const Policy* policy = &kRfcPolicy;
  int64_t Tunables::*tunable = nullptr;  // set to `value` for this row
  int64_t value = 0;
  bool tcp = false;
};

Request To(Request request, const char* destination) {
  request.destination = Ip(destination);
  return request;
}
Request Act(int action) {
  Request request;
  request.action = Action(action);
  return request;
}

Request HugeHeader() {
  static const uint8_t kHuge[2056] = {};
  Request request = GetRequest(0, Share::kAny, kMake);
  request.headers.hop_by_hop = kHuge;
  return request;
}

// Whatever can be wrong is wrong with it: only what stands before a check can answer for it.
Request AllWrong() {
  Request request = GetRequest(0x10'0000, Share::kNone, 0, 999, 999);
  request.destination = Ipv6Address();
  request.options_size = 65537;
  request.options_error = Errno::kPermission;
  request.destination_after_routing = true;
  return request;
}
Request Bad(auto... mend) {
  Request request = AllWrong();
  (mend(request), ...);
  return request;
}
void Reflect(Request& r) { r.flags = kFlagReflect; }
void Label(Request& r) { r.label = kUnknown; }
void StatelessLabel(Request& r) { r.label = 0x8'0000; }
void Size(Request& r) { r.options_size = 65536; }
void Options(Request& r) { r.options_error = Errno::kOk; }
void Order(Request& r) { r.destination_after_routing = false; }
void Linger(Request& r) { r.linger = 60; }
void Expires(Request& r) { r.expires = 60; }
void Destination(Request& r) { r.destination = Ip("2001:db8::1"); }
void Any(Request& r) { r.share = Share::kAny; }

Request Ask(uint32_t label, Share share, uint16_t flags) { return GetRequest(label, share, flags); }

// clang-format off
const Decision kDecisions[] = {
    {"UnknownAction",          "checked first",           Act(3), Errno::kInvalid},
    {"UnknownAction255",       "checked first",           Act(255), Errno::kInvalid},
    {"ReflectUdpConsistent",   "the default",             Bad(Reflect), Errno::kPermission},
    {"ReflectTcpConsistent",   "the default",             Bad(Reflect), Errno::kPermission, kUser1, &kRfcPolicy, nullptr, 0, true},
    {"ReflectUdp",             "TCP only",                Bad(Reflect), Errno::kNoProtoOpt, kUser1, &kRfcPolicy, &Tunables::flowlabel_consistency, 0},
    {"ReflectTcp",             "the rest is not read",    Bad(Reflect), Errno::kOk, kUser1, &kRfcPolicy, &Tunables::flowlabel_consistency, 0, true},
    {"Label21Bits",            "RFC 8200 §6",             Bad(), Errno::kInvalid},
    {"LabelTopBit",            "RFC 8200 §6",             Bad([](Request& r) { r.label = 0x8000'0001; }), Errno::kInvalid},
    {"UpperHalf",              "flowlabel_state_ranges",  Bad(StatelessLabel), Errno::kRange, kUser1, &kRfcPolicy, &Tunables::flowlabel_state_ranges, 1},
    {"UpperHalfAllowed",       "off by default",          Bad(StatelessLabel, Size, Options, Order, Linger, Expires, Destination, Any), Errno::kNoEntry},
    {"OptionsTooLong",         "65536",                   Bad(Label), Errno::kInvalid},
    {"OptionsRefused",         "the parser's error",      Bad(Label, Size), Errno::kPermission},
    {"OptionsRefusedOtherwise","the parser's error",      Bad(Label, Size, [](Request& r) { r.options_error = Errno::kFault; }), Errno::kFault},
    {"DestinationHeaderLast",  "it may be fragmented",    Bad(Label, Size, Options), Errno::kInvalid},
    {"LingerTooLong",          "60 s unprivileged",       Bad(Label, Size, Options, Order, Expires), Errno::kPermission},
    {"ExpiresTooLong",         "60 s unprivileged",       Bad(Label, Size, Options, Order, Linger), Errno::kPermission},
    {"Unspecified",            "no destination",          Bad(Label, Size, Options, Order, Linger, Expires), Errno::kInvalid},
    {"ShareNone",              "cannot be asked for",     Bad(Label, Size, Options, Order, Linger, Expires, Destination), Errno::kInvalid},
    {"Absent",                 "no CREATE",               Bad(Label, Size, Options, Order, Linger, Expires, Destination, Any), Errno::kNoEntry},

    {"Linger61",               "FL-8",  GetRequest(0, Share::kAny, kMake, 0, 61), Errno::kPermission},
    {"Linger60",               "FL-8",  GetRequest(0, Share::kAny, kMake, 0, 60), Errno::kOk},
    {"Expires61",              "FL-8",  GetRequest(0, Share::kAny, kMake, 61), Errno::kPermission},
    {"Expires150Linux",        "Linux", GetRequest(0, Share::kAny, kMake, 150), Errno::kOk, kUser1, &kLinuxPolicy},
    {"Expires151Linux",        "Linux", GetRequest(0, Share::kAny, kMake, 151), Errno::kPermission, kUser1, &kLinuxPolicy},
    {"Linger151Linux",         "Linux", GetRequest(0, Share::kAny, kMake, 0, 151), Errno::kPermission, kUser1, &kLinuxPolicy},
    {"Privileged",             "FL-8",  GetRequest(0, Share::kAny, kMake, 65535, 65535), Errno::kOk, kRoot},

    {"Mapped",                 "not IPv6",     To(Ask(0, Share::kAny, kMake), "::ffff:1.2.3.4"), Errno::kInvalid},
    {"Multicast",              "accepted",     To(Ask(0, Share::kAny, kMake), "ff02::1"), Errno::kOk},
    {"LoopbackDestination",    "accepted",     To(Ask(0, Share::kAny, kMake), "::1"), Errno::kOk},
    {"LinkLocal",              "accepted",     To(Ask(0, Share::kAny, kMake), "fe80::1"), Errno::kOk},
    {"Share4",                 "unknown",      Ask(0, Share{4}, kMake), Errno::kInvalid},
    {"Share254",               "unknown",      Ask(0, Share{254}, kMake), Errno::kInvalid},
    {"ShareExclusive",         "known",        Ask(0, Share::kExclusive, kMake), Errno::kOk},
    {"ShareProcess",           "known",        Ask(0, Share::kProcess, kMake), Errno::kOk},
    {"ShareUser",              "known",        Ask(0, Share::kUser, kMake), Errno::kOk},
    {"ValidatedEvenToJoin",    "joining",      To(Ask(kLeased, Share::kAny, 0), "::"), Errno::kInvalid},

    {"FoundButMustBeNew",      "EXCL before the share", Ask(kPrivate, Share::kUser, kMakeNew), Errno::kExists},
    {"FoundNewWithoutCreate",  "EXCL alone",            Ask(kLeased, Share::kAny, kFlagExclusive), Errno::kExists},
    {"Private",                "nobody joins",          Ask(kPrivate, Share::kAny, 0), Errno::kPermission},
    {"PrivateAsPrivate",       "nobody joins",          Ask(kPrivate, Share::kExclusive, 0), Errno::kPermission},
    {"PrivateAsRoot",          "nobody joins",          Ask(kPrivate, Share::kExclusive, 0), Errno::kPermission, kRoot},
    {"OtherShare",             "shares differ",         Ask(kLeased, Share::kUser, 0), Errno::kPermission},
    {"OtherShareUser",         "shares differ",         Ask(kUsers, Share::kAny, 0), Errno::kPermission},
    {"SameProcess",            "same pid",              Ask(kProcess, Share::kProcess, 0), Errno::kOk},
    {"OtherProcess",           "other pid",             Ask(kProcess, Share::kProcess, 0), Errno::kPermission, kUser1Again},
    {"SameUser",               "same uid",              Ask(kUsers, Share::kUser, 0), Errno::kOk, kUser1Again},
    {"OtherUser",              "other uid",             Ask(kUsers, Share::kUser, 0), Errno::kPermission, kUser2},
    {"OtherUserRoot",          "no privilege helps",    Ask(kUsers, Share::kUser, 0), Errno::kPermission, kRoot},
    {"Anybody",                "any",                   Ask(kLeased, Share::kAny, 0), Errno::kOk, kUser2},
    {"AnybodyCreate",          "CREATE may join",       Ask(kLeased, Share::kAny, kMake), Errno::kOk, kUser2},
    {"AnotherDestination",     "silently discarded",    To(Ask(kLeased, Share::kAny, 0), "2001:db8::2"), Errno::kOk},

    {"RandomWithoutCreate",    "ENOENT",                Ask(0, Share::kAny, 0), Errno::kNoEntry},
    {"RandomNewWithoutCreate", "EXCL alone",            Ask(0, Share::kAny, kFlagExclusive), Errno::kNoEntry},
    {"LingeringNotFound",      "without CREATE",        Ask(kLingering, Share::kAny, 0), Errno::kNoEntry},
    {"LingeringNewNotFound",   "EXCL alone",            Ask(kLingering, Share::kAny, kFlagExclusive), Errno::kNoEntry},
    {"LingeringRevived",       "same share",            Ask(kLingering, Share::kAny, kMake), Errno::kOk},
    {"LingeringMustBeNew",     "EXCL",                  Ask(kLingering, Share::kAny, kMakeNew), Errno::kExists},
    {"LingeringOtherShare",    "shares differ",         Ask(kLingering, Share::kUser, kMake), Errno::kPermission},
    {"LingeringPrivate",       "not even by its owner", Ask(kLingeringPrivate, Share::kExclusive, kMake), Errno::kPermission},
    {"RemoteIsIgnored",        "for queries only",      Ask(0, Share::kAny, kMake | kFlagRemote), Errno::kOk},
    {"UnknownFlags",           "ignored",               Ask(0, Share::kAny, kMake | 0xfff0), Errno::kOk},
    {"Create",                 "made",                  Ask(kUnknown, Share::kAny, kMake), Errno::kOk},
    {"CreateNew",              "made",                  Ask(kUnknown, Share::kAny, kMakeNew), Errno::kOk},
    {"HugeHeader",             "RFC 8200 §4.3",         HugeHeader(), Errno::kInvalid},
};
// clang-format on

class DecisionTest : public testing::TestWithParam<Decision> {};

TEST_P(DecisionTest, Answers) {
  const Decision& row = GetParam();
  LabelRig rig(*row.policy);
  ASSERT_EQ(rig.Get(rig.b, kLeased, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(rig.Get(rig.b, kPrivate, Share::kExclusive, kMake), Errno::kOk);
  ASSERT_EQ(rig.Get(rig.b, kProcess, Share::kProcess, kMake), Errno::kOk);
  ASSERT_EQ(rig.Get(rig.b, kUsers, Share::kUser, kMake), Errno::kOk);
  ASSERT_EQ(rig.Get(rig.b, kLingering, Share::kAny, kMake), Errno::kOk);
  ASSERT_EQ(rig.Get(rig.b, kLingeringPrivate, Share::kExclusive, kMake), Errno::kOk);
  ASSERT_EQ(rig.Put(rig.b, kLingering), Errno::kOk);
  ASSERT_EQ(rig.Put(rig.b, kLingeringPrivate), Errno::kOk);
  if (row.tunable != nullptr) rig.t.core.tunables().*row.tunable = row.value;

  auto& socket = row.tcp ? rig.tcp : rig.a;
  const size_t labels = rig.manager.table().size();
  EXPECT_EQ(rig.Get(socket, row.caller, row.request), row.want) << row.why;
  const bool leased = row.want == Errno::kOk && (row.request.flags & kFlagReflect) == 0;
  EXPECT_EQ(socket.size(), leased ? 1u : 0u);
  EXPECT_EQ(socket.reflects, row.want == Errno::kOk && !leased);
  if (leased && row.request.label != 0) {
    EXPECT_EQ(rig.label, row.request.label);
  }
  if (leased) {
    EXPECT_TRUE(socket.Holds(rig.label));
  } else {
    EXPECT_EQ(rig.manager.table().size(), labels) << "nothing has changed";
  }
}

INSTANTIATE_TEST_SUITE_P(Get, DecisionTest, testing::ValuesIn(kDecisions), kNameOf);

}  // namespace
}  // namespace sextant::test
