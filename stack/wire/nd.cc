// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "wire/nd.h"

#include <algorithm>

namespace sextant::wire {
namespace {

constexpr size_t kOptionUnit = 8;
constexpr size_t kOptionHeader = 2;

// RFC 4861 §4.6.1 and RFC 2464 §6: on Ethernet exactly one unit of 8 bytes.
void TakeLinkLayer(Bytes option, std::optional<MacAddress>& out) {
  if (option.size() != kOptionUnit || out) return;
  out = MacAddress(option.subspan<kOptionHeader, MacAddress::kSize>());
}

void TakeNonce(Bytes option, std::optional<Nonce>& out) {
  if (option.size() != kOptionUnit || out) return;
  out.emplace();
  std::ranges::copy(option.subspan(kOptionHeader), out->begin());
}

size_t WriteLinkLayer(MutableBytes out, NdOptionType type, const MacAddress& address) {
  out[0] = static_cast<uint8_t>(type);
  out[1] = 1;
  std::ranges::copy(address.bytes(), out.begin() + kOptionHeader);
  return kOptionUnit;
}

void WriteHead(MutableBytes out, Icmp6Type type, uint8_t flags, const Ipv6Address& target) {
  std::ranges::fill(out.first(NeighborView::kSize), uint8_t{0});
  out[0] = static_cast<uint8_t>(type);
  out[4] = flags;
  std::ranges::copy(target.bytes(), out.begin() + NeighborView::kTargetOffset);
}

}  // namespace

Parsed<NdOptions> NdOptions::Parse(Bytes options) {
  NdOptions found;
  for (size_t count = 0; !options.empty(); ++count) {
    if (count == kMaxNdOptions || options.size() < kOptionHeader) return DropReason::kNdBadOption;
    const size_t length = kOptionUnit * options[1];
    if (length == 0 || length > options.size()) return DropReason::kNdBadOption;
    const Bytes option = options.first(length);
    switch (NdOptionType{option[0]}) {
      case NdOptionType::kSourceLinkLayerAddress:
        TakeLinkLayer(option, found.source_link_layer);
        break;
      case NdOptionType::kTargetLinkLayerAddress:
        TakeLinkLayer(option, found.target_link_layer);
        break;
      case NdOptionType::kNonce:
        TakeNonce(option, found.nonce);
        break;
      default:
        break;  // RFC 4861 §4.6: unknown options are ignored.
    }
    options = options.subspan(length);
  }
  return found;
}

size_t NeighborSolicitationFields::WriteTo(MutableBytes out) const {
  WriteHead(out, Icmp6Type::kNeighborSolicitation, 0, target);
  size_t size = NeighborView::kSize;
  if (source_link_layer) {
    size += WriteLinkLayer(out.subspan(size), NdOptionType::kSourceLinkLayerAddress,
                           *source_link_layer);
  }
  if (nonce) {
    out[size] = static_cast<uint8_t>(NdOptionType::kNonce);
    out[size + 1] = 1;
    std::ranges::copy(*nonce, out.begin() + static_cast<ptrdiff_t>(size + kOptionHeader));
    size += kOptionUnit;
  }
  return size;
}

size_t NeighborAdvertisementFields::WriteTo(MutableBytes out) const {
  const auto flags = static_cast<uint8_t>((router ? 0x80 : 0) | (solicited ? 0x40 : 0) |
                                          (override_flag ? 0x20 : 0));
  WriteHead(out, Icmp6Type::kNeighborAdvertisement, flags, target);
  size_t size = NeighborView::kSize;
  if (target_link_layer) {
    size += WriteLinkLayer(out.subspan(size), NdOptionType::kTargetLinkLayerAddress,
                           *target_link_layer);
  }
  return size;
}

}  // namespace sextant::wire
