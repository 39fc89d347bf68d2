// SPDX-License-Identifier: BSD-3-Clause
// Options as ancillary data objects, built and read by programs: RFC 2292 §6.3.
// Any thread.
#include "inet6_rig.h"

namespace sextant::test {
namespace {

using std::to_string;

std::string Space(int octets) { return to_string(sx_inet6_option_space(octets)); }

ItemMemory Empty(int type = IPV6_HOPOPTS, size_t skew = 0) {
  ItemMemory memory(skew);
  cmsghdr* cmsg = nullptr;
  EXPECT_EQ(sx_inet6_option_init(memory.at(), &cmsg, type), 0);
  EXPECT_EQ(cmsg, memory.at());
  return memory;
}

std::string Init(int type) {
  ItemMemory memory;
  cmsghdr* cmsg = nullptr;
  if (sx_inet6_option_init(memory.at(), &cmsg, type) != 0) {
    return cmsg == nullptr && memory.all()[0] == 0xee ? "-1" : "-1, but written";
  }
  const cmsghdr header = memory.header();
  return to_string(header.cmsg_level) + " " + to_string(header.cmsg_type) + " " +
         to_string(header.cmsg_len - CMSG_LEN(0)) + " " + Hex({memory.data(), 1});
}

ItemMemory Append(ItemMemory memory, const Frame& option, int x = 1, int y = 0) {
  EXPECT_EQ(sx_inet6_option_append(memory.cmsg(), option.data(), x, y), 0);
  return memory;
}

std::string After(ItemMemory memory, const Frame& option, int x, int y) {
  const Data before(memory.all());
  if (sx_inet6_option_append(memory.cmsg(), option.data(), x, y) != 0) {
    return Data(memory.all()) == before ? "-1" : "-1, but written";
  }
  EXPECT_EQ(memory.data()[memory.item().size()], 0xee);
  return Hex(memory.item());
}

// The same by its length only; the octets are written afterwards, as a program does.
std::string Alloc(ItemMemory memory, int length, int x, int y) {
  const Data before(memory.all());
  uint8_t* const at = sx_inet6_option_alloc(memory.cmsg(), length, x, y);
  if (at == nullptr) return Data(memory.all()) == before ? "null" : "null, but written";
  at[0] = 7;
  at[1] = static_cast<uint8_t>(length);
  for (int i = 0; i < length; ++i) at[2 + i] = 9;
  return to_string(at - memory.data()) + ": " + Hex(memory.item());
}

std::string Full(int x, int y, uint8_t last) {
  ItemMemory memory = Empty();
  Frame option(257, 0);
  option[0] = 7;
  option[1] = 254;
  for (int i = 0; i < 7; ++i) memory = Append(std::move(memory), option);  // 1800 in all
  option[1] = last;
  const int done = sx_inet6_option_append(memory.cmsg(), option.data(), x, y);
  return to_string(done) + ", " + to_string(memory.item().size());
}

// An option that is already where it will be copied to, or nearly.
std::string InPlace() {
  ItemMemory memory = Empty();
  uint8_t* const option = memory.data() + 1;
  const Frame alert = {5, 2, 0, 1};
  std::copy(alert.begin(), alert.end(), option);
  EXPECT_EQ(sx_inet6_option_append(memory.cmsg(), option, 1, 0), 0);
  return Hex(memory.item());
}

// Where sx_inet6_option_next() has been: offset:type, and how it ended.
std::string Walk(ItemMemory& memory, uint8_t* at = nullptr, int type = -1) {
  std::string text;
  const auto next = [&] {
    return type < 0 ? sx_inet6_option_next(memory.cmsg(), &at)
                    : sx_inet6_option_find(memory.cmsg(), &at, type);
  };
  while (next() == 0) text += to_string(at - memory.data()) + ":" + to_string(*at) + " ";
  return text + (at == nullptr ? "end" : "error");
}

std::string Next(const Frame& header) {
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, header);
  return Walk(memory);
}
std::string NextAs(int type, int level = IPPROTO_IPV6) {
  ItemMemory memory = ItemMemory::With(type, {17, 0, 5, 2, 0, 0, 1, 0}, level);
  return Walk(memory);
}
std::string NextLong(size_t length) {
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, {17, 0, 5, 2, 0, 0, 1, 0});
  memory.SetLength(length);
  return Walk(memory);
}
std::string NextFrom(int offset) {
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, {17, 0, 5, 2, 0, 0, 1, 0});
  return Walk(memory, memory.data() + offset);
}
std::string Find(int type, const Frame& header) {
  ItemMemory memory = ItemMemory::With(IPV6_DSTOPTS, header);
  return Walk(memory, nullptr, type);
}

const Frame kAlert = {5, 2, 0, 1};
// RFC 8200 appendix A: a field of four octets and one of eight, at 8n + 2.
const Frame kX = {0x3e, 12, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2};
// One octet, two, and four, at 4n + 3.
const Frame kY = {0x3f, 7, 1, 2, 2, 3, 3, 3, 3};
const Frame kThree = {17, 1, 5, 2, 0, 0, 1, 0, 0, 7, 4, 1, 2, 3, 4, 0};

// clang-format off
const HelperCase kCases[] = {
    {"SpaceNone",       "§6.3.1", [] { return Space(0); },                                   "24"},
    {"SpaceOneUnit",    "§6.3.1", [] { return Space(6); },                                   "24"},
    {"SpaceTwoUnits",   "§6.3.1", [] { return Space(7); },                                   "32"},
    {"SpaceMost",       "§6.3.1", [] { return Space(2046); },                                "2064"},
    {"SpaceTooMuch",    "§6.3.1", [] { return Space(2047); },                                "-1"},
    {"SpaceNegative",   "§6.3.1", [] { return Space(-1); },                                  "-1"},
    {"SpaceHuge",       "§6.3.1", [] { return Space(INT_MAX); },                             "-1"},

    {"InitHopByHop",    "§6.3.2", [] { return Init(IPV6_HOPOPTS); },                         "41 54 0 ee"},
    {"InitDestination", "§6.3.2", [] { return Init(IPV6_DSTOPTS); },                         "41 59 0 ee"},
    {"InitOldHopByHop", "§6.3.2", [] { return Init(IPV6_2292HOPOPTS); },                     "41 3 0 ee"},
    {"InitOldDestination", "§6.3.2", [] { return Init(IPV6_2292DSTOPTS); },                  "41 4 0 ee"},
    {"InitRouting",     "§6.3.2", [] { return Init(IPV6_RTHDR); },                           "-1"},
    {"InitBeforeRouting", "§6.3.2", [] { return Init(IPV6_RTHDRDSTOPTS); },                  "-1"},
    {"InitNowhere",     "§6.3.2", [] { cmsghdr* c; return to_string(sx_inet6_option_init(nullptr, &c, IPV6_HOPOPTS)); }, "-1"},

    {"AppendFirst",     "§6.3.3", [] { return After(Empty(), kAlert, 2, 0); },               "00 00 05 02 00 01 01 00"},
    {"AppendX",         "RFC 8200 appendix A", [] { return After(Empty(), kX, 8, 2); },
                                  "00 01 3e 0c 01 01 01 01 02 02 02 02 02 02 02 02"},
    {"AppendXThenY",    "RFC 8200 appendix A", [] { return After(Append(Empty(), kX, 8, 2), kY, 4, 3); },
                                  "00 03 3e 0c 01 01 01 01 02 02 02 02 02 02 02 02 01 01 00 3f 07 01 02 02 03 03 03 03 01 02 00 00"},
    {"AppendY",         "RFC 8200 appendix A", [] { return After(Empty(), kY, 4, 3); },      "00 01 00 3f 07 01 02 02 03 03 03 03 01 02 00 00"},
    {"AppendPlus7",     "§6.3.3", [] { return After(Empty(), {7, 1, 9}, 8, 7); },            "00 01 01 03 00 00 00 07 01 09 01 04 00 00 00 00"},
    {"AppendPlusAboveX", "§6.3.3", [] { return After(Empty(), {7, 1, 9}, 2, 7); },           "00 00 00 07 01 09 01 00"},
    {"AppendFills",     "§6.3.3", [] { return After(Empty(), {7, 4, 1, 2, 3, 4}, 1, 0); },   "00 00 07 04 01 02 03 04"},
    {"AppendNoData",    "§6.3.3", [] { return After(Empty(), {7, 0}, 1, 0); },               "00 00 07 00 01 02 00 00"},
    {"AppendPad1",      "§6.3.3", [] { return After(Empty(), {0, 0}, 1, 0); },               "-1"},
    {"AppendPadN",      "§6.3.3", [] { return After(Empty(), {1, 0}, 1, 0); },               "-1"},
    {"AppendX0",        "§6.3.3", [] { return After(Empty(), kAlert, 0, 0); },               "-1"},
    {"AppendX3",        "§6.3.3", [] { return After(Empty(), kAlert, 3, 0); },               "-1"},
    {"AppendX16",       "§6.3.3", [] { return After(Empty(), kAlert, 16, 0); },              "-1"},
    {"AppendXNegative", "§6.3.3", [] { return After(Empty(), kAlert, -2, 0); },              "-1"},
    {"AppendYNegative", "§6.3.3", [] { return After(Empty(), kAlert, 2, -1); },              "-1"},
    {"AppendY8",        "§6.3.3", [] { return After(Empty(), kAlert, 2, 8); },               "-1"},
    {"AppendUpToMost",  "§6.3.3", [] { return Full(1, 0, 246); },                            "0, 2048"},
    {"AppendOneTooMuch", "§6.3.3", [] { return Full(1, 0, 247); },                           "-1, 1800"},
    {"AppendPadTooMuch", "§6.3.3", [] { return Full(2, 1, 246); },                           "-1, 1800"},
    {"AppendToCut",     "§6.3.3", [] { return After(ItemMemory::With(IPV6_HOPOPTS, {17, 1, 1, 4, 0, 0, 0, 0}), kAlert, 1, 0); }, "-1"},
    {"AppendToLonger",  "§6.3.3", [] { return After(ItemMemory::With(IPV6_HOPOPTS, Join(kThree, {0})), kAlert, 1, 0); }, "-1"},
    {"AppendToTwo",     "§6.3.3", [] { return After(ItemMemory::With(IPV6_HOPOPTS, {17, 0}), kAlert, 1, 0); }, "-1"},
    {"AppendToRouting", "§6.3.3", [] { return After(ItemMemory::With(IPV6_RTHDR, {}), kAlert, 1, 0); }, "-1"},
    {"AppendOldNumber", "§6.3.3", [] { return After(Empty(IPV6_2292DSTOPTS), kAlert, 1, 0); }, "00 00 05 02 00 01 01 00"},
    {"AppendUnaligned", "§6.3.3", [] { return After(Empty(IPV6_HOPOPTS, 3), kAlert, 1, 0); }, "00 00 05 02 00 01 01 00"},
    {"AppendNothing",   "§6.3.3", [] { ItemMemory m = Empty(); return to_string(sx_inet6_option_append(m.cmsg(), nullptr, 1, 0)); }, "-1"},
    {"AppendNowhere",   "§6.3.3", [] { return to_string(sx_inet6_option_append(nullptr, kAlert.data(), 1, 0)); }, "-1"},
    {"AppendInPlace",   "§6.3.3", InPlace,                                                   "00 00 05 02 00 01 01 00"},

    {"AllocAligned",    "§6.3.4", [] { return Alloc(Empty(), 4, 4, 2); },                    "2: 00 00 07 04 09 09 09 09"},
    {"AllocPadded",     "§6.3.4", [] { return Alloc(Empty(), 1, 8, 0); },                    "8: 00 01 01 04 00 00 00 00 07 01 09 01 03 00 00 00"},
    {"AllocNoData",     "§6.3.4", [] { return Alloc(Empty(), 0, 1, 0); },                    "2: 00 00 07 00 01 02 00 00"},
    {"AllocSecond",     "§6.3.4", [] { return Alloc(Append(Empty(), kAlert), 4, 1, 0); },    "8: 00 01 05 02 00 01 01 00 07 04 09 09 09 09 01 00"},
    {"AllocMost",       "§6.3.4", [] { return Alloc(Empty(), 255, 1, 0).substr(0, 9); },     "2: 00 20 "},
    {"AllocTooMuch",    "§6.3.4", [] { return Alloc(Empty(), 256, 1, 0); },                  "null"},
    {"AllocNegative",   "§6.3.4", [] { return Alloc(Empty(), -1, 1, 0); },                   "null"},
    {"AllocX5",         "§6.3.4", [] { return Alloc(Empty(), 4, 5, 0); },                    "null"},
    {"AllocY8",         "§6.3.4", [] { return Alloc(Empty(), 4, 8, 8); },                    "null"},
    {"AllocIsPadding",  "§6.3.4", [] { ItemMemory m = Empty(); sx_inet6_option_alloc(m.cmsg(), 2, 1, 0); return Walk(m); }, "2:0 3:0 4:0 5:0 6:1 end"},

    {"NextAll",         "§6.3.5", [] { return Next(kThree); },                               "2:5 6:1 8:0 9:7 15:0 end"},
    {"NextCut",         "§6.3.5", [] { return Next({17, 0, 5, 2, 0, 0, 7, 1}); },            "2:5 error"},
    {"NextTypeAlone",   "§6.3.5", [] { return Next({17, 0, 1, 3, 0, 0, 0, 7}); },            "2:1 error"},
    {"NextFirstCut",    "§6.3.5", [] { return Next({17, 0, 5, 255, 0, 0, 0, 0}); },          "error"},
    {"NextHeaderCut",   "§6.3.5", [] { return Next({17, 1, 5, 2, 0, 0, 1, 0}); },            "error"},
    {"NextNoHeader",    "§6.3.5", [] { return Next({}); },                                   "error"},
    {"NextNotBeyond",   "§6.3.5", [] { return Next({17, 0, 5, 2, 0, 0, 1, 0, 7, 2, 0, 0}); }, "2:5 6:1 end"},
    {"NextOldNumber",   "§6.3.5", [] { return NextAs(IPV6_2292HOPOPTS); },                   "2:5 6:1 end"},
    {"NextDestination", "§6.3.5", [] { return NextAs(IPV6_2292DSTOPTS); },                   "2:5 6:1 end"},
    {"NextRouting",     "§6.3.5", [] { return NextAs(IPV6_RTHDR); },                         "error"},
    {"NextOtherLevel",  "§6.3.5", [] { return NextAs(IPV6_HOPOPTS, SOL_SOCKET); },           "error"},
    {"NextLength0",     "§6.3.5", [] { return NextLong(0); },                                "error"},
    {"NextLengthShort", "§6.3.5", [] { return NextLong(CMSG_LEN(0) - 1); },                  "error"},
    {"NextLengthOne",   "§6.3.5", [] { return NextLong(CMSG_LEN(1)); },                      "error"},
    {"NextLengthHuge",  "§6.3.5", [] { return NextLong(SIZE_MAX); },                         "2:5 6:1 end"},
    {"NextFromHeader",  "§6.3.5", [] { return NextFrom(1); },                                "error"},
    {"NextFromBefore",  "§6.3.5", [] { return NextFrom(-8); },                               "error"},
    {"NextFromLast",    "§6.3.5", [] { return NextFrom(6); },                                "end"},
    {"NextFromEnd",     "§6.3.5", [] { return NextFrom(8); },                                "error"},
    {"NextNothing",     "§6.3.5", [] { uint8_t* at = nullptr; return to_string(sx_inet6_option_next(nullptr, &at)); }, "-1"},
    {"NextNowhere",     "§6.3.5", [] { ItemMemory m = Empty(); return to_string(sx_inet6_option_next(m.cmsg(), nullptr)); }, "-1"},

    {"Find",            "§6.3.6", [] { return Find(7, kThree); },                            "9:7 end"},
    {"FindSeveral",     "§6.3.6", [] { return Find(0, kThree); },                            "8:0 15:0 end"},
    {"FindNone",        "§6.3.6", [] { return Find(8, kThree); },                            "end"},
    {"FindType256",     "§6.3.6", [] { return Find(256 + 7, kThree); },                      "end"},
    {"FindNegative",    "§6.3.6", [] { ItemMemory m = ItemMemory::With(IPV6_HOPOPTS, kThree); uint8_t* at = nullptr;
                                       return to_string(sx_inet6_option_find(m.cmsg(), &at, -249)) + (at == nullptr ? " end" : ""); }, "-1 end"},
    {"FindBehindError", "§6.3.6", [] { return Find(7, {17, 0, 5, 9, 0, 0, 7, 0}); },         "error"},
};
// clang-format on

using OptionTest = HelperTest;
TEST_P(OptionTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc2292, OptionTest, testing::ValuesIn(kCases), kNameOf);

}  // namespace
}  // namespace sextant::test
