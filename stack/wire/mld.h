// SPDX-License-Identifier: BSD-3-Clause
// The MLDv2 report: which groups this node listens to.
// RFC 3810 §5.2.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "base/ipv6_address.h"

namespace sextant::wire {

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

// A report with one record without sources, which is what joining or leaving
// an any-source group needs.
struct MldReportFields {
  MldRecordType record = MldRecordType::kChangeToExclude;
  Ipv6Address group;

  static constexpr size_t kSize = 28;
  // The checksum is left zero.
  constexpr void WriteTo(std::span<uint8_t, kSize> out) const {
    constexpr uint8_t kMldV2ReportType = 143;
    for (uint8_t& byte : out) byte = 0;
    out[0] = kMldV2ReportType;
    Store16(out, 6, 1);  // one record
    out[8] = static_cast<uint8_t>(record);
    for (size_t i = 0; i < Ipv6Address::kSize; ++i) out[12 + i] = group.bytes()[i];
  }
};

// RFC 3810 §5.2.14: where reports go.
constexpr Ipv6Address AllMldV2Routers() {
  return Ipv6Address::FromGroups({0xff02, 0, 0, 0, 0, 0, 0, 0x16});
}

}  // namespace sextant::wire
