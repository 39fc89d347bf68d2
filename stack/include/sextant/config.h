// SPDX-License-Identifier: BSD-3-Clause
// Config: what a host is to be, as a value. Programs fill it in themselves,
// from a file (ParseConfigFile) or from arguments (ParseArguments).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sextant/export.h"

namespace sextant {

// What the documents say (RFC 3542 and friends), or what Linux does where the two differ.
enum class ProfileName { kRfc, kLinux };
// Adaptive sleeps when there is nothing to do; poll never does.
enum class IdleMode { kAdaptive, kPoll };
// Who the program is to the stack: its owner, or who the kernel says it is.
enum class CredentialMode { kAll, kProcess };

struct InterfaceConfig {
  std::string name;                    // 1..15 characters, as Linux allows them
  std::string device;                  // "tap:sx0", or a DPDK port's name
  std::vector<std::string> addresses;  // "fd00:6::2/64"
  std::string gateway;                 // "fd00:6::1"; empty: none
  std::vector<std::string> routes;     // "2001:db8::/32 via fd00:6::9", or "... on-link"
  std::string peer;                    // tap only: the kernel's side, "fd00:6::1/64"
  int dad = 1;                         // duplicate address probes, 0..16; 0 turns detection off
  size_t mtu = 1500;                   // 1280..65535, without the Ethernet header
};

struct EngineConfig {
  std::string name;
  std::string type;  // "udp-echo" or "udp-sink"
  uint16_t port = 0;
};

struct Config {
  ProfileName profile = ProfileName::kRfc;
  IdleMode idle = IdleMode::kAdaptive;
  CredentialMode credentials = CredentialMode::kAll;
  size_t packets = 8191;  // buffers in the packet pool, 255..16777215; 2^n - 1 wastes none
  std::vector<InterfaceConfig> interfaces;
  std::vector<EngineConfig> engines;  // traffic engines; only apps/sextant runs them
  std::vector<std::pair<std::string, int64_t>> tunables;
  std::string file;  // where it was read from; empty: not from a file
};

// What is wrong with a configuration, as "[section] key: reason"; empty when
// all its values can be. Host::Create() asks it first.
SX_PUBLIC std::string CheckConfig(const Config& config);

// Reads the INI file at `path` (# begins a comment). On failure returns false
// and sets `error` to one line that names file, key and reason.
SX_PUBLIC bool ParseConfigFile(const std::string& path, Config& config, std::string& error);

// The short form of an interface: lan0=tap:sx0,fd00:6::2/64,peer=fd00:6::1/64
// with gateway=, route=, dad= and mtu= as further parts.
SX_PUBLIC bool ParseInterface(const std::string& text, InterfaceConfig& interface,
                              std::string& error);

// A program's arguments, as sx_init() takes them: EAL arguments, "--", stack
// arguments (--config FILE, --interface SPEC); without a "--" all are the
// stack's and the EAL gets what works everywhere. Arguments that are neither
// are left in `rest`.
struct Arguments {
  std::vector<std::string> eal;
  Config config;
  std::vector<std::string> rest;
};
SX_PUBLIC bool ParseArguments(int argc, const char* const* argv, Arguments& arguments,
                              std::string& error);

}  // namespace sextant
