// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "host/config_interface.h"

#include <algorithm>
#include <vector>

#include "base/ipv6_address.h"
#include "base/limits.h"
#include "host/config_route.h"

namespace sextant {
namespace {

constexpr std::string_view kTap = "tap:";
// The link-local address is one of them.
constexpr size_t kMaxConfigured = kMaxAddressesPerInterface - 1;

// As Linux has it: no "/", no ":", no white space, not "." or "..".
std::string CheckName(std::string_view name) {
  if (name.empty()) return "missing";
  if (name.size() > kMaxInterfaceName) return "longer than 15 characters";
  if (name == "lo") return "that is the loopback interface, which is always there";
  if (name == "." || name == ".." || name.find_first_of("/: \t\n\v\f\r") != std::string::npos) {
    return "must not be \".\" or \"..\" or contain \"/\", \":\" or white space";
  }
  return {};
}

std::string CheckDevice(const std::string& device) {
  if (device.empty()) return "missing; tap:NAME, or a DPDK port's name";
  if (!device.starts_with(kTap)) return {};
  const std::string wrong = CheckName(std::string_view(device).substr(kTap.size()));
  return wrong.empty() ? wrong : device + ": the tap's name: " + wrong;
}

// Why this cannot be the address of a node, if it cannot.
std::string JudgeUnicast(const Ipv6Address& address) {
  const std::string text = address.ToString();
  if (address.is_multicast()) return text + " is a multicast address";
  if (address.is_unspecified()) return text + " is the unspecified address";
  if (address.is_loopback()) return text + " belongs to the loopback interface";
  if (address.is_v4_mapped()) return text + " is an IPv4-mapped address";
  return {};
}

std::string CheckAddress(const std::string& text) {
  const auto prefix = Ipv6Prefix::Parse(text);
  if (prefix) return JudgeUnicast(prefix->address);
  const size_t slash = text.find('/');
  const auto address = Ipv6Address::Parse(std::string_view(text).substr(0, slash));
  if (!address) return text + " is not an IPv6 address with a prefix length";
  if (slash == std::string::npos) return text + " has no prefix length; write " + text + "/64";
  return text + ": the prefix length is not between 0 and 128";
}

std::string CheckAddresses(const InterfaceConfig& interface) {
  if (interface.addresses.size() > kMaxConfigured) {
    return "more than " + std::to_string(kMaxConfigured) + " addresses";
  }
  std::vector<Ipv6Address> seen;
  for (const std::string& text : interface.addresses) {
    const std::string reason = CheckAddress(text);
    if (!reason.empty()) return reason;
    const Ipv6Address address = Ipv6Prefix::Parse(text)->address;
    if (std::ranges::count(seen, address) != 0) return address.ToString() + " is given twice";
    seen.push_back(address);
  }
  return {};
}

bool IsOurs(const InterfaceConfig& interface, const Ipv6Address& address) {
  return std::ranges::any_of(interface.addresses, [&](const std::string& text) {
    return Ipv6Prefix::Parse(text)->address == address;
  });
}

// Whether a packet for `address` would leave by this interface without a router.
bool IsOnLink(const InterfaceConfig& interface, const Ipv6Address& address) {
  const auto covers = [&](const std::string& text) {
    return Ipv6Prefix::Parse(text)->Contains(address);
  };
  const auto routed = [&](const std::string& text) {
    const auto route = ConfigRoute::Parse(text);
    return route && route->gateway.is_unspecified() && route->prefix.Contains(address);
  };
  return address.is_link_local() || std::ranges::any_of(interface.addresses, covers) ||
         std::ranges::any_of(interface.routes, routed);
}

// REQUIRES: the addresses are well.
std::string CheckGateway(const InterfaceConfig& interface, const Ipv6Address& gateway) {
  const std::string reason = JudgeUnicast(gateway);
  if (!reason.empty()) return reason;
  const std::string text = gateway.ToString();
  if (IsOurs(interface, gateway)) return text + " is an address of this interface itself";
  if (IsOnLink(interface, gateway)) return {};
  return text + " is not on this link: no address here has its prefix, and no route says on-link";
}

std::string CheckDefaultGateway(const InterfaceConfig& interface) {
  if (interface.gateway.empty()) return {};
  const auto gateway = Ipv6Address::Parse(interface.gateway);
  if (!gateway) return interface.gateway + " is not an IPv6 address";
  return CheckGateway(interface, *gateway);
}

std::string CheckRoute(const InterfaceConfig& interface, const std::string& text) {
  const auto route = ConfigRoute::Parse(text);
  if (!route) return text + " is neither PREFIX via ADDRESS nor PREFIX on-link";
  const Ipv6Prefix& prefix = route->prefix;
  if (prefix.address.is_multicast()) return text + ": groups need no route";
  if (prefix.Masked() != prefix) {
    return text + " has bits behind its prefix length; meant is " + prefix.Masked().ToString();
  }
  if (route->gateway.is_unspecified()) return {};
  const std::string reason = CheckGateway(interface, route->gateway);
  return reason.empty() ? reason : text + ": " + reason;
}

std::string CheckRoutes(const InterfaceConfig& interface) {
  if (interface.routes.size() >= kMaxRoutes) return "too many routes";
  for (const std::string& text : interface.routes) {
    const std::string reason = CheckRoute(interface, text);
    if (!reason.empty()) return reason;
    if (std::ranges::count(interface.routes, text) > 1) return text + " is given twice";
  }
  return {};
}

std::string CheckPeer(const InterfaceConfig& interface) {
  if (interface.peer.empty()) return {};
  if (!interface.device.starts_with(kTap)) {
    return "the device " + interface.device + " is no tap and has no kernel side with an address";
  }
  const std::string reason = CheckAddress(interface.peer);
  if (!reason.empty()) return reason;
  const Ipv6Address address = Ipv6Prefix::Parse(interface.peer)->address;
  return IsOurs(interface, address) ? address.ToString() + " is an address of Sextant's own side"
                                    : std::string();
}

std::string CheckDad(const InterfaceConfig& interface) {
  if (interface.dad >= 0 && interface.dad <= 16) return {};
  return std::to_string(interface.dad) + " is not between 0 and 16";
}

std::string CheckMtu(const InterfaceConfig& interface) {
  if (interface.mtu >= kMinMtu && interface.mtu <= UINT16_MAX) return {};
  return std::to_string(interface.mtu) + " is not between 1280 and 65535";
}

struct KeyCheck {
  std::string_view key;
  std::string (*check)(const InterfaceConfig&);
};

// In this order: the later ones rely on the earlier ones.
constexpr KeyCheck kChecks[] = {
    {"name", [](const InterfaceConfig& interface) { return CheckName(interface.name); }},
    {"device", [](const InterfaceConfig& interface) { return CheckDevice(interface.device); }},
    {"addresses", CheckAddresses},
    {"gateway", CheckDefaultGateway},
    {"routes", CheckRoutes},
    {"peer", CheckPeer},
    {"dad", CheckDad},
    {"mtu", CheckMtu},
};

// Of each pair the first must not be above the second.
constexpr std::pair<std::string_view, std::string_view> kOrdered[] = {
    {"nd_incomplete_entries", "nd_cache_entries"},
    {"udp_receive_buffer", "udp_receive_buffer_max"},
    {"udp_send_buffer", "udp_send_buffer_max"},
    {"ephemeral_first", "ephemeral_last"},
};

}  // namespace

std::optional<ConfigRoute> ConfigRoute::Parse(std::string_view text) {
  constexpr std::string_view kVia = "via ";
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) return {};
  const auto prefix = Ipv6Prefix::Parse(text.substr(0, space));
  if (!prefix) return {};
  const std::string_view rest = text.substr(text.find_first_not_of(' ', space));
  if (rest == "on-link") return ConfigRoute{*prefix, {}};
  if (!rest.starts_with(kVia)) return {};
  const size_t begin = rest.find_first_not_of(' ', kVia.size());
  if (begin == std::string_view::npos) return {};
  const auto gateway = Ipv6Address::Parse(rest.substr(begin));
  if (!gateway || gateway->is_unspecified()) return {};
  return ConfigRoute{*prefix, *gateway};
}

std::string CheckInterface(const InterfaceConfig& interface) {
  for (const KeyCheck& row : kChecks) {
    const std::string reason = row.check(interface);
    if (!reason.empty()) return std::string(row.key) + ": " + reason;
  }
  return {};
}

std::string FindContradiction(const Tunables& tunables) {
  for (const auto& [low, high] : kOrdered) {
    const int64_t first = tunables.*FindTunable(low)->field;
    const int64_t second = tunables.*FindTunable(high)->field;
    if (first <= second) continue;
    return std::string(low) + ": " + std::to_string(first) + " is above " + std::string(high) +
           ", which is " + std::to_string(second);
  }
  return {};
}

}  // namespace sextant
