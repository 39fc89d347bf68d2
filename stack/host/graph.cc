// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/graph.h"

namespace sextant {
namespace {

// A chained packet's headers move into its first segment, so that every view
// reads one span.
void Enter(Packet& packet, Core& core) {
  core.Received(packet);
  if (packet.is_chained()) packet.Pull(std::min(packet.length(), kMaxHeaderBytes));
}

// The stages below are those of the protocols with raw sockets beside them,
// which get what is intact. They run only while there is such a socket.

struct UdpBesideRaw {
  Verdict<udp::Input::Next> Take(PacketPtr& packet, Core& core) const {
    Meta& meta = packet->meta();
    const uint16_t whole = meta.upper_length;
    const DropReason broken = udp::Input::Judge(*packet, meta);
    if (broken != DropReason::kNone) return broken;
    const uint16_t said = std::exchange(meta.upper_length, whole);
    raw.Copy(*packet, core);
    meta.upper_length = said;
    meta.checksum = ChecksumState::kGood;
    return udp.Take(packet, core);
  }
  udp::Input& udp;
  raw::Input& raw;
};

struct Icmp6BesideRaw {
  static constexpr size_t kEdges = icmp6::Input::kEdges;

  Verdict<icmp6::Input::Next> Take(PacketPtr& packet, Core& core) const {
    const DropReason broken = icmp6::Input::JudgeIntegrity(*packet, packet->meta());
    if (broken != DropReason::kNone) return broken;
    const bool taken = raw.Copy(*packet, core);
    const auto verdict = icmp6::Input::Dispatch(*packet, packet->meta());
    if (!taken || verdict.passed()) return verdict;
    // RFC 3542 §3.2: raw sockets read types that the host does not know.
    core.Consume(std::move(packet));
    return Verdict<icmp6::Input::Next>::Held();
  }
  raw::Input& raw;
};

// Errors about packets that the stage's own sockets, or raw ones, have sent.
template <typename Stage>
struct ErrorsBesideRaw {
  Verdict<typename Stage::Next> Take(PacketPtr& packet, Core& core) const {
    const bool ours = raw.Tell(*packet, core);
    const auto verdict = stage.Take(packet, core);
    if (!ours || verdict.held()) return verdict;
    core.Consume(std::move(packet));
    return Verdict<typename Stage::Next>::Held();
  }
  Stage& stage;
  raw::ErrorInput& raw;
};

}  // namespace

Graph::Graph(HostParts& parts)
    : core_(*parts.clock, *parts.rng, *parts.pool),
      outbox_(*this),
      interfaces_(*this, core_.tunables()),
      routes_(core_, interfaces_),
      udp_(core_),
      listener_(core_, interfaces_, outbox_),
      neighbors_(core_, interfaces_, outbox_),
      ip6_input_(interfaces_, core_.tunables()),
      extension_headers_(core_.tunables()),
      reassembly_(core_),
      echo_(routes_, outbox_),
      pinger_(core_, routes_, outbox_),
      listener_input_(interfaces_, listener_),
      echo_error_input_(pinger_, routes_),
      error_input_(interfaces_),
      error_output_(core_, routes_, outbox_),
      udp_input_(udp_),
      udp_error_input_(udp_, routes_),
      raw_input_(raw_),
      raw_error_input_(raw_, routes_),
      fragmentation_(core_, interfaces_),
      ip6_output_(interfaces_, fragmentation_),
      ethernet_output_(interfaces_) {
  neighbors_.Observe(*this);
  routes_.AskAbout(*this);
  iface::Interface* const loopback = interfaces_.Add("lo", nullptr);
  SX_CHECK(loopback->AddAddress({Ipv6Address::Loopback(), 128, iface::AddressState::kPreferred}) ==
           Errno::kOk);
  SX_CHECK(loopback->Join(Ipv6Address::AllNodes()) == Errno::kOk);
}

Graph::~Graph() {
  neighbors_.Stop();
  listener_.Flush();
  listener_.Stop();
  reassembly_.Stop(core_);
  outbox_.Flush();
  AnswerRefused();
  outbox_.Flush();
  for (const auto& interface : interfaces_.all()) interface->Flush(core_);
  for (const auto& interface : interfaces_.all()) interface->Stop(core_);
}

// From links to sockets.

bool Graph::Receive() {
  bool any = false;
  for (const auto& interface : interfaces_.all()) {
    Burst frames;
    interface->Receive(frames, core_);
    if (frames.empty()) continue;
    any = true;
    ReceiveFrom(*interface, frames);
  }
  AnswerRefused();
  return any;
}

void Graph::ReceiveFrom(iface::Interface& interface, Burst& frames) {
  if (interface.is_loopback()) {  // no Ethernet between us and ourselves
    for (Packet* const packet : frames.packets()) Enter(*packet, core_);
    return Ip6(frames);
  }
  const iface::EthernetInput ethernet(interface);
  Edges<ip6::Input> out;
  RunPair(core_, Enter, ethernet, ip6_input_, frames, out);
  Upper(out);
}

void Graph::Ip6(Burst& packets) {
  Edges<ip6::Input> out;
  RunStage(core_, ip6_input_, packets, out);
  Upper(out);
}

void Graph::Upper(Edges<ip6::Input>& out) {
  udp_input_.Prefetch(out[static_cast<size_t>(ip6::Input::Next::kUdp)].packets());
  Udp(out[static_cast<size_t>(ip6::Input::Next::kUdp)]);
  Icmp6(out[static_cast<size_t>(ip6::Input::Next::kIcmp6)]);
  Extensions(out[static_cast<size_t>(ip6::Input::Next::kExtension)]);
  Others(out[static_cast<size_t>(ip6::Input::Next::kOther)]);
}

void Graph::Udp(Burst& datagrams) {
  if (raw_.Takes(wire::NextHeader::kUdp)) [[unlikely]] {
    const UdpBesideRaw beside{udp_input_, raw_input_};
    return RunSink(core_, beside, datagrams);
  }
  RunSink(core_, udp_input_, datagrams);
}

// Of protocols that this host does not speak, unless a raw socket's user does.
void Graph::Others(Burst& packets) { RunSink(core_, raw_input_, packets); }

void Graph::Extensions(Burst& packets) {
  if (packets.empty()) return;
  using Next = ip6::ExtensionHeaders::Next;
  Edges<ip6::ExtensionHeaders> out;
  RunStage(core_, extension_headers_, packets, out);
  Udp(out[static_cast<size_t>(Next::kUdp)]);
  Icmp6(out[static_cast<size_t>(Next::kIcmp6)]);
  Fragments(out[static_cast<size_t>(Next::kFragment)]);
  Others(out[static_cast<size_t>(Next::kOther)]);
}

// What is whole again is walked from where the Fragment header stood. That comes
// back here at most once: a second Fragment header is refused.
void Graph::Fragments(Burst& fragments) {
  if (fragments.empty()) return;
  Edges<ip6::Reassembly> out;
  RunStage(core_, reassembly_, fragments, out);
  Extensions(out[static_cast<size_t>(ip6::Reassembly::Next::kWhole)]);
}

void Graph::Icmp6(Burst& messages) {
  if (messages.empty()) return;
  using Next = icmp6::Input::Next;
  Edges<icmp6::Input> out;
  if (raw_.Takes(wire::NextHeader::kIcmp6)) [[unlikely]] {
    const Icmp6BesideRaw beside{raw_input_};
    RunStage(core_, beside, messages, out);
  } else {
    RunStage(core_, icmp6_input_, messages, out);
  }
  RunSink(core_, echo_, out[static_cast<size_t>(Next::kEcho)]);
  RunSink(core_, pinger_, out[static_cast<size_t>(Next::kEchoReply)]);
  RunSink(core_, neighbors_.input(), out[static_cast<size_t>(Next::kNeighborDiscovery)]);
  RunSink(core_, listener_input_, out[static_cast<size_t>(Next::kMld)]);
  Errors(out[static_cast<size_t>(Next::kError)]);
}

void Graph::Errors(Burst& messages) {
  if (messages.empty()) return;
  using About = icmp6::ErrorInput::Next;
  Edges<icmp6::ErrorInput> about;
  RunStage(core_, error_input_, messages, about);
  const ErrorsBesideRaw<udp::ErrorInput> udp{udp_error_input_, raw_error_input_};
  RunSink(core_, udp, about[static_cast<size_t>(About::kUdp)]);
  const ErrorsBesideRaw<icmp6::EchoErrorInput> echo{echo_error_input_, raw_error_input_};
  RunSink(core_, echo, about[static_cast<size_t>(About::kEcho)]);
  RunSink(core_, raw_error_input_, about[static_cast<size_t>(About::kOther)]);
}

void Graph::AnswerRefused() {
  while (PacketPtr packet = core_.refused().Pop()) {
    error_output_.Answer(std::move(packet), core_);
  }
}

// From sockets to links.

void Graph::Carry(Burst& packets) {
  // One edge each, so nothing is gained by moving the burst from stage to stage.
  RunChain(core_, packets, ip6_output_, neighbors_.resolution(), ethernet_output_);
  while (PacketPtr packet = fragmentation_.Pop()) CarryInPieces(std::move(packet));
}

void Graph::CarryInPieces(PacketPtr packet) {
  Burst one;
  one.Push(std::move(packet));
  RunChain(core_, one, neighbors_.resolution(), fragmentation_);
  // One datagram's at most: 53 on a link of minimum MTU.
  PacketQueue& pieces = fragmentation_.pieces();
  while (!pieces.empty()) {
    Burst going;
    while (!going.full() && !pieces.empty()) going.Push(pieces.Pop());
    RunSink(core_, ethernet_output_, going);
  }
}

bool Graph::Transmit() {
  listener_.Flush();
  const bool any = !outbox_.empty();
  for (const auto& interface : interfaces_.all()) interface->UpdateLink();
  outbox_.Flush();
  for (const auto& interface : interfaces_.all()) interface->Flush(core_);
  return any || interfaces_.loopback().has_looped();
}

bool Graph::Timers() {
  const bool any = core_.timers().Advance(core_.now(), core_) != 0;
  // Timers give up on packets too: an unresolved neighbor's, for one.
  AnswerRefused();
  return any;
}

Instant Graph::NextDeadline() { return core_.timers().NextDeadline(); }

// Interfaces and addresses.

iface::Interface* Graph::AddInterface(const std::string& name, std::unique_ptr<Link> link) {
  iface::Interface* const interface = interfaces_.Add(name, std::move(link));
  // RFC 4291 §2.8: every node listens to all-nodes on each of its interfaces.
  if (interface != nullptr) SX_CHECK(interface->Join(Ipv6Address::AllNodes()) == Errno::kOk);
  return interface;
}

Errno Graph::AddAddress(iface::Interface& interface, const Ipv6Prefix& prefix, int probes) {
  iface::InterfaceAddress address;
  address.address = prefix.address;
  address.prefix_length = static_cast<uint8_t>(prefix.length);
  address.from_hardware = prefix.address == interface.mac_address().LinkLocal();
  const Errno added = interface.AddAddress(address);
  if (added != Errno::kOk) return added;
  if (!prefix.address.is_link_local()) {
    // The prefix is on-link; two addresses of one prefix share the route.
    const Errno routed = routes_.Add({prefix, interface.index(), {}});
    if (routed != Errno::kOk && routed != Errno::kExists) return routed;
  }
  neighbors_.dad().Start(interface, prefix.address, probes);
  return Errno::kOk;
}

Errno Graph::RemoveAddress(iface::Interface& interface, const Ipv6Address& address) {
  const iface::InterfaceAddress* const found = interface.Find(address);
  if (found == nullptr) return Errno::kAddressNotAvailable;
  const Ipv6Prefix prefix = found->prefix();
  neighbors_.dad().Forget(interface, address);
  const Errno removed = interface.RemoveAddress(address);
  for (const iface::InterfaceAddress& other : interface.addresses()) {
    if (other.prefix() == prefix) return removed;
  }
  if (!address.is_link_local()) static_cast<void>(routes_.Remove({prefix, interface.index(), {}}));
  return removed;
}

Errno Graph::AddLinkLocal(iface::Interface& interface, int probes) {
  constexpr int kLinkLocalPrefix = 64;
  return AddAddress(interface, {interface.mac_address().LinkLocal(), kLinkLocalPrefix}, probes);
}

void Graph::RefreshLinks() {
  for (const auto& interface : interfaces_.all()) {
    if (!interface->RefreshLinkState()) continue;
    interfaces_.Changed();
    if (interface->is_up()) {
      neighbors_.dad().Restart(*interface);
      // Switches and routers behind the link may be others than before.
      listener_.ReportAll(*interface);
    } else {
      neighbors_.Flush(interface->index());
    }
  }
}

void Graph::OnGroupChange(iface::Interface& interface, const Ipv6Address& group,
                          const iface::GroupChange& change) {
  listener_.OnGroupChange(interface, group, change);
}

void Graph::OnAddressChange(iface::Interface& interface, const iface::InterfaceAddress& address) {
  interfaces_.IndexAddresses();
  listener_.OnAddressChange(interface, address);
}

}  // namespace sextant
