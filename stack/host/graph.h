// SPDX-License-Identifier: BSD-3-Clause
// Graph: connects the rooms. The only place that knows them all; everything a
// packet does can be read off Receive() and Carry() in graph.cc.
// Owned by one Core.
#pragma once

#include <memory>
#include <string>

#include "core/outbox.h"
#include "core/stage.h"
#include "host/parts.h"
#include "icmp6/echo.h"
#include "icmp6/echo_error_input.h"
#include "icmp6/error_input.h"
#include "icmp6/error_output.h"
#include "icmp6/input.h"
#include "icmp6/pinger.h"
#include "iface/ethernet.h"
#include "iface/interface_table.h"
#include "ip6/extension_headers.h"
#include "ip6/fragmentation.h"
#include "ip6/input.h"
#include "ip6/output.h"
#include "ip6/reassembly.h"
#include "mld/input.h"
#include "nd/neighbor_discovery.h"
#include "raw/error_input.h"
#include "raw/input.h"
#include "route/route_table.h"
#include "udp/error_input.h"
#include "udp/input.h"

namespace sextant {

class Graph final : public Outbox::Carrier,
                    public iface::InterfaceObserver,
                    public nd::NeighborObserver,
                    public route::NextHops {
 public:
  // With the loopback interface, `lo` and ::1, and nothing else.
  explicit Graph(HostParts& parts);
  ~Graph() override;

  // The five steps of Host::PollOnce(). Each returns whether it did anything.
  void Tick() { core_.Tick(); }
  bool Receive();
  bool Timers();
  bool Transmit();

  // Null when kMaxInterfaces are there or the name is taken.
  iface::Interface* AddInterface(const std::string& name, std::unique_ptr<Link> link);
  // Adds the address, its on-link route, and checks it with `probes` probes.
  Errno AddAddress(iface::Interface& interface, const Ipv6Prefix& prefix, int probes);
  Errno RemoveAddress(iface::Interface& interface, const Ipv6Address& address);
  // RFC 4862 §5.3: the EUI-64 link-local address.
  Errno AddLinkLocal(iface::Interface& interface, int probes);
  // Asks all links for their state, and acts on changes.
  void RefreshLinks();

  // When to poll again if nothing arrives; Instant::Never() if no timer runs.
  Instant NextDeadline();

  Core& core() { return core_; }
  const Core& core() const { return core_; }
  iface::InterfaceTable& interfaces() { return interfaces_; }
  route::RouteTable& routes() { return routes_; }
  nd::NeighborDiscovery& neighbors() { return neighbors_; }
  mld::Listener& listener() { return listener_; }
  const mld::Listener& listener() const { return listener_; }
  const ip6::Reassembly& reassembly() const { return reassembly_; }
  udp::Table& udp() { return udp_; }
  raw::Table& raw() { return raw_; }
  icmp6::Pinger& pinger() { return pinger_; }
  Outbox& outbox() { return outbox_; }
  const icmp6::ErrorOutput& errors() const { return error_output_; }

  // Outbox::Carrier: from protocol to link.
  void Carry(Burst& packets) override;
  // iface::InterfaceObserver.
  void OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                     const iface::GroupChange& change) override;
  void OnAddressChange(iface::Interface& interface,
                       const iface::InterfaceAddress& address) override;
  // nd::NeighborObserver and route::NextHops.
  void OnNeighborChange() override { routes_.NeighborChanged(); }
  const MacAddress* Ready(uint16_t interface, const Ipv6Address& next_hop) override {
    return neighbors_.ReadyAddress(interface, next_hop);
  }

 private:
  // What a burst of one poll is spread over, from links to sockets.
  void ReceiveFrom(iface::Interface& interface, Burst& frames);
  void Ip6(Burst& packets);
  void Upper(Edges<ip6::Input>& out);
  void Udp(Burst& datagrams);
  void Extensions(Burst& packets);
  void Fragments(Burst& fragments);
  void Icmp6(Burst& messages);
  void Others(Burst& packets);
  void Errors(Burst& messages);
  void AnswerRefused();
  void CarryInPieces(PacketPtr packet);

  Core core_;
  Outbox outbox_;
  iface::InterfaceTable interfaces_;
  route::RouteTable routes_;
  udp::Table udp_;
  raw::Table raw_;
  mld::Listener listener_;
  nd::NeighborDiscovery neighbors_;

  ip6::Input ip6_input_;
  ip6::ExtensionHeaders extension_headers_;
  ip6::Reassembly reassembly_;
  icmp6::Input icmp6_input_;
  icmp6::Echo echo_;
  icmp6::Pinger pinger_;
  mld::Input listener_input_;
  icmp6::EchoErrorInput echo_error_input_;
  icmp6::ErrorInput error_input_;
  icmp6::ErrorOutput error_output_;
  udp::Input udp_input_;
  udp::ErrorInput udp_error_input_;
  raw::Input raw_input_;
  raw::ErrorInput raw_error_input_;
  ip6::Fragmentation fragmentation_;
  ip6::Output ip6_output_;
  iface::EthernetOutput ethernet_output_;
};

}  // namespace sextant
