// SPDX-License-Identifier: BSD-3-Clause
// The host kernel as the other end of a link, in a network namespace of its
// own, so that nothing outside the test notices.
// Owned by one Core.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/ipv6_address.h"
#include "base/mac_address.h"

namespace sextant::test {

// This thread is in a new, empty network namespace while this lives.
class KernelSide {
 public:
  // Null where that is not allowed.
  static std::unique_ptr<KernelSide> Enter();
  ~KernelSide();
  KernelSide(const KernelSide&) = delete;
  KernelSide& operator=(const KernelSide&) = delete;

  // Not in a user namespace, whose root may do less.
  static bool IsMachineRoot();
  // Runs a shell command without output; whether it succeeded.
  static bool Run(const std::string& command);
  static MacAddress MacOf(const std::string& device);

 private:
  explicit KernelSide(int home) : home_(home) {}
  const int home_;
};

// A UDP socket of the kernel's.
class KernelUdp {
 public:
  KernelUdp(const Ipv6Address& address, uint16_t port);
  ~KernelUdp();
  KernelUdp(const KernelUdp&) = delete;
  KernelUdp& operator=(const KernelUdp&) = delete;

  // To all nodes on the device's link, which needs no neighbor resolution.
  bool SendToAllNodes(const std::string& device, uint16_t port, const std::string& data);
  // What has come, waiting up to a second; a shorter time where nothing is expected.
  std::optional<std::string> Receive(int milliseconds = 1000);

 private:
  int socket_;
};

// Whether the descriptor becomes readable in this time.
bool BecomesReadable(int descriptor, int milliseconds);

}  // namespace sextant::test
