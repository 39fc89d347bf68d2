// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "kernel_side.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/check.h"

namespace sextant::test {
namespace {

sockaddr_in6 AsSockaddr(const Ipv6Address& address, uint16_t port, uint32_t zone) {
  sockaddr_in6 result{};
  result.sin6_family = AF_INET6;
  result.sin6_port = htons(port);
  result.sin6_scope_id = zone;
  std::memcpy(&result.sin6_addr, address.bytes().data(), Ipv6Address::kSize);
  return result;
}

}  // namespace

std::unique_ptr<KernelSide> KernelSide::Enter() {
  const int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  SX_CHECK(home >= 0);
  if (unshare(CLONE_NEWNET) < 0) {
    close(home);
    return nullptr;
  }
  return std::unique_ptr<KernelSide>(new KernelSide(home));
}

KernelSide::~KernelSide() {
  SX_CHECK(setns(home_, CLONE_NEWNET) == 0);
  close(home_);
}

bool KernelSide::IsMachineRoot() {
  uint32_t inside = 1;
  uint32_t outside = 1;
  uint32_t count = 0;
  std::ifstream("/proc/self/uid_map") >> inside >> outside >> count;
  return geteuid() == 0 && inside == 0 && outside == 0 && count == UINT32_MAX;
}

bool KernelSide::Run(const std::string& command) {
  return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

MacAddress KernelSide::MacOf(const std::string& device) {
  const int control = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, device.c_str(), IFNAMSIZ - 1);
  const int result = ioctl(control, SIOCGIFHWADDR, &request);
  close(control);
  SX_CHECK(result == 0);
  std::array<uint8_t, MacAddress::kSize> bytes;
  std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
  return MacAddress(bytes);
}

KernelUdp::KernelUdp(const Ipv6Address& address, uint16_t port)
    : socket_(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in6 name = AsSockaddr(address, port, 0);
  SX_CHECK(bind(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
}

KernelUdp::~KernelUdp() { close(socket_); }

bool KernelUdp::SendToAllNodes(const std::string& device, uint16_t port, const std::string& data) {
  const sockaddr_in6 to = AsSockaddr(Ipv6Address::AllNodes(), port, if_nametoindex(device.c_str()));
  return sendto(socket_, data.data(), data.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                sizeof to) == static_cast<ssize_t>(data.size());
}

std::optional<std::string> KernelUdp::Receive(int milliseconds) {
  if (!BecomesReadable(socket_, milliseconds)) return std::nullopt;
  std::string data(65536, '\0');
  const ssize_t got = recv(socket_, data.data(), data.size(), MSG_DONTWAIT);
  if (got < 0) return std::nullopt;
  data.resize(static_cast<size_t>(got));
  return data;
}

bool BecomesReadable(int descriptor, int milliseconds) {
  pollfd wanted{descriptor, POLLIN, 0};
  return poll(&wanted, 1, milliseconds) == 1 && (wanted.revents & POLLIN) != 0;
}

}  // namespace sextant::test
