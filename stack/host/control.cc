// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "sextant/control.h"

#include <algorithm>
#include <charconv>

#include "host/config_interface.h"
#include "host/config_keys.h"
#include "host/graph.h"
#include "host/report.h"

namespace sextant {
namespace {

// LIMIT: lines of a list that a person is shown; telemetry has windows into all of it.
constexpr report::Window kShown = {0, 1'000};

std::string Cut(const report::Listing& listing) {
  std::string text = report::Table(listing.records);
  const size_t hidden = listing.total - listing.records.size();
  if (hidden != 0) text += "... and " + std::to_string(hidden) + " more\n";
  return text;
}

std::string Titled(const char* title, report::Record record) {
  record.insert(record.begin(), {"title", std::string(title)});
  return report::Paragraphs({record});
}

std::string ShowDrops(Graph& graph) {
  const report::Records records = report::Drops(graph, false);
  return records.empty() ? "no packet was dropped\n" : report::Table(records);
}

struct Topic {
  std::string_view name;
  std::string (*show)(Graph& graph);
};

constexpr Topic kTopics[] = {
    {"interfaces", [](Graph& graph) { return report::Paragraphs(report::Interfaces(graph)); }},
    {"neighbors", [](Graph& graph) { return Cut(report::Neighbors(graph, kShown)); }},
    {"routes", [](Graph& graph) { return Cut(report::Routes(graph, kShown)); }},
    {"groups", [](Graph& graph) { return Cut(report::Groups(graph, kShown)); }},
    {"path-mtu", [](Graph& graph) { return Cut(report::PathMtus(graph, kShown)); }},
    {"sockets", [](Graph& graph) { return Cut(report::Sockets(graph, kShown)); }},
    {"drops", ShowDrops},
    {"stats", [](Graph& graph) { return Titled("packets", report::Stats(graph)); }},
    {"pool", [](Graph& graph) { return Titled("packet pool", report::Pool(graph)); }},
    {"tunables", [](Graph& graph) { return report::Table(report::Tunables(graph)); }},
};

}  // namespace

std::vector<std::string_view> ShowTopics() {
  std::vector<std::string_view> names;
  for (const Topic& topic : kTopics) names.push_back(topic.name);
  return names;
}

std::string Show(Host& host, std::string_view topic) {
  const auto found = std::ranges::find(kTopics, topic, &Topic::name);
  return found == std::end(kTopics) ? std::string() : found->show(host.graph());
}

HostStatistics Statistics(Host& host) {
  const Counters& counters = host.graph().core().counters();
  return {counters.received,
          counters.delivered,
          counters.held(),
          counters.refused,
          Counters::Total(counters.dropped),
          counters.sent};
}

std::vector<std::string_view> TunableNames() {
  std::vector<std::string_view> names;
  for (const TunableRow& row : TunableRows()) names.push_back(row.name);
  return names;
}

bool SetTunable(Host& host, std::string_view name, std::string_view value, std::string& error) {
  Config setting;  // the rules are those of the configuration file
  error = SetTunableKey(setting, name, std::string(value));
  if (error.starts_with("unknown key")) {
    error = "there is no tunable " + std::string(name) + DidYouMean(name, TunableNames());
    return false;
  }
  if (!error.empty()) {
    error = std::string(name) + ": " + error;
    return false;
  }
  Tunables changed = host.graph().core().tunables();
  changed.*FindTunable(name)->field = setting.tunables.front().second;
  error = FindContradiction(changed);
  if (!error.empty()) return false;
  host.graph().core().tunables() = changed;
  return true;
}

std::vector<std::string> UsableAddresses(Host& host) {
  std::vector<std::string> texts;
  for (const auto& interface : host.graph().interfaces().all()) {
    if (interface->is_loopback()) continue;
    for (const iface::InterfaceAddress& address : interface->addresses()) {
      if (address.is_usable()) {
        texts.push_back(interface->name() + ' ' + address.address.ToString());
      }
    }
  }
  return texts;
}

uint32_t InterfaceIndex(Host& host, std::string_view name) {
  const iface::Interface* const found = host.graph().interfaces().Find(name);
  return found == nullptr ? 0 : found->index();
}

}  // namespace sextant
