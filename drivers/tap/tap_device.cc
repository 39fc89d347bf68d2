// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "drivers/tap/tap_device.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "drivers/tap/vnet_header.h"

namespace sextant {
namespace {

constexpr char kTunPath[] = "/dev/net/tun";

bool IsDeviceName(const std::string& name) {
  const auto bad = [](unsigned char c) {
    return c <= ' ' || c == 0x7f || c == '/' || c == ':' || c == '%';
  };
  return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
         std::ranges::none_of(name, bad);
}

// RTM_NEWADDR with the address as its only attribute.
struct AddressRequest {
  nlmsghdr header{};
  ifaddrmsg message{};
  rtattr attribute{};
  std::array<uint8_t, Ipv6Address::kSize> address{};
};

struct AddressAnswer {
  nlmsghdr header{};
  nlmsgerr error{};
  // The request comes back behind the error.
  std::array<uint8_t, sizeof(AddressRequest)> rest{};
};

AddressRequest MakeAddressRequest(unsigned index, const Ipv6Prefix& prefix) {
  AddressRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWADDR;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  request.message.ifa_family = AF_INET6;
  request.message.ifa_prefixlen = static_cast<uint8_t>(prefix.length);
  request.message.ifa_flags = IFA_F_NODAD;
  request.message.ifa_index = index;
  request.attribute.rta_len = sizeof request.attribute + sizeof request.address;
  request.attribute.rta_type = IFA_LOCAL;
  std::ranges::copy(prefix.address.bytes(), request.address.begin());
  return request;
}

// Asks the kernel and waits for its answer; returns an errno, or 0.
int Exchange(const AddressRequest& request) {
  const FileDescriptor netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!netlink.is_open()) return errno;
  if (send(netlink.number(), &request, sizeof request, 0) < 0) return errno;
  AddressAnswer answer;
  if (recv(netlink.number(), &answer, sizeof answer, 0) < 0) return errno;
  return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

}  // namespace

absl::StatusOr<TapDevice> TapDevice::Open(const std::string& name) {
  if (!IsDeviceName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("tap:", name, ": not a name that a network device can have"));
  }
  TapDevice device(name, FileDescriptor(open(kTunPath, O_RDWR | O_NONBLOCK | O_CLOEXEC)),
                   FileDescriptor(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
  if (!device.tap_.is_open()) return device.Failure(kTunPath);
  if (!device.control_.is_open()) return device.Failure("IPv6 socket");
  if (absl::Status status = device.Attach(); !status.ok()) return status;
  return device;
}

absl::Status TapDevice::Attach() {
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  if (!Control(0, request)) {
    if (errno == EBUSY) return Failure("in use by another interface or program");
    if (errno == EINVAL)
      return Failure("there is a device of this name that is no single-queue tap");
    return Failure("cannot make the device");
  }
  int size = sizeof(VnetHeader);
  if (ioctl(descriptor(), TUNSETVNETHDRSZ, &size) < 0) return Failure("TUNSETVNETHDRSZ");
  // The kernel may hand over unfinished checksums. Segmentation offload
  // (TUN_F_TSO6, TUN_F_USO6) would go here too; it needs receive buffers of 64 KiB.
  if (ioctl(descriptor(), TUNSETOFFLOAD, static_cast<unsigned long>(TUN_F_CSUM)) < 0) {
    return Failure("TUNSETOFFLOAD");
  }
  return absl::OkStatus();
}

bool TapDevice::Control(unsigned long call, ifreq& request) const {
  std::memcpy(request.ifr_name, name_.c_str(), name_.size() + 1);
  if (call == 0) return ioctl(descriptor(), TUNSETIFF, &request) >= 0;
  return ioctl(control_.number(), call, &request) >= 0;
}

absl::Status TapDevice::Failure(const std::string& what) const {
  return absl::ErrnoToStatus(errno, absl::StrCat("tap:", name_, ": ", what));
}

absl::Status TapDevice::SetMtu(size_t mtu) {
  ifreq request{};
  if (!Control(SIOCGIFMTU, request)) return Failure("cannot read the MTU");
  if (static_cast<size_t>(request.ifr_mtu) == mtu) return absl::OkStatus();
  request.ifr_mtu = static_cast<int>(mtu);
  if (!Control(SIOCSIFMTU, request)) return Failure(absl::StrCat("cannot set MTU ", mtu));
  return absl::OkStatus();
}

absl::Status TapDevice::BringUp() {
  ifreq request{};
  if (!Control(SIOCGIFFLAGS, request)) return Failure("cannot read the flags");
  if ((request.ifr_flags & IFF_UP) != 0) return absl::OkStatus();
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (!Control(SIOCSIFFLAGS, request)) return Failure("cannot bring the device up");
  return absl::OkStatus();
}

absl::Status TapDevice::AddAddress(const Ipv6Prefix& address) {
  ifreq request{};
  if (!Control(SIOCGIFINDEX, request)) return Failure("cannot read the index");
  errno = Exchange(MakeAddressRequest(static_cast<unsigned>(request.ifr_ifindex), address));
  if (errno == 0) return absl::OkStatus();
  const std::string hint = errno == EACCES ? " (IPv6 is disabled on it)" : "";
  return Failure(absl::StrCat("peer address ", address.ToString(), hint));
}

void TapDevice::RaiseQueueLength(int frames) {
  ifreq request{};
  if (!Control(SIOCGIFTXQLEN, request) || request.ifr_qlen >= frames) return;
  request.ifr_qlen = frames;
  // An optimisation; who may not do it lives with the kernel's own length.
  static_cast<void>(Control(SIOCSIFTXQLEN, request));
}

absl::StatusOr<MacAddress> TapDevice::KernelMac() const {
  ifreq request{};
  if (!Control(SIOCGIFHWADDR, request)) return Failure("cannot read the MAC address");
  std::array<uint8_t, MacAddress::kSize> bytes;
  std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
  return MacAddress(bytes);
}

bool TapDevice::is_up() const {
  ifreq request{};
  if (!Control(SIOCGIFFLAGS, request)) return errno == ENODEV;
  const int both = IFF_UP | IFF_RUNNING;
  return (request.ifr_flags & both) == both;
}

}  // namespace sextant
