// SPDX-License-Identifier: BSD-3-Clause
// The UDP header, as received and as a value.
// RFC 768, RFC 8200 §8.1.
// Any thread.
#pragma once

#include "base/bytes.h"
#include "wire/parsed.h"

namespace sextant::wire {

class UdpView {
 public:
  static constexpr size_t kSize = 8;
  static constexpr size_t kChecksumOffset = 6;

  // `payload_length` is what the IPv6 header leaves for UDP. RFC 768: the
  // length counts header and data; trailing bytes beyond it are not ours.
  static constexpr Parsed<UdpView> Parse(Bytes head, size_t payload_length) {
    if (head.size() < kSize || payload_length < kSize) return DropReason::kUdpTruncated;
    const UdpView view(head.first<kSize>());
    if (view.length() < kSize || view.length() > payload_length) return DropReason::kUdpTruncated;
    return view;
  }
  // For packets that have passed Parse() before. REQUIRES: at.size() >= kSize.
  static constexpr UdpView Trusted(Bytes at) { return UdpView(at.first<kSize>()); }

  constexpr uint16_t source_port() const { return Load16(at_, 0); }
  constexpr uint16_t destination_port() const { return Load16(at_, 2); }
  constexpr uint16_t length() const { return Load16(at_, 4); }
  constexpr uint16_t checksum() const { return Load16(at_, kChecksumOffset); }

 private:
  explicit constexpr UdpView(std::span<const uint8_t, kSize> at) : at_(at) {}
  std::span<const uint8_t, kSize> at_;
};

struct UdpFields {
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint16_t length = 0;
  uint16_t checksum = 0;

  constexpr void WriteTo(std::span<uint8_t, UdpView::kSize> out) const {
    Store32(out, 0, uint32_t{source_port} << 16 | destination_port);
    Store32(out, 4, uint32_t{length} << 16 | checksum);
  }
};

}  // namespace sextant::wire
