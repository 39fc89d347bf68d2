// SPDX-License-Identifier: BSD-3-Clause
// The kernel as a contestant: frames are written to a tap, an echo server on UDP sockets answers;
// pings the kernel answers by itself.
// Owned by the measuring thread.
//
// Method. Everything happens on one processor. Writing a frame to the tap runs the kernel's whole
// receive path within the write; after 32 of them the server is called until it has echoed all 32.
// The tap's queue is full, so a reply runs through the whole send path and is dropped at its very
// end: the kernel pays for no wire. The writing is not its work as a host: the same frames under
// an EtherType that nobody takes are written as often, right after, and their time is taken off.
// What remains is IPv6 input, UDP, sockets, the server's system calls and IPv6 output.
//   batched and native: recvmmsg and sendmmsg of 32; single: recvfrom and sendto; more than one
//   socket: epoll_wait for 32 events, then recvfrom and sendto on each.
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "contestant.h"
#include "kernel_net.h"

namespace sextant::bench {
namespace {

constexpr size_t kMaxFrame = 2048;
// More than the tap's queue holds.
constexpr size_t kMaxQueued = 4 * kBurst;
// Empty turns before a burst counts as lost; each yields to the kernel's own threads.
constexpr unsigned kPatience = 10'000;
// IEEE 802 Local Experimental EtherType 1: delivered, and dropped because nobody takes it.
constexpr std::array<uint8_t, 2> kNobodysEtherType = {0x88, 0xb5};

// struct virtio_net_hdr, whose own header is no C++: it has a member called class.
struct TapHeader {
  uint8_t flags = 0;
  uint8_t gso_type = 0;
  uint16_t header_bytes = 0;
  uint16_t gso_bytes = 0;
  uint16_t checksum_start = 0;
  uint16_t checksum_offset = 0;
};
static_assert(sizeof(TapHeader) == 10);
constexpr uint8_t kNeedsChecksum = 1;

using EthernetHeader = std::array<uint8_t, ETH_HLEN>;

class Kernel final : public Contestant {
 public:
  std::string_view name() const override { return "kernel"; }
  std::string Prepare(const Case& c, Port& port) override;
  void Finish() override;
  void RunBursts(Port& port, uint64_t bursts) override;
  uint64_t Measure(Port& port, uint64_t bursts) override;

 private:
  // One datagram in the server's hands.
  struct Slot {
    std::array<uint8_t, kMaxFrame> data;
    iovec buffer;
    sockaddr_in6 from;
  };

  std::string OpenSockets(uint32_t count);
  std::string OpenSocket(uint16_t local_port);
  size_t Offer(Port& port, bool to_nobody);
  void ServeAll(size_t count);
  size_t ServeBatch();
  size_t ServeSingle(int fd);
  size_t ServeReady();
  uint64_t Sent() const;
  void EmptyTap();
  void DrainTap(Port& port);

  bool made_ = false;
  std::string why_not_;
  KernelNetwork network_;
  Case case_;
  TapHeader good_;  // in front of every frame offered
  EthernetHeader nobody_ = {};
  Descriptor epoll_;
  std::vector<Descriptor> sockets_;
  std::array<Slot, kBurst> slots_ = {};
  std::array<mmsghdr, kBurst> messages_ = {};
};

std::string Kernel::Prepare(const Case& c, Port&) {
  if (!made_) {
    made_ = true;
    why_not_ = network_.Make();
  }
  if (!why_not_.empty()) return why_not_;
  case_ = c;
  // With offload the receive checksum counts as verified, as if the frame came from the next VM.
  const bool udp = c.protocol == Protocol::kUdpEcho;
  good_ = {};
  if (c.offload) {
    good_.flags = kNeedsChecksum;
    good_.checksum_start = kUpperAt;
    good_.checksum_offset = udp ? 6 : 2;
  }
  std::ranges::copy(kLocalMac, nobody_.begin());
  std::ranges::copy(PeerMac(0), nobody_.begin() + ETH_ALEN);
  std::ranges::copy(kNobodysEtherType, nobody_.begin() + 2 * ETH_ALEN);
  if (auto why = network_.SetChecksumOffload(c.offload); !why.empty()) return why;
  return udp ? OpenSockets(c.sockets) : "";
}

void Kernel::Finish() {
  sockets_.clear();
  epoll_ = Descriptor();
}

std::string Kernel::OpenSockets(uint32_t count) {
  constexpr rlim_t kSpare = 256;
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < count + kSpare) {
    limit = {count + kSpare, std::max<rlim_t>(limit.rlim_max, count + kSpare)};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return "may not open that many descriptors";
  }
  if (count > 1) epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  for (uint32_t i = 0; i < count; ++i) {
    auto why = OpenSocket(static_cast<uint16_t>(kFirstLocalPort + i));
    if (!why.empty()) return why;
  }
  return "";
}

std::string Kernel::OpenSocket(uint16_t local_port) {
  const int fd = sockets_.emplace_back(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)).get();
  sockaddr_in6 at = {};
  at.sin6_family = AF_INET6;
  at.sin6_port = htons(local_port);
  if (bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0) return "does not bind";
  if (!epoll_.open()) return "";
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? "" : "does not poll";
}

// Offers the next burst; returns its size. A frame goes in three parts, so that nobody's frames
// differ in nothing but the Ethernet header.
size_t Kernel::Offer(Port& port, bool to_nobody) {
  for (size_t count = 0; count < kBurst; ++count) {
    auto* frame = const_cast<uint8_t*>(port.TakeRequest());
    if (frame == nullptr) return count;
    const std::array<iovec, 3> parts = {
        iovec{&good_, sizeof(good_)}, iovec{to_nobody ? nobody_.data() : frame, ETH_HLEN},
        iovec{frame + ETH_HLEN, port.frames().frame_bytes() - ETH_HLEN}};
    if (writev(network_.tap(), parts.data(), parts.size()) < 0) return count;
  }
  return kBurst;
}

size_t Kernel::ServeBatch() {
  for (size_t i = 0; i < kBurst; ++i) {
    Slot& slot = slots_[i];
    slot.buffer = {slot.data.data(), slot.data.size()};
    messages_[i].msg_hdr = {};
    messages_[i].msg_hdr.msg_name = &slot.from;
    messages_[i].msg_hdr.msg_namelen = sizeof(slot.from);
    messages_[i].msg_hdr.msg_iov = &slot.buffer;
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
  const int fd = sockets_.front().get();
  const int got = recvmmsg(fd, messages_.data(), kBurst, MSG_DONTWAIT, nullptr);
  if (got <= 0) return 0;
  const auto count = static_cast<size_t>(got);
  for (size_t i = 0; i < count; ++i) slots_[i].buffer.iov_len = messages_[i].msg_len;
  for (size_t sent = 0; sent < count;) {
    const int n = sendmmsg(fd, &messages_[sent], static_cast<unsigned>(count - sent), 0);
    if (n <= 0) break;
    sent += static_cast<size_t>(n);
  }
  return count;
}

size_t Kernel::ServeSingle(int fd) {
  Slot& slot = slots_.front();
  auto* from = reinterpret_cast<sockaddr*>(&slot.from);
  socklen_t from_bytes = sizeof(slot.from);
  const ssize_t got =
      recvfrom(fd, slot.data.data(), slot.data.size(), MSG_DONTWAIT, from, &from_bytes);
  if (got < 0) return 0;
  sendto(fd, slot.data.data(), static_cast<size_t>(got), 0, from, from_bytes);
  return 1;
}

size_t Kernel::ServeReady() {
  std::array<epoll_event, kBurst> events;
  const int ready = epoll_wait(epoll_.get(), events.data(), kBurst, 0);
  size_t served = 0;
  for (int i = 0; i < ready; ++i) served += ServeSingle(events[static_cast<size_t>(i)].data.fd);
  return served;
}

void Kernel::ServeAll(size_t count) {
  if (sockets_.empty()) return;  // pings
  unsigned idle = 0;
  for (size_t served = 0; served < count && idle < kPatience;) {
    const size_t n = epoll_.open()                     ? ServeReady()
                     : case_.api == Api::kFacadeSingle ? ServeSingle(sockets_.front().get())
                                                       : ServeBatch();
    served += n;
    idle = n != 0 ? 0 : idle + 1;
    if (n == 0) sched_yield();
  }
}

// Forgets what earlier runs left in the queue.
void Kernel::EmptyTap() {
  auto& data = slots_.front().data;
  for (size_t frame = 0; frame < kMaxQueued; ++frame) {
    if (read(network_.tap(), data.data(), data.size()) < 0) return;
  }
}

// Reads what the kernel sent, for inspection.
void Kernel::DrainTap(Port& port) {
  constexpr size_t kPrefix = sizeof(TapHeader);
  for (size_t frame = 0; frame < kMaxQueued; ++frame) {
    auto& data = slots_.front().data;
    const ssize_t got = read(network_.tap(), data.data(), data.size());
    if (got < static_cast<ssize_t>(kPrefix)) return;
    const bool partial = case_.offload && (data[0] & kNeedsChecksum) != 0;
    port.CountEcho(std::span(data).first(static_cast<size_t>(got)).subspan(kPrefix),
                   partial ? Checksum::kPseudoHeaderOnly : Checksum::kComplete);
  }
}

uint64_t Kernel::Sent() const {
  return network_.Counter(case_.protocol == Protocol::kUdpEcho ? "Udp6OutDatagrams"
                                                               : "Icmp6OutEchoReplies");
}

void Kernel::RunBursts(Port& port, uint64_t) {
  const bool inspects = port.inspects_all();
  if (inspects) EmptyTap();
  const uint64_t before = Sent();
  while (const size_t count = Offer(port, /*to_nobody=*/false)) {
    ServeAll(count);
    if (inspects) DrainTap(port);
  }
  if (!inspects) port.CountUnseen(Sent() - before);
}

uint64_t Kernel::Measure(Port& port, uint64_t bursts) {
  const uint64_t whole = Contestant::Measure(port, bursts);
  const Port::Tally echoed = port.tally();
  port.Offer(bursts * kBurst);
  const uint64_t begin = rte_rdtsc_precise();
  while (Offer(port, /*to_nobody=*/true) != 0) {
  }
  const uint64_t offering = rte_rdtsc_precise() - begin;
  port.Restore(echoed);
  return whole - std::min(whole, offering);
}

}  // namespace

std::unique_ptr<Contestant> MakeKernel() { return std::make_unique<Kernel>(); }

}  // namespace sextant::bench
