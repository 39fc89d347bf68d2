// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "core/tunables.h"

#include <algorithm>

namespace sextant {
namespace {

constexpr int64_t kDay = 86'400'000;  // in milliseconds

// clang-format off
constexpr auto kRows = std::to_array<TunableRow>({
    {"hop_limit",                   &Tunables::hop_limit,                   1, 255, 64,
     "hop limit of unicast packets where no router said otherwise (RFC 4861 §6.3.2)"},
    {"multicast_hop_limit",         &Tunables::multicast_hop_limit,         0, 255, 1,
     "hop limit of multicast packets (RFC 3493 §5.2)"},
    {"nd_cache_entries",            &Tunables::nd_cache_entries,            16, 1 << 20, 1024,
     "neighbors remembered at most; the least recently used one that is not reachable goes first (RFC 6583 §4)"},
    {"nd_incomplete_entries",       &Tunables::nd_incomplete_entries,       4, 1 << 20, 256,
     "neighbors being resolved at once, so that a scan cannot push out known ones (RFC 6583 §4)"},
    {"nd_queue_packets",            &Tunables::nd_queue_packets,            1, 64, 4,
     "packets that wait for one neighbor's address (RFC 4861 §7.2.2)"},
    {"nd_new_per_second",           &Tunables::nd_new_per_second,           1, 1 << 20, 64,
     "resolutions that one /64 prefix of senders may start per second (RFC 6583 §4)"},
    {"nd_reachable_ms",             &Tunables::nd_reachable_ms,             100, kDay, 30'000,
     "REACHABLE_TIME; the time in use is drawn between half and one and a half of it (RFC 4861 §10)"},
    {"nd_retrans_ms",               &Tunables::nd_retrans_ms,               10, 60'000, 1'000,
     "RETRANS_TIMER, between two solicitations (RFC 4861 §10)"},
    {"nd_delay_first_probe_ms",     &Tunables::nd_delay_first_probe_ms,     10, 60'000, 5'000,
     "DELAY_FIRST_PROBE_TIME (RFC 4861 §10)"},
    {"nd_multicast_solicits",       &Tunables::nd_multicast_solicits,       1, 16, 3,
     "MAX_MULTICAST_SOLICIT (RFC 4861 §10)"},
    {"nd_unicast_solicits",         &Tunables::nd_unicast_solicits,         1, 16, 3,
     "MAX_UNICAST_SOLICIT (RFC 4861 §10)"},
    {"dad_delay_ms",                &Tunables::dad_delay_ms,                0, 10'000, 1'000,
     "the longest random wait before the first duplicate address probe (RFC 4862 §5.4.2)"},
    {"mld_robustness",              &Tunables::mld_robustness,              1, 7, 2,
     "how often a change of membership is reported (RFC 3810 §9.1)"},
    {"mld_unsolicited_interval_ms", &Tunables::mld_unsolicited_interval_ms, 10, 60'000, 1'000,
     "longest time between these reports (RFC 3810 §9.11)"},
    {"mld_v1_unsolicited_interval_ms", &Tunables::mld_v1_unsolicited_interval_ms, 10, 60'000, 10'000,
     "the same while a querier speaks MLDv1 (RFC 2710 §7.10)"},
    {"mld_query_interval_s",        &Tunables::mld_query_interval_s,        1, 31'744, 125,
     "time between general queries until a querier has told its own (RFC 3810 §9.2)"},
    {"mld_v1_fallback",             &Tunables::mld_v1_fallback,             0, 1, 1,
     "speak MLDv1 while a querier does (RFC 3810 §8.2.1)"},
    {"mld_max_groups",              &Tunables::mld_max_groups,              16, 1 << 20, 1'024,
     "groups listened to on one interface, by the host and all its sockets"},
    {"mld_max_sources",             &Tunables::mld_max_sources,             64, 1 << 20, 4'096,
     "sources that all members of one group on one interface name together"},
    {"mld_max_socket_groups",       &Tunables::mld_max_socket_groups,       1, 1 << 20, 64,
     "groups that one socket may join"},
    {"mld_max_msf",                 &Tunables::mld_max_msf,                 1, 1'024, 64,
     "sources in the filter of one socket for one group (RFC 3678 §3)"},
    {"icmp6_error_rate",            &Tunables::icmp6_error_rate,            0, 1'000'000, 10,
     "ICMPv6 errors per second towards one /64 prefix (RFC 4443 §2.4(f)); 0 sends none"},
    {"icmp6_error_burst",           &Tunables::icmp6_error_burst,           1, 1'000'000, 10,
     "how many of them may go at once"},
    {"icmp6_error_rate_total",      &Tunables::icmp6_error_rate_total,      0, 10'000'000, 1'000,
     "ICMPv6 errors per second in all; drawn down at random, so that it tells an observer nothing"},
    {"icmp6_echo_reply_rate",       &Tunables::icmp6_echo_reply_rate,       0, 100'000'000, 0,
     "echo replies per second; 0 is without limit"},
    {"icmp6_echo_multicast",        &Tunables::icmp6_echo_multicast,        0, 1, 1,
     "answer echo requests that were sent to a group (RFC 4443 §4.2)"},
    {"ip6_accept_link_multicast",   &Tunables::ip6_accept_link_multicast,   0, 1, 1,
     "accept unicast packets inside link-layer multicast frames, as hosts do by default"},
    {"ip6_max_headers",             &Tunables::ip6_max_headers,             1, 64, 8,
     "extension headers in one packet (RFC 8504 §5.3)"},
    {"ip6_max_headers_of_a_kind",   &Tunables::ip6_max_headers_of_a_kind,   1, 64, 2,
     "of them, those of one kind: destination options may stand before and behind a routing header (RFC 8200 §4.1)"},
    {"ip6_max_options",             &Tunables::ip6_max_options,             0, 1'024, 8,
     "options other than padding in one extension header (RFC 8504 §5.3)"},
    {"ip6_max_pad",                 &Tunables::ip6_max_pad,                 0, 257, 7,
     "octets of padding in a row: aligning the next option takes no more than 7 (RFC 8504 §5.3)"},
    {"reassembly_bytes",            &Tunables::reassembly_bytes,            65'536, 1 << 30, 4 << 20,
     "memory for datagrams whose fragments have not all arrived, in bytes of real buffers"},
    {"reassembly_prefix_share",     &Tunables::reassembly_prefix_share,     1, 100, 20,
     "the part of it, in percent, that one /64 prefix of senders may hold"},
    {"reassembly_timeout_ms",       &Tunables::reassembly_timeout_ms,       100, kDay, 60'000,
     "how long they are waited for, from the first that arrived (RFC 8200 §4.5)"},
    {"reassembly_max_fragments",    &Tunables::reassembly_max_fragments,    2, 8'192, 64,
     "fragments of one datagram; 65535 octets take 53 at the minimum MTU"},
    {"reassembly_tombstones",       &Tunables::reassembly_tombstones,       0, 1 << 20, 1'024,
     "datagrams dropped for an overlap that are remembered until their time is over; 0 forgets at once (RFC 5722 §4)"},
    {"path_mtu_entries",            &Tunables::path_mtu_entries,            16, 1 << 20, 4'096,
     "destinations whose path MTU is remembered; the one learnt longest ago goes first (RFC 8201 §5.2)"},
    {"path_mtu_expiry_ms",          &Tunables::path_mtu_expiry_ms,          300'000, kDay, 600'000,
     "how long a path MTU is believed before a larger one is tried again (RFC 8201 §4)"},
    {"flowlabel_consistency",       &Tunables::flowlabel_consistency,       0, 1, 1,
     "1: a socket may not reflect its peer's flow labels (IPV6_FL_F_REFLECT is EPERM)"},
    {"auto_flowlabels",             &Tunables::auto_flowlabels,             0, 3, 1,
     "labels by hash (RFC 6437 §3): 0 never, 1 unless IPV6_AUTOFLOWLABEL is cleared, 2 if it is set, 3 always"},
    {"flowlabel_state_ranges",      &Tunables::flowlabel_state_ranges,      0, 1, 0,
     "1: the lower half of all labels is leased, the upper half is for labels by hash"},
    {"flowlabel_reflect",           &Tunables::flowlabel_reflect,           0, 7, 0,
     "answers that carry the label they answer: 1 new TCP connections, 2 RSTs for closed ports, 4 echo replies"},
    {"flowlabel_entries",           &Tunables::flowlabel_entries,           32, 1 << 20, 4'096,
     "labels in the label manager's table, those that linger included"},
    {"flowlabel_user_max",          &Tunables::flowlabel_user_max,          32, 1 << 20, 4'096,
     "of them, those that one user without CAP_NET_ADMIN may have made; matters in tables larger than the default"},
    {"flowlabel_require_lease",     &Tunables::flowlabel_require_lease,     0, 1, 0,
     "a label that is sent must be leased: 0 while private labels or labels with headers exist, 1 always"},
    {"flowlabel_check_destination", &Tunables::flowlabel_check_destination, 0, 1, 0,
     "1: a leased label is sent to the destination it was leased for only"},
    {"udp_receive_buffer",          &Tunables::udp_receive_buffer,          2'304, 1 << 30, 212'992,
     "SO_RCVBUF of a new socket, in bytes of packet buffers"},
    {"udp_receive_buffer_max",      &Tunables::udp_receive_buffer_max,      2'304, 1 << 30, 8 << 20,
     "the largest SO_RCVBUF that may be asked for"},
    {"udp_send_buffer",             &Tunables::udp_send_buffer,             4'608, 1 << 30, 212'992,
     "SO_SNDBUF of a new socket: the longest datagram it sends"},
    {"udp_send_buffer_max",         &Tunables::udp_send_buffer_max,         4'608, 1 << 30, 8 << 20,
     "the largest SO_SNDBUF that may be asked for"},
    {"ephemeral_first",             &Tunables::ephemeral_first,             1'024, 65'535, 49'152,
     "first port that is chosen for a socket without one (RFC 6335 §6)"},
    {"ephemeral_last",              &Tunables::ephemeral_last,              1'024, 65'535, 65'535,
     "last such port"},
    {"sockets_max",                 &Tunables::sockets_max,                 16, 1 << 20, 1 << 20,
     "open sockets of one core"},
    {"idle_spin_us",                &Tunables::idle_spin_us,                0, 1'000'000, 50,
     "how long the adaptive mode goes on polling after the last packet before it sleeps"},
});
// clang-format on

}  // namespace

std::span<const TunableRow> TunableRows() { return kRows; }

const TunableRow* FindTunable(std::string_view name) {
  const auto row = std::ranges::find(kRows, name, &TunableRow::name);
  return row == kRows.end() ? nullptr : &*row;
}

Tunables Tunables::Defaults() {
  Tunables tunables;
  for (const TunableRow& row : kRows) tunables.*row.field = row.initial;
  return tunables;
}

}  // namespace sextant
