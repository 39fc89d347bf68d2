// SPDX-License-Identifier: BSD-3-Clause
// The list of cases: four ways into UDP echo, each under flow, socket and cache pressure, and
// ICMPv6 echo at two sizes.
// Any thread.
#include "case.h"

#include <utility>

namespace sextant::bench {
namespace {

struct Entry {
  const char* name;
  Api api;
  bool offload;
};

constexpr Entry kEntries[] = {
    {"udp_echo.native.swck", Api::kNative, false},
    {"udp_echo.native.offload", Api::kNative, true},
    {"udp_echo.facade.batched", Api::kFacadeBatched, false},
    {"udp_echo.facade.single", Api::kFacadeSingle, false},
};

struct Pressure {
  const char* suffix;
  uint32_t flows;
  uint32_t sockets;
  bool cold;
};

// 64 k sockets are 64 000 ports of one address: a 16-bit port leaves no room for 65 536.
constexpr Pressure kPressures[] = {
    {"", 32, 1, false},
    {".flows1", 1, 1, false},
    {".flows1k", 1024, 1, false},
    {".flows64k", 65536, 1, false},
    {".cold", 32, 1, true},
    {".sockets1k", 32, 1024, false},
    {".sockets64k", 32, 64000, false},
};

Case UdpCase(const Entry& entry, const Pressure& pressure) {
  Case c;
  c.name = std::string(entry.name) + pressure.suffix;
  c.api = entry.api;
  c.offload = entry.offload;
  c.cold = pressure.cold;
  c.flows = pressure.flows;
  c.sockets = pressure.sockets;
  return c;
}

Case IcmpCase(const char* name, uint32_t payload_bytes) {
  Case c;
  c.name = name;
  c.protocol = Protocol::kIcmp6Echo;
  c.payload_bytes = payload_bytes;
  return c;
}

// One call per datagram is measured for its own cost and for its flows; what it adds does not
// depend on the number of sockets. Checksum offload does not change demultiplexing either.
bool Wanted(const Entry& entry, const Pressure& pressure) {
  return pressure.sockets == 1 || (!entry.offload && entry.api != Api::kFacadeSingle);
}

}  // namespace

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const Entry& entry : kEntries) {
    for (const Pressure& pressure : kPressures) {
      if (Wanted(entry, pressure)) cases.push_back(UdpCase(entry, pressure));
    }
  }
  cases.push_back(IcmpCase("icmp6_echo.64", 64));
  cases.push_back(IcmpCase("icmp6_echo.1232", 1232));
  return cases;
}

}  // namespace sextant::bench
