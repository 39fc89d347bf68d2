// SPDX-License-Identifier: BSD-3-Clause
// A network namespace whose only link is a tap: what is written to it the kernel receives, and what
// the kernel sends waits in the tap's short queue until it is read, or is dropped there.
// Owned by the measuring thread, which enters the namespace and stays there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sextant::bench {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class KernelNetwork {
 public:
  // Makes the namespace and the tap. Returns why that cannot be done, or an empty string.
  std::string Make();

  // Frames go in and out with a virtio_net_hdr in front.
  int tap() const { return tap_.get(); }
  // A counter of the namespace, by its name in /proc/net/snmp6.
  uint64_t Counter(std::string_view name) const;
  // Whether the tap completes checksums, as a NIC would.
  std::string SetChecksumOffload(bool on) const;

 private:
  std::string OpenTap();
  std::string Configure() const;

  Descriptor tap_;
  Descriptor counters_;
};

}  // namespace sextant::bench
