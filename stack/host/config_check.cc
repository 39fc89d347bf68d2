// SPDX-License-Identifier: BSD-3-Clause
// CheckConfig: everything about a configuration that can be judged before any
// device is touched.
// Any thread.
#include <algorithm>

#include "base/limits.h"
#include "core/tunables.h"
#include "host/config_interface.h"
#include "host/config_route.h"
#include "sextant/config.h"

namespace sextant {
namespace {

constexpr size_t kMinPackets = 255;
constexpr size_t kMaxPackets = 16'777'215;

std::string CheckTunable(const std::pair<std::string, int64_t>& setting) {
  const TunableRow* const row = FindTunable(setting.first);
  if (row == nullptr) return "there is no tunable of that name";
  if (setting.second >= row->low && setting.second <= row->high) return {};
  return std::to_string(setting.second) + " is not between " + std::to_string(row->low) + " and " +
         std::to_string(row->high);
}

std::string CheckTunables(const Config& config) {
  Tunables tunables = Tunables::Defaults();
  for (const auto& setting : config.tunables) {
    const std::string reason = CheckTunable(setting);
    if (!reason.empty()) return "[tunables] " + setting.first + ": " + reason;
    tunables.*FindTunable(setting.first)->field = setting.second;
  }
  const std::string contradiction = FindContradiction(tunables);
  return contradiction.empty() ? contradiction : "[tunables] " + contradiction;
}

std::string CheckEngine(const EngineConfig& engine) {
  if (engine.type.empty()) return "type: missing; there are udp-echo and udp-sink";
  if (engine.type != "udp-echo" && engine.type != "udp-sink") {
    return "type: " + engine.type + " is unknown; there are udp-echo and udp-sink";
  }
  if (engine.port == 0) return "port: missing; a number from 1 to 65535";
  return {};
}

std::string CheckEngines(const Config& config) {
  for (const EngineConfig& engine : config.engines) {
    const std::string where = "[engine " + engine.name + "] ";
    const std::string reason = CheckEngine(engine);
    if (!reason.empty()) return where + reason;
    const auto first = std::ranges::find(config.engines, engine.port, &EngineConfig::port);
    if (&*first != &engine) {
      return where + "port: " + std::to_string(engine.port) + " belongs to [engine " + first->name +
             "] already";
    }
  }
  return {};
}

// What a device is called: a DPDK device's arguments are not part of its name.
std::string_view DeviceName(const InterfaceConfig& interface) {
  return std::string_view(interface.device).substr(0, interface.device.find(','));
}

// What two interfaces must not share.
std::string CheckPair(const InterfaceConfig& interface, const InterfaceConfig& earlier) {
  if (interface.name == earlier.name) return "name: given to two interfaces";
  if (DeviceName(interface) == DeviceName(earlier)) {
    return "device: " + std::string(DeviceName(interface)) + " belongs to [interface " +
           earlier.name + "] already";
  }
  for (const std::string& text : interface.addresses) {
    const Ipv6Address address = Ipv6Prefix::Parse(text)->address;
    for (const std::string& other : earlier.addresses) {
      // A link-local address may be used once on every link.
      if (address.is_link_local() || Ipv6Prefix::Parse(other)->address != address) continue;
      return "addresses: " + address.ToString() + " belongs to [interface " + earlier.name +
             "] already";
    }
  }
  return {};
}

std::string CheckInterfaces(const Config& config) {
  // The loopback interface is one of them.
  if (config.interfaces.size() >= kMaxInterfaces) {
    return "[interface " + config.interfaces.back().name + "] name: more than " +
           std::to_string(kMaxInterfaces - 1) + " interfaces";
  }
  for (size_t i = 0; i < config.interfaces.size(); ++i) {
    const InterfaceConfig& interface = config.interfaces[i];
    std::string reason = CheckInterface(interface);
    for (size_t j = 0; j < i && reason.empty(); ++j) {
      reason = CheckPair(interface, config.interfaces[j]);
    }
    if (!reason.empty()) return "[interface " + interface.name + "] " + reason;
  }
  return {};
}

}  // namespace

std::string CheckConfig(const Config& config) {
  if (config.packets < kMinPackets || config.packets > kMaxPackets) {
    return "[stack] packets: " + std::to_string(config.packets) + " is not between " +
           std::to_string(kMinPackets) + " and " + std::to_string(kMaxPackets);
  }
  std::string reason = CheckInterfaces(config);
  if (reason.empty()) reason = CheckEngines(config);
  if (reason.empty()) reason = CheckTunables(config);
  return reason;
}

}  // namespace sextant
