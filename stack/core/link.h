// SPDX-License-Identifier: BSD-3-Clause
// Link: what a network device is to Sextant. drivers/ implements it for DPDK
// ports, raw TAP devices and memory; only host/ makes one.
// Owned by one Core.
#pragma once

#include <span>
#include <string>

#include "base/mac_address.h"
#include "packet/burst.h"

namespace sextant {

class Core;

// What a link does for us; where it does not, the stack does it in software.
struct LinkCapabilities {
  // Received packets come with ChecksumState::kGood or kBad where the link looked.
  bool receive_checksum = false;
  // Transmit() finishes ChecksumState::kPartial UDP and TCP packets.
  bool transmit_checksum = false;
  // Groups pass a filter in the device; else the device lets every frame through.
  bool group_filter = false;
};

struct LinkStatistics {
  uint64_t rx_packets = 0;
  uint64_t rx_bytes = 0;
  uint64_t rx_no_buffer = 0;  // frames lost because the pool was empty
  uint64_t rx_errors = 0;     // frames the device found broken, or that do not fit
  uint64_t tx_packets = 0;
  uint64_t tx_bytes = 0;
  uint64_t tx_dropped = 0;  // each of them counted as a DropReason too
  // Times the device's filter could not hold all groups and was opened.
  uint64_t all_multicast_fallbacks = 0;
};

class Link {
 public:
  virtual ~Link() = default;

  // As in the configuration: "tap:sx0", "net_memif0".
  virtual std::string description() const = 0;
  virtual MacAddress mac_address() const = 0;
  virtual LinkCapabilities capabilities() const { return {}; }
  // Largest IPv6 packet, without the Ethernet header.
  virtual size_t mtu() const = 0;
  // False when the device refuses.
  virtual bool SetMtu(size_t mtu) = 0;
  // Cheap enough to ask once per millisecond.
  virtual bool is_up() = 0;

  // Appends up to `room` received Ethernet frames to `frames`; never waits. The
  // packets' Meta is fresh but for `checksum`. REQUIRES: frames.empty().
  virtual void Receive(Burst& frames, Core& core) = 0;
  // Takes all frames. Those it cannot send are dropped through the core; the
  // others move statistics().tx_packets, and its caller counts them as sent.
  virtual void Transmit(Burst& frames, Core& core) = 0;
  // Lets exactly these groups through, and at least them. Called when the set changes.
  virtual void SetGroups(std::span<const MacAddress> groups) = 0;

  // Lets every group through, or again only those of SetGroups(). Links without
  // a filter do so anyway.
  virtual void SetAllGroups(bool) {}

  // Becomes readable when there is something to receive; -1 when the link
  // cannot wake anybody and has to be polled.
  virtual int wait_descriptor() const { return -1; }
  // Called before a wait on wait_descriptor() and after it, for devices whose
  // interrupts must be armed. Returns false when frames are waiting already;
  // then there is no wait, and Receive() has them.
  virtual bool PrepareToWait() { return true; }
  virtual void DoneWaiting() {}

  const LinkStatistics& statistics() const { return statistics_; }
  // Fetches what only the device counts into statistics(). May be slow: for
  // those who show them, not for every poll.
  virtual void RefreshStatistics() {}

 protected:
  LinkStatistics statistics_;
};

}  // namespace sextant
