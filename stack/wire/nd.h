// SPDX-License-Identifier: BSD-3-Clause
// Neighbor discovery messages and options, as received and as values.
// RFC 4861 §4.3, §4.4, §4.6; RFC 7527 §4.1 (nonce).
// Any thread.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/ipv6_address.h"
#include "base/limits.h"
#include "base/mac_address.h"
#include "wire/icmpv6.h"
#include "wire/parsed.h"

namespace sextant::wire {

enum class NdOptionType : uint8_t {
  kSourceLinkLayerAddress = 1,
  kTargetLinkLayerAddress = 2,
  kPrefixInformation = 3,
  kRedirectedHeader = 4,
  kMtu = 5,
  kNonce = 14,
};

using Nonce = std::array<uint8_t, 6>;

// The options that solicitations and advertisements use. Of repeated options
// the first counts; unknown ones are skipped (RFC 4861 §4.6).
struct NdOptions {
  std::optional<MacAddress> source_link_layer;
  std::optional<MacAddress> target_link_layer;
  std::optional<Nonce> nonce;

  // RFC 4861 §7.1.1: every option has a length greater than zero.
  static Parsed<NdOptions> Parse(Bytes options);
};

// Neighbor Solicitation and Advertisement have the same shape: four bytes of
// ICMPv6 header, four of flags, the target, options.
class NeighborView {
 public:
  static constexpr size_t kSize = 24;
  static constexpr size_t kTargetOffset = 8;

  // `message` is the whole ICMPv6 message.
  static constexpr Parsed<NeighborView> Parse(Bytes message) {
    if (message.size() < kSize) return DropReason::kNdTruncated;
    return NeighborView(message);
  }

  constexpr Ipv6Address target() const {
    return Ipv6Address(at_.subspan<kTargetOffset, Ipv6Address::kSize>());
  }
  constexpr bool router() const { return (at_[4] & 0x80) != 0; }
  constexpr bool solicited() const { return (at_[4] & 0x40) != 0; }
  constexpr bool override_flag() const { return (at_[4] & 0x20) != 0; }
  constexpr Bytes options() const { return at_.subspan(kSize); }

 private:
  explicit constexpr NeighborView(Bytes at) : at_(at) {}
  Bytes at_;
};

struct NeighborSolicitationFields {
  Ipv6Address target;
  std::optional<MacAddress> source_link_layer = {};
  std::optional<Nonce> nonce = {};

  static constexpr size_t kMaxSize = NeighborView::kSize + 8 + 8;
  // Returns the bytes written. The checksum is left zero. REQUIRES: out.size() >= kMaxSize.
  size_t WriteTo(MutableBytes out) const;
};

struct NeighborAdvertisementFields {
  Ipv6Address target;
  bool router = false;
  bool solicited = false;
  bool override_flag = false;
  std::optional<MacAddress> target_link_layer = {};

  static constexpr size_t kMaxSize = NeighborView::kSize + 8;
  // Returns the bytes written. The checksum is left zero. REQUIRES: out.size() >= kMaxSize.
  size_t WriteTo(MutableBytes out) const;
};

}  // namespace sextant::wire
