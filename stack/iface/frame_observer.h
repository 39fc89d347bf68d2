// SPDX-License-Identifier: BSD-3-Clause
// FrameObserver: sees every frame of an interface, for captures.
// Owned by one Core.
#pragma once

#include <span>

#include "packet/packet.h"

namespace sextant::iface {

class Interface;

enum class Direction : uint8_t { kReceived, kSent };

class FrameObserver {
 public:
  virtual ~FrameObserver() = default;
  // Packets of the loopback interface begin at their IPv6 header.
  virtual void OnFrames(const Interface& interface, std::span<Packet* const> frames,
                        Direction direction) = 0;
};

}  // namespace sextant::iface
