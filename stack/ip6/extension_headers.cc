// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/extension_headers.h"

#include <algorithm>
#include <utility>

#include "ip6/options.h"
#include "wire/ipv6.h"
#include "wire/routing.h"

namespace sextant::ip6 {
namespace {

using wire::NextHeader;
using wire::ParameterCode;
using Next = ExtensionHeaders::Next;

constexpr size_t kFirstHeader = wire::Ipv6View::kSize;

Verdict<GoOn> Problem(DropReason reason, ParameterCode code, size_t pointer) {
  return Verdict<GoOn>::Refuse(
      reason, wire::Icmp6Error::ParameterProblem(code, static_cast<uint32_t>(pointer)));
}

// A part's verdict that ended the walk, as the whole packet's.
Verdict<Next> Ended(const Verdict<GoOn>& verdict) {
  if (verdict.refused()) return Verdict<Next>::Refuse(verdict.reason(), verdict.error());
  return verdict.reason();
}

// One way along one chain. It keeps offsets only: the bytes move when more of
// them are gathered into one span. Each step but the last passes one header, and
// headers are counted, which bounds the walk.
class Walk {
 public:
  Walk(PacketPtr& packet, Core& core, const Tunables& tunables);

  Verdict<Next> Run();

 private:
  Verdict<GoOn> JudgeLength() const;
  Verdict<GoOn> HopByHop();
  Verdict<GoOn> Destination();
  Verdict<GoOn> Routing();
  Verdict<GoOn> Fragment();
  Verdict<GoOn> JudgeFirstFragment();
  Verdict<Next> Finish();

  bool OneTooMany(int64_t of_its_kind);
  wire::Parsed<wire::ExtensionView> Header();
  Verdict<GoOn> Options(const wire::ExtensionView& header, bool hop_by_hop);
  void Pass(NextHeader next, size_t size);
  void Record();
  // Makes the bytes as far as `end` contiguous. REQUIRES: end <= end_.
  DropReason Gather(size_t end);
  DropReason GatherUpper();

  PacketPtr& packet_;
  Core& core_;
  const Tunables& tunables_;
  ExtensionPlaces places_;
  size_t at_ = kFirstHeader;                             // the header that comes next,
  size_t named_at_ = wire::Ipv6View::kNextHeaderOffset;  // the field that names it,
  NextHeader next_ = NextHeader::kNone;                  // and what that says
  size_t end_ = 0;                                       // of the IPv6 payload
  int64_t headers_ = 0;
  int64_t destination_headers_ = 0;
  int64_t routing_headers_ = 0;
  bool to_group_ = false;
  bool fragmented_ = false;  // has, or had, a Fragment header
  bool partial_ = false;     // the other fragments are not here
  size_t joined_at_ = 0;     // reassembled: where what was in the fragments begins
};

Walk::Walk(PacketPtr& packet, Core& core, const Tunables& tunables)
    : packet_(packet), core_(core), tunables_(tunables) {
  const auto ip = wire::Ipv6View::Trusted(packet->bytes());
  next_ = ip.next_header();
  end_ = kFirstHeader + ip.payload_length();
  to_group_ = ip.destination().is_multicast();
  fragmented_ = packet->meta().reassembled;
  if (!fragmented_) return;
  // What reassembly knows of the fragments stays; the Fragment header it has
  // removed counts as one.
  places_ = packet->extensions();
  places_.hop_by_hop = places_.destination_first = places_.routing = places_.destination = 0;
  headers_ = 1;
  joined_at_ = packet->meta().upper_offset;
}

Verdict<Next> Walk::Run() {
  Verdict<GoOn> step = JudgeLength();
  while (step.passed() && !partial_) {
    // Only the longest packets can have such a chain, and only if limits were raised.
    if (at_ > UINT16_MAX - wire::ExtensionView::kMinSize) return DropReason::kIp6TooManyHeaders;
    switch (next_) {
      case NextHeader::kHopByHop:
        step = HopByHop();
        break;
      case NextHeader::kDestinationOptions:
        step = Destination();
        break;
      case NextHeader::kRouting:
        step = Routing();
        break;
      case NextHeader::kFragment:
        step = Fragment();
        break;
      default:
        return Finish();
    }
  }
  return step.passed() ? Finish() : Ended(step);
}

Verdict<GoOn> Walk::JudgeLength() const {
  if (end_ != kFirstHeader) [[likely]]
    return GoOn::kYes;
  // RFC 2675 §3: what a node without jumbograms answers to one.
  if (next_ == NextHeader::kHopByHop) {
    return Problem(DropReason::kIp6PayloadLengthZero, ParameterCode::kErroneousField,
                   wire::Ipv6View::kPayloadLengthOffset);
  }
  // RFC 2675 §3: jumbograms are not fragmented. The pointer is the Fragment header.
  if (next_ == NextHeader::kFragment) {
    return Problem(DropReason::kIp6FragmentJumbo, ParameterCode::kErroneousField, at_);
  }
  return GoOn::kYes;
}

bool Walk::OneTooMany(int64_t of_its_kind) {
  // DEVIATES RFC 8200 §4.1: long chains are dropped, as RFC 8504 §5.3 allows.
  return ++headers_ > tunables_.ip6_max_headers ||
         of_its_kind > tunables_.ip6_max_headers_of_a_kind;
}

Verdict<GoOn> Walk::HopByHop() {
  // RFC 8200 §4.1: right behind the IPv6 header, else it is a next header like
  // any other that is not known. Reassembly may have moved it there.
  if (at_ != kFirstHeader || at_ == joined_at_) {
    return Problem(DropReason::kIp6HopByHopMisplaced, ParameterCode::kUnknownNextHeader, named_at_);
  }
  if (OneTooMany(1)) return DropReason::kIp6TooManyHeaders;
  const auto header = Header();
  if (!header) return header.reason();
  places_.hop_by_hop = static_cast<uint16_t>(at_);
  return Options(*header, true);
}

Verdict<GoOn> Walk::Destination() {
  if (OneTooMany(++destination_headers_)) return DropReason::kIp6TooManyHeaders;
  const auto header = Header();
  if (!header) return header.reason();
  if (places_.destination_first == 0) places_.destination_first = places_.destination;
  places_.destination = static_cast<uint16_t>(at_);
  return Options(*header, false);
}

Verdict<GoOn> Walk::Options(const wire::ExtensionView& header, bool hop_by_hop) {
  // RFC 4443 §2.4(e.4): of options in a link-layer group's frame, too, only those
  // of action 10 are reported.
  const bool to_many = to_group_ || packet_->meta().link_multicast;
  const Verdict<GoOn> verdict = JudgeOptions(header, {at_, hop_by_hop, to_many}, tunables_);
  if (verdict.passed()) Pass(header.next_header(), header.size());
  return verdict;
}

Verdict<GoOn> Walk::Routing() {
  if (OneTooMany(++routing_headers_)) return DropReason::kIp6TooManyHeaders;
  const auto header = Header();
  if (!header) return header.reason();
  // RFC 8200 §4.4 knows no routing header on the way to a group.
  if (to_group_) return DropReason::kIp6RoutingMulticast;
  // RFC 8200 §4.4, RFC 5095 §3: a host is nobody's next segment, whatever the
  // type. The pointer is the type.
  if (wire::RoutingView(*header).segments_left() != 0) {
    return Problem(DropReason::kIp6RoutingType, ParameterCode::kErroneousField,
                   at_ + wire::RoutingView::kTypeOffset);
  }
  places_.routing = static_cast<uint16_t>(at_);
  if (places_.destination_first == 0) {
    places_.destination_first = std::exchange(places_.destination, uint16_t{0});
  }
  Pass(header->next_header(), header->size());
  return GoOn::kYes;
}

Verdict<GoOn> Walk::Fragment() {
  constexpr size_t kSize = wire::FragmentPosition::kHeaderSize;
  if (end_ - at_ < kSize) return DropReason::kIp6HeaderTruncated;
  // RFC 8200 §4.5: one per packet; nobody fragments fragments.
  if (fragmented_) {
    return Problem(DropReason::kIp6FragmentNested, ParameterCode::kErroneousField, at_);
  }
  if (OneTooMany(1)) return DropReason::kIp6TooManyHeaders;
  const DropReason apart = Gather(at_ + kSize);
  if (apart != DropReason::kNone) return apart;
  const Bytes header = packet_->bytes().subspan(at_, kSize);
  const auto position = wire::FragmentPosition::Of(header);
  const NextHeader next{header[wire::ExtensionView::kNextHeaderOffset]};
  places_.fragment = static_cast<uint16_t>(at_);
  places_.largest_fragment = static_cast<uint16_t>(std::min<size_t>(end_, UINT16_MAX));
  Meta& meta = packet_->meta();
  // Links do not know of which bytes the checksum is.
  if (!meta.looped) meta.checksum = ChecksumState::kUnknown;
  fragmented_ = true;
  partial_ = !position.is_atomic();
  if (partial_) {
    const size_t named_at = named_at_;
    Pass(next, kSize);
    named_at_ = named_at;
    return position.offset == 0 ? JudgeFirstFragment() : GoOn::kYes;
  }
  // RFC 6946 §4: a datagram in one fragment is whole already. Whoever counts a
  // reassembled packet reads its places, so they are written down at once.
  meta.reassembled = true;
  Pass(next, kSize);
  Record();
  return GoOn::kYes;
}

// RFC 7112 §5, RFC 8200 §4.5: the chain must not go on in the next fragment.
Verdict<GoOn> Walk::JudgeFirstFragment() {
  const auto incomplete =
      Problem(DropReason::kIp6FragmentChain, ParameterCode::kIncompleteChain, 0);
  NextHeader next = next_;
  size_t at = at_;
  for (int64_t headers = headers_; headers <= tunables_.ip6_max_headers; ++headers) {
    const size_t left = end_ - at;
    const DropReason apart = Gather(at + std::min(left, wire::ExtensionView::kMinSize));
    if (apart != DropReason::kNone) return apart;
    const Bytes head = packet_->bytes().subspan(at);
    const std::optional<size_t> size = wire::ExtensionSize(next, head, left);
    if (!size) return incomplete;
    if (*size == 0) return left < wire::LeastUpperSize(next) ? incomplete : GoOn::kYes;
    // Fragments of fragments are told so when this datagram is whole.
    if (next == NextHeader::kFragment) return GoOn::kYes;
    next = NextHeader{head[wire::ExtensionView::kNextHeaderOffset]};
    at += *size;
  }
  return DropReason::kIp6TooManyHeaders;
}

Verdict<Next> Walk::Finish() {
  Record();
  if (partial_) return Next::kFragment;
  if (next_ == NextHeader::kNone) return DropReason::kIp6NoNextHeader;
  const DropReason apart = GatherUpper();
  if (apart != DropReason::kNone) return apart;
  switch (next_) {
    case NextHeader::kUdp:
      return Next::kUdp;
    case NextHeader::kIcmp6:
      return Next::kIcmp6;
    default:
      return Next::kOther;
  }
}

void Walk::Record() {
  Meta& meta = packet_->meta();
  meta.has_extensions = true;
  meta.upper_offset = static_cast<uint16_t>(at_);
  meta.upper_length = static_cast<uint16_t>(end_ - at_);
  meta.upper = static_cast<uint8_t>(next_);
  places_.last_next_header = static_cast<uint16_t>(named_at_);
  packet_->extensions() = places_;
}

void Walk::Pass(NextHeader next, size_t size) {
  named_at_ = at_ + wire::ExtensionView::kNextHeaderOffset;
  next_ = next;
  at_ += size;
}

// The header at at_, in one span.
wire::Parsed<wire::ExtensionView> Walk::Header() {
  if (packet_->bytes().size() < end_) [[unlikely]] {
    constexpr size_t kLeast = wire::ExtensionView::kMinSize;
    if (end_ - at_ < kLeast) return DropReason::kIp6HeaderTruncated;
    DropReason apart = Gather(at_ + kLeast);
    if (apart != DropReason::kNone) return apart;
    const size_t size = wire::ExtensionView::SizeAt(packet_->bytes().subspan(at_));
    if (size > end_ - at_) return DropReason::kIp6HeaderTruncated;
    apart = Gather(at_ + size);
    if (apart != DropReason::kNone) return apart;
  }
  const Bytes bytes = packet_->bytes();
  return wire::ExtensionView::Parse(bytes.subspan(at_, std::min(end_, bytes.size()) - at_));
}

DropReason Walk::Gather(size_t end) {
  if (end <= packet_->bytes().size()) [[likely]]
    return DropReason::kNone;
  PacketPtr own = core_.pool().Own(packet_);
  if (!own) return DropReason::kNoBuffer;
  packet_ = std::move(own);
  // LIMIT: the chain of a packet in several buffers must fit into the first of
  // them, which has room for kPacketDataRoom less headroom.
  return packet_->Pull(end) ? DropReason::kNone : DropReason::kIp6TooManyHeaders;
}

// As much of the upper layer in one span as plain packets have, or at least its header.
DropReason Walk::GatherUpper() {
  if (end_ <= packet_->bytes().size()) [[likely]]
    return DropReason::kNone;
  if (Gather(std::min(end_, at_ + kMaxHeaderBytes)) == DropReason::kNone) return DropReason::kNone;
  return Gather(std::min(end_, at_ + wire::LeastUpperSize(next_)));
}

}  // namespace

Verdict<Next> ExtensionHeaders::Take(PacketPtr& packet, Core& core) const {
  return Walk(packet, core, tunables_).Run();
}

}  // namespace sextant::ip6
