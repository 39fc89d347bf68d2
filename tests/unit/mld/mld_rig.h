// SPDX-License-Identifier: BSD-3-Clause
// MldRig: a listener on lan0 with a link-local address, and queries and reports that reach it as
// they would from the ICMPv6 stage. What it sends comes out as text, one line per packet.
// Owned by one Core.
#pragma once

#include "mld/input.h"
#include "unit/nd/rig.h"

namespace sextant::test {

inline constexpr const char* kQuerier = "fe80::1";
inline constexpr const char* kGroup = "ff05::2";
inline constexpr const char* kOtherGroup = "ff05::3";
inline constexpr const char* kA = "2001:db8::a";
inline constexpr const char* kB = "2001:db8::b";
inline constexpr const char* kC = "2001:db8::c";

using Texts = std::vector<const char*>;

inline std::vector<Ipv6Address> Ips(const Texts& texts) {
  std::vector<Ipv6Address> out;
  for (const char* const text : texts) out.push_back(Ip(text));
  return out;
}
inline iface::GroupFilter Include(const Texts& sources) {
  return iface::GroupFilter::Of(iface::FilterMode::kInclude, Ips(sources));
}
inline iface::GroupFilter Exclude(const Texts& sources = {}) {
  return iface::GroupFilter::Of(iface::FilterMode::kExclude, Ips(sources));
}

// What is behind the IPv6 header of every valid message: Router Alert, padded.
inline const Data kRouterAlert = {5, 2, 0, 0, 1, 0};

struct QueryFields {
  const char* group = "::";
  uint16_t code = 1'000;  // milliseconds
  uint8_t robustness = 0;
  uint8_t interval_code = 0;
  Texts sources = {};
};

// RFC 3810 §5.1 and RFC 2710 §3, from kQuerier.
inline Ip6 Envelope(const Address& group) {
  const bool general = group.is_unspecified();
  return Ip6()
      .From(kQuerier)
      .To(general ? Address("ff02::1") : group)
      .HopLimit(1)
      .Extension(0, kRouterAlert);
}
inline Frame Group16(const Address& group) {
  return Frame(group.bytes().begin(), group.bytes().end());
}
inline Frame QueryBody(const QueryFields& fields) {
  Frame body = Group16(fields.group);
  const auto count = static_cast<uint8_t>(fields.sources.size());
  body = Join(body, {fields.robustness, fields.interval_code, 0, count});
  for (const char* const source : fields.sources) body = Join(body, Group16(source));
  return body;
}
inline Ip6 QueryV2(const QueryFields& fields) {
  return Envelope(fields.group).Icmp6(130, 0, uint32_t{fields.code} << 16, QueryBody(fields));
}
inline Ip6 QueryV1(const Address& group, uint16_t delay_ms) {
  return Envelope(group).Icmp6(130, 0, uint32_t{delay_ms} << 16, Group16(group));
}
inline Ip6 ReportV1(const Address& group) {
  return Envelope(group).From("fe80::9").Icmp6(131, 0, 0, Group16(group));
}

class MldRig : public Rig {
 protected:
  MldRig() { AddAddress(kOurLinkLocal, iface::AddressState::kPreferred, true); }
  ~MldRig() override { outbox.Flush(); }

  void OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                     const iface::GroupChange& change) override {
    listener.OnGroupChange(interface, group, change);
  }
  void OnAddressChange(iface::Interface& interface,
                       const iface::InterfaceAddress& address) override {
    Rig::OnAddressChange(interface, address);
    listener.OnAddressChange(interface, address);
  }
  void BeforeCarrying() override { listener.Flush(); }

  // One more member that wants this, or a change of what it wants.
  void Set(const char* group, const iface::GroupFilter& from, const iface::GroupFilter& to) {
    EXPECT_EQ(lan().SetFilter(Ip(group), from, to), Errno::kOk);
  }
  void Join(const char* group, const iface::GroupFilter& filter = Exclude()) {
    Set(group, iface::GroupFilter::None(), filter);
  }
  // Lets everything that a change owes go out.
  void Quiet() {
    PassMs(25'000);
    Sent();
  }

  // The packet as the ICMPv6 stage passes it on. Its extension headers end where ICMPv6 begins.
  PacketPtr Arrived(const Frame& frame, uint16_t interface = kLan) {
    PacketPtr packet = MakePacket(frame);
    core.Received(*packet);
    Meta& meta = packet->meta();
    meta.interface = interface;
    size_t at = 40;
    uint8_t next = frame[6];
    while (next == 0 || next == 60) {
      if (next == 0) packet->extensions().hop_by_hop = static_cast<uint16_t>(at);
      meta.has_extensions = true;
      next = frame[at];
      at += (frame[at + 1] + size_t{1}) * 8;
    }
    meta.upper = next;
    meta.upper_offset = static_cast<uint16_t>(at);
    meta.upper_length = static_cast<uint16_t>(frame.size() - at);
    return packet;
  }
  // What became of it: "delivered", or the reason why not.
  std::string Fate(PacketPtr packet) {
    const auto verdict = input.Take(packet, core);
    if (verdict.held()) return "delivered";
    core.Drop(std::move(packet), verdict.reason());
    return std::string(Describe(verdict.reason()).name);
  }
  std::string Hear(const Frame& frame) { return Fate(Arrived(frame)); }
  static const DropReasonRow& Describe(DropReason reason) { return sextant::Describe(reason); }

  // Lets time pass, and says after how many milliseconds the first packet left; -1: none did.
  int64_t FirstAfter(int64_t limit_ms) {
    Sent();
    const Instant start = clock.Now();
    while ((clock.Now() - start).milliseconds() < limit_ms) {
      Pass(Duration::Milliseconds(1));
      if (!sent.empty()) return (clock.Now() - start).milliseconds();
    }
    return -1;
  }
  const mld::LinkState& link() const { return *listener.link(kLan); }

  mld::Listener listener{core, interfaces, outbox};
  mld::Input input{interfaces, listener};
};

}  // namespace sextant::test
