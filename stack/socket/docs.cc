// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "socket/docs.h"

#include <netinet/in.h>

#include "socket/option_table.h"
#include "socket/receive_items.h"

namespace sextant::socket {
namespace {

// "a, b" of the names whose bit is set.
struct BitName {
  uint8_t bit = 0;
  std::string_view name;
};
std::string Names(uint8_t bits, std::span<const BitName> names) {
  std::string out;
  for (const BitName& row : names) {
    if ((bits & row.bit) == 0) continue;
    if (!out.empty()) out += ", ";
    out += row.name;
  }
  return out;
}

constexpr BitName kUses[] = {
    {kProperty, "property"}, {kSticky, "sticky"}, {kAncillary, "ancillary"}};
constexpr BitName kSockets[] = {{kDatagram, "datagram"}, {kStream, "stream"}, {kRaw, "raw"}};

std::string SocketsOf(uint8_t kinds) { return kinds == kAny ? "all" : Names(kinds, kSockets); }

std::string ValueOf(const ValueType& type) {
  std::string out(type.text);
  if (type.form == ValueType::Form::kInteger) {
    const std::string high = type.high == kMaxInt ? "INT_MAX" : std::to_string(type.high);
    out += ", " + std::to_string(type.low) + " to " + high;
  }
  return out;
}

std::string_view PrivilegeOf(Needs needs) {
  switch (needs) {
    case Needs::kNothing:
      return "";
    case Needs::kNetRaw:
      return "CAP_NET_RAW";
    case Needs::kNetAdmin:
      return "CAP_NET_ADMIN";
  }
  return "";
}

std::string_view LevelOf(int level) {
  if (level == IPPROTO_ICMPV6) return "IPPROTO_ICMPV6";
  return level == IPPROTO_IPV6 ? "IPPROTO_IPV6" : "SOL_SOCKET";
}

std::string Row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += cell.empty() ? " |" : " " + cell + " |";
  return out + "\n";
}

}  // namespace

std::string SocketOptionsMarkdown() {
  std::string out =
      "# Socket options\n"
      "\n"
      "Generated from stack/socket/option_table.cc and receive_items.cc by `sextant-docs sockets`; "
      "edit the tables.\n"
      "An option that is not listed is ENOPROTOOPT, as ancillary data EINVAL. *property* and "
      "*sticky* options are set with\n"
      "setsockopt(); *ancillary* ones with sendmsg(), for one datagram, and win over the sticky "
      "option of the same name.\n"
      "\n";
  out += Row({"option", "level", "number", "value", "given as", "sockets", "privilege", "remark"});
  out += Row({"---", "---", "---", "---", "---", "---", "---", "---"});
  for (const OptionRow& row : OptionRows()) {
    out += Row({std::string(row.name), std::string(LevelOf(row.level)), std::to_string(row.id),
                ValueOf(row.type), Names(row.uses, kUses), SocketsOf(row.sockets),
                std::string(PrivilegeOf(row.needs)), std::string(row.remark)});
  }
  out += "\n## Received items\n\nWhat recvmsg() returns as control messages.\n\n";
  out += Row({"item", "level", "number", "value", "switched on by"});
  out += Row({"---", "---", "---", "---", "---"});
  for (const ReceiveItem& row : ReceiveItems()) {
    out += Row({std::string(row.name), std::string(LevelOf(row.level)), std::to_string(row.type),
                std::string(row.value), std::string(row.enabled_by)});
  }
  return out;
}

}  // namespace sextant::socket
