// SPDX-License-Identifier: BSD-3-Clause
// Tunables: every number that a user may want to move, one row each: name,
// range, default, why. Set in the configuration file ([tunables]), by the `set`
// command, and read by telemetry.
// Owned by one Core.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sextant {

struct Tunables {
  int64_t hop_limit = 0;
  int64_t multicast_hop_limit = 0;
  int64_t nd_cache_entries = 0;
  int64_t nd_incomplete_entries = 0;
  int64_t nd_queue_packets = 0;
  int64_t nd_new_per_second = 0;
  int64_t nd_reachable_ms = 0;
  int64_t nd_retrans_ms = 0;
  int64_t nd_delay_first_probe_ms = 0;
  int64_t nd_multicast_solicits = 0;
  int64_t nd_unicast_solicits = 0;
  int64_t dad_delay_ms = 0;
  int64_t mld_robustness = 0;
  int64_t mld_unsolicited_interval_ms = 0;
  int64_t mld_v1_unsolicited_interval_ms = 0;
  int64_t mld_query_interval_s = 0;
  int64_t mld_v1_fallback = 0;
  int64_t mld_max_groups = 0;
  int64_t mld_max_sources = 0;
  int64_t mld_max_socket_groups = 0;
  int64_t mld_max_msf = 0;
  int64_t icmp6_error_rate = 0;
  int64_t icmp6_error_burst = 0;
  int64_t icmp6_error_rate_total = 0;
  int64_t icmp6_echo_reply_rate = 0;
  int64_t icmp6_echo_multicast = 0;
  int64_t ip6_accept_link_multicast = 0;
  int64_t ip6_max_headers = 0;
  int64_t ip6_max_headers_of_a_kind = 0;
  int64_t ip6_max_options = 0;
  int64_t ip6_max_pad = 0;
  int64_t reassembly_bytes = 0;
  int64_t reassembly_prefix_share = 0;
  int64_t reassembly_timeout_ms = 0;
  int64_t reassembly_max_fragments = 0;
  int64_t reassembly_tombstones = 0;
  int64_t path_mtu_entries = 0;
  int64_t path_mtu_expiry_ms = 0;
  int64_t flowlabel_consistency = 0;
  int64_t auto_flowlabels = 0;
  int64_t flowlabel_state_ranges = 0;
  int64_t flowlabel_reflect = 0;
  int64_t flowlabel_entries = 0;
  int64_t flowlabel_user_max = 0;
  int64_t flowlabel_require_lease = 0;
  int64_t flowlabel_check_destination = 0;
  int64_t udp_receive_buffer = 0;
  int64_t udp_receive_buffer_max = 0;
  int64_t udp_send_buffer = 0;
  int64_t udp_send_buffer_max = 0;
  int64_t ephemeral_first = 0;
  int64_t ephemeral_last = 0;
  int64_t sockets_max = 0;
  int64_t idle_spin_us = 0;

  // Every field at its default.
  static Tunables Defaults();
};

struct TunableRow {
  std::string_view name;
  int64_t Tunables::*field;
  int64_t low;
  int64_t high;
  int64_t initial;
  std::string_view why;
};

std::span<const TunableRow> TunableRows();
// Null when there is no tunable of that name.
const TunableRow* FindTunable(std::string_view name);

}  // namespace sextant
