// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "mld/report_writer.h"

#include <algorithm>

#include "iface/control_packet.h"
#include "wire/ipv6.h"

namespace sextant::mld {
namespace {

using wire::MldRecordHead;
using wire::MldRecordType;
using wire::MldReportHead;

// RFC 3810 §5.2.13: a link-local source, or :: while there is none.
Ipv6Address SourceOf(const iface::Interface& interface) {
  const auto* const source = interface.LinkLocal();
  return source == nullptr ? Ipv6Address() : source->address;
}

bool SaysExclude(MldRecordType type) {
  return type == MldRecordType::kModeIsExclude || type == MldRecordType::kChangeToExclude;
}

}  // namespace

ReportWriter::ReportWriter(Core& core, Outbox& outbox, const iface::Interface& interface)
    : core_(core),
      outbox_(outbox),
      interface_(interface.index()),
      source_(SourceOf(interface)),
      capacity_(std::min(kRoom, interface.mtu() - wire::Ipv6View::kSize - wire::kMldHopByHopSize)) {
}

size_t ReportWriter::Fitting() const {
  return is_full() ? 0 : (room() - MldRecordHead::kSize) / Ipv6Address::kSize;
}

void ReportWriter::Add(MldRecordType type, const Ipv6Address& group,
                       std::span<const Ipv6Address> sources) {
  if (is_full() || sources.size() > Fitting()) Finish();
  // RFC 3810 §5.2.15: sources that a record cannot hold go into further reports, but those that
  // are excluded are left out: to say them apart would mean something else.
  if (SaysExclude(type))
    return Append(type, group, sources.first(std::min(sources.size(), Fitting())));
  while (sources.size() > Fitting()) {
    const size_t count = Fitting();
    Append(type, group, sources.first(count));
    sources = sources.subspan(count);
    Finish();
  }
  Append(type, group, sources);
}

void ReportWriter::Append(MldRecordType type, const Ipv6Address& group,
                          std::span<const Ipv6Address> sources) {
  const std::span out = std::span(message_).subspan(size_);
  MldRecordHead{type, static_cast<uint16_t>(sources.size()), group}.WriteTo(
      out.first<MldRecordHead::kSize>());
  size_t at = MldRecordHead::kSize;
  for (const Ipv6Address& source : sources) {
    CopyBytes(source.bytes(), &out[at]);
    at += Ipv6Address::kSize;
  }
  size_ += at;
  ++records_;
}

void ReportWriter::AddV1(wire::Icmp6Type type, const Ipv6Address& group) {
  std::array<uint8_t, wire::MldV1Fields::kSize> message;
  wire::MldV1Fields{type, group}.WriteTo(message);
  // RFC 2710 §4: reports go to their own group, Done to the routers.
  Send(type == wire::Icmp6Type::kMldDone ? Ipv6Address::AllRouters() : group, message);
}

void ReportWriter::Finish() {
  if (records_ == 0) return;
  MldReportHead::WriteTo(std::span(message_).first<MldReportHead::kSize>(), records_);
  Send(wire::AllMldV2Routers(), Bytes(message_).first(size_));
  size_ = MldReportHead::kSize;
  records_ = 0;
}

void ReportWriter::Send(const Ipv6Address& destination, Bytes message) {
  ++packets_;
  std::array<uint8_t, wire::kMldHopByHopSize> hop_by_hop;
  wire::WriteMldHopByHop(hop_by_hop, static_cast<uint8_t>(wire::NextHeader::kIcmp6));
  PacketPtr packet = iface::MakeControlPacket(core_,
                                              {.interface = interface_,
                                               .source = source_,
                                               .destination = destination,
                                               .hop_limit = 1,
                                               .hop_by_hop = hop_by_hop},
                                              message);
  if (packet) outbox_.Push(std::move(packet));
}

}  // namespace sextant::mld
