// SPDX-License-Identifier: BSD-3-Clause
// Report on interfaces: state, addresses, what the link does for us, counters.
// Owned by one Core.
#include <algorithm>

#include "host/graph.h"
#include "host/report.h"

namespace sextant::report {
namespace {

std::string State(const iface::Interface& interface) {
  if (interface.is_disabled()) return "disabled: its hardware address is a duplicate";
  return interface.is_up() ? "up" : "down";
}

std::vector<std::string> Addresses(const iface::Interface& interface) {
  std::vector<std::string> texts;
  for (const iface::InterfaceAddress& address : interface.addresses()) {
    texts.push_back(address.address.ToString() + '/' + std::to_string(address.prefix_length) + ' ' +
                    std::string(iface::Name(address.state)));
  }
  return texts;
}

// More would drown the rest.
constexpr size_t kMaxGroups = 32;

std::vector<std::string> Groups(const iface::Interface& interface) {
  std::vector<std::string> texts;
  for (const auto& [group, members] : interface.groups()) texts.push_back(group.ToString());
  std::ranges::sort(texts);
  if (interface.all_groups() != 0) texts.insert(texts.begin(), "all");
  if (texts.size() <= kMaxGroups) return texts;
  const size_t more = texts.size() - kMaxGroups;
  texts.resize(kMaxGroups);
  texts.push_back("and " + std::to_string(more) + " more; `show groups` has them all");
  return texts;
}

std::vector<std::string> Capabilities(const LinkCapabilities& capabilities) {
  std::vector<std::string> texts;
  if (capabilities.receive_checksum) texts.push_back("checks checksums");
  if (capabilities.transmit_checksum) texts.push_back("finishes checksums");
  if (capabilities.group_filter) texts.push_back("filters groups");
  if (texts.empty()) texts.push_back("nothing; all is done in software");
  return texts;
}

std::string Idle(const Link& link) {
  if (link.wait_descriptor() < 0) return "sleeps 1 to 4 ms when idle (no wake-up descriptor)";
  return "woken by the device";
}

void AddLink(iface::Interface& interface, Record& record) {
  Link& link = interface.link();
  link.RefreshStatistics();
  const LinkStatistics& s = link.statistics();
  record.insert(record.end(), {{"link", link.description()},
                               {"link_address", link.mac_address().ToString()},
                               {"offload", Capabilities(link.capabilities())},
                               {"idle", Idle(link)},
                               {"rx_packets", s.rx_packets},
                               {"rx_bytes", s.rx_bytes},
                               {"rx_no_buffer", s.rx_no_buffer},
                               {"rx_errors", s.rx_errors},
                               {"tx_packets", s.tx_packets},
                               {"tx_bytes", s.tx_bytes},
                               {"tx_dropped", s.tx_dropped},
                               {"all_multicast_fallbacks", interface.filter_overflows()}});
}

Record One(iface::Interface& interface) {
  Record record = {{"name", interface.name()},          {"index", uint64_t{interface.index()}},
                   {"state", State(interface)},         {"mtu", uint64_t{interface.mtu()}},
                   {"addresses", Addresses(interface)}, {"groups", Groups(interface)}};
  if (interface.is_loopback()) {
    record.push_back({"link", std::string("none: packets return to this host")});
  } else {
    AddLink(interface, record);
  }
  return record;
}

}  // namespace

Records Interfaces(Graph& graph) {
  Records records;
  for (const auto& interface : graph.interfaces().all()) records.push_back(One(*interface));
  return records;
}

}  // namespace sextant::report
