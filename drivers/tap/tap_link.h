// SPDX-License-Identifier: BSD-3-Clause
// TapLink: the host kernel as neighbor, over a TAP device read and written
// directly: ten times net_tap's receive rate, and it sleeps on a descriptor.
// Checksums between the kernel and us stay unfinished in both directions
// (virtio 1.2 §5.1.6): nobody can corrupt a frame on its way through memory.
// Owned by one Core.
#pragma once

#include <sys/uio.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/link.h"
#include "drivers/tap/tap_device.h"
#include "drivers/tap/vnet_header.h"
#include "packet/pool.h"

namespace sextant {

class TapLink final : public Link {
 public:
  // `peer` becomes an address of the kernel's side.
  static absl::StatusOr<std::unique_ptr<Link>> Create(const std::string& name, size_t mtu,
                                                      const std::optional<Ipv6Prefix>& peer);
  ~TapLink() override;

  std::string description() const override { return "tap:" + device_.name(); }
  MacAddress mac_address() const override { return mac_; }
  LinkCapabilities capabilities() const override {
    return {.receive_checksum = true, .transmit_checksum = true, .group_filter = false};
  }
  size_t mtu() const override { return mtu_; }
  bool SetMtu(size_t mtu) override;
  bool is_up() override;
  void Receive(Burst& frames, Core& core) override;
  void Transmit(Burst& frames, Core& core) override;
  // The kernel's frames all come; there is nothing to filter them in.
  void SetGroups(std::span<const MacAddress>) override {}
  int wait_descriptor() const override { return device_.descriptor(); }

 private:
  // Data of one receive buffer, and how many of them the largest frame needs:
  // 64 KiB, its Ethernet header and a VLAN tag.
  static constexpr size_t kRoom = kPacketDataRoom - kPacketHeadroom;
  static constexpr size_t kMaxChain = (65535 + 18) / kRoom + 1;
  static constexpr size_t kMaxSpares = kMaxChain + kBurstSize;
  // LIMIT: segments of a frame to send; 64 KiB in parts of 512 bytes.
  static constexpr size_t kMaxSegments = 128;

  TapLink(TapDevice device, MacAddress mac, size_t mtu);

  void FitBuffers(size_t mtu);
  bool StockUp(PacketPool& pool);
  // Reads the next frame, its header apart from it, into the spare buffers.
  // Returns its size, or nothing when there is none.
  std::optional<size_t> ReadFrame(VnetHeader& header);
  // For when there is no buffer: the frame is lost, as it would be in a NIC.
  bool DiscardFrame();
  PacketPtr TakeFrame(size_t size);
  DropReason WriteFrame(const Packet& frame);
  void NoteError(int error);

  TapDevice device_;
  const MacAddress mac_;
  size_t mtu_ = 0;
  size_t chain_ = 0;   // receive buffers that the largest frame needs
  bool gone_ = false;  // the kernel has deleted the device

  // Receive buffers taken in advance; the next frame goes into the last ones.
  std::array<rte_mbuf*, kMaxSpares> spares_{};
  size_t spare_count_ = 0;
};

}  // namespace sextant
