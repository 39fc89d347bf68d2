// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/ethdev/port.h"

#include <rte_dev.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "drivers/ethdev/quiet_log.h"
#include "wire/ethernet.h"

namespace sextant {
namespace {

constexpr uint16_t kDescriptors = 512;
// Data of one receive buffer. A device writes the checksum (CRC) and a VLAN tag too.
constexpr size_t kRoom = kPacketDataRoom - kPacketHeadroom;
constexpr size_t kFraming = wire::EthernetView::kSize + 4 + 4;

constexpr uint64_t kReceiveChecksums = RTE_ETH_RX_OFFLOAD_UDP_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM;
constexpr uint64_t kTransmitChecksums = RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM;

std::string NameOf(const std::string& device) { return device.substr(0, device.find(',')); }

// The largest MTU, by DPDK's own reckoning of what a device adds to it.
size_t MaxMtu(const rte_eth_dev_info& info) {
  const bool known = info.max_mtu != UINT16_MAX && info.max_rx_pktlen > info.max_mtu;
  const size_t overhead = known ? info.max_rx_pktlen - info.max_mtu : wire::EthernetView::kSize + 4;
  return std::min<size_t>(info.max_mtu, info.max_rx_pktlen - overhead);
}

// `wanted` when all of it is offered, else nothing.
uint64_t AllOf(uint64_t wanted, uint64_t offered) {
  return (offered & wanted) == wanted ? wanted : 0;
}

}  // namespace

absl::StatusOr<Port> Port::Open(const std::string& device, PacketPool& pool) {
  Port port(device, pool);
  if (absl::Status status = port.Find(); !status.ok()) return status;
  if (absl::Status status = port.Own(); !status.ok()) return status;
  if (absl::Status status = port.ReadInfo(); !status.ok()) return status;
  return port;
}

Port::Port(Port&& other) noexcept
    : device_(std::move(other.device_)),
      pool_(other.pool_),
      info_(other.info_),
      receive_offloads_(other.receive_offloads_),
      transmit_offloads_(other.transmit_offloads_),
      owner_(std::exchange(other.owner_, RTE_ETH_DEV_NO_OWNER)),
      mtu_(other.mtu_),
      id_(std::exchange(other.id_, RTE_MAX_ETHPORTS)),
      attached_(std::exchange(other.attached_, false)),
      started_(std::exchange(other.started_, false)) {}

Port::~Port() {
  if (owner_ != RTE_ETH_DEV_NO_OWNER) {
    if (started_) rte_eth_dev_stop(id_);
    rte_eth_dev_owner_delete(owner_);
    rte_eth_dev_close(id_);
  }
  if (attached_) Detach();
}

void Port::Detach() {
  const QuietLog quiet;
  attached_ = false;
  if (info_.device != nullptr) {
    rte_dev_remove(info_.device);
  } else {
    rte_eal_hotplug_remove("vdev", NameOf(device_).c_str());
  }
}

absl::Status Port::Find() {
  const QuietLog quiet;
  const std::string name = NameOf(device_);
  if (rte_eth_dev_get_port_by_name(name.c_str(), &id_) == 0) return absl::OkStatus();
  // A port that the EAL had made (--vdev) and that was closed has left an empty
  // device behind; the first attempt finds and removes that.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (absl::Status status = Attach(name); !status.ok()) return status;
    if (rte_eth_dev_get_port_by_name(name.c_str(), &id_) == 0) return absl::OkStatus();
    Detach();
  }
  return absl::NotFoundError(absl::StrCat(device_, ": not a network device"));
}

absl::Status Port::Attach(const std::string& name) {
  const int error = rte_dev_probe(device_.c_str());
  // What no bus recognises (EFAULT), and a bus's device that is not there.
  if (error == -EFAULT || error == -ENODEV) {
    return absl::NotFoundError(absl::StrCat(
        device_, ": neither a DPDK port nor a device that DPDK knows (a raw tap is written tap:",
        name, ")"));
  }
  if (error < 0) return Failure("cannot be attached", error);
  attached_ = true;
  return absl::OkStatus();
}

absl::Status Port::Own() {
  const QuietLog quiet;
  rte_eth_dev_owner owner{};
  if (const int error = rte_eth_dev_owner_new(&owner.id); error < 0) {
    return Failure("cannot be owned", error);
  }
  std::memcpy(owner.name, "sextant", sizeof "sextant");
  if (rte_eth_dev_owner_set(id_, &owner) < 0) {
    return absl::AlreadyExistsError(absl::StrCat(device_, ": in use by another interface"));
  }
  owner_ = owner.id;
  return absl::OkStatus();
}

absl::Status Port::ReadInfo() {
  const int error = rte_eth_dev_info_get(id_, &info_);
  return error < 0 ? Failure("cannot be asked what it can do", error) : absl::OkStatus();
}

absl::Status Port::Failure(const std::string& what, int error) const {
  // Many drivers say -1 for everything, and mean no permission by it.
  if (error == -1) {
    return absl::UnavailableError(absl::StrCat(
        device_, ": ", what, "; its driver says why with the EAL option --log-level=*:info"));
  }
  return absl::ErrnoToStatus(std::abs(error), absl::StrCat(device_, ": ", what));
}

void Port::ChooseOffloads(size_t mtu) {
  receive_offloads_ = AllOf(kReceiveChecksums, info_.rx_offload_capa);
  if (mtu + kFraming > kRoom) {
    receive_offloads_ |= info_.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
  }
  transmit_offloads_ = AllOf(kTransmitChecksums, info_.tx_offload_capa) |
                       (info_.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS);
}

int Port::Configure(size_t mtu, bool interrupts) {
  rte_eth_conf configuration{};
  configuration.rxmode.mtu = static_cast<uint32_t>(mtu);
  configuration.rxmode.offloads = receive_offloads_;
  configuration.txmode.offloads = transmit_offloads_;
  configuration.intr_conf.rxq = interrupts;
  if (const int error = rte_eth_dev_configure(id_, 1, 1, &configuration); error < 0) return error;
  if (const int error = SetUpQueues(); error < 0) return error;
  return rte_eth_dev_start(id_);
}

int Port::SetUpQueues() {
  uint16_t receive = kDescriptors;
  // A ring must not take so many buffers that nothing is left to work with.
  receive = static_cast<uint16_t>(std::min<size_t>(receive, std::bit_floor(pool_->capacity() / 4)));
  uint16_t transmit = kDescriptors;
  int error = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &receive, &transmit);
  if (error < 0) return error;
  const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
  rte_eth_rxconf rx = info_.default_rxconf;
  rx.offloads = receive_offloads_;
  error = rte_eth_rx_queue_setup(id_, 0, receive, socket, &rx, pool_->mempool());
  if (error < 0) return error;
  rte_eth_txconf tx = info_.default_txconf;
  tx.offloads = transmit_offloads_;
  return rte_eth_tx_queue_setup(id_, 0, transmit, socket, &tx);
}

absl::Status Port::Launch(size_t mtu) {
  const QuietLog quiet;
  // Devices without receive interrupts either ignore the wish or refuse it.
  int error = Configure(mtu, true);
  if (error < 0) error = Configure(mtu, false);
  if (error < 0) return Failure("cannot be started", error);
  started_ = true;
  // The MAC filter is the one we want; not every device has a choice.
  rte_eth_promiscuous_disable(id_);
  return ApplyMtu(mtu);
}

absl::Status Port::ApplyMtu(size_t mtu) {
  // Some devices take the MTU when they are configured, some when told, and
  // some (ENOTSUP) carry whatever fits.
  const int error = rte_eth_dev_set_mtu(id_, static_cast<uint16_t>(mtu));
  if (error < 0 && error != -ENOTSUP) return Failure(absl::StrCat("cannot set MTU ", mtu), error);
  mtu_ = mtu;
  return absl::OkStatus();
}

absl::Status Port::Start(size_t mtu) {
  if (mtu > MaxMtu(info_)) {
    return absl::InvalidArgumentError(
        absl::StrCat(device_, ": MTU ", mtu, " is more than its ", MaxMtu(info_)));
  }
  ChooseOffloads(mtu);
  if (mtu + kFraming > kRoom && (receive_offloads_ & RTE_ETH_RX_OFFLOAD_SCATTER) == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(device_, ": MTU ", mtu, " needs scattered receive, which it does not have"));
  }
  if (std::exchange(started_, false)) rte_eth_dev_stop(id_);
  return Launch(mtu);
}

absl::Status Port::SetMtu(size_t mtu) {
  const bool fits =
      mtu + kFraming <= kRoom || (receive_offloads_ & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
  if (fits && mtu <= MaxMtu(info_) && ApplyMtu(mtu).ok()) return absl::OkStatus();
  const size_t old = mtu_;
  absl::Status status = Start(mtu);
  // A port that does not take the new MTU goes on with the old one.
  if (!status.ok() && !started_) Start(old).IgnoreError();
  return status;
}

MacAddress Port::mac() const {
  rte_ether_addr address{};
  if (rte_eth_macaddr_get(id_, &address) < 0) return {};
  return MacAddress(std::to_array(address.addr_bytes));
}

bool Port::is_up() const {
  rte_eth_link link{};
  return rte_eth_link_get_nowait(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
}

}  // namespace sextant
