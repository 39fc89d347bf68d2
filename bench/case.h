// SPDX-License-Identifier: BSD-3-Clause
// The work that contestants are measured on. A case is one row of the result table.
// Immutable once listed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sextant::bench {

// Frames per burst, everywhere: offered, handed to a batched socket call, drained.
inline constexpr size_t kBurst = 32;

enum class Protocol : uint8_t { kUdpEcho, kIcmp6Echo };

// How an application reaches Sextant. Peers have fewer ways in and report the nearest one they
// have: the kernel tells batched from single calls, lwIP has its one raw interface.
enum class Api : uint8_t { kNative, kFacadeBatched, kFacadeSingle };

struct Case {
  std::string name;
  Protocol protocol = Protocol::kUdpEcho;
  Api api = Api::kNative;
  bool offload = false;         // the port verifies and completes checksums
  bool cold = false;            // buffers rotate through far more memory than the caches hold
  uint32_t flows = 32;          // different (source address, source port) pairs
  uint32_t sockets = 1;         // different local ports, each with a socket of its own
  uint32_t payload_bytes = 64;  // after the UDP or ICMPv6 header
};

// Every case, in the order of the table.
std::vector<Case> AllCases();

}  // namespace sextant::bench
