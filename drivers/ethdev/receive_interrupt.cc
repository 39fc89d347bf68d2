// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/ethdev/receive_interrupt.h"

#include <rte_ethdev.h>
#include <rte_interrupts.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <utility>

#include "drivers/ethdev/quiet_log.h"

namespace sextant {
namespace {

constexpr uint16_t kQueue = 0;

}  // namespace

ReceiveInterrupt::ReceiveInterrupt(uint16_t port) : port_(port) { Register(); }

ReceiveInterrupt::~ReceiveInterrupt() { Unregister(); }

void ReceiveInterrupt::Register() {
  const QuietLog quiet;
  if (rte_eth_dev_rx_intr_ctl_q_get_fd(port_, kQueue) < 0) return;
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return;
  if (rte_eth_dev_rx_intr_ctl_q(port_, kQueue, epoll_, RTE_INTR_EVENT_ADD, nullptr) < 0) {
    close(std::exchange(epoll_, -1));
  }
}

void ReceiveInterrupt::Unregister() {
  if (epoll_ < 0) return;
  rte_eth_dev_rx_intr_ctl_q(port_, kQueue, epoll_, RTE_INTR_EVENT_DEL, nullptr);
  close(std::exchange(epoll_, -1));
}

void ReceiveInterrupt::Renew() {
  Unregister();
  Register();
}

void ReceiveInterrupt::Arm() {
  // A device whose descriptor is readable by itself has nothing to arm (ENOTSUP).
  rte_eth_dev_rx_intr_enable(port_, kQueue);
}

void ReceiveInterrupt::Disarm() {
  rte_eth_dev_rx_intr_disable(port_, kQueue);
  rte_epoll_event event;
  rte_epoll_wait(epoll_, &event, 1, 0);
}

}  // namespace sextant
