// SPDX-License-Identifier: BSD-3-Clause
// Sets up the kernel contestant's namespace with ip(8) and sysctls.
// Owned by the measuring thread.
#include "kernel_net.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "frames.h"

extern char** environ;

namespace sextant::bench {
namespace {

constexpr char kDevice[] = "sxhost";

std::string MacText(const Mac& m) {
  std::array<char, 18> text = {};
  std::snprintf(text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
                m[4], m[5]);
  return text.data();
}

std::string AddressText(const Address& a) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(AF_INET6, a.data(), text.data(), text.size());
  return text.data();
}

// Feeds ip(8) a batch. The child inherits the calling thread's namespace.
bool RunIp(const std::string& batch) {
  const Descriptor input(memfd_create("ip-batch", MFD_CLOEXEC));
  if (!input.open() || write(input.get(), batch.data(), batch.size()) < 0) return false;
  lseek(input.get(), 0, SEEK_SET);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<std::string, 3> words = {"ip", "-batch", "-"};
  std::array<char*, 4> argv = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = 0;
  const bool spawned = posix_spawnp(&child, "ip", &actions, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return spawned && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

bool SetSysctl(const std::string& path, const char* value) {
  std::ofstream file("/proc/sys/net/ipv6/" + path);
  file << value << std::flush;
  return file.good();
}

std::string Because(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

std::string KernelNetwork::Make() {
  if (unshare(CLONE_NEWNET) != 0) {
    return Because("no network namespace (root, or run under unshare -Urn)");
  }
  if (auto why = OpenTap(); !why.empty()) return why;
  if (auto why = Configure(); !why.empty()) return why;
  // The descriptor stays with the namespace it was opened in.
  counters_ = Descriptor(open("/proc/thread-self/net/snmp6", O_RDONLY | O_CLOEXEC));
  return counters_.open() ? "" : Because("no counters");
}

std::string KernelNetwork::OpenTap() {
  tap_ = Descriptor(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!tap_.open()) return Because("/dev/net/tun");
  ifreq request = {};
  std::memcpy(request.ifr_name, kDevice, sizeof(kDevice));
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  return ioctl(tap_.get(), TUNSETIFF, &request) == 0 ? "" : Because("no tap");
}

std::string KernelNetwork::Configure() const {
  const std::string device = kDevice;
  std::string batch = "link set " + device + " address " + MacText(kLocalMac) + "\n";
  // No link-local address: no router solicitations in between. The queue holds two bursts.
  batch += "link set " + device + " addrgenmode none\n";
  batch += "link set " + device + " txqueuelen 64\nlink set " + device + " up\n";
  batch += "addr add " + AddressText(kLocalAddress) + "/64 dev " + device + " nodad\n";
  for (uint32_t peer = 0; peer < kPeers; ++peer) {
    batch += "neigh replace " + AddressText(PeerAddress(peer)) + " lladdr " +
             MacText(PeerMac(peer)) + " dev " + device + " nud permanent\n";
  }
  if (!RunIp(batch)) return "ip(8) cannot configure the tap";
  // The limit on the kernel's own answers would count as loss here.
  return SetSysctl("icmp/ratelimit", "0") ? "" : "sysctls are read-only";
}

uint64_t KernelNetwork::Counter(std::string_view name) const {
  std::array<char, 16384> text = {};
  const ssize_t got = pread(counters_.get(), text.data(), text.size() - 1, 0);
  if (got <= 0) return 0;
  const std::string_view all(text.data(), static_cast<size_t>(got));
  const size_t at = all.find(name);
  return at == all.npos ? 0 : std::strtoull(text.data() + at + name.size(), nullptr, 10);
}

std::string KernelNetwork::SetChecksumOffload(bool on) const {
  const unsigned long offloads = on ? TUN_F_CSUM : 0;
  return ioctl(tap_.get(), TUNSETOFFLOAD, offloads) == 0 ? "" : Because("TUNSETOFFLOAD");
}

}  // namespace sextant::bench
