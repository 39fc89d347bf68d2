// SPDX-License-Identifier: BSD-3-Clause
// TapDevice: a TAP network device of the host kernel and its control calls.
// The device lives as long as its descriptor, unless it was made persistent.
// Owned by one Core.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/ipv6_address.h"
#include "base/mac_address.h"
#include "drivers/tap/file_descriptor.h"

struct ifreq;

namespace sextant {

class TapDevice {
 public:
  // Makes the device, or attaches to it when it exists already. Frames come
  // and go with a VnetHeader in front, and without waiting.
  static absl::StatusOr<TapDevice> Open(const std::string& name);

  int descriptor() const { return tap_.number(); }
  const std::string& name() const { return name_; }

  // All of these leave alone what is right already, so that a device prepared
  // by root can be used by others.
  absl::Status SetMtu(size_t mtu);
  absl::Status BringUp();
  // Gives the kernel's side an address; no duplicate address detection, since
  // nobody else is on the link yet.
  absl::Status AddAddress(const Ipv6Prefix& address);
  // Frames that the kernel keeps for us while we are away.
  void RaiseQueueLength(int frames);

  // Of the kernel's side.
  absl::StatusOr<MacAddress> KernelMac() const;
  // Whether both sides could talk. A device that was moved to another network
  // namespace is taken to be up: it cannot be seen from here.
  bool is_up() const;

 private:
  TapDevice(std::string name, FileDescriptor tap, FileDescriptor control)
      : name_(std::move(name)), tap_(std::move(tap)), control_(std::move(control)) {}

  absl::Status Attach();
  // An interface ioctl about this device; false and errno when it fails.
  bool Control(unsigned long call, ifreq& request) const;
  absl::Status Failure(const std::string& what) const;

  std::string name_;
  FileDescriptor tap_;
  FileDescriptor control_;
};

}  // namespace sextant
