// SPDX-License-Identifier: BSD-3-Clause
// lwIP as the distribution ships it, called in process through its raw interface, without its
// thread, its mailboxes or its lock. lwIP answers pings by itself.
// Owned by the measuring thread.
//
// It gets the cheapest way in and out that it allows. A received mbuf becomes a custom pbuf whose
// header lives in the mbuf's headroom, so a UDP echo is sent in place without a copy or an
// allocation; an ICMPv6 echo is copied by lwIP itself, then once more into an mbuf. Its timers run
// between measured stretches. Its ports are shared by one list, as it has no other table.
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/ip6_addr.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>
#include <netif/ethernet.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "contestant.h"

namespace sextant::bench {
namespace {

// The pbuf of a received mbuf, kept in its headroom in front of the frame.
struct Wrapped {
  pbuf_custom custom;  // first: lwIP hands back a pointer to it
  rte_mbuf* mbuf;      // null once the frame has been sent
};
static_assert(sizeof(Wrapped) <= RTE_PKTMBUF_HEADROOM);

Wrapped& WrappedOf(pbuf* p) { return *reinterpret_cast<Wrapped*>(p); }

void FreeWrapped(pbuf* p) {
  if (rte_mbuf* m = WrappedOf(p).mbuf) rte_pktmbuf_free(m);
}

pbuf* Wrap(rte_mbuf* m) {
  auto* w = new (m->buf_addr) Wrapped{{}, m};
  w->custom.custom_free_function = FreeWrapped;
  // Typed as contiguous with its struct, as it is: so lwIP may grow it back over the headers.
  return pbuf_alloced_custom(PBUF_RAW, m->data_len, PBUF_RAM, &w->custom,
                             rte_pktmbuf_mtod(m, void*), m->data_len);
}

bool IsWrapped(const pbuf* p) {
  return (p->flags & PBUF_FLAG_IS_CUSTOM) != 0 &&
         reinterpret_cast<const pbuf_custom*>(p)->custom_free_function == FreeWrapped;
}

class Lwip final : public Contestant {
 public:
  Lwip();
  std::string_view name() const override { return "lwip"; }
  std::string Prepare(const Case& c, Port& port) override;
  void Finish() override;
  void RunBursts(Port& port, uint64_t bursts) override;
  uint64_t Measure(Port& port, uint64_t bursts) override;

 private:
  static constexpr size_t kSendSlots = 2 * kBurst;

  static err_t SetUpNetif(netif* n);
  static err_t Send(netif* n, pbuf* p);
  static void Echo(void* arg, udp_pcb* pcb, pbuf* p, const ip_addr_t* from, u16_t from_port);
  static std::string Listen(udp_pcb* pcb, uint32_t socket, uint32_t sockets);
  void SendFrame(pbuf* p);
  void Flush(Port& port);

  netif netif_ = {};
  std::vector<udp_pcb*> pcbs_;
  rte_mempool* pool_ = nullptr;
  size_t sends_ = 0;
  std::array<rte_mbuf*, kSendSlots> send_ = {};
};

ip6_addr_t ToLwip(const Address& address) {
  ip6_addr_t out = {};
  std::memcpy(out.addr, address.data(), address.size());
  return out;
}

Lwip::Lwip() {
  lwip_init();
  netif_add_noaddr(&netif_, this, SetUpNetif, ethernet_input);
  netif_set_link_up(&netif_);
  netif_set_up(&netif_);
  // Both addresses are taken as already proved unique.
  const Address link_local = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  const ip6_addr_t addresses[] = {ToLwip(link_local), ToLwip(kLocalAddress)};
  for (s8_t i = 0; i < 2; ++i) {
    ip6_addr_t address = addresses[i];
    ip6_addr_assign_zone(&address, IP6_UNICAST, &netif_);
    netif_ip6_addr_set(&netif_, i, &address);
    netif_ip6_addr_set_state(&netif_, i, IP6_ADDR_PREFERRED);
  }
}

err_t Lwip::SetUpNetif(netif* n) {
  n->name[0] = 's';
  n->name[1] = 'x';
  n->mtu = 1500;
  n->hwaddr_len = 6;
  std::ranges::copy(kLocalMac, n->hwaddr);
  n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
  n->output_ip6 = ethip6_output;
  n->linkoutput = Send;
  netif_set_ip6_autoconfig_enabled(n, 0);
  return ERR_OK;
}

std::string Lwip::Prepare(const Case& c, Port& port) {
  pool_ = port.pool();
  if (c.protocol != Protocol::kUdpEcho) return "";
  for (uint32_t socket = 0; socket < c.sockets; ++socket) {
    udp_pcb* pcb = udp_new();
    if (pcb == nullptr) return "lwIP has no more memory for sockets";
    pcbs_.push_back(pcb);
    if (auto why = Listen(pcb, socket, c.sockets); !why.empty()) return why;
    udp_recv(pcb, Echo, nullptr);
  }
  return "";
}

std::string Lwip::Listen(udp_pcb* pcb, uint32_t socket, uint32_t sockets) {
  const auto port = static_cast<u16_t>(kFirstLocalPort + socket);
  // udp_bind() walks the whole list to look for the port. The ports here are known to differ, so
  // a large table is linked by hand, exactly as udp_bind() would have left it.
  constexpr uint32_t kFewSockets = 1024;
  if (sockets <= kFewSockets) {
    return udp_bind(pcb, IP6_ADDR_ANY, port) == ERR_OK ? "" : "lwIP does not bind";
  }
  ip_addr_copy(pcb->local_ip, *IP6_ADDR_ANY);
  pcb->local_port = port;
  pcb->next = udp_pcbs;
  udp_pcbs = pcb;
  return "";
}

void Lwip::Finish() {
  // udp_remove() searches the list from its head, which is where the youngest is.
  for (auto pcb = pcbs_.rbegin(); pcb != pcbs_.rend(); ++pcb) udp_remove(*pcb);
  pcbs_.clear();
}

void Lwip::Echo(void*, udp_pcb* pcb, pbuf* p, const ip_addr_t* from, u16_t from_port) {
  udp_sendto(pcb, p, from, from_port);
  pbuf_free(p);
}

err_t Lwip::Send(netif* n, pbuf* p) {
  static_cast<Lwip*>(n->state)->SendFrame(p);
  return ERR_OK;
}

void Lwip::SendFrame(pbuf* p) {
  // What lwIP says before the first case has no port to leave by.
  if (pool_ == nullptr || sends_ == kSendSlots) return;
  rte_mbuf* m = nullptr;
  if (IsWrapped(p) && p->next == nullptr && WrappedOf(p).mbuf != nullptr) {
    m = std::exchange(WrappedOf(p).mbuf, nullptr);
    m->data_off = static_cast<uint16_t>(static_cast<uint8_t*>(p->payload) -
                                        static_cast<uint8_t*>(m->buf_addr));
  } else {
    m = rte_pktmbuf_alloc(pool_);
    if (m == nullptr) return;
    pbuf_copy_partial(p, rte_pktmbuf_mtod(m, void*), p->tot_len, 0);
  }
  m->data_len = p->tot_len;
  m->pkt_len = p->tot_len;
  send_[sends_++] = m;
}

void Lwip::Flush(Port& port) {
  port.Transmit(std::span(send_).first(sends_));
  sends_ = 0;
}

void Lwip::RunBursts(Port& port, uint64_t) {
  std::array<rte_mbuf*, kBurst> burst;
  while (const size_t count = port.Receive(burst)) {
    for (size_t i = 0; i < count; ++i) {
      pbuf* p = Wrap(burst[i]);
      if (netif_.input(p, &netif_) != ERR_OK) pbuf_free(p);
    }
    Flush(port);
  }
}

uint64_t Lwip::Measure(Port& port, uint64_t bursts) {
  sys_check_timeouts();
  Flush(port);
  return Contestant::Measure(port, bursts);
}

}  // namespace

std::unique_ptr<Contestant> MakeLwip() { return std::make_unique<Lwip>(); }

}  // namespace sextant::bench
