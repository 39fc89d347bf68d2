// SPDX-License-Identifier: BSD-3-Clause
// ReportWriter: collects records into as few reports as the link's MTU allows.
// RFC 3810 §5.2.13 (source), §5.2.15 (what does not fit); RFC 2710 §3, §4.
// Owned by one Core.
#pragma once

#include <array>
#include <span>

#include "core/outbox.h"
#include "iface/interface.h"
#include "wire/mld.h"

namespace sextant::mld {

class ReportWriter {
 public:
  ReportWriter(Core& core, Outbox& outbox, const iface::Interface& interface);
  // REQUIRES: Finish() was called.
  ~ReportWriter() { SX_CHECK(records_ == 0); }
  ReportWriter(const ReportWriter&) = delete;
  ReportWriter& operator=(const ReportWriter&) = delete;

  void Add(wire::MldRecordType type, const Ipv6Address& group,
           std::span<const Ipv6Address> sources);
  // A message of MLDv1, in a packet of its own: a report or Done.
  void AddV1(wire::Icmp6Type type, const Ipv6Address& group);
  // Sends what was collected.
  void Finish();

  // Packets so far, the one being filled included.
  size_t packets() const { return packets_ + (records_ == 0 ? 0 : 1); }
  // The packet being filled holds no further record.
  bool is_full() const { return room() < wire::MldRecordHead::kSize; }
  // They went out from ::, for want of an address.
  bool is_unspecified() const { return source_.is_unspecified(); }

 private:
  // Of a report; MTUs beyond Ethernet's are not made use of.
  static constexpr size_t kRoom = 1500 - 40 - wire::kMldHopByHopSize;

  size_t room() const { return capacity_ - size_; }
  // As many sources as fit behind a record's head.
  size_t Fitting() const;
  void Append(wire::MldRecordType type, const Ipv6Address& group,
              std::span<const Ipv6Address> sources);
  void Send(const Ipv6Address& destination, Bytes message);

  Core& core_;
  Outbox& outbox_;
  const uint16_t interface_;
  const Ipv6Address source_;
  const size_t capacity_;
  std::array<uint8_t, kRoom> message_;
  size_t size_ = wire::MldReportHead::kSize;
  uint16_t records_ = 0;
  size_t packets_ = 0;
};

}  // namespace sextant::mld
