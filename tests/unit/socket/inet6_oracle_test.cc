// SPDX-License-Identifier: BSD-3-Clause
// The C library's functions beside ours: same calls, same memory, compared octet by octet, with
// random input; and, as rows, all that is meant to differ. It has no inet6_rthdr_*.
// RFC 3542 §7 and §10, RFC 2292 §6.3.
// Any thread.
#include <dlfcn.h>

#include "base/check.h"
#include "base/rng.h"
#include "inet6_rig.h"

namespace sextant::test {
namespace {

using std::to_string;

// The C library warns of those for RFC 2292 when they are compiled and when they are linked.
template <typename Function>
Function* Deprecated(const char* name) {
  void* const found = dlsym(RTLD_DEFAULT, name);
  SX_CHECK(found != nullptr);
  return reinterpret_cast<Function*>(found);
}
int TheirSpace(int octets) {
  return Deprecated<decltype(sx_inet6_option_space)>("inet6_option_space")(octets);
}
int TheirInit(void* bp, cmsghdr** cmsgp, int type) {
  return Deprecated<decltype(sx_inet6_option_init)>("inet6_option_init")(bp, cmsgp, type);
}
int TheirAppend(cmsghdr* cmsg, const uint8_t* option, int x, int y) {
  return Deprecated<decltype(sx_inet6_option_append)>("inet6_option_append")(cmsg, option, x, y);
}
uint8_t* TheirAlloc(cmsghdr* cmsg, int length, int x, int y) {
  return Deprecated<decltype(sx_inet6_option_alloc)>("inet6_option_alloc")(cmsg, length, x, y);
}
int TheirNext(const cmsghdr* cmsg, uint8_t** at) {
  return Deprecated<decltype(sx_inet6_option_next)>("inet6_option_next")(cmsg, at);
}
int TheirFind(const cmsghdr* cmsg, uint8_t** at, int type) {
  return Deprecated<decltype(sx_inet6_option_find)>("inet6_option_find")(cmsg, at, type);
}

constexpr size_t kMemory = 4096;
constexpr int kRounds = 4000;

int Pick(Rng& rng, int from, int to) {
  return from + static_cast<int>(rng.Next64() % static_cast<uint64_t>(to - from + 1));
}
Frame Noise(Rng& rng, size_t size) {
  Frame noise(size);
  for (uint8_t& octet : noise) octet = static_cast<uint8_t>(rng.Next64());
  return noise;
}
// Headers that are well-formed for a while: small types and lengths.
Frame Options(Rng& rng, size_t size) {
  Frame header = Noise(rng, kMemory);
  const int most = Pick(rng, 1, 9);
  for (size_t i = 2; i < size; ++i) header[i] = static_cast<uint8_t>(header[i] % most);
  header[1] = static_cast<uint8_t>(size / 8 - 1);
  return header;
}

// ---- inet6_opt_* ----

struct Twin {
  Frame ours;
  Frame theirs;
  void* our_data = nullptr;
  void* their_data = nullptr;

  explicit Twin(Frame memory) : ours(memory), theirs(std::move(memory)) {}
  // Both have the same octets, and point to the same one of them.
  void Compare() const {
    ASSERT_EQ(ours, theirs);
    ASSERT_EQ(our_data == nullptr, their_data == nullptr);
    if (our_data == nullptr) return;
    ASSERT_EQ(static_cast<const uint8_t*>(our_data) - ours.data(),
              static_cast<const uint8_t*>(their_data) - theirs.data());
  }
};

void BuildOptions(Rng& rng) {
  Twin twin(Noise(rng, kMemory));
  const auto extlen =
      static_cast<socklen_t>(Pick(rng, 0, 6) == 0 ? Pick(rng, 0, 2100) : 8 * Pick(rng, 1, 64));
  int offset = sx_inet6_opt_init(twin.ours.data(), extlen);
  ASSERT_EQ(offset, inet6_opt_init(twin.theirs.data(), extlen));
  if (offset < 0) return;
  for (int i = Pick(rng, 0, 12); i > 0; --i) {
    const auto type = static_cast<uint8_t>(Pick(rng, 0, 255));
    const auto align =
        static_cast<uint8_t>(Pick(rng, 0, 5) == 0 ? Pick(rng, 0, 17) : 1 << Pick(rng, 0, 3));
    // Length 0 and alignment 1 is a row of kDifferences.
    const auto len =
        static_cast<socklen_t>(Pick(rng, align == 1 ? 1 : 0, 20) * (Pick(rng, 0, 9) == 0 ? 16 : 1));
    const int next =
        sx_inet6_opt_append(twin.ours.data(), extlen, offset, type, len, align, &twin.our_data);
    ASSERT_EQ(next, inet6_opt_append(twin.theirs.data(), extlen, offset, type, len, align,
                                     &twin.their_data));
    ASSERT_NO_FATAL_FAILURE(twin.Compare());
    if (next < 0) continue;
    Frame value = Noise(rng, len);
    const int at = Pick(rng, 0, static_cast<int>(len));
    const auto length = len - static_cast<socklen_t>(at);
    ASSERT_EQ(sx_inet6_opt_set_val(twin.our_data, at, value.data(), length),
              inet6_opt_set_val(twin.their_data, at, value.data(), length));
    offset = next;
  }
  ASSERT_EQ(sx_inet6_opt_finish(twin.ours.data(), extlen, offset),
            inet6_opt_finish(twin.theirs.data(), extlen, offset));
  ASSERT_NO_FATAL_FAILURE(twin.Compare());
}

TEST(Inet6OracleTest, OptBuilds) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(kRounds); ++i) ASSERT_NO_FATAL_FAILURE(BuildOptions(rng));
}

TEST(Inet6OracleTest, OptCounts) {
  for (int offset = 0; offset < 64; ++offset) {
    ASSERT_EQ(sx_inet6_opt_finish(nullptr, 0, offset), inet6_opt_finish(nullptr, 0, offset));
    for (uint8_t align = 0; align < 20; ++align) {
      for (socklen_t len = align == 1 ? 1 : 0; len < 260; ++len) {
        void* data = nullptr;
        ASSERT_EQ(sx_inet6_opt_append(nullptr, 0, offset, 7, len, align, &data),
                  inet6_opt_append(nullptr, 0, offset, 7, len, align, &data));
      }
    }
  }
}

struct Found {
  int offset = 0;
  uint8_t type = 0;
  socklen_t length = 0;
  std::ptrdiff_t data = 0;
  bool operator==(const Found&) const = default;
};

void ReadOptions(Rng& rng) {
  const auto extlen = static_cast<socklen_t>(8 * Pick(rng, 1, 12));
  Frame header = Options(rng, extlen);
  const int wanted = Pick(rng, -1, 8);  // -1: all
  Found ours{.offset = Pick(rng, 0, 3) == 0 ? Pick(rng, 0, static_cast<int>(extlen)) : 0};
  Found theirs = ours;
  while (ours.offset >= 0) {
    void* our_data = header.data();
    void* their_data = header.data();
    if (wanted < 0) {
      ours.offset = sx_inet6_opt_next(header.data(), extlen, ours.offset, &ours.type, &ours.length,
                                      &our_data);
      theirs.offset = inet6_opt_next(header.data(), extlen, theirs.offset, &theirs.type,
                                     &theirs.length, &their_data);
    } else {
      const auto type = static_cast<uint8_t>(wanted);
      ours.offset =
          sx_inet6_opt_find(header.data(), extlen, ours.offset, type, &ours.length, &our_data);
      theirs.offset =
          inet6_opt_find(header.data(), extlen, theirs.offset, type, &theirs.length, &their_data);
    }
    ours.data = static_cast<uint8_t*>(our_data) - header.data();
    theirs.data = static_cast<uint8_t*>(their_data) - header.data();
    ASSERT_EQ(ours, theirs) << Hex(Bytes(header).first(extlen)) << ", wanted " << wanted;
    if (ours.offset < 0) return;
    Frame our_value(8, 0);
    Frame their_value(8, 0);
    const auto length = std::min<socklen_t>(ours.length, 8);
    ASSERT_EQ(sx_inet6_opt_get_val(our_data, 0, our_value.data(), length),
              inet6_opt_get_val(their_data, 0, their_value.data(), length));
    ASSERT_EQ(our_value, their_value);
  }
}

TEST(Inet6OracleTest, OptReads) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(10 * kRounds); ++i) ASSERT_NO_FATAL_FAILURE(ReadOptions(rng));
}

// ---- inet6_rth_* ----

std::ptrdiff_t OffsetOf(const in6_addr* address, const Frame& header) {
  return &address->s6_addr[0] - header.data();
}

void CompareAddresses(const Twin& twin) {
  const int count = sx_inet6_rth_segments(twin.ours.data());
  ASSERT_EQ(count, inet6_rth_segments(twin.theirs.data()));
  for (int i = -1; i <= count; ++i) {
    const in6_addr* const ours = sx_inet6_rth_getaddr(twin.ours.data(), i);
    const in6_addr* const theirs = inet6_rth_getaddr(twin.theirs.data(), i);
    ASSERT_EQ(ours == nullptr, theirs == nullptr);
    if (ours == nullptr) continue;
    ASSERT_EQ(OffsetOf(ours, twin.ours), OffsetOf(theirs, twin.theirs));
  }
}

void BuildRoute(Rng& rng) {
  Twin twin(Noise(rng, kMemory));
  const int type = Pick(rng, 0, 9) == 0 ? Pick(rng, -1, 5) : 0;
  const int segments = Pick(rng, 0, 9) == 0 ? Pick(rng, -2, 130) : Pick(rng, 0, 12);
  const auto room = static_cast<socklen_t>(Pick(rng, 0, 9) == 0 ? Pick(rng, 0, 300) : 3000);
  ASSERT_EQ(sx_inet6_rth_space(type, segments), inet6_rth_space(type, segments));
  const bool made = sx_inet6_rth_init(twin.ours.data(), room, type, segments) != nullptr;
  ASSERT_EQ(made, inet6_rth_init(twin.theirs.data(), room, type, segments) != nullptr);
  ASSERT_NO_FATAL_FAILURE(twin.Compare());
  if (!made) return;
  for (int i = Pick(rng, 0, segments + 1); i > 0; --i) {
    in6_addr address{};
    const Frame noise = Noise(rng, sizeof address);
    std::memcpy(&address, noise.data(), sizeof address);
    ASSERT_EQ(sx_inet6_rth_add(twin.ours.data(), &address),
              inet6_rth_add(twin.theirs.data(), &address));
    ASSERT_NO_FATAL_FAILURE(twin.Compare());
  }
  ASSERT_NO_FATAL_FAILURE(CompareAddresses(twin));
}

void ReadRoute(Rng& rng) {
  Frame header = Noise(rng, kMemory);
  header[1] = static_cast<uint8_t>(2 * Pick(rng, 0, Pick(rng, 0, 9) == 0 ? 127 : 6));
  header[2] = static_cast<uint8_t>(Pick(rng, 0, 9) == 0 ? Pick(rng, 0, 255) : 0);
  header[3] = static_cast<uint8_t>(Pick(rng, 0, header[1] / 2));
  Twin twin(header);
  ASSERT_NO_FATAL_FAILURE(CompareAddresses(twin));
  Twin reversed(Noise(rng, kMemory));
  ASSERT_EQ(sx_inet6_rth_reverse(header.data(), reversed.ours.data()),
            inet6_rth_reverse(header.data(), reversed.theirs.data()));
  ASSERT_NO_FATAL_FAILURE(reversed.Compare());
  ASSERT_EQ(sx_inet6_rth_reverse(twin.ours.data(), twin.ours.data()),
            inet6_rth_reverse(twin.theirs.data(), twin.theirs.data()));
  ASSERT_NO_FATAL_FAILURE(twin.Compare());
}

TEST(Inet6OracleTest, RthBuilds) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(kRounds); ++i) ASSERT_NO_FATAL_FAILURE(BuildRoute(rng));
}

TEST(Inet6OracleTest, RthReads) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(kRounds); ++i) ASSERT_NO_FATAL_FAILURE(ReadRoute(rng));
}

// ---- inet6_option_* ----

// The C library pads to a multiple of x, and then y more; that is a row of kDifferences.
bool PadsMoreThanNeeded(size_t at, int x, int y) {
  const auto unit = static_cast<size_t>(x);
  const size_t padded = (at + unit - 1) / unit * unit + static_cast<size_t>(y);
  return padded - at >= unit;
}

// One option more in both, by one of the two functions, unless a difference is meant.
void AddOption(Rng& rng, ItemMemory& ours, ItemMemory& theirs) {
  const int x = Pick(rng, 0, 5) == 0 ? Pick(rng, -1, 17) : 1 << Pick(rng, 0, 3);
  const int y = Pick(rng, 0, 9) == 0 ? Pick(rng, -2, 9) : Pick(rng, 0, 3);
  const bool valid = (x == 1 || x == 2 || x == 4 || x == 8) && y >= 0 && y <= 7;
  if (valid && PadsMoreThanNeeded(std::max<size_t>(2, ours.item().size()), x, y)) return;
  Frame option = Noise(rng, 258);
  option[0] = static_cast<uint8_t>(Pick(rng, 2, 255));
  option[1] = static_cast<uint8_t>(Pick(rng, 0, Pick(rng, 0, 9) == 0 ? 255 : 20));
  if (Pick(rng, 0, 1) == 0) {
    ASSERT_EQ(sx_inet6_option_append(ours.cmsg(), option.data(), x, y),
              TheirAppend(theirs.cmsg(), option.data(), x, y));
    return;
  }
  uint8_t* const at = sx_inet6_option_alloc(ours.cmsg(), option[1], x, y);
  // Theirs counts type and length; a row of kDifferences.
  uint8_t* const there = TheirAlloc(theirs.cmsg(), option[1] + 2, x, y);
  ASSERT_EQ(at == nullptr, there == nullptr);
  if (at == nullptr) return;
  ASSERT_EQ(at - ours.data(), there - theirs.data());
  std::copy_n(option.begin(), 2 + option[1], at);
  std::copy_n(option.begin(), 2 + option[1], there);
}

void BuildItem(Rng& rng) {
  const auto fill = static_cast<uint8_t>(rng.Next64());
  ItemMemory ours(0, fill);
  ItemMemory theirs(0, fill);
  const int type = Pick(rng, 0, 1) == 0 ? IPV6_HOPOPTS : IPV6_DSTOPTS;
  cmsghdr* cmsg = nullptr;
  ASSERT_EQ(sx_inet6_option_init(ours.at(), &cmsg, type), 0);
  ASSERT_EQ(TheirInit(theirs.at(), &cmsg, type), 0);
  // Theirs leaves the next header as it was.
  ours.data()[0] = theirs.data()[0] = 0;
  for (int i = Pick(rng, 0, 10); i > 0 && ours.item().size() < 1700; --i) {
    ASSERT_NO_FATAL_FAILURE(AddOption(rng, ours, theirs));
    ASSERT_TRUE(std::ranges::equal(ours.all(), theirs.all()));
  }
}

TEST(Inet6OracleTest, OptionBuilds) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(kRounds); ++i) ASSERT_NO_FATAL_FAILURE(BuildItem(rng));
}

TEST(Inet6OracleTest, OptionSpace) {
  for (int octets = 0; octets <= 2046; ++octets) {
    ASSERT_EQ(sx_inet6_option_space(octets), TheirSpace(octets));
  }
}

TEST(Inet6OracleTest, OptionTypes) {
  // Those of RFC 2292 are a row of kDifferences.
  for (int type = 5; type < 80; ++type) {
    ItemMemory memory;
    cmsghdr* cmsg = nullptr;
    EXPECT_EQ(sx_inet6_option_init(memory.at(), &cmsg, type), TheirInit(memory.at(), &cmsg, type));
  }
}

void ReadItem(Rng& rng) {
  const auto size = static_cast<size_t>(8 * Pick(rng, 1, 12));
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, Options(rng, size));
  memory.SetLength(CMSG_LEN(Pick(rng, 0, 5) == 0 ? static_cast<size_t>(Pick(rng, 0, 99)) : size));
  const int wanted = Pick(rng, -1, 8);  // -1: all
  uint8_t* ours = nullptr;
  uint8_t* theirs = nullptr;
  while (true) {
    const int our = wanted < 0 ? sx_inet6_option_next(memory.cmsg(), &ours)
                               : sx_inet6_option_find(memory.cmsg(), &ours, wanted);
    const int their =
        wanted < 0 ? TheirNext(memory.cmsg(), &theirs) : TheirFind(memory.cmsg(), &theirs, wanted);
    ASSERT_EQ(our, their) << Hex({memory.data(), size}) << ", wanted " << wanted;
    if (our < 0) return;
    ASSERT_EQ(ours, theirs) << Hex({memory.data(), size}) << ", wanted " << wanted;
  }
}

TEST(Inet6OracleTest, OptionReads) {
  SeededRng rng(Seed());
  const testing::ScopedTrace trace = NameSeed(Seed());
  for (int i = 0; i < Rounds(10 * kRounds); ++i) ASSERT_NO_FATAL_FAILURE(ReadItem(rng));
}

// ---- What differs ----

template <typename Opt>
std::string Append(Opt append, socklen_t extlen, int offset, socklen_t len, uint8_t align) {
  Frame memory(kMemory);
  void* data = nullptr;
  return to_string(
      append(extlen == 0 ? nullptr : memory.data(), extlen, offset, 7, len, align, &data));
}

template <typename Value>
std::string SetValue(Value set, int offset, socklen_t length) {
  Frame memory(kMemory);
  Frame value(kMemory);
  return to_string(set(memory.data() + 2048, offset, value.data(), length));
}

template <typename Next>
std::string First(Next next, Frame header, socklen_t extlen, int offset = 0) {
  header.resize(kMemory);
  uint8_t type = 0;
  socklen_t length = 0;
  void* data = nullptr;
  return to_string(next(header.data(), extlen, offset, &type, &length, &data));
}

template <typename Segments>
std::string CountOf(Segments segments, const Frame& start) {
  return to_string(segments(Join(start, Frame(kMemory)).data()));
}

template <typename Reverse>
std::string Reversed(Reverse reverse, const Frame& start) {
  Frame header = Join(start, Frame(kMemory));
  return to_string(reverse(header.data(), header.data()));
}

template <typename Add>
std::string Added(Add add, const Frame& start) {
  Frame header = Join(start, Frame(kMemory));
  const in6_addr address{};
  return to_string(add(header.data(), &address));
}

template <typename Init>
std::string Inited(Init init, int type) {
  ItemMemory memory;
  cmsghdr* cmsg = nullptr;
  return to_string(init(memory.at(), &cmsg, type));
}

template <typename Append>
std::string Item(Append append, const Frame& option, int x, int y) {
  ItemMemory memory(0, 0);
  cmsghdr* cmsg = nullptr;
  TheirInit(memory.at(), &cmsg, IPV6_HOPOPTS);
  const int done = append(memory.cmsg(), option.data(), x, y);
  return to_string(done) + ": " + Hex(memory.item());
}

template <typename Alloc>
std::string Allocated(Alloc alloc, int length) {
  ItemMemory memory(0, 0);
  cmsghdr* cmsg = nullptr;
  TheirInit(memory.at(), &cmsg, IPV6_HOPOPTS);
  const uint8_t* const at = alloc(memory.cmsg(), length, 1, 0);
  return at == nullptr ? "null" : Hex(memory.item());
}

template <typename Append>
std::string Overfull(Append append) {
  SeededRng rng(1);
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, Options(rng, 2048));
  memory.SetLength(CMSG_LEN(2048));
  const Frame option = {7, 0};
  const int done = append(memory.cmsg(), option.data(), 1, 0);
  return to_string(done) + ", " + to_string(memory.item().size());
}

template <typename Append>
std::string AppendTo(Append append, const Frame& item) {
  ItemMemory memory = ItemMemory::With(IPV6_HOPOPTS, item);
  const Frame option = {7, 0};
  return to_string(append(memory.cmsg(), option.data(), 1, 0));
}

// "null" or "left", after the last option, or after an error.
template <typename Next>
std::string Ends(Next next, const Frame& header, int type = IPV6_HOPOPTS) {
  ItemMemory memory = ItemMemory::With(type, header);
  uint8_t* at = nullptr;
  int count = 0;
  while (next(memory.cmsg(), &at) == 0) ++count;
  return to_string(count) + (at == nullptr ? ", null" : ", left");
}

const Frame kX = {0x3e, 12, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2};
const Frame kTrailed = {17, 0, 1, 4, 0, 0, 0, 0, 7, 2, 0, 0};
const Frame kOne = {17, 0, 5, 2, 0, 0, 7, 0};

// clang-format off
const DifferenceCase kDifferences[] = {
    {"OptAppendNoData", "RFC 3542 §10.2 allows 0 octets of data; alignment 1 is none, so it cannot exceed them",
     [] { return Append(sx_inet6_opt_append, 64, 2, 0, 1); }, [] { return Append(inet6_opt_append, 64, 2, 0, 1); }, "4", "-1"},
    {"OptCountTooLong", "no length field can say more than 2048",
     [] { return Append(sx_inet6_opt_append, 0, 2040, 9, 1); }, [] { return Append(inet6_opt_append, 0, 2040, 9, 1); }, "-1", "2051"},
    {"OptAppendTooLong", "no length field can say more than 2048",
     [] { return Append(sx_inet6_opt_append, 3000, 2040, 9, 1); }, [] { return Append(inet6_opt_append, 3000, 2040, 9, 1); }, "-1", "2051"},
    {"OptFinishTooLong", "no length field can say more than 2048",
     [] { return to_string(sx_inet6_opt_finish(nullptr, 0, 2049)); }, [] { return to_string(inet6_opt_finish(nullptr, 0, 2049)); }, "-1", "2056"},
    {"OptCountNegative", "an offset below the first option is none",
     [] { return Append(sx_inet6_opt_append, 0, -8, 4, 4); }, [] { return Append(inet6_opt_append, 0, -8, 4, 4); }, "-1", "0"},
    {"OptSetNegative", "would write before the option's data",
     [] { return SetValue(sx_inet6_opt_set_val, -4, 4); }, [] { return SetValue(inet6_opt_set_val, -4, 4); }, "-1", "0"},
    {"OptSetBeyond", "an option has at most 255 octets of data",
     [] { return SetValue(sx_inet6_opt_set_val, 250, 8); }, [] { return SetValue(inet6_opt_set_val, 250, 8); }, "-1", "258"},
    {"OptGetBeyond", "an option has at most 255 octets of data",
     [] { return SetValue(sx_inet6_opt_get_val, 250, 8); }, [] { return SetValue(inet6_opt_get_val, 250, 8); }, "-1", "258"},
    {"OptNextHeaderCut", "RFC 3542 §10.5: -1 when malformed, and a header longer than the buffer is",
     [] { return First(sx_inet6_opt_next, {17, 1, 5, 2, 0, 0, 0, 0}, 8); }, [] { return First(inet6_opt_next, {17, 1, 5, 2, 0, 0, 0, 0}, 8); }, "-1", "6"},
    {"OptNextBeyondHeader", "what is behind the header is no option",
     [] { return First(sx_inet6_opt_next, kTrailed, 12); }, [] { return First(inet6_opt_next, kTrailed, 12); }, "-1", "12"},
    {"OptNextNoHeader", "no header is shorter than eight octets",
     [] { return First(sx_inet6_opt_next, {17, 0, 7, 2, 0, 0, 0, 0}, 6); }, [] { return First(inet6_opt_next, {17, 0, 7, 2, 0, 0, 0, 0}, 6); }, "-1", "6"},

    {"RthOddLength", "RFC 3542 §7: type 0 has whole addresses only",
     [] { return CountOf(sx_inet6_rth_segments, {59, 3, 0, 0}); }, [] { return CountOf(inet6_rth_segments, {59, 3, 0, 0}); }, "-1", "1"},
    {"RthMoreLeft", "more segments left than addresses",
     [] { return CountOf(sx_inet6_rth_segments, {59, 2, 0, 9}); }, [] { return CountOf(inet6_rth_segments, {59, 2, 0, 9}); }, "-1", "1"},
    {"RthAddMoreLeft", "more segments left than addresses: theirs writes behind the header",
     [] { return Added(sx_inet6_rth_add, {59, 2, 0, 9}); }, [] { return Added(inet6_rth_add, {59, 2, 0, 9}); }, "-1", "0"},
    {"RthReverseOdd", "RFC 3542 §7: type 0 has whole addresses only",
     [] { return Reversed(sx_inet6_rth_reverse, {59, 3, 0, 0}); }, [] { return Reversed(inet6_rth_reverse, {59, 3, 0, 0}); }, "-1", "0"},

    {"OptionSpaceNegative", "a size cannot be negative",
     [] { return to_string(sx_inet6_option_space(-1)); }, [] { return to_string(TheirSpace(-1)); }, "-1", "24"},
    {"OptionSpaceTooMuch", "no length field can say more than 2048",
     [] { return to_string(sx_inet6_option_space(2047)); }, [] { return to_string(TheirSpace(2047)); }, "-1", "2072"},
    {"OptionInitOldNumber", "RFC 2292's own numbers, for sources that use them",
     [] { return Inited(sx_inet6_option_init, IPV6_2292HOPOPTS); }, [] { return Inited(TheirInit, IPV6_2292HOPOPTS); }, "0", "-1"},
    {"OptionAppendLeastPadding", "RFC 8200 appendix A shows this option without padding; theirs pads to 8n, then 2",
     [] { return Item(sx_inet6_option_append, kX, 8, 2); }, [] { return Item(TheirAppend, kX, 8, 2); },
     "0: 00 01 3e 0c 01 01 01 01 02 02 02 02 02 02 02 02", "0: 00 02 01 06 00 00 00 00 00 00 3e 0c 01 01 01 01 02 02 02 02 02 02 02 02"},
    {"OptionAppendPadding", "RFC 2292 §6.3.3: types from 2 to 255",
     [] { return Item(sx_inet6_option_append, {1, 4, 0, 0, 0, 0}, 1, 0); }, [] { return Item(TheirAppend, {1, 4, 0, 0, 0, 0}, 1, 0); },
     "-1: ", "0: 00 00 01 04 00 00 00 00"},
    {"OptionAllocLength", "RFC 2292 §6.3.4: datalen is the value of the length octet; theirs takes it for the whole option",
     [] { return Allocated(sx_inet6_option_alloc, 4); }, [] { return Allocated(TheirAlloc, 4); }, "00 00 00 00 00 00 00 00", "00 00 00 00 00 00 01 00"},
    {"OptionAllocNegative", "a size cannot be negative: theirs cuts the header short",
     [] { return Allocated(sx_inet6_option_alloc, -1); }, [] { return Allocated(TheirAlloc, -1); }, "null", "00 00 05 00 00 00 00 00"},
    {"OptionAppendOverfull", "theirs has written and counted before it fails",
     [] { return Overfull(sx_inet6_option_append); }, [] { return Overfull(TheirAppend); }, "-1, 2048", "-1, 2056"},
    {"OptionAppendToCut", "an object is empty or has one whole header",
     [] { return AppendTo(sx_inet6_option_append, {17, 3, 1, 4, 0, 0, 0, 0}); }, [] { return AppendTo(TheirAppend, {17, 3, 1, 4, 0, 0, 0, 0}); }, "-1", "0"},
    {"OptionNextEnd", "RFC 2292 §6.3.5: null when no more options remain",
     [] { return Ends(sx_inet6_option_next, kOne); }, [] { return Ends(TheirNext, kOne); }, "2, null", "2, left"},
    {"OptionNextError", "RFC 2292 §6.3.5: not null when an error occurs",
     [] { return Ends(sx_inet6_option_next, kOne, IPV6_RTHDR); }, [] { return Ends(TheirNext, kOne, IPV6_RTHDR); }, "0, left", "0, null"},
};
// clang-format on

TEST_P(DifferenceTest, IsMeant) { Check(); }
INSTANTIATE_TEST_SUITE_P(Inet6, DifferenceTest, testing::ValuesIn(kDifferences), kNameOf);

}  // namespace
}  // namespace sextant::test
