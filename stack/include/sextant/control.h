// SPDX-License-Identifier: BSD-3-Clause
// Control: what an operator does with a running host: looks at it, turns its
// tunables, pings. apps/sextant is made of these calls.
// Everything here belongs to the thread that made the Host.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sextant/export.h"
#include "sextant/host.h"

namespace sextant {

// "0.1.0".
SX_PUBLIC std::string_view Version();

// What Show() knows about: "interfaces", "neighbors", ...
SX_PUBLIC std::vector<std::string_view> ShowTopics();
// A table for people, lines ending with a newline; empty when there is no such topic.
SX_PUBLIC std::string Show(Host& host, std::string_view topic);

// What became of all packets. Always: received == delivered + held + refused + dropped.
struct HostStatistics {
  uint64_t received = 0;   // from links, and from this host itself over its loopback
  uint64_t delivered = 0;  // to a socket, or to a protocol
  uint64_t held = 0;       // still on their way
  uint64_t refused = 0;    // dropped, and their senders told
  uint64_t dropped = 0;    // for a reason that `show drops` tells
  uint64_t sent = 0;
};
SX_PUBLIC HostStatistics Statistics(Host& host);

SX_PUBLIC std::vector<std::string_view> TunableNames();
// `value` is a decimal number. On failure nothing changes and `error` is one
// line that says what would be accepted.
SX_PUBLIC bool SetTunable(Host& host, std::string_view name, std::string_view value,
                          std::string& error);

// Addresses of the host that are in use and not its loopback's: "lan0 fd00:6::2".
SX_PUBLIC std::vector<std::string> UsableAddresses(Host& host);

// As if_nametoindex(3); 0 when the host has no interface of that name.
SX_PUBLIC uint32_t InterfaceIndex(Host& host, std::string_view name);

// What an ICMPv6 error says (RFC 4443 §3).
struct EchoError {
  uint8_t type = 0;
  uint8_t code = 0;
  uint32_t value = 0;  // the MTU (type 2), the pointer (type 4)
};

// An echo request that was answered, by its reply or by an error about it.
struct EchoAnswer {
  uint16_t sequence = 0;
  std::optional<EchoError> error;
  in6_addr from{};
  uint8_t hop_limit = 0;
  size_t size = 0;  // of the ICMPv6 message
  int64_t round_trip_ns = 0;
};

class PingerImpl;

// Sends echo requests and knows their answers from other pingers' ones.
class SX_PUBLIC Pinger {
 public:
  explicit Pinger(Host& host);
  // REQUIRES: the host is still there.
  ~Pinger();
  Pinger(const Pinger&) = delete;
  Pinger& operator=(const Pinger&) = delete;

  // Sends the next request, with `data_size` bytes behind its header; requests
  // count from 1. An errno value; 0 is success. A group's members all answer.
  int Send(const sockaddr_in6& destination, size_t data_size = 56);
  // The next answer or error that Host::Poll() has brought; never waits. Each request is
  // remembered until 64 more were sent.
  std::optional<EchoAnswer> Take();

 private:
  std::unique_ptr<PingerImpl> impl_;
};

// Two hosts in this process, joined by a cable in memory: each has an interface
// "lan0" with one address, fd00:6::1/64 and fd00:6::2/64. For trying things
// where no device can be had; both are to be polled by the same thread.
// On failure both are null and `error` is one line.
SX_PUBLIC std::pair<std::unique_ptr<Host>, std::unique_ptr<Host>> MakeJoinedPair(
    std::string& error);

}  // namespace sextant
