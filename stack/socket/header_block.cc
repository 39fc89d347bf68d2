// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "socket/header_block.h"

#include "socket/control.h"
#include "wire/routing.h"

namespace sextant::socket {
namespace {

using wire::ExtensionView;
using wire::NextHeader;
using wire::RoutingView;

constexpr NextHeader kKinds[kHeaderPlaces] = {NextHeader::kHopByHop,
                                              NextHeader::kDestinationOptions, NextHeader::kRouting,
                                              NextHeader::kDestinationOptions};

// RFC 8754 §3.1: Segment List[0] is the last segment, where the datagram ends.
void Route(const ExtensionView& header, size_t offset, wire::HeaderChain& chain) {
  const RoutingView routing(header);
  if (routing.segments_left() == 0) return;
  chain.first_hop = routing.address(routing.segments_left());
  chain.final_at = static_cast<uint16_t>(offset + RoutingView::kAddressesOffset);
}

}  // namespace

wire::HeaderChain Compile(const HeaderSet& set, NextHeader upper, MutableBytes room) {
  wire::HeaderChain chain;
  size_t at = 0;
  size_t names_next = 0;  // the Next Header field to be filled in, in `room`
  for (size_t i = 0; i < kHeaderPlaces; ++i) {
    const Bytes header = set.sent(static_cast<HeaderPlace>(i));
    if (header.empty()) continue;
    if (at == 0) {
      chain.first = kKinds[i];
    } else {
      room[names_next] = static_cast<uint8_t>(kKinds[i]);
    }
    names_next = at + ExtensionView::kNextHeaderOffset;
    std::memcpy(room.data() + at, header.data(), header.size());
    if (kKinds[i] == NextHeader::kRouting) Route(*ExtensionView::Parse(header), at, chain);
    at += header.size();
  }
  if (at == 0) return chain;
  room[names_next] = static_cast<uint8_t>(upper);
  chain.bytes = room.first(at);
  return chain;
}

void StickyHeaders::Set(HeaderPlace place, Bytes header) {
  headers_[static_cast<size_t>(place)].assign(header.begin(), header.end());
}

void StickyHeaders::Replace(const HeaderSet& set) {
  for (size_t i = 0; i < kHeaderPlaces; ++i) {
    const auto place = static_cast<HeaderPlace>(i);
    Set(place, set.at(place));
  }
}

void StickyHeaders::Publish(Ip6Options& options, NextHeader upper) {
  options.headers.ForgetGiven();
  for (size_t i = 0; i < kHeaderPlaces; ++i) {
    options.headers.Set(static_cast<HeaderPlace>(i), headers_[i]);
  }
  block_.resize(options.headers.size());
  chain_ = Compile(options.headers, upper, block_);
  options.chain = block_.empty() ? nullptr : &chain_;
}

Errno ApplyControl(Bytes control, const OptionTarget& target, SocketKind kind) {
  return ForEachControl(control, [&](int level, int type, Bytes data) {
    return Apply(target, level, type, data, kAncillary, kind);
  });
}

void ClearSticky(Ip6Options& options) {
  const Ip6Options unset;
  options.packet_info = unset.packet_info;
  options.traffic_class = unset.traffic_class;
  options.hop_limit = unset.hop_limit;
  options.dont_fragment = unset.dont_fragment;
  options.use_min_mtu = unset.use_min_mtu;
  options.next_hop = unset.next_hop;
  options.headers = unset.headers;
  options.chain = nullptr;
}

Errno Ancillary::Read(Bytes control, SocketKind kind, NextHeader upper) {
  Ip6Options& ip6 = options_.ip6;
  if (ip6.rfc2292 && control.size() >= kControlHeader) ClearSticky(ip6);
  const Errno wrong = ApplyControl(control, {options_, nullptr, environment_, &scratch_}, kind);
  if (wrong != Errno::kOk) return wrong;
  if (!ip6.headers.is_any_given()) [[likely]]
    return Errno::kOk;
  chain_ = Compile(ip6.headers, upper, block_);
  ip6.chain = chain_.bytes.empty() ? nullptr : &chain_;
  return Errno::kOk;
}

}  // namespace sextant::socket
