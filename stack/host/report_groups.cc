// SPDX-License-Identifier: BSD-3-Clause
// Report on groups: what this host listens to, and how routers know of it.
// Owned by one Core.
#include <algorithm>

#include "host/graph.h"
#include "host/report.h"

namespace sextant::report {
namespace {

// More sources than a line can hold are only counted.
constexpr size_t kMaxSources = 16;

struct Entry {
  uint16_t interface = 0;
  Ipv6Address group;
  const iface::GroupMembers* members = nullptr;
  bool operator<(const Entry& other) const {
    return std::pair(interface, group) < std::pair(other.interface, other.group);
  }
};

std::string Text(wire::MldVersion version) {
  switch (version) {
    case wire::MldVersion::kV1:
      return "MLDv1";
    case wire::MldVersion::kV2:
      return "MLDv2";
    case wire::MldVersion::kNone:
      break;
  }
  return "-";
}

std::vector<std::string> Sources(const iface::GroupFilter& filter) {
  std::vector<std::string> texts;
  const size_t count = std::min(filter.sources.size(), kMaxSources);
  for (size_t i = 0; i < count; ++i) texts.push_back(filter.sources[i].ToString());
  const size_t hidden = filter.sources.size() - count;
  if (hidden != 0) texts.push_back("and " + std::to_string(hidden) + " more");
  return texts;
}

Record One(Graph& graph, const Entry& entry) {
  const mld::LinkState* const link = graph.listener().link(entry.interface);
  const iface::GroupFilter filter = entry.members->Merged();
  return {{"group", entry.group.ToString()},
          {"interface", graph.interfaces().at(entry.interface)->name()},
          {"mode", std::string(Name(filter.mode))},
          {"members", uint64_t{entry.members->members()}},
          {"reported", link == nullptr ? "-" : Text(link->reported(entry.group))},
          {"sources", Sources(filter)}};
}

}  // namespace

Listing Groups(Graph& graph, const Window& window) {
  std::vector<Entry> all;
  for (const auto& interface : graph.interfaces().all()) {
    for (const auto& [group, members] : interface->groups()) {
      all.push_back({interface->index(), group, &members});
    }
  }
  Listing listing;
  listing.total = all.size();
  const size_t first = std::min(window.first, all.size());
  const size_t end = first + std::min(window.count, all.size() - first);
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(end), all.end());
  for (size_t i = first; i < end; ++i) listing.records.push_back(One(graph, all[i]));
  return listing;
}

}  // namespace sextant::report
