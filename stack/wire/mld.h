// SPDX-License-Identifier: BSD-3-Clause
// Multicast listener discovery messages: queries of both versions as received,
// reports and Done as sent.
// RFC 3810 §5 (MLDv2), RFC 2710 §3 (MLDv1), RFC 2711 (Router Alert).
// Any thread.
#pragma once

#include "base/bytes.h"
#include "base/ipv6_address.h"
#include "base/time.h"
#include "wire/icmpv6.h"
#include "wire/parsed.h"

namespace sextant::wire {

enum class MldVersion : uint8_t { kNone = 0, kV1 = 1, kV2 = 2 };

// RFC 3810 §5.2.12.
enum class MldRecordType : uint8_t {
  kModeIsInclude = 1,
  kModeIsExclude = 2,
  kChangeToInclude = 3,
  kChangeToExclude = 4,
  kAllowNewSources = 5,
  kBlockOldSources = 6,
};

// RFC 2711: the hop-by-hop header with Router Alert 0 that every MLD message
// carries (RFC 3810 §5). The last two bytes pad it to eight.
inline constexpr size_t kMldHopByHopSize = 8;
constexpr void WriteMldHopByHop(std::span<uint8_t, kMldHopByHopSize> out, uint8_t next_header) {
  constexpr uint8_t kRouterAlert = 5;
  constexpr uint8_t kPadN = 1;
  const std::array<uint8_t, kMldHopByHopSize> bytes = {next_header, 0, kRouterAlert, 2,
                                                       0,           0, kPadN,        0};
  for (size_t i = 0; i < bytes.size(); ++i) out[i] = bytes[i];
}

// RFC 2711 §2.1: whether a hop-by-hop header (its first two bytes included)
// holds a Router Alert option of value 0, MLD. The header's own bounds are trusted
// no further than the span.
constexpr bool HasMldRouterAlert(Bytes header) {
  constexpr uint8_t kPad1 = 0;
  constexpr uint8_t kRouterAlert = 5;
  // LIMIT: as many steps as the span has bytes, and a hop-by-hop header has 2048 at most.
  for (size_t at = 2; at < header.size();) {
    if (header[at] == kPad1) {
      ++at;
      continue;
    }
    if (header.size() - at < 2 || header[at + 1] > header.size() - at - 2) return false;
    const size_t length = header[at + 1];
    if (header[at] == kRouterAlert && length == 2 && Load16(header, at + 2) == 0) return true;
    at += 2 + length;
  }
  return false;
}

// RFC 3810 §5.1.3: milliseconds; from 32768 on mantissa and exponent.
constexpr Duration MldMaxResponseDelay(uint16_t code) {
  constexpr uint16_t kFloating = 0x8000;
  if (code < kFloating) return Duration::Milliseconds(code);
  const int64_t mantissa = (code & 0x0fff) | 0x1000;
  const int exponent = code >> 12 & 0x7;
  return Duration::Milliseconds(mantissa << (exponent + 3));
}

// RFC 3810 §5.1.9: the querier's query interval; from 128 on mantissa and exponent.
constexpr Duration MldQueryInterval(uint8_t code) {
  constexpr uint8_t kFloating = 0x80;
  if (code < kFloating) return Duration::Seconds(code);
  const int64_t mantissa = (code & 0x0f) | 0x10;
  const int exponent = code >> 4 & 0x7;
  return Duration::Seconds(mantissa << (exponent + 3));
}

// A query of either version, without its sources, which follow at kV2Size.
struct MldQuery {
  static constexpr size_t kV1Size = 24;
  static constexpr size_t kV2Size = 28;
  static constexpr size_t kGroupOffset = 8;

  MldVersion version = MldVersion::kNone;
  Ipv6Address group;  // ::, a general query
  Duration max_response_delay;
  uint8_t robustness = 0;   // 0: not told
  Duration query_interval;  // 0: not told
  uint16_t source_count = 0;

  bool is_general() const { return group.is_unspecified(); }

  // `head` holds the first kV2Size bytes of the message, or all when it is
  // shorter; `length` is the whole message's.
  static constexpr Parsed<MldQuery> Parse(Bytes head, size_t length) {
    // RFC 3810 §8.1: 24 bytes are version 1, from 28 on version 2; others are ignored.
    const bool v1 = length == kV1Size;
    if ((!v1 && length < kV2Size) || head.size() < (v1 ? kV1Size : kV2Size)) {
      return DropReason::kMldTruncated;
    }
    MldQuery query;
    query.version = v1 ? MldVersion::kV1 : MldVersion::kV2;
    query.group = Ipv6Address(head.subspan<kGroupOffset, Ipv6Address::kSize>());
    const uint16_t code = Load16(head, 4);
    query.max_response_delay = v1 ? Duration::Milliseconds(code) : MldMaxResponseDelay(code);
    const bool general = query.group == Ipv6Address();
    if (!general && !query.group.is_multicast()) return DropReason::kMldGroup;
    if (v1) return query;
    query.robustness = head[24] & 0x7;
    query.query_interval = MldQueryInterval(head[25]);
    query.source_count = Load16(head, 26);
    const size_t sources = size_t{query.source_count} * Ipv6Address::kSize;
    // RFC 3810 §5.1.10: what is counted must be there; a general query counts none.
    if (sources > length - kV2Size || (general && sources != 0)) return DropReason::kMldSources;
    return query;
  }
};

// RFC 2710 §3: a version 1 report or Done.
struct MldV1Fields {
  Icmp6Type type = Icmp6Type::kMldReport;
  Ipv6Address group;

  static constexpr size_t kSize = 24;
  // The checksum is left zero.
  constexpr void WriteTo(std::span<uint8_t, kSize> out) const {
    for (uint8_t& byte : out) byte = 0;
    out[0] = static_cast<uint8_t>(type);
    CopyBytes(group.bytes(), &out[8]);
  }
};

// RFC 3810 §5.2: a report begins like this, and its records follow.
struct MldReportHead {
  static constexpr size_t kSize = 8;
  // The checksum is left zero.
  static constexpr void WriteTo(std::span<uint8_t, kSize> out, uint16_t records) {
    for (uint8_t& byte : out) byte = 0;
    out[0] = static_cast<uint8_t>(Icmp6Type::kMldV2Report);
    Store16(out, 6, records);
  }
};

// RFC 3810 §5.2.4: a record begins like this, and its sources follow.
struct MldRecordHead {
  MldRecordType type = MldRecordType::kModeIsInclude;
  uint16_t source_count = 0;
  Ipv6Address group;

  static constexpr size_t kSize = 20;
  constexpr void WriteTo(std::span<uint8_t, kSize> out) const {
    out[0] = static_cast<uint8_t>(type);
    out[1] = 0;  // no auxiliary data
    Store16(out, 2, source_count);
    CopyBytes(group.bytes(), &out[4]);
  }
};

// RFC 3810 §5.2.14: where reports go.
constexpr Ipv6Address AllMldV2Routers() {
  return Ipv6Address::FromGroups({0xff02, 0, 0, 0, 0, 0, 0, 0x16});
}

}  // namespace sextant::wire
