// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "packet/host_rig.h"

#include <rte_mbuf.h>

#include "support/chain.h"
#include "support/main.h"
#include "udp/output.h"

namespace sextant::test {
namespace {

constexpr size_t kIp6Size = 40;

Ipv6Address AddressAt(Bytes packet, size_t offset) {
  return Ipv6Address(packet.subspan(offset).first<Ipv6Address::kSize>());
}

void Append(Lines& lines, uint64_t count, const std::string& line) {
  lines.insert(lines.end(), count, line);
}

// One line per packet that was counted since.
void AppendReasons(Lines& lines, const std::string& prefix, const DropCounts& now,
                   const DropCounts& then) {
  for (size_t i = 0; i < kDropReasonCount; ++i) {
    Append(lines, now[i] - then[i], prefix + std::string(kDropReasons[i].name));
  }
}

}  // namespace

Frame OnWire(const Frame& packet) {
  MacAddress to = Mac(kHostMac);
  if (packet.size() >= kIp6Size && packet[24] == 0xff) {
    to = MacAddress::ForGroup(AddressAt(packet, 24));
  }
  return Ethernet(to, kPeerMac, packet);
}

Frame FixChecksum(Frame packet) {
  if (packet.size() < kIp6Size) return packet;
  const uint8_t upper = packet[6];
  const size_t length = std::min<size_t>(Load16(packet, 4), packet.size() - kIp6Size);
  const size_t offset = upper == 17 ? 6 : 2;
  if ((upper != 17 && upper != 58) || length < offset + 2) return packet;
  // UDP may say that it is shorter than what carries it.
  const size_t udp = upper == 17 ? Load16(packet, kIp6Size + 4) : length;
  const size_t covered = udp >= 8 && udp <= length ? udp : length;
  packet = Poke16(std::move(packet), kIp6Size + offset, 0);
  const uint16_t checksum = UpperChecksum(AddressAt(packet, 8), AddressAt(packet, 24), upper,
                                          Bytes(packet).subspan(kIp6Size, covered));
  return Poke16(std::move(packet), kIp6Size + offset, checksum);
}

HostRig::HostRig(const Options& options) {
  auto clock = std::make_unique<ManualClock>();
  clock_ = clock.get();
  parts_.clock = std::move(clock);
  parts_.rng = std::make_unique<SeededRng>(Seed());
  parts_.pool = options.make_pool != nullptr ? options.make_pool(options.pool_capacity)
                                             : PacketPool::Create("packet", options.pool_capacity);
  graph_ = std::make_unique<Graph>(parts_);
  tunables().dad_delay_ms = 0;  // so that a test knows when probes leave
  auto link = hub_.Join({"lan0", Mac(kHostMac), options.mtu, options.capabilities, 4096});
  link_ = link.get();
  hub_.SetObserver([this](const MemoryLink* sender, Bytes frame) {
    if (sender != nullptr) sent_.emplace_back(frame.begin(), frame.end());
  });
  std::unique_ptr<Link> end =
      options.wrap ? options.wrap(std::move(link)) : std::unique_ptr<Link>(std::move(link));
  iface::Interface* const lan = graph_->AddInterface("lan0", std::move(end));
  SX_CHECK(graph_->AddLinkLocal(*lan, options.probes) == Errno::kOk);
  SX_CHECK(graph_->AddAddress(*lan, {Ip(kHost), 64}, options.probes) == Errno::kOk);
  SX_CHECK(graph_->routes().Add({{}, kLan, Ip(kPeer)}) == Errno::kOk);
  if (options.probes == 0) Pass(Duration::Seconds(3));  // until all groups are reported
  for (const char* peer : {kPeer, kPeerLinkLocal}) {
    if (!options.knows_peer) break;
    Hear(OnWire(
        Ip6().From(peer).To(Ip(kHost).SolicitedNode()).NeighborSolicitation(kHost, kPeerMac)));
  }
  sent_.clear();
  last_ = counters();
}

HostRig::~HostRig() {
  Poll();
  const Counters& all = counters();
  EXPECT_EQ(all.received, all.delivered + all.refused + Counters::Total(all.dropped));
  EXPECT_EQ(Counters::Total(all.refused_for), all.refused);
  graph_.reset();
  EXPECT_EQ(parts_.pool->available(), parts_.pool->capacity()) << "packets were lost";
}

void HostRig::Inject(const Frame& frame) { link_->Inject(frame, clock_->Now()); }

bool HostRig::PollOnce() {
  graph_->Tick();
  const bool received = graph_->Receive();
  const bool timers = graph_->Timers();
  return graph_->Transmit() || received || timers;
}

void HostRig::Poll() {
  constexpr int kEnough = 10'000;
  int polls = 0;
  while (PollOnce() && polls < kEnough) ++polls;
  EXPECT_LT(polls, kEnough) << "the host does not come to rest";
}

void HostRig::Pass(Duration time) {
  const Instant end = clock_->Now() + time;
  Poll();
  while (clock_->Now() < end) {
    clock_->JumpTo(std::clamp(graph_->NextDeadline(), clock_->Now() + TimerWheel::kTick, end));
    Poll();
  }
}

Lines HostRig::Fates() {
  Lines lines;
  const Counters& now = counters();
  Append(lines, now.delivered - last_.delivered, "delivered");
  AppendReasons(lines, "", now.dropped, last_.dropped);
  AppendReasons(lines, "refused ", now.refused_for, last_.refused_for);
  AppendReasons(lines, "made ", now.made_dropped, last_.made_dropped);
  last_ = now;
  return lines;
}

Lines HostRig::Sent() {
  Lines lines;
  for (const Frame& frame : SentFrames()) lines.push_back(Describe(frame));
  return lines;
}

TestSocket::TestSocket(HostRig& rig, uint16_t port, const Address& local) : rig_(rig) {
  socket_.reuse_address = true;
  socket_.set_receive_limit(static_cast<size_t>(rig.tunables().udp_receive_buffer));
  SX_CHECK(rig.graph().udp().Bind(socket_, {local, port}, 0) == Errno::kOk);
}

TestSocket::~TestSocket() {
  rig_.graph().udp().Remove(socket_);
  socket_.Stop();
}

void TestSocket::Connect(const Address& peer, uint16_t port) {
  const auto path = rig_.graph().routes().Resolve(peer, 0);
  SX_CHECK(path.ok());
  SX_CHECK(rig_.graph().udp().Connect(socket_, {peer, port}, path->source, 0) == Errno::kOk);
}

void TestSocket::Send(const Address& to, uint16_t port, const Data& payload) {
  Graph& graph = rig_.graph();
  const auto path = graph.routes().Resolve(to, to.needs_zone() ? kLan : 0);
  SX_CHECK(path.ok());
  udp::Departure departure;
  departure.source = {path->source, socket_.local().port};
  departure.destination = {to, port};
  departure.path_mtu = path->mtu;
  PacketPtr packet = rig_.pool().Copy(payload);
  SX_CHECK(packet);
  udp::Send(std::move(packet), departure, *path, graph.outbox(), graph.core());
}

Lines TestSocket::Received() {
  Lines lines;
  while (PacketPtr packet = socket_.Pop()) {
    const Frame bytes = Contents(*packet);
    const udp::Payload payload = udp::PayloadOf(*packet);
    const auto begin = bytes.begin() + static_cast<ptrdiff_t>(payload.offset);
    lines.push_back(AddressAt(bytes, 8).ToString() + ' ' +
                    std::to_string(Load16(bytes, payload.offset - 8)) + ' ' +
                    std::string(begin, begin + static_cast<ptrdiff_t>(payload.length)));
    packet.Free();
  }
  return lines;
}

}  // namespace sextant::test
