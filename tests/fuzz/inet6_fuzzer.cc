// SPDX-License-Identifier: BSD-3-Clause
// Any bytes as options headers, routing headers and ancillary data objects, in memory that ends
// where they end and begins anywhere: the helpers of sextant/inet6.h stay inside it, come to an
// end, and read what they have built.
// The input: which family, how far from alignment, arguments of the calls, and the memory.
// Any thread.
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#define SEXTANT_NO_INET6_NAMES
#include "base/bytes.h"
#include "base/check.h"
#include "sextant/inet6.h"

namespace sextant::test {
namespace {

constexpr size_t kControlBytes = 8;
constexpr size_t kMaxMemory = 2304;
constexpr size_t kHeader = CMSG_LEN(0);

// A copy on the heap, so that the first octet behind it is poisoned.
class Memory {
 public:
  Memory(Bytes bytes, size_t skew, size_t spare = 0)
      : room_(std::make_unique<uint8_t[]>(skew + bytes.size() + spare)),
        at_(room_.get() + skew),
        size_(bytes.size() + spare) {
    if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
  }
  uint8_t* at() const { return at_; }
  size_t size() const { return size_; }
  socklen_t length() const { return static_cast<socklen_t>(size_); }
  bool Holds(const void* from, size_t size) const {
    const auto* const first = static_cast<const uint8_t*>(from);
    return first >= at_ && first + size <= at_ + size_;
  }

 private:
  std::unique_ptr<uint8_t[]> room_;
  uint8_t* at_;
  size_t size_;
};

struct Arguments {
  std::array<uint8_t, kControlBytes> octets{};
  size_t skew() const { return octets[1] % 8; }
  // Small numbers, both signs, and the ends of the range.
  int number(size_t index) const {
    const auto value = static_cast<int8_t>(octets[index]);
    if (value == INT8_MAX) return INT32_MAX;
    if (value == INT8_MIN) return INT32_MIN;
    return value;
  }
};

// Everything that `next(offset, length, data) -> offset` finds lies in memory, further and further
// on.
template <typename Next>
void CheckWalk(const Memory& memory, int offset, Next&& next) {
  socklen_t length = 0;
  void* data = nullptr;
  for (size_t steps = 0; true; ++steps) {
    SX_CHECK(steps <= memory.size());
    const int end = next(offset, &length, &data);
    if (end < 0) return;
    SX_CHECK(end > offset && length <= UINT8_MAX && memory.Holds(data, length));
    SX_CHECK(static_cast<uint8_t*>(data) + length == memory.at() + end);
    std::array<uint8_t, UINT8_MAX> value{};
    SX_CHECK(sx_inet6_opt_get_val(data, 0, value.data(), length) == static_cast<int>(length));
    offset = end;
  }
}

void ReadOptions(const Arguments& arguments, Bytes bytes) {
  Memory memory(bytes, arguments.skew());
  uint8_t type = 0;
  CheckWalk(memory, arguments.number(2), [&](int offset, socklen_t* length, void** data) {
    const int end = sx_inet6_opt_next(memory.at(), memory.length(), offset, &type, length, data);
    SX_CHECK(end < 0 || type > 1);
    return end;
  });
  CheckWalk(memory, arguments.number(3), [&](int offset, socklen_t* length, void** data) {
    return sx_inet6_opt_find(memory.at(), memory.length(), offset, arguments.octets[4], length,
                             data);
  });
}

// The memory's octets are calls: type, length and alignment of an option each.
void BuildOptions(const Arguments& arguments, Bytes calls) {
  const size_t room = (size_t{arguments.octets[2]} + 1) * (arguments.octets[3] % 16);
  Memory memory({}, arguments.skew(), room);
  int end = sx_inet6_opt_init(memory.at(), memory.length());
  SX_CHECK(end == (room == 0 || room % 8 != 0 || room > 2048 ? -1 : 2));
  if (arguments.octets[4] != 0) end = arguments.number(4);
  size_t added = 0;
  for (; calls.size() >= 3; calls = calls.subspan(3)) {
    void* data = nullptr;
    const socklen_t length = calls[1] + (calls[2] & 0x80u) * 2;
    const auto align = static_cast<uint8_t>(calls[2] & 0x7f);
    const int next =
        sx_inet6_opt_append(memory.at(), memory.length(), end, calls[0], length, align, &data);
    const int counted = sx_inet6_opt_append(nullptr, 0, end, calls[0], length, align, nullptr);
    SX_CHECK(next < 0 || next == counted);
    if (next < 0) continue;
    SX_CHECK(memory.Holds(data, length) &&
             (static_cast<uint8_t*>(data) - memory.at()) % align == 0);
    Memory value({}, 0, length);
    SX_CHECK(sx_inet6_opt_set_val(data, 0, value.at(), length) == static_cast<int>(length));
    end = next;
    ++added;
  }
  end = sx_inet6_opt_finish(memory.at(), memory.length(), end);
  SX_CHECK(end < 0 || (end % 8 == 0 && static_cast<size_t>(end) <= room));
  if (end < 0 || arguments.octets[4] != 0 || room % 8 != 0) return;
  // Read again, once the header is as long as it says.
  memory.at()[1] = static_cast<uint8_t>(end / 8 - 1);
  uint8_t type = 0;
  CheckWalk(memory, 0, [&](int offset, socklen_t* length, void** data) {
    const int next =
        sx_inet6_opt_next(memory.at(), static_cast<socklen_t>(end), offset, &type, length, data);
    if (next >= 0) --added;
    return next;
  });
  SX_CHECK(added == 0);
}

void RoutingHeader(const Arguments& arguments, Bytes bytes) {
  // These functions get no length: the memory is as long as the header says.
  if (bytes.size() < 4) return;
  const size_t size = (size_t{bytes[1]} + 1) * 8;
  const size_t there = std::min(size, bytes.size());
  Memory memory(bytes.first(there), arguments.skew(), size - there);
  const int count = sx_inet6_rth_segments(memory.at());
  SX_CHECK(count >= -1 && count <= 127);
  const in6_addr* const some = sx_inet6_rth_getaddr(memory.at(), arguments.number(2));
  SX_CHECK((some != nullptr) == (arguments.number(2) >= 0 && arguments.number(2) < count));
  SX_CHECK(some == nullptr || memory.Holds(some, sizeof *some));
  Memory out({}, arguments.octets[3] % 8, size);
  const bool turned = sx_inet6_rth_reverse(memory.at(), out.at()) == 0;
  SX_CHECK(turned == (count >= 0));
  if (turned) {
    SX_CHECK(out.at()[3] == count);
    SX_CHECK(sx_inet6_rth_reverse(out.at(), out.at()) == 0);
    SX_CHECK(std::memcmp(out.at() + 4, memory.at() + 4, size - 4) == 0);
  }
  const in6_addr address{};
  const bool full = count < 0 || memory.at()[3] == count;
  SX_CHECK((sx_inet6_rth_add(memory.at(), &address) == 0) == !full);
}

void BuildRoute(const Arguments& arguments, Bytes bytes) {
  const int type = arguments.octets[2] % 4 == 0 ? arguments.number(4) : 0;
  const int segments = arguments.number(3);
  Memory memory(bytes, arguments.skew());
  void* const header = sx_inet6_rth_init(memory.at(), memory.length(), type, segments);
  SX_CHECK((header != nullptr) == (sx_inet6_rth_space(type, segments) != 0 &&
                                   sx_inet6_rth_space(type, segments) <= memory.size()));
  if (header == nullptr) return;
  const in6_addr address{};
  for (int i = 0; i < segments; ++i) SX_CHECK(sx_inet6_rth_add(header, &address) == 0);
  SX_CHECK(sx_inet6_rth_add(header, &address) == -1);
  SX_CHECK(sx_inet6_rth_segments(header) == segments);
}

// An object that claims no more than there is of it, or next to nothing.
Memory Object(const Arguments& arguments, Bytes bytes, size_t spare) {
  cmsghdr header{};
  header.cmsg_level = arguments.octets[2] == 0 ? arguments.number(3) : IPPROTO_IPV6;
  constexpr std::array kTypes = {IPV6_HOPOPTS,     IPV6_DSTOPTS, IPV6_2292HOPOPTS,
                                 IPV6_2292DSTOPTS, IPV6_RTHDR,   IPV6_2292RTHDR};
  header.cmsg_type = kTypes[arguments.octets[4] % kTypes.size()];
  header.cmsg_len =
      arguments.octets[2] == 1 ? arguments.octets[3] % (kHeader + 1) : CMSG_LEN(bytes.size());
  std::array<uint8_t, kHeader + kMaxMemory> whole{};
  std::memcpy(whole.data(), &header, sizeof header);
  if (!bytes.empty()) std::memcpy(whole.data() + kHeader, bytes.data(), bytes.size());
  return {Bytes(whole).first(kHeader + bytes.size()), arguments.skew(), spare};
}

cmsghdr* In(Memory& memory) { return static_cast<cmsghdr*>(static_cast<void*>(memory.at())); }

template <typename Next>
void CheckObjectWalk(const Memory& memory, uint8_t* at, Next&& next) {
  for (size_t steps = 0; next(&at) == 0; ++steps) {
    SX_CHECK(steps <= memory.size() && memory.Holds(at, *at == 0 ? 1 : 2));
    if (*at != 0) SX_CHECK(memory.Holds(at, 2 + size_t{at[1]}));
  }
  uint8_t* const stuck = at;
  if (at != nullptr) SX_CHECK(next(&at) == -1 && at == stuck);
}

void OptionObject(const Arguments& arguments, Bytes bytes) {
  Memory memory = Object(arguments, bytes, 0);
  uint8_t* const from =
      arguments.octets[5] == 0 ? nullptr : memory.at() + arguments.octets[5] % (memory.size() + 1);
  CheckObjectWalk(memory, from, [&](uint8_t** at) { return sx_inet6_option_next(In(memory), at); });
  CheckObjectWalk(memory, nullptr, [&](uint8_t** at) {
    return sx_inet6_option_find(In(memory), at, arguments.number(6));
  });
}

// Appends to what may be an object; it grows by what inet6_option_space() says plus six octets.
void BuildObject(const Arguments& arguments, Bytes bytes) {
  const int length = arguments.number(5) < 0 ? arguments.number(5) : arguments.octets[5] * 2;
  const size_t spare = 8 + 7 + 2 + UINT8_MAX + 8;
  Memory memory = Object(arguments, bytes, spare);
  const int x = 1 << arguments.octets[6] % 5;
  const int y = arguments.number(7);
  uint8_t* before = nullptr;
  while (sx_inet6_option_next(In(memory), &before) == 0) {
  }
  const bool was_good = bytes.empty() || before == nullptr;
  uint8_t* const at = sx_inet6_option_alloc(In(memory), length, x, y);
  if (at == nullptr) return;
  SX_CHECK(length >= 0 && length <= UINT8_MAX && y >= 0 && y <= 7 && x <= 8);
  SX_CHECK(memory.Holds(at, 2 + static_cast<size_t>(length)));
  const auto offset = static_cast<size_t>(at - memory.at()) - kHeader;
  SX_CHECK((offset - static_cast<size_t>(y)) % static_cast<size_t>(x) == 0);
  at[0] = 7;
  at[1] = static_cast<uint8_t>(length);
  before = nullptr;
  while (sx_inet6_option_next(In(memory), &before) == 0 && before < at) {
  }
  SX_CHECK(!was_good || before == at);
  Memory option({at, 2 + static_cast<size_t>(length)}, 0);
  Memory second = Object(arguments, bytes, spare);
  SX_CHECK(sx_inet6_option_append(In(second), option.at(), x, y) == 0);
  const size_t size = sizeof(cmsghdr) + offset + option.size();
  SX_CHECK(std::memcmp(memory.at(), second.at(), size) == 0);
}

void RoutingObject(const Arguments& arguments, Bytes bytes) {
  Memory memory = Object(arguments, bytes, sizeof(in6_addr));
  const int count = sx_inet6_rthdr_segments(In(memory));
  SX_CHECK(count == -1 || (count >= 1 && count <= 23));
  const int index = arguments.number(5);
  const in6_addr* const some = sx_inet6_rthdr_getaddr(In(memory), index);
  SX_CHECK((some != nullptr) == (index >= 1 && index <= count));
  SX_CHECK(some == nullptr || memory.Holds(some, sizeof *some));
  const int flag = sx_inet6_rthdr_getflags(In(memory), index);
  SX_CHECK((flag >= 0) == (count > 0 && index >= 0 && index <= count) && flag <= 1);
  Memory out({}, arguments.octets[6] % 8, memory.size());
  const bool turned = sx_inet6_rthdr_reverse(In(memory), In(out)) == 0;
  SX_CHECK(turned == (count > 0));
  if (turned) {
    SX_CHECK(sx_inet6_rthdr_segments(In(out)) == count);
    if (index >= 0 && index <= count) {
      SX_CHECK(sx_inet6_rthdr_getflags(In(out), count - index) == flag);
    }
  }
  const in6_addr address{};
  const auto flags = static_cast<unsigned>(arguments.number(7));
  if (sx_inet6_rthdr_add(In(memory), &address, flags) != 0) return;
  SX_CHECK(sx_inet6_rthdr_segments(In(memory)) == std::max(count, 0) + 1);
  SX_CHECK(sx_inet6_rthdr_lasthop(In(memory), flags) == 0);
  SX_CHECK(sx_inet6_rthdr_getflags(In(memory), std::max(count, 0) + 1) == static_cast<int>(flags));
}

void Try(const uint8_t* data, size_t size) {
  Arguments arguments;
  std::memcpy(arguments.octets.data(), data, kControlBytes);
  const Bytes bytes(data + kControlBytes, size - kControlBytes);
  constexpr std::array kFamilies = {ReadOptions,  BuildOptions, RoutingHeader, BuildRoute,
                                    OptionObject, BuildObject,  RoutingObject};
  kFamilies[arguments.octets[0] % kFamilies.size()](arguments, bytes);
}

}  // namespace
}  // namespace sextant::test

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sextant::test::kControlBytes;
  if (size >= kControlBytes && size - kControlBytes <= sextant::test::kMaxMemory) {
    sextant::test::Try(data, size);
  }
  return 0;
}
