// SPDX-License-Identifier: BSD-3-Clause
// Host::Create: from a Config to a running host. All parts or none.
// Owned by one Core.
#include <optional>

#include "core/tsc_clock.h"
#include "drivers/make_link.h"
#include "host/config_route.h"
#include "host/graph.h"
#include "host/parts.h"
#include "host/poll_waiter.h"
#include "host/telemetry.h"
#include "sextant/host.h"

namespace sextant {
namespace {

// Names of pools and rings are process-wide in DPDK; a process may hold several hosts.
std::string UniqueName(const char* kind, const void* owner) {
  char name[32];
  std::snprintf(name, sizeof name, "sx_%s_%zx", kind, reinterpret_cast<uintptr_t>(owner));
  return name;
}

std::unique_ptr<HostParts> MakeParts(const Config& config, std::string& error) {
  auto parts = std::make_unique<HostParts>();
  parts->clock = std::make_unique<TscClock>();
  parts->rng = std::make_unique<SystemRng>();
  parts->pool = PacketPool::Create(UniqueName("pool", parts.get()), config.packets);
  parts->mailbox = Mailbox::Create(UniqueName("mail", parts.get()));
  parts->profile = config.profile;
  parts->idle = config.idle;
  parts->credentials = config.credentials;
  if (parts->pool && parts->mailbox) return parts;
  error = "[stack] packets: not enough memory for " + std::to_string(config.packets) +
          " packet buffers (give the EAL more with -m)";
  return nullptr;
}

// Adds what one [interface] section asks for; says which key cannot be.
class InterfaceSetup {
 public:
  InterfaceSetup(Graph& graph, PacketPool& pool, const InterfaceConfig& config)
      : graph_(graph), pool_(pool), config_(config) {}

  bool Run(std::string& error) {
    const bool done = AddLink() && AddAddresses() && AddRoutes();
    if (!done) error = "[interface " + config_.name + "] " + error_;
    return done;
  }

 private:
  bool Fail(const std::string& key, const std::string& reason) {
    error_ = key + ": " + reason;
    return false;
  }

  bool AddLink() {
    LinkSpec spec;
    spec.device = config_.device;
    spec.mtu = config_.mtu;
    if (!config_.peer.empty()) {
      spec.peer = Ipv6Prefix::Parse(config_.peer);
      if (!spec.peer) return Fail("peer", config_.peer + " is not an address with a prefix length");
    }
    auto link = MakeLink(spec, pool_);
    if (!link.ok()) return Fail("device", std::string(link.status().message()));
    interface_ = graph_.AddInterface(config_.name, *std::move(link));
    if (interface_ == nullptr) return Fail("name", "taken, or too many interfaces");
    return interface_->SetMtu(config_.mtu) ||
           Fail("mtu", "the device does not carry " + std::to_string(config_.mtu) + " bytes");
  }

  bool AddAddresses() {
    if (graph_.AddLinkLocal(*interface_, config_.dad) != Errno::kOk) {
      return Fail("addresses", "no room for the link-local address");
    }
    for (const std::string& text : config_.addresses) {
      const auto prefix = Ipv6Prefix::Parse(text);
      if (!prefix) return Fail("addresses", text + " is not an address with a prefix length");
      if (graph_.AddAddress(*interface_, *prefix, config_.dad) != Errno::kOk) {
        return Fail("addresses", text + ": given twice, or too many addresses");
      }
    }
    return true;
  }

  bool AddRoutes() {
    if (!config_.gateway.empty()) {
      const auto gateway = Ipv6Address::Parse(config_.gateway);
      if (!gateway) return Fail("gateway", config_.gateway + " is not an address");
      if (!AddRoute({{}, interface_->index(), *gateway})) return Fail("gateway", "cannot be used");
    }
    for (const std::string& text : config_.routes) {
      const auto route = ConfigRoute::Parse(text);  // CheckConfig() has done so, too
      if (!route || !AddRoute({route->prefix, interface_->index(), route->gateway})) {
        return Fail("routes", text + " cannot be used");
      }
    }
    return true;
  }

  bool AddRoute(const route::Route& route) { return graph_.routes().Add(route) == Errno::kOk; }

  Graph& graph_;
  PacketPool& pool_;
  const InterfaceConfig& config_;
  iface::Interface* interface_ = nullptr;
  std::string error_;
};

bool SetTunables(Graph& graph, const Config& config, std::string& error) {
  for (const auto& [name, value] : config.tunables) {
    const TunableRow* const row = FindTunable(name);
    if (row == nullptr || value < row->low || value > row->high) {
      error = "[tunables] " + name + (row == nullptr ? ": no such tunable" : ": out of range");
      return false;
    }
    graph.core().tunables().*row->field = value;
  }
  return true;
}

}  // namespace

std::unique_ptr<Host> Host::Create(const Config& config, std::string& error) {
  error = CheckConfig(config);
  if (!error.empty()) return nullptr;
  std::unique_ptr<HostParts> parts = MakeParts(config, error);
  if (!parts) return nullptr;
  auto host = std::make_unique<Host>(std::move(parts));
  Graph& graph = host->graph();
  if (!SetTunables(graph, config, error)) return nullptr;
  auto waiter = std::make_unique<PollWaiter>(*host->parts().clock);
  waiter->AddDescriptor(host->parts().mailbox->descriptor());
  for (const InterfaceConfig& interface : config.interfaces) {
    if (!InterfaceSetup(graph, *host->parts().pool, interface).Run(error)) return nullptr;
    waiter->AddLink(graph.interfaces().Find(interface.name)->link());
  }
  host->parts().waiter = std::move(waiter);
  host->telemetry_ = std::make_unique<Telemetry>(graph, *host->parts().mailbox);
  return host;
}

}  // namespace sextant
