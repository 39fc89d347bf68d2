// SPDX-License-Identifier: BSD-3-Clause
// IPv6 input: is this a sane IPv6 packet, is it for us, and who reads it next?
// RFC 8200 §3 and §4, RFC 4291 §2.5 to §2.8.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "iface/interface_table.h"
#include "packet/packet.h"
#include "wire/ipv6.h"

namespace sextant::ip6 {

class Input {
 public:
  // kOther: none of those that this host speaks.
  enum class Next : uint8_t { kUdp, kIcmp6, kExtension, kOther };
  static constexpr size_t kEdges = 4;

  Input(const iface::InterfaceTable& interfaces, const Tunables& tunables)
      : interfaces_(interfaces), tunables_(tunables) {}

  // The packet begins at its IPv6 header; Meta knows the interface.
  Verdict<Next> Judge(const Packet& packet, Meta& meta) const {
    const auto ip = wire::Ipv6View::Parse(packet.bytes(), packet.length());
    if (!ip) return ip.reason();
    const DropReason address = JudgeAddresses(*ip, meta);
    if (address != DropReason::kNone) return address;

    meta.upper_offset = wire::Ipv6View::kSize;
    meta.upper_length = ip->payload_length();
    meta.upper = static_cast<uint8_t>(ip->next_header());
    if (ip->next_header() == wire::NextHeader::kUdp) [[likely]]
      return Next::kUdp;
    if (ip->next_header() == wire::NextHeader::kIcmp6) return Next::kIcmp6;
    return JudgeOther(ip->next_header());
  }

 private:
  DropReason JudgeAddresses(const wire::Ipv6View& ip, const Meta& meta) const {
    const Ipv6Address source = ip.source();
    const Ipv6Address to = ip.destination();
    // RFC 4291 §2.7: multicast addresses must not be used as source addresses.
    if (source.is_multicast()) return DropReason::kIp6MulticastSource;
    if (!meta.looped) {
      const DropReason martian = JudgeFromWire(source, to);
      if (martian != DropReason::kNone) return martian;
    }
    return to.is_multicast() ? JudgeGroup(to, meta) : JudgeUnicast(to, meta);
  }
  DropReason JudgeUnicast(const Ipv6Address& to, const Meta& meta) const {
    const iface::Locality locality = interfaces_.Classify(to, meta.interface);
    if (locality == iface::Locality::kForeign) return DropReason::kIp6NotForUs;
    // RFC 4862 §5.4: packets for a tentative address are silently discarded.
    if (locality == iface::Locality::kTentative) return DropReason::kIp6Tentative;
    if (meta.link_multicast && tunables_.ip6_accept_link_multicast == 0) {
      return DropReason::kIp6LinkMulticast;
    }
    return DropReason::kNone;
  }
  DropReason JudgeGroup(const Ipv6Address& to, const Meta& meta) const;
  static DropReason JudgeFromWire(const Ipv6Address& source, const Ipv6Address& to) {
    // What must not come from a wire begins with 64 zero bits, and hardly anything else does.
    if (source.high_word() != 0 && to.high_word() != 0) [[likely]]
      return DropReason::kNone;
    return JudgeZeroPrefix(source, to);
  }
  static DropReason JudgeZeroPrefix(const Ipv6Address& source, const Ipv6Address& to);
  static Verdict<Next> JudgeOther(wire::NextHeader next);

  const iface::InterfaceTable& interfaces_;
  const Tunables& tunables_;
};

}  // namespace sextant::ip6
