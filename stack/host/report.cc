// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/report.h"

#include <algorithm>

#include "host/graph.h"

namespace sextant::report {
namespace {

// A time since then, as short as it is exact enough.
std::string Ago(Duration age) {
  const int64_t ms = age.milliseconds();
  if (ms < 10'000) {
    return std::to_string(ms / 1'000) + '.' + std::to_string(ms % 1'000 / 100) + " s";
  }
  return std::to_string(ms / 1'000) + " s";
}

std::string NameOf(Graph& graph, uint32_t index) {
  const iface::Interface* const interface = graph.interfaces().at(index);
  return interface == nullptr ? "-" : interface->name();
}

// RFC 5952 §6: an address with a port stands in brackets.
std::string Text(const udp::Endpoint& endpoint) {
  std::string text = "[";
  return text.append(endpoint.address.ToString()).append("]:") + std::to_string(endpoint.port);
}

// The part of a list that is wanted; the list is sorted so that one can read it.
template <typename T, typename F>
Listing Cut(std::vector<T>& all, const Window& window, F&& record) {
  Listing listing;
  listing.total = all.size();
  const size_t first = std::min(window.first, all.size());
  const size_t count = std::min(window.count, all.size() - first);
  const auto end = all.begin() + static_cast<ptrdiff_t>(first + count);
  std::ranges::partial_sort(all, end, {}, &T::order);
  for (size_t i = first; i < first + count; ++i) listing.records.push_back(record(all[i]));
  return listing;
}

Record DropRecord(const Counters& counters, const DropReasonRow& row) {
  const auto at = static_cast<size_t>(row.reason);
  return {{"reason", std::string(row.name)},     {"received", counters.dropped[at]},
          {"refused", counters.refused_for[at]}, {"made", counters.made_dropped[at]},
          {"section", std::string(row.section)}, {"text", std::string(row.text)}};
}

}  // namespace

Listing Neighbors(Graph& graph, const Window& window) {
  struct Entry {
    std::pair<uint16_t, Ipv6Address> order;
    nd::NeighborInfo info;
  };
  std::vector<Entry> all;
  graph.neighbors().ForEachNeighbor([&](const nd::NeighborInfo& info) {
    all.push_back({{info.interface, info.address}, info});
  });
  return Cut(all, window, [&](const Entry& entry) -> Record {
    const nd::NeighborInfo& info = entry.info;
    const bool known = info.state != nd::NeighborState::kIncomplete;
    return {{"address", info.address.ToString()},
            {"interface", NameOf(graph, info.interface)},
            {"link_address", known ? info.link_address.ToString() : "-"},
            {"state", std::string(nd::Name(info.state))},
            {"role", std::string(info.is_router ? "router" : "host")},
            {"for", Ago(info.age)}};
  });
}

Listing Routes(Graph& graph, const Window& window) {
  struct Entry {
    std::pair<int, size_t> order;  // the longest prefix first, as the table decides
    route::Route route;
  };
  std::vector<Entry> all;
  for (const route::Route& route : graph.routes().routes()) {
    all.push_back({{-route.prefix.length, all.size()}, route});
  }
  return Cut(all, window, [&](const Entry& entry) -> Record {
    const route::Route& route = entry.route;
    const bool on_link = route.gateway.is_unspecified();
    return {{"prefix", route.prefix.ToString()},
            {"next_hop", on_link ? "on-link" : "via " + route.gateway.ToString()},
            {"interface", NameOf(graph, route.interface)}};
  });
}

Listing PathMtus(Graph& graph, const Window& window) {
  struct Entry {
    std::pair<Ipv6Address, uint32_t> order;
    const route::PathMtu* entry;
  };
  std::vector<Entry> all;
  graph.routes().path_mtus().ForEach([&](const route::PathMtu& entry) {
    all.push_back({{entry.destination, entry.zone}, &entry});
  });
  const Core& core = graph.core();
  const Duration age = Duration::Milliseconds(core.tunables().path_mtu_expiry_ms);
  return Cut(all, window, [&](const Entry& row) -> Record {
    const route::PathMtu& entry = *row.entry;
    const Duration left = std::max(Duration(), entry.learnt + age - core.now());
    return {{"destination", entry.destination.ToString()},
            {"interface", entry.zone == 0 ? "any" : NameOf(graph, entry.zone)},
            {"mtu", uint64_t{entry.mtu}},
            {"expires_in", Ago(left)}};
  });
}

Listing Sockets(Graph& graph, const Window& window) {
  struct Entry {
    std::tuple<uint16_t, Ipv6Address, Ipv6Address, uint16_t> order;
    const udp::Socket* socket;
  };
  std::vector<Entry> all;
  graph.udp().ForEach([&](const udp::Socket& s) {
    all.push_back({{s.local().port, s.local().address, s.remote().address, s.remote().port}, &s});
  });
  return Cut(all, window, [&](const Entry& entry) -> Record {
    const udp::Socket& s = *entry.socket;
    return {{"protocol", std::string("udp")},
            {"local", Text(s.local())},
            {"remote", s.is_connected() ? Text(s.remote()) : "any"},
            {"interface", s.interface() == 0 ? "any" : NameOf(graph, s.interface())},
            {"queued", uint64_t{s.queued()}},
            {"bytes", uint64_t{s.queued_bytes()}},
            {"received", s.received()},
            {"dropped", s.dropped_full()}};
  });
}

Records Drops(Graph& graph, bool all) {
  const Counters& counters = graph.core().counters();
  Records records;
  for (const DropReasonRow& row : kDropReasons) {
    const auto at = static_cast<size_t>(row.reason);
    const uint64_t total =
        counters.dropped[at] + counters.refused_for[at] + counters.made_dropped[at];
    if (row.reason == DropReason::kNone || (!all && total == 0)) continue;
    records.push_back(DropRecord(counters, row));
  }
  return records;
}

Records Tunables(Graph& graph) {
  Records records;
  for (const TunableRow& row : TunableRows()) {
    const int64_t value = graph.core().tunables().*row.field;
    records.push_back({{"name", std::string(row.name)},
                       {"value", static_cast<uint64_t>(value)},
                       {"default", static_cast<uint64_t>(row.initial)},
                       {"low", static_cast<uint64_t>(row.low)},
                       {"high", static_cast<uint64_t>(row.high)},
                       {"why", std::string(row.why)}});
  }
  return records;
}

Record Stats(Graph& graph) {
  const Counters& counters = graph.core().counters();
  const icmp6::ErrorStatistics& errors = graph.errors().statistics();
  return {{"received", counters.received},
          {"delivered", counters.delivered},
          {"held", counters.held()},
          {"refused", counters.refused},
          {"dropped", Counters::Total(counters.dropped)},
          {"sent", counters.sent},
          {"made_and_dropped", Counters::Total(counters.made_dropped)},
          {"icmp6_errors_sent", errors.sent},
          {"icmp6_errors_not_allowed", errors.not_allowed},
          {"icmp6_errors_limited", errors.limited},
          {"icmp6_errors_without_route", errors.no_route},
          {"neighbors", uint64_t{graph.neighbors().neighbor_count()}},
          {"sockets", uint64_t{graph.udp().size()}},
          {"pool_packets", uint64_t{graph.core().pool().capacity()}},
          {"pool_free", uint64_t{graph.core().pool().available()}}};
}

Record Pool(Graph& graph) {
  const uint64_t packets = graph.core().pool().capacity();
  const uint64_t free = graph.core().pool().available();
  return {{"packets", packets},
          {"free", free},
          {"in_use", packets - free},
          {"no_buffer",
           graph.core().counters().made_dropped[static_cast<size_t>(DropReason::kNoBuffer)]}};
}

}  // namespace sextant::report
