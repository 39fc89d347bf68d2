// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/frame_checksum.h"

#include "wire/checksum.h"
#include "wire/ethernet.h"
#include "wire/ipv6.h"

namespace sextant {
namespace {

using wire::EthernetView;
using wire::Ipv6View;
using wire::NextHeader;

void AddSegments(const Packet& frame, size_t offset, size_t length, wire::Sum& sum) {
  bool odd = false;
  frame.ForEachSegment(offset, length, [&](Bytes part) {
    odd ? sum.AddOdd(part) : sum.Add(part);
    odd ^= part.size() % 2 != 0;
  });
}

}  // namespace

bool FinishChecksum(PacketPtr& frame, PacketPool& pool) {
  if (frame->meta().checksum != ChecksumState::kPartial) return true;
  PacketPtr own = pool.Own(frame);
  if (!own) return false;
  frame = std::move(own);
  Meta& meta = frame->meta();
  const size_t upper = EthernetView::kSize + meta.upper_offset;
  wire::Sum sum;
  // The pseudo-header's sum takes part: it stands in the field.
  AddSegments(*frame, upper, frame->length() - upper, sum);
  const bool udp = meta.upper == static_cast<uint8_t>(NextHeader::kUdp);
  const MutableBytes head = frame->Writable();
  const size_t field = upper + meta.checksum_offset;
  SX_CHECK(field + 2 <= head.size());
  Store16(head, field, udp ? sum.UdpChecksum() : sum.Checksum());
  meta.checksum = ChecksumState::kComplete;
  return true;
}

ChecksumState VerifyChecksum(const Packet& frame) {
  const auto ethernet = EthernetView::Parse(frame.bytes());
  if (!ethernet || ethernet->type() != wire::EtherType::kIp6) return ChecksumState::kUnknown;
  const auto ip6 = Ipv6View::Parse(frame.bytes().subspan(EthernetView::kSize),
                                   frame.length() - EthernetView::kSize);
  if (!ip6) return ChecksumState::kUnknown;
  const NextHeader next = ip6->next_header();
  if (next != NextHeader::kUdp && next != NextHeader::kTcp) return ChecksumState::kUnknown;
  wire::Sum sum;
  sum.AddPseudoHeader(ip6->addresses(), ip6->payload_length(), static_cast<uint8_t>(next));
  AddSegments(frame, EthernetView::kSize + Ipv6View::kSize, ip6->payload_length(), sum);
  return sum.Verifies() ? ChecksumState::kGood : ChecksumState::kBad;
}

}  // namespace sextant
