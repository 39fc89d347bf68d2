// SPDX-License-Identifier: BSD-3-Clause
// Raw input: gives packets to all raw sockets that they are for, beside the
// protocol that reads them or in place of one that this host does not speak.
// RFC 3542 §3, RFC 8200 §4 (a next header that nobody knows).
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "raw/table.h"

namespace sextant::raw {

class Input {
 public:
  enum class Next : uint8_t { kNone };

  explicit Input(Table& table) : table_(table) {}

  // A packet that nothing else here reads, which begins at its IPv6 header;
  // Meta knows the upper layer.
  Verdict<Next> Take(PacketPtr& packet, Core& core);

  // References to the same packet, for all sockets that it is for. True when
  // one took it: then it is delivered, whatever else becomes of it. An ICMPv6
  // message has been verified and has four bytes at least.
  bool Copy(Packet& packet, Core& core);

 private:
  Table& table_;
};

}  // namespace sextant::raw
