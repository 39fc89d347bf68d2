// SPDX-License-Identifier: BSD-3-Clause
// What a program asks of the flow-label manager, and who asks: struct
// in6_flowlabel_req as a value, in host byte order. The numbers are Linux's.
// Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/errno.h"
#include "base/ipv6_address.h"

namespace sextant::flowlabel {

// RFC 8200 §6: a label has 20 bits.
inline constexpr uint32_t kLabelMask = 0xf'ffff;
// With flowlabel_state_ranges, labels with this bit are not leased.
inline constexpr uint32_t kStatelessBit = 0x8'0000;
// The longest option block that a request may carry.
inline constexpr size_t kMaxOptionsSize = 65536;

enum class Action : uint8_t { kGet = 0, kPut = 1, kRenew = 2 };

// Who may lease the same label too.
enum class Share : uint8_t { kNone = 0, kExclusive = 1, kProcess = 2, kUser = 3, kAny = 255 };

enum RequestFlag : uint16_t {
  kFlagCreate = 1,     // the label may be made
  kFlagExclusive = 2,  // it must not be there yet; has nothing to do with Share::kExclusive
  kFlagReflect = 4,    // TCP: send what the peer sends
  kFlagRemote = 8,     // queries only: what the peer sends
};

// Headers of a label, each as it goes out, or empty; borrowed.
struct HeaderSpans {
  Bytes hop_by_hop;
  Bytes destination;  // the one before the routing header
  Bytes routing;
  bool empty() const { return hop_by_hop.empty() && destination.empty() && routing.empty(); }
};

struct Request {
  Ipv6Address destination{};
  uint32_t label = 0;  // all 32 bits, as they were given
  Action action = Action::kGet;
  Share share = Share::kNone;
  uint16_t flags = 0;
  uint16_t expires = 0;  // both in seconds
  uint16_t linger = 0;
  // The control messages behind the record, as their parser left them.
  size_t options_size = 0;
  Errno options_error = Errno::kOk;
  bool destination_after_routing = false;  // such a header remained: it may be fragmented
  HeaderSpans headers{};
};

struct Caller {
  int32_t pid = 0;
  uint32_t user = 0;
  bool net_admin = false;
  bool net_raw = false;
};

// What the profiles see differently.
struct Policy {
  // The longest linger and expires without CAP_NET_ADMIN, in seconds.
  uint16_t unprivileged_max = 60;
};

inline constexpr Policy kRfcPolicy = {};
inline constexpr Policy kLinuxPolicy = {.unprivileged_max = 150};

}  // namespace sextant::flowlabel
