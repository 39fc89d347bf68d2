// SPDX-License-Identifier: BSD-3-Clause
// Receive items: what recvmsg() can tell about a datagram besides its data.
// The second table; the options that switch the items on are rows of the first.
// RFC 3542 §6.
// Owned by one Core.
#pragma once

#include <span>
#include <string_view>

#include "packet/packet.h"
#include "socket/control.h"
#include "socket/option_value.h"
#include "socket/options.h"

namespace sextant::socket {

struct ReceiveItem {
  std::string_view name;
  int level = 0;
  int type = 0;
  std::string_view value;  // for docs/sockets.md
  std::string_view enabled_by;
  bool Ip6Options::*wanted = nullptr;
  void (*write)(const Packet& packet, Reply& item) = nullptr;
};

std::span<const ReceiveItem> ReceiveItems();

// Writes the items that `options` ask for about `packet`, which begins at its
// IPv6 header.
void WriteReceiveItems(const Packet& packet, const Ip6Options& options, ControlWriter& out);

}  // namespace sextant::socket
