// SPDX-License-Identifier: BSD-3-Clause
// Routing headers, built and read by programs: RFC 3542 §7, and as ancillary data RFC 2292 §8.
// Any thread.
#include "inet6_rig.h"

namespace sextant::test {
namespace {

using std::to_string;

constexpr int kType = IPV6_RTHDR_TYPE_0;

in6_addr Hop(size_t number) {
  in6_addr address{};
  address.s6_addr[0] = 0xfd;
  address.s6_addr[15] = static_cast<uint8_t>(number);
  return address;
}

// A header in which every address is known by its last octet.
Frame Routing(uint8_t units, uint8_t left, const Frame& hops, uint8_t type = kType,
              const Frame& reserved = {0, 0, 0, 0}) {
  Frame header = Join({59, units, type, left}, reserved);
  for (const uint8_t hop : hops) {
    const in6_addr address = Hop(hop);
    header.insert(header.end(), std::begin(address.s6_addr), std::end(address.s6_addr));
  }
  header.resize(4096);
  return header;
}

// The pointer may be less aligned than its type.
std::string Last(const in6_addr* address) {
  return to_string(static_cast<const uint8_t*>(static_cast<const void*>(address))[15]);
}

// "left: last octets"
std::string Route(const Frame& header) {
  std::string text = to_string(header[3]) + ":";
  for (int i = 0; i < sx_inet6_rth_segments(header.data()); ++i) {
    text += ' ' + Last(sx_inet6_rth_getaddr(header.data(), i));
  }
  return text;
}

std::string Init(socklen_t room, int type, int segments) {
  Frame memory(4096, 0xee);
  if (sx_inet6_rth_init(memory.data(), room, type, segments) == nullptr) {
    return memory == Frame(4096, 0xee) ? "null" : "null, but written";
  }
  return Hex(Bytes(memory).first(10));
}

std::string Add(Frame header) {
  const in6_addr address = Hop(9);
  const int added = sx_inet6_rth_add(header.data(), &address);
  return to_string(added) + (added == 0 ? ", " + Route(header) : "");
}

std::string Reverse(const Frame& header) {
  Frame out(4096, 0xee);
  const int reversed = sx_inet6_rth_reverse(header.data(), out.data());
  return to_string(reversed) + (reversed == 0 ? ", " + Route(out) : "");
}

std::string ReverseInPlace(Frame header) {
  const int reversed = sx_inet6_rth_reverse(header.data(), header.data());
  return to_string(reversed) + (reversed == 0 ? ", " + Route(header) : "");
}

std::string At(const Frame& header, int index) {
  const in6_addr* const address = sx_inet6_rth_getaddr(header.data(), index);
  return address == nullptr ? "null" : Last(address);
}

std::string Segments(const Frame& header) {
  return to_string(sx_inet6_rth_segments(header.data()));
}

// clang-format off
const HelperCase kRthCases[] = {
    {"SpaceNone",        "§7.1", [] { return to_string(sx_inet6_rth_space(kType, 0)); },    "8"},
    {"SpaceOne",         "§7.1", [] { return to_string(sx_inet6_rth_space(kType, 1)); },    "24"},
    {"SpaceMost",        "§7.1", [] { return to_string(sx_inet6_rth_space(kType, 127)); },  "2040"},
    {"SpaceTooMany",     "§7.1", [] { return to_string(sx_inet6_rth_space(kType, 128)); },  "0"},
    {"SpaceNegative",    "§7.1", [] { return to_string(sx_inet6_rth_space(kType, -1)); },   "0"},
    {"SpaceType2",       "§7.1", [] { return to_string(sx_inet6_rth_space(2, 1)); },        "0"},
    {"SpaceType4",       "RFC 8754", [] { return to_string(sx_inet6_rth_space(4, 1)); },    "0"},

    {"Init",             "§7.2", [] { return Init(24, kType, 1); },                         "00 02 00 00 00 00 00 00 00 00"},
    {"InitNone",         "§7.2", [] { return Init(8, kType, 0); },                          "00 00 00 00 00 00 00 00 ee ee"},
    {"InitLargerRoom",   "§7.2", [] { return Init(4096, kType, 2); },                       "00 04 00 00 00 00 00 00 00 00"},
    {"InitMost",         "§7.2", [] { return Init(2040, kType, 127); },                     "00 fe 00 00 00 00 00 00 00 00"},
    {"InitTooMany",      "§7.2", [] { return Init(4096, kType, 128); },                     "null"},
    {"InitNegative",     "§7.2", [] { return Init(4096, kType, -1); },                      "null"},
    {"InitNoRoom",       "§7.2", [] { return Init(23, kType, 1); },                         "null"},
    {"InitType2",        "§7.2", [] { return Init(24, 2, 1); },                             "null"},
    {"InitType256",      "§7.2", [] { return Init(24, 256, 1); },                           "null"},
    {"InitNowhere",      "§7.2", [] { return to_string(sx_inet6_rth_init(nullptr, 24, kType, 1) == nullptr); }, "1"},

    {"AddFirst",         "§7.3", [] { return Add(Routing(4, 0, {0, 0})); },                 "0, 1: 9 0"},
    {"AddLast",          "§7.3", [] { return Add(Routing(4, 1, {1, 0})); },                 "0, 2: 1 9"},
    {"AddMost",          "§7.3", [] { return Add(Routing(254, 126, {})).substr(0, 6); },    "0, 127"},
    {"AddFull",          "§7.3", [] { return Add(Routing(4, 2, {1, 2})); },                 "-1"},
    {"AddMoreLeft",      "§7.3", [] { return Add(Routing(4, 3, {1, 2})); },                 "-1"},
    {"AddOddLength",     "§7.3", [] { return Add(Routing(3, 0, {1})); },                    "-1"},
    {"AddType2",         "§7.3", [] { return Add(Routing(2, 0, {1}, 2)); },                 "-1"},
    {"AddNothing",       "§7.3", [] { Frame h = Routing(2, 0, {1}); return to_string(sx_inet6_rth_add(h.data(), nullptr)); }, "-1"},
    {"AddNowhere",       "§7.3", [] { const in6_addr a{}; return to_string(sx_inet6_rth_add(nullptr, &a)); }, "-1"},

    {"ReverseOdd",       "§7.4", [] { return Reverse(Routing(6, 0, {1, 2, 3})); },          "0, 3: 3 2 1"},
    {"ReverseEven",      "§7.4", [] { return Reverse(Routing(8, 2, {1, 2, 3, 4})); },       "0, 4: 4 3 2 1"},
    {"ReverseNone",      "§7.4", [] { return Reverse(Routing(0, 0, {})); },                 "0, 0:"},
    {"ReverseInPlace",   "§7.4", [] { return ReverseInPlace(Routing(6, 1, {1, 2, 3})); },   "0, 3: 3 2 1"},
    {"ReverseOddLength", "§7.4", [] { return Reverse(Routing(5, 0, {1, 2})); },             "-1"},
    {"ReverseMoreLeft",  "§7.4", [] { return Reverse(Routing(4, 3, {1, 2})); },             "-1"},
    {"ReverseType3",     "§7.4", [] { return Reverse(Routing(4, 0, {1, 2}, 3)); },          "-1"},
    {"ReverseNowhere",   "§7.4", [] { return to_string(sx_inet6_rth_reverse(Routing(2, 0, {1}).data(), nullptr)); }, "-1"},
    {"ReverseNothing",   "§7.4", [] { Frame h(24); return to_string(sx_inet6_rth_reverse(nullptr, h.data())); }, "-1"},

    {"Segments",         "§7.5", [] { return Segments(Routing(6, 0, {})); },                "3"},
    {"SegmentsNone",     "§7.5", [] { return Segments(Routing(0, 0, {})); },                "0"},
    {"SegmentsMost",     "§7.5", [] { return Segments(Routing(254, 127, {})); },            "127"},
    {"SegmentsOdd",      "§7.5", [] { return Segments(Routing(255, 0, {})); },              "-1"},
    {"SegmentsMoreLeft", "§7.5", [] { return Segments(Routing(2, 2, {})); },                "-1"},
    {"SegmentsType4",    "§7.5", [] { return Segments(Routing(2, 0, {}, 4)); },             "-1"},
    {"SegmentsNothing",  "§7.5", [] { return to_string(sx_inet6_rth_segments(nullptr)); },  "-1"},

    {"AddressFirst",     "§7.6", [] { return At(Routing(4, 0, {1, 2}), 0); },               "1"},
    {"AddressLast",      "§7.6", [] { return At(Routing(4, 0, {1, 2}), 1); },               "2"},
    {"AddressBehind",    "§7.6", [] { return At(Routing(4, 0, {1, 2}), 2); },               "null"},
    {"AddressNegative",  "§7.6", [] { return At(Routing(4, 0, {1, 2}), -1); },              "null"},
    {"AddressHuge",      "§7.6", [] { return At(Routing(4, 0, {1, 2}), INT_MAX); },         "null"},
    {"AddressOddLength", "§7.6", [] { return At(Routing(3, 0, {1}), 0); },                  "null"},
    {"AddressType2",     "§7.6", [] { return At(Routing(2, 1, {1}, 2), 0); },               "null"},
    {"AddressNothing",   "§7.6", [] { return to_string(sx_inet6_rth_getaddr(nullptr, 0) == nullptr); }, "1"},
};
// clang-format on

using RthTest = HelperTest;
TEST_P(RthTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc3542, RthTest, testing::ValuesIn(kRthCases), kNameOf);

// RFC 3542 §7: every length, wherever the memory lies; turning round twice changes nothing.
TEST(RthTest, EveryLength) {
  for (int count = 0; count <= 127; ++count) {
    const socklen_t size = sx_inet6_rth_space(kType, count);
    const auto skew = static_cast<size_t>(count % 8);
    Frame memory(skew + size);
    uint8_t* const header = memory.data() + skew;
    ASSERT_EQ(sx_inet6_rth_init(header, size, kType, count), header);
    for (int i = 0; i < count; ++i) {
      const in6_addr address = Hop(static_cast<size_t>(i));
      ASSERT_EQ(sx_inet6_rth_add(header, &address), 0);
    }
    const in6_addr more = Hop(200);
    EXPECT_EQ(sx_inet6_rth_add(header, &more), -1);
    const Frame before = memory;
    ASSERT_EQ(sx_inet6_rth_reverse(header, header), 0);
    EXPECT_EQ(count > 1, memory != before);
    ASSERT_EQ(sx_inet6_rth_reverse(header, header), 0);
    EXPECT_EQ(memory, before);
  }
}

// Overlapping in any way.
TEST(RthTest, ReversesIntoItself) {
  for (size_t from = 0; from < 80; ++from) {
    const Frame in = Routing(6, 1, {1, 2, 3});
    Frame memory(200);
    std::copy_n(in.begin(), 56, memory.begin() + static_cast<std::ptrdiff_t>(from));
    ASSERT_EQ(sx_inet6_rth_reverse(memory.data() + from, memory.data() + 40), 0);
    EXPECT_EQ(Route(Frame(memory.begin() + 40, memory.end())), "3: 3 2 1");
  }
}

// ---- RFC 2292 ----

// "left: flag address flag ... flag", strict hops being S; then the length of the item.
std::string Path(ItemMemory& memory) {
  const int count = sx_inet6_rthdr_segments(memory.cmsg());
  if (count < 0) return "malformed";
  std::string text = to_string(memory.data()[3]) + ':';
  for (int i = 0; i <= count; ++i) {
    if (i > 0) {
      text += ' ' + Last(sx_inet6_rthdr_getaddr(memory.cmsg(), i));
    }
    text += sx_inet6_rthdr_getflags(memory.cmsg(), i) == IPV6_RTHDR_STRICT ? " S" : " l";
  }
  return text + ", " + to_string(memory.item().size());
}

ItemMemory Item(uint8_t units, uint8_t left, const Frame& hops, const Frame& flags = {0, 0, 0, 0},
                int type = IPV6_RTHDR) {
  Frame header = Routing(units, left, hops, kType, flags);
  header.resize((size_t{units} + 1) * 8);
  return ItemMemory::With(type, header);
}

ItemMemory Built(size_t count) {
  ItemMemory memory;
  sx_inet6_rthdr_init(memory.at(), kType);
  for (size_t i = 0; i < count; ++i) {
    const in6_addr address = Hop(i + 1);
    const unsigned flag = i % 2 == 0 ? IPV6_RTHDR_STRICT : IPV6_RTHDR_LOOSE;
    EXPECT_EQ(sx_inet6_rthdr_add(memory.cmsg(), &address, flag), 0);
  }
  return memory;
}

std::string AddTo(ItemMemory memory, unsigned flag = IPV6_RTHDR_LOOSE) {
  const in6_addr address = Hop(9);
  const int added = sx_inet6_rthdr_add(memory.cmsg(), &address, flag);
  return to_string(added) + (added == 0 ? ", " + Path(memory) : "");
}

std::string LastHop(ItemMemory memory, unsigned flag) {
  const int done = sx_inet6_rthdr_lasthop(memory.cmsg(), flag);
  return to_string(done) + (done == 0 ? ", " + Path(memory) : "");
}

std::string ReverseItem(ItemMemory memory) {
  ItemMemory out(3);
  const int done = sx_inet6_rthdr_reverse(memory.cmsg(), out.cmsg());
  EXPECT_EQ(sx_inet6_rthdr_reverse(memory.cmsg(), memory.cmsg()), done);
  if (done == 0) {
    EXPECT_EQ(Path(memory), Path(out));
  }
  return to_string(done) + (done == 0 ? ", " + Path(out) : "");
}

std::string PathOf(ItemMemory memory) { return Path(memory); }
std::string Cut(ItemMemory memory, size_t length) {
  memory.SetLength(length);
  return Path(memory);
}
std::string AddressIn(ItemMemory memory, int index) {
  const in6_addr* const address = sx_inet6_rthdr_getaddr(memory.cmsg(), index);
  return address == nullptr ? "null" : Last(address);
}
std::string FlagIn(ItemMemory memory, int index) {
  return to_string(sx_inet6_rthdr_getflags(memory.cmsg(), index));
}

constexpr int kOldType = IPV6_2292RTHDR;
const Frame kNoFlags = {0, 0, 0, 0};

// clang-format off
const HelperCase kRthdrCases[] = {
    {"SpaceOne",       "§8.1", [] { return to_string(sx_inet6_rthdr_space(kType, 1)); },   "40"},
    {"SpaceMost",      "§8.1", [] { return to_string(sx_inet6_rthdr_space(kType, 23)); },  "392"},
    {"SpaceNone",      "§8.1", [] { return to_string(sx_inet6_rthdr_space(kType, 0)); },   "0"},
    {"SpaceTooMany",   "§8.1", [] { return to_string(sx_inet6_rthdr_space(kType, 24)); },  "0"},
    {"SpaceNegative",  "§8.1", [] { return to_string(sx_inet6_rthdr_space(kType, -1)); },  "0"},
    {"SpaceType2",     "§8.1", [] { return to_string(sx_inet6_rthdr_space(2, 1)); },       "0"},
    {"Init",           "§8.2", [] { ItemMemory m = Built(0); return Hex(m.item()); },      "00 00 00 00 00 00 00 00"},
    {"InitType",       "§8.2", [] { return to_string(Built(0).header().cmsg_type); },      "5"},
    {"InitLevel",      "§8.2", [] { return to_string(Built(0).header().cmsg_level); },     "41"},
    {"InitType2",      "§8.2", [] { ItemMemory m; return to_string(sx_inet6_rthdr_init(m.at(), 2) == nullptr); }, "1"},
    {"InitNowhere",    "§8.2", [] { return to_string(sx_inet6_rthdr_init(nullptr, kType) == nullptr); }, "1"},
    {"AddFirst",       "§8.3", [] { return AddTo(Built(0), IPV6_RTHDR_STRICT); },          "0, 1: S 9 l, 24"},
    {"AddSecond",      "§8.3", [] { return AddTo(Built(1)); },                             "0, 2: S 1 l 9 l, 40"},
    {"AddClearsFlag",  "§8.3", [] { return AddTo(Item(2, 1, {1}, {0, 0xff, 0, 0})); },     "0, 2: S 1 l 9 S, 40"},
    {"AddMost",        "§8.3", [] { return AddTo(Built(22)).substr(0, 5); },               "0, 23"},
    {"AddTooMany",     "§8.3", [] { return AddTo(Built(23)); },                            "-1"},
    {"AddFlag2",       "§8.3", [] { return AddTo(Built(1), 2); },                          "-1"},
    {"AddReceived",    "§8.3", [] { return AddTo(Item(4, 1, {1, 2})); },                   "-1"},
    {"AddKeepsType",   "§8.3", [] { return AddTo(Item(2, 1, {1}, kNoFlags, kOldType)); },  "0, 2: l 1 l 9 l, 40"},
    {"AddOtherType",   "§8.3", [] { return AddTo(Item(2, 1, {1}, kNoFlags, IPV6_HOPOPTS)); }, "-1"},
    {"AddNothing",     "§8.3", [] { ItemMemory m = Built(1); return to_string(sx_inet6_rthdr_add(m.cmsg(), nullptr, 0)); }, "-1"},
    {"LastStrict",     "§8.4", [] { return LastHop(Built(2), IPV6_RTHDR_STRICT); },        "0, 2: S 1 l 2 S, 40"},
    {"LastLoose",      "§8.4", [] { return LastHop(Item(2, 1, {1}, {0, 0xff, 0, 0}), IPV6_RTHDR_LOOSE); }, "0, 1: S 1 l, 24"},
    {"LastOfMost",     "§8.4", [] { ItemMemory m = Built(23); sx_inet6_rthdr_lasthop(m.cmsg(), 1); return Hex(m.item().subspan(4, 4)); }, "00 aa aa ab"},
    {"LastOfNone",     "§8.4", [] { return LastHop(Built(0), IPV6_RTHDR_STRICT); },        "-1"},
    {"LastFlag2",      "§8.4", [] { return LastHop(Built(1), 2); },                        "-1"},
    {"LastReceived",   "§8.4", [] { return LastHop(Item(2, 0, {1}), IPV6_RTHDR_LOOSE); },  "-1"},
    {"Reverse",        "§8.5", [] { return ReverseItem(Item(6, 1, {1, 2, 3}, {0, 0xc0, 0, 0})); }, "0, 3: l 3 l 2 S 1 S, 56"},
    {"ReverseOne",     "§8.5", [] { return ReverseItem(Item(2, 0, {1}, {0, 0x80, 0, 0})); }, "0, 1: l 1 S, 24"},
    {"ReverseNone",    "§8.5", [] { return ReverseItem(Built(0)); },                       "-1"},
    {"ReverseOdd",     "§8.5", [] { return ReverseItem(Item(3, 0, {1})); },                "-1"},
    {"Segments",       "§8.6", [] { return PathOf(Item(4, 0, {1, 2})); },                  "0: l 1 l 2 l, 40"},
    {"SegmentsNone",   "§8.6", [] { return PathOf(Built(0)); },                            "malformed"},
    {"SegmentsOdd",    "§8.6", [] { return PathOf(Item(3, 0, {1})); },                     "malformed"},
    {"SegmentsTooMany", "§8.6", [] { return PathOf(Item(48, 0, {})); },                    "malformed"},
    {"SegmentsMoreLeft", "§8.6", [] { return PathOf(Item(2, 2, {1})); },                   "malformed"},
    {"SegmentsType4",  "§8.6", [] { ItemMemory m = Item(2, 1, {1}); m.data()[2] = 4; return Path(m); }, "malformed"},
    {"SegmentsCut",    "§8.6", [] { return Cut(Item(2, 1, {1}), CMSG_LEN(23)); },          "malformed"},
    {"SegmentsBare",   "§8.6", [] { return Cut(Item(2, 1, {1}), CMSG_LEN(0)); },           "malformed"},
    {"SegmentsLength0", "§8.6", [] { return Cut(Item(2, 1, {1}), 0); },                    "malformed"},
    {"SegmentsLevel",  "§8.6", [] { return PathOf(ItemMemory::With(IPV6_RTHDR, Routing(2, 1, {1}), SOL_SOCKET)); }, "malformed"},
    {"SegmentsNothing", "§8.6", [] { return to_string(sx_inet6_rthdr_segments(nullptr)); }, "-1"},
    {"AddressFirst",   "§8.7", [] { return AddressIn(Item(4, 0, {1, 2}), 1); },            "1"},
    {"AddressLast",    "§8.7", [] { return AddressIn(Item(4, 0, {1, 2}), 2); },            "2"},
    {"AddressZero",    "§8.7", [] { return AddressIn(Item(4, 0, {1, 2}), 0); },            "null"},
    {"AddressBehind",  "§8.7", [] { return AddressIn(Item(4, 0, {1, 2}), 3); },            "null"},
    {"AddressNegative", "§8.7", [] { return AddressIn(Item(4, 0, {1, 2}), -1); },          "null"},
    {"FlagFirst",      "§8.8", [] { return FlagIn(Item(2, 1, {1}, {0, 0x80, 0, 0}), 0); }, "1"},
    {"FlagLast",       "§8.8", [] { return FlagIn(Item(2, 1, {1}, {0, 0x40, 0, 0}), 1); }, "1"},
    {"FlagLoose",      "§8.8", [] { return FlagIn(Item(2, 1, {1}, {0, 0x40, 0, 0}), 0); }, "0"},
    {"FlagBehind",     "§8.8", [] { return FlagIn(Item(2, 1, {1}), 2); },                  "-1"},
    {"FlagNegative",   "§8.8", [] { return FlagIn(Item(2, 1, {1}), -1); },                 "-1"},
};
// clang-format on

using RthdrTest = HelperTest;
TEST_P(RthdrTest, Answers) { Check(); }
INSTANTIATE_TEST_SUITE_P(Rfc2292, RthdrTest, testing::ValuesIn(kRthdrCases), kNameOf);

TEST(RthdrTest, EveryLengthTwiceRound) {
  for (size_t count = 1; count <= 23; ++count) {
    ItemMemory memory = Built(count);
    EXPECT_EQ(sx_inet6_rthdr_lasthop(memory.cmsg(), IPV6_RTHDR_STRICT), 0);
    EXPECT_EQ(CMSG_SPACE(memory.item().size()),
              sx_inet6_rthdr_space(kType, static_cast<int>(count)));
    const std::string before = Path(memory);
    ItemMemory skewed(5);
    ASSERT_EQ(sx_inet6_rthdr_reverse(memory.cmsg(), skewed.cmsg()), 0);
    ASSERT_EQ(sx_inet6_rthdr_reverse(skewed.cmsg(), memory.cmsg()), 0);
    EXPECT_EQ(Path(memory), before);
  }
}

}  // namespace
}  // namespace sextant::test
