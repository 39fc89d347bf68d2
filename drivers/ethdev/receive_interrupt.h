// SPDX-License-Identifier: BSD-3-Clause
// ReceiveInterrupt: lets a program sleep until a DPDK port has received
// something, where the port can interrupt.
// Owned by one Core.
#pragma once

#include <cstdint>

namespace sextant {

class ReceiveInterrupt {
 public:
  // For a port that runs.
  explicit ReceiveInterrupt(uint16_t port);
  ~ReceiveInterrupt();
  ReceiveInterrupt(const ReceiveInterrupt&) = delete;
  ReceiveInterrupt& operator=(const ReceiveInterrupt&) = delete;

  // -1 when the port cannot interrupt.
  int descriptor() const { return epoll_; }
  void Arm();
  // Also takes what has made the descriptor readable.
  void Disarm();
  // The port was restarted: registers its descriptors anew.
  void Renew();

 private:
  void Register();
  void Unregister();

  const uint16_t port_;
  // An epoll set of our own around the port's descriptor: DPDK knows for each
  // device what has to be read from it after an interrupt.
  int epoll_ = -1;
};

}  // namespace sextant
