// SPDX-License-Identifier: BSD-3-Clause
// The option table: every socket option is a row, and an option without a row
// does not exist (ENOPROTOOPT). Checks are made here and nowhere else, whether
// a value comes from setsockopt() or from a control message on sendmsg().
// RFC 3493 §5 to §6, RFC 3542 §4 to §6. docs/sockets.md is printed from the rows.
// Owned by one Core.
#pragma once

#include <span>
#include <string_view>

#include "socket/environment.h"
#include "socket/option_value.h"
#include "socket/options.h"

namespace sextant::socket {

class OpenSocket;
struct HeaderScratch;

// Which sockets know an option. Bits.
enum SocketKind : uint8_t { kDatagram = 1, kStream = 2, kRaw = 4, kAny = 7 };

// The privilege it takes to set an option; else EPERM.
enum class Needs : uint8_t { kNothing, kNetRaw, kNetAdmin };

// Where an option goes to, or comes from.
struct OptionTarget {
  Options& options;    // of the socket, or a copy for one datagram
  OpenSocket* socket;  // null for ancillary data
  Environment& environment;
  HeaderScratch* scratch = nullptr;  // null: headers do not come in pieces
};

using SetFunction = Errno (*)(const OptionTarget& target, const Value& value);
using GetFunction = Errno (*)(const OptionTarget& target, Reply& reply);

struct Storage {
  SetFunction set = nullptr;  // null: it can only be read
  GetFunction get = nullptr;  // null: it can only be set
};

struct OptionRow {
  std::string_view name;
  int level = 0;
  int id = 0;
  ValueType type;
  uint8_t uses = 0;     // of Use
  uint8_t sockets = 0;  // of SocketKind
  Needs needs = Needs::kNothing;
  Storage storage;
  std::string_view remark;
};

std::span<const OptionRow> OptionRows();
// Null when there is none.
const OptionRow* FindOption(int level, int id);

// Sets one option. kNoProtoOpt: no such option for this socket and use
// (kInvalid for ancillary data); kPermission; kInvalid: not a value of it.
Errno Apply(const OptionTarget& target, int level, int id, Bytes value, Use use, SocketKind kind);
// Reads one: a property, or a sticky option.
Errno Get(const OptionTarget& target, int level, int id, SocketKind kind, Reply& reply);

}  // namespace sextant::socket
