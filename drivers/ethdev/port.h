// SPDX-License-Identifier: BSD-3-Clause
// Port: a DPDK port that belongs to us, with one queue each way. Finding or
// attaching it, configuring it for an MTU, starting and closing it.
// Owned by one Core.
#pragma once

#include <rte_ethdev.h>

#include <string>

#include "absl/status/statusor.h"
#include "base/mac_address.h"
#include "packet/pool.h"

namespace sextant {

class Port {
 public:
  // `device` is a port's name, or the specification of a virtual device
  // (net_pcap0,iface=eth1), which is attached and goes away with the Port.
  static absl::StatusOr<Port> Open(const std::string& device, PacketPool& pool);
  Port(Port&& other) noexcept;
  Port& operator=(Port&&) = delete;
  ~Port();

  // Stops the port if it runs, configures it for `mtu` and starts it.
  absl::Status Start(size_t mtu);
  // Tries to change the MTU of the running port, and restarts it where that is
  // the only way.
  absl::Status SetMtu(size_t mtu);

  uint16_t id() const { return id_; }
  const std::string& device() const { return device_; }
  size_t mtu() const { return mtu_; }
  MacAddress mac() const;
  bool is_up() const;
  // What is switched on, as RTE_ETH_RX_OFFLOAD_* and RTE_ETH_TX_OFFLOAD_*.
  uint64_t receive_offloads() const { return receive_offloads_; }
  uint64_t transmit_offloads() const { return transmit_offloads_; }

 private:
  Port(std::string device, PacketPool& pool) : device_(std::move(device)), pool_(&pool) {}

  absl::Status Find();
  absl::Status Attach(const std::string& name);
  void Detach();
  absl::Status Own();
  absl::Status ReadInfo();
  void ChooseOffloads(size_t mtu);
  // Returns 0 or a negative errno.
  int Configure(size_t mtu, bool interrupts);
  int SetUpQueues();
  absl::Status Launch(size_t mtu);
  absl::Status ApplyMtu(size_t mtu);
  absl::Status Failure(const std::string& what, int error) const;

  std::string device_;
  PacketPool* pool_;
  rte_eth_dev_info info_{};
  uint64_t receive_offloads_ = 0;
  uint64_t transmit_offloads_ = 0;
  uint64_t owner_ = RTE_ETH_DEV_NO_OWNER;
  size_t mtu_ = 0;
  uint16_t id_ = RTE_MAX_ETHPORTS;  // which is none
  bool attached_ = false;           // by us
  bool started_ = false;
};

}  // namespace sextant
