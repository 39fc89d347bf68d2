// SPDX-License-Identifier: BSD-3-Clause
// A hundred thousand frames that somebody has tampered with, and some that nobody ever made. The
// host survives them, every packet meets its fate, and whatever leaves is well-formed.
// Seeded; SX_SEED=<number> asks for other frames.
// Owned by one Core.
#include <cstdio>

#include "packet/host_rig.h"
#include "packet/hostile_link.h"

namespace sextant::test {
namespace {

constexpr int kFrames = 100'000;
constexpr size_t kEthernetSize = 14;
// An address that is being checked most of the time.
constexpr const char* kTentative = "fd00:6::3";

const Ip6 kFrom = Ip6().From(kPeer).To(kHost);
const Ip6 kLocal = Ip6().From(kPeerLinkLocal).To(kHostLinkLocal);

// Valid ones of every kind.
std::vector<Frame> Templates() {
  const Frame ours = Ip6().From(kHost).To(kPeer).Udp(5000, 53, "question");
  const Frame options = {1, 4, 0, 0, 0, 0};
  const Frame long_options = Pattern(30);
  std::vector<Frame> packets = {
      kFrom.Udp(1000, 7, "hello"),
      kFrom.Udp(1000, 7),
      kFrom.Udp(53, 5000, Pattern(700)),
      kFrom.Udp(1000, 9, Pattern(1400)),
      kLocal.Udp(1000, 7, "hello"),
      kFrom.To("ff02::1").Udp(1000, 7, "hello"),
      kFrom.To("ff02::1").Udp(1000, 9, "hello"),
      kFrom.Udp(1000, 7, "hello").TrafficClass(0xff).FlowLabel(0xfffff).HopLimit(1),
      kFrom.Icmp6Echo(1, 2, "hello"),
      kFrom.Icmp6Echo(1, 2, Pattern(1452)),
      kLocal.To("ff02::1").Icmp6Echo(1, 2),
      kFrom.Icmp6EchoReply(1, 2, Pattern(16)),
      kFrom.From("2001:db8::1").Icmp6Echo(3, 4, "from afar"),
      kFrom.From("::").Icmp6Echo(1, 2),
      kLocal.To("ff02::1:ff00:2").NeighborSolicitation(kHost, kPeerMac),
      kLocal.To("ff02::1:ff00:2").From("::").NeighborSolicitation(kHost),
      kLocal.NeighborSolicitation(kHostLinkLocal, kPeerMac).Append({14, 1, 1, 2, 3, 4, 5, 6}),
      kFrom.NeighborAdvertisement(kPeer, kSolicitedFlag | kOverrideFlag, kPeerMac),
      kLocal.To("ff02::1").NeighborAdvertisement(kPeer, kOverrideFlag, "02:00:00:00:00:99"),
      kFrom.From(kUnknownPeer).NeighborAdvertisement(kUnknownPeer, kSolicitedFlag, kPeerMac),
      kFrom.To(kTentative).Udp(1000, 7),
      kLocal.To("ff02::1:ff00:3").NeighborSolicitation(kTentative),
      kLocal.From("::").To("ff02::1:ff00:3").NeighborSolicitation(kTentative),
      kFrom.To("ff02::1").NeighborAdvertisement(kTentative, kOverrideFlag, kPeerMac),
      kLocal.From("::").To("ff02::1:ff00:2").NeighborSolicitation(kHost, kPeerMac),
      kFrom.NeighborAdvertisement("fd00:6::9", kSolicitedFlag),
      kFrom.NeighborAdvertisement("fd00:6::9", kSolicitedFlag, kPeerMac),
      kFrom.From("::ffff:192.0.2.1").Udp(1000, 7),
      kFrom.Udp(1000, 7).Checksum(0),
      kLocal.HopLimit(255).Icmp6(133, 0),
      kLocal.HopLimit(255).Icmp6(134, 0, 0, Frame(8)),
      kLocal.HopLimit(255).Icmp6(137, 0, 0, Pattern(48)),
      kLocal.HopLimit(1).MldReport(4, "ff02::9"),
      kLocal.HopLimit(1).Icmp6(130, 0, 1000, Frame(20)),
      kFrom.Icmp6(200, 1, 2, "private"),
      kFrom.Icmp6(1, 4, 0, ours),
      kFrom.Icmp6(2, 0, 1280, ours),
      kFrom.Icmp6(3, 0, 0, ours),
      kFrom.Icmp6(4, 1, 6, ours),
      kFrom.Icmp6(1, 3, 0, Cut(ours, 47)),
      kFrom.Udp(1000, 7, "hello").Extension(0, options),
      kFrom.Udp(1000, 7, "hello").Extension(60, long_options).Extension(43, options),
      kFrom.Icmp6Echo(1, 2).Extension(44, Frame(6)),
      kFrom.Udp(1000, 7, "hello")
          .Extension(0, options)
          .Extension(60, options)
          .Extension(43, Frame(6)),
      kFrom.Udp(1000, 9, "hello")
          .Extension(60, {0x9e, 4, 1, 2, 3, 4})
          .Extension(44, {0, 1, 0, 0, 0, 1}),
      kFrom.Udp(1000, 7, Pattern(600))
          .Extension(43, {0, 1, 0, 0, 0, 0})
          .Extension(60, Join({0x1e, 252}, Frame(252))),
      kLocal.To("ff02::1").Icmp6Echo(1, 2).Extension(0, {5, 2, 0, 0, 1, 0}).Extension(44, Frame(6)),
      kFrom.Icmp6(1, 4, 0, ours).Extension(60, {0xde, 4, 1, 2, 3, 4}),
      kFrom.Upper(59, "nothing"),
      kFrom.Udp(1000, 7, Pattern(5000)),
      kFrom.Udp(1000, 9, Pattern(3000)),
      kFrom.Icmp6Echo(1, 2, Pattern(8000)),
      kFrom.Upper(6, Pattern(20)),
      kFrom.Upper(253, Pattern(300))};
  for (Frame& packet : packets) packet = OnWire(packet);
  packets.push_back(Ethernet("ff:ff:ff:ff:ff:ff", kPeerMac, Pattern(28), 0x0806));
  packets.push_back(Ethernet(kHostMac, kPeerMac, kFrom.Udp(1, 7), 0x8100));
  return packets;
}

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : rng_(seed) {}

  Rng& rng() { return rng_; }
  uint32_t Below(size_t bound) { return rng_.Below(static_cast<uint32_t>(bound)); }

  Frame Next() {
    if (Below(50) == 0) return RandomBytes(1 + Below(1600));
    Frame frame = templates_[Below(templates_.size())];
    for (uint32_t i = Below(4); i > 0 && !frame.empty(); --i) Mutate(frame);
    // Without this hardly anything would get past the checksum.
    if (frame.size() > kEthernetSize && Below(3) != 0) frame = Repair(std::move(frame));
    return frame;
  }

 private:
  Frame RandomBytes(size_t count) {
    Frame bytes(count);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng_.Next32());
    return bytes;
  }

  void Mutate(Frame& frame) {
    switch (Below(7)) {
      case 0:
        return FlipBits(frame);
      case 1:
        return frame.resize(1 + Below(frame.size()));
      case 2:
        return EditLength(frame);
      case 3:
        return Overwrite(frame);
      case 4:
        return Append(frame, RandomBytes(1 + Below(100)));
      case 5:
        return Append(frame, templates_[Below(templates_.size())]);
      default:
        return EditByte(frame);
    }
  }
  void FlipBits(Frame& frame) {
    for (uint32_t i = 1 + Below(8); i > 0; --i) {
      const uint32_t bit = Below(8 * frame.size());
      frame[bit / 8] = static_cast<uint8_t>(frame[bit / 8] ^ (1U << bit % 8));
    }
  }
  // The fields that say how long something is: of IPv6, of UDP, of the first option.
  void EditLength(Frame& frame) {
    constexpr size_t kFields[] = {kEthernetSize + 4, kEthernetSize + 44, kEthernetSize + 64};
    const size_t at = kFields[Below(std::size(kFields))];
    if (frame.size() < at + 2) return;
    const auto old = static_cast<uint32_t>(Load16(frame, at));
    const uint32_t edited = Below(2) == 0 ? rng_.Next32() : old + Below(17) - 8;
    frame = Poke16(std::move(frame), at, static_cast<uint16_t>(edited));
  }
  void Overwrite(Frame& frame) {
    const size_t at = Below(frame.size());
    const size_t count = 1 + Below(std::min<size_t>(frame.size() - at, 40));
    std::ranges::copy(RandomBytes(count), frame.begin() + static_cast<ptrdiff_t>(at));
  }
  static void Append(Frame& frame, const Frame& more) {
    frame.insert(frame.end(), more.begin(), more.end());
  }
  // A byte of the headers, often one that means something.
  void EditByte(Frame& frame) {
    constexpr uint8_t kTelling[] = {0, 1, 2, 6, 7, 17, 43, 44, 58, 59, 60, 128, 134, 135, 255};
    const size_t at = Below(std::min<size_t>(frame.size(), kEthernetSize + 80));
    frame[at] = kTelling[Below(std::size(kTelling))];
  }
  // Lengths and checksum agree with what is there.
  Frame Repair(Frame frame) {
    Frame packet(frame.begin() + kEthernetSize, frame.end());
    if (packet.size() >= 40 && Below(2) == 0) {
      const auto length = static_cast<uint16_t>(packet.size() - 40);
      packet = Poke16(std::move(packet), 4, length);
    }
    frame.resize(kEthernetSize);
    return Join(std::move(frame), FixChecksum(std::move(packet)));
  }

  SeededRng rng_;
  const std::vector<Frame> templates_ = Templates();
};

struct CorpusCase {
  const char* name;
  LinkCapabilities capabilities = {};
  bool chains = false;
  size_t mtu = 1500;
};

// clang-format off
const CorpusCase kCorpusCases[] = {
    {"Plain"},
    {"Chained",      {},           true},
    {"Offloads",     {true, true}, false},
    {"Jumbo",        {},           false, 9000},
    {"ChainedJumbo", {true, true}, true,  9000},
};
// clang-format on

class CorpusTest : public testing::TestWithParam<CorpusCase> {
 protected:
  HostRig::Options Options() {
    return {.capabilities = GetParam().capabilities,
            .mtu = GetParam().mtu,
            .probes = 0,
            .knows_peer = true,
            .pool_capacity = 4095,
            .make_pool = GuardedPool::Make,
            .wrap = [this](std::unique_ptr<MemoryLink> link) -> std::unique_ptr<Link> {
              return std::make_unique<HostileLink>(std::move(link), mutator_.rng(),
                                                   GetParam().chains);
            }};
  }
  // Some frames arrive together, then time passes; the applications do something.
  void Burst() {
    for (uint32_t i = 1 + mutator_.Below(48); i > 0; --i) rig_.Inject(mutator_.Next());
    rig_.Poll();
    EXPECT_EQ(rig_.counters().held(), 0U);
    if (mutator_.Below(8) == 0) rig_.Pass(Duration::Microseconds(mutator_.Below(20'000)));
    if (mutator_.Below(4) == 0) client_.Send(kPeer, 53, "question");
    if (mutator_.Below(16) == 0) client_.Send(SomeNeighbor(), 53, "question");
    if (mutator_.Below(16) == 0) Drain();
    if (mutator_.Below(32) == 0) CheckAnew();
    if (mutator_.Below(64) == 0) ChangeTunables();
    CheckSent();
  }
  Ipv6Address SomeNeighbor() {
    const auto last = static_cast<uint16_t>(1 + mutator_.Below(20));
    return Ipv6Address::FromGroups({0xfd00, 6, 0, 0, 0, 0, 0, last});
  }
  void ChangeTunables() {
    rig_.tunables().icmp6_echo_multicast = mutator_.Below(2);
    rig_.tunables().ip6_accept_link_multicast = mutator_.Below(2);
    rig_.tunables().icmp6_echo_reply_rate = 50 * mutator_.Below(2);
  }
  void CheckAnew() {
    static_cast<void>(rig_.graph().RemoveAddress(rig_.lan(), Ip(kTentative)));
    EXPECT_EQ(rig_.graph().AddAddress(rig_.lan(), {Ip(kTentative), 64}, 1), Errno::kOk);
  }
  void Drain() {
    for (TestSocket* const socket : {&any_, &bound_, &client_}) {
      while (PacketPtr packet = socket->Pop()) packet.Free();
      static_cast<void>((*socket)->TakeError());
    }
  }
  void CheckSent() {
    for (const Frame& frame : rig_.SentFrames()) {
      // What an error quotes may be anything.
      const std::string line = Describe(frame);
      const std::string own = line.substr(0, line.find('('));
      for (const char* flaw :
           {"-CHECKSUM", "TRUNCATED", "TRAILING", "LENGTH", "VERSION", "BAD-OPTION", "ethertype"}) {
        EXPECT_EQ(own.find(flaw), std::string::npos) << line;
      }
      ++sent_;
      // Some links loop.
      if (mutator_.Below(16) == 0) rig_.Inject(frame);
    }
  }
  size_t ReasonsSeen() const {
    const Counters& counters = rig_.counters();
    size_t seen = 0;
    for (size_t i = 0; i < kDropReasonCount; ++i) {
      seen += counters.dropped[i] + counters.refused_for[i] != 0;
    }
    return seen;
  }

  const testing::ScopedTrace trace_ = NameSeed(Seed());
  Mutator mutator_{Seed()};
  HostRig rig_{Options()};
  TestSocket any_{rig_, 7};
  TestSocket bound_{rig_, 7, kHost};
  TestSocket client_{rig_, 5000};
  uint64_t sent_ = 0;
};

TEST_P(CorpusTest, EveryFrameMeetsItsFate) {
  client_.Connect(kPeer, 53);
  const Counters& counters = rig_.counters();
  const auto frames = static_cast<uint64_t>(Rounds(kFrames));
  while (counters.received < frames && !HasFailure()) Burst();
  std::printf("SX_SEED=%llu: %llu received, %llu delivered, %llu refused, %zu reasons, %llu sent\n",
              static_cast<unsigned long long>(Seed()),
              static_cast<unsigned long long>(counters.received),
              static_cast<unsigned long long>(counters.delivered),
              static_cast<unsigned long long>(counters.refused), ReasonsSeen(),
              static_cast<unsigned long long>(sent_));
  // The corpus is worth its time only if it gets everywhere.
  EXPECT_GE(ReasonsSeen(), 38U);
  EXPECT_GT(counters.delivered, counters.received / 20);
}
INSTANTIATE_TEST_SUITE_P(Seeded, CorpusTest, testing::ValuesIn(kCorpusCases), kNameOf);

}  // namespace
}  // namespace sextant::test
