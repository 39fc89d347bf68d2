// SPDX-License-Identifier: BSD-3-Clause
// VnetHeader: what stands in front of a frame on a TAP with IFF_VNET_HDR.
// virtio 1.2 §5.1.6; our own spelling, because the kernel's <linux/virtio_net.h>
// is not C++.
// Any thread.
#pragma once

#include <cstdint>

namespace sextant {

// In machine byte order, which is what a TAP speaks unless told otherwise.
struct VnetHeader {
  static constexpr uint8_t kNeedsChecksum = 1;  // the field holds the pseudo-header's sum
  static constexpr uint8_t kDataValid = 2;      // the checksum was verified
  static constexpr uint8_t kNoSegmentation = 0;

  uint8_t flags = 0;
  uint8_t segmentation = kNoSegmentation;
  uint16_t header_length = 0;
  uint16_t segment_size = 0;
  uint16_t checksum_start = 0;   // from the frame's start
  uint16_t checksum_offset = 0;  // from checksum_start
};
static_assert(sizeof(VnetHeader) == 10);

}  // namespace sextant
