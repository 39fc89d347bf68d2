// SPDX-License-Identifier: BSD-3-Clause
// MakeLink: from a device's name in the configuration to a running Link.
// Owned by one Core.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/link.h"
#include "packet/pool.h"

namespace sextant {

struct LinkSpec {
  // "tap:NAME" is a raw TAP device; all else names a DPDK port: one that the
  // EAL has found (0000:3b:00.0, net_memif0), or a virtual device to attach
  // (net_pcap0,iface=eth1).
  std::string device;
  size_t mtu = 1500;
  // The address of the kernel's side of a tap.
  std::optional<Ipv6Prefix> peer;
};

// The link takes receive buffers from `pool`, which outlives it. An error's
// message is one sentence that begins with the device. Nothing stays behind
// half made.
absl::StatusOr<std::unique_ptr<Link>> MakeLink(const LinkSpec& spec, PacketPool& pool);

}  // namespace sextant
