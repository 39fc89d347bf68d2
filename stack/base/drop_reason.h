// SPDX-License-Identifier: BSD-3-Clause
// DropReason: every way a packet can end without being delivered, one row each.
// docs/drops.md and `show drops` are printed from this table.
// Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sextant {

enum class DropReason : uint8_t {
  kNone,
  // Ethernet input.
  kEthernetTruncated,
  kEthernetNotForUs,
  kEthernetUnknownType,
  kInterfaceDown,
  // IPv6 input.
  kIp6Truncated,
  kIp6BadVersion,
  kIp6MulticastSource,
  kIp6LoopbackFromWire,
  kIp6MulticastScope,
  kIp6MappedFromWire,
  kIp6NotForUs,
  kIp6NotMember,
  kIp6Tentative,
  kIp6LinkMulticast,
  kIp6NoNextHeader,
  kIp6UnknownNextHeader,
  // Extension headers and their options.
  kIp6HeaderTruncated,
  kIp6TooManyHeaders,
  kIp6HopByHopMisplaced,
  kIp6PayloadLengthZero,
  kIp6OptionTruncated,
  kIp6TooManyOptions,
  kIp6Padding,
  kIp6UnknownOption,
  kIp6RouterAlert,
  kIp6Jumbo,
  kIp6RoutingType,
  kIp6RoutingMulticast,
  kIp6FragmentJumbo,
  kIp6FragmentNested,
  kIp6FragmentChain,
  // Reassembly.
  kFragmentUnaligned,
  kFragmentTooLong,
  kFragmentEmpty,
  kFragmentDuplicate,
  kFragmentLength,
  kFragmentOverlap,
  kFragmentTombstone,
  kFragmentEcn,
  kFragmentTooMany,
  kFragmentEvicted,
  kFragmentTimeout,
  // ICMPv6 input.
  kIcmp6Truncated,
  kIcmp6BadChecksum,
  kIcmp6UnspecifiedSource,
  kIcmp6UnknownType,
  kIcmp6EchoMulticast,
  kIcmp6EchoLimited,
  kIcmp6EchoUnsolicited,
  kIcmp6ErrorShort,
  kIcmp6ErrorNotOurs,
  kIcmp6ErrorMtu,
  // Neighbor discovery input.
  kNdHopLimit,
  kNdBadCode,
  kNdTruncated,
  kNdBadOption,
  kNdBadTarget,
  kNdBadDestination,
  kNdUnspecifiedSource,
  kNdNotOurTarget,
  kNdUnsolicited,
  kNdOwnProbe,
  kNdOwnSource,
  kNdNoLinkAddress,
  kNdFragmented,
  kNdNotYet,
  // Multicast listener discovery input.
  kMldTruncated,
  kMldHopLimit,
  kMldNoRouterAlert,
  kMldSource,
  kMldGroup,
  kMldSources,
  kMldNotForHosts,
  // UDP input.
  kUdpTruncated,
  kUdpNoChecksum,
  kUdpBadChecksum,
  kUdpNoSocket,
  kUdpNoSocketMulticast,
  kUdpSocketFull,
  // Raw sockets.
  kRawBadChecksum,
  kRawSocketFull,
  kRawNotTaken,
  // Output: packets made here.
  kOutputNoRoute,
  kOutputTooBig,
  kOutputInterfaceDown,
  kOutputMartian,
  kOutputNotLeaving,
  kOutputDontFragment,
  kNeighborQueueFull,
  kNeighborUnresolved,
  kNeighborCacheFull,
  kNeighborRateLimited,
  kLinkFull,
  kLinkTooBig,
  // Anywhere.
  kNoBuffer,
  kHostStopped,
  kCount,  // not a reason; the number of them
};

inline constexpr size_t kDropReasonCount = static_cast<size_t>(DropReason::kCount);

struct DropReasonRow {
  DropReason reason;
  std::string_view name;     // <stage>-<what>, as counters and telemetry show it
  std::string_view section;  // where the rule is written, or "-" for a rule of our own
  std::string_view text;
};

// clang-format off
inline constexpr std::array<DropReasonRow, kDropReasonCount> kDropReasons = {{
    {DropReason::kNone,                  "none",                      "-",                 "the packet is still alive"},
    {DropReason::kEthernetTruncated,     "ethernet-truncated",        "RFC 2464 §3",       "shorter than an Ethernet header"},
    {DropReason::kEthernetNotForUs,      "ethernet-not-for-us",       "RFC 2464 §7",       "sent to another station or to a group nobody here has joined"},
    {DropReason::kEthernetUnknownType,   "ethernet-unknown-type",     "RFC 2464 §3",       "neither IPv6 nor anything else that Sextant speaks"},
    {DropReason::kInterfaceDown,         "interface-down",            "-",                 "arrived on an interface that IPv6 is disabled on"},
    {DropReason::kIp6Truncated,          "ip6-truncated",             "RFC 8200 §3",       "shorter than its headers claim"},
    {DropReason::kIp6BadVersion,         "ip6-bad-version",           "RFC 8200 §3",       "the version field is not 6"},
    {DropReason::kIp6MulticastSource,    "ip6-multicast-source",      "RFC 4291 §2.7",     "a multicast address as source"},
    {DropReason::kIp6LoopbackFromWire,   "ip6-loopback-from-wire",    "RFC 4291 §2.5.3",   "::1 arrived from a wire"},
    {DropReason::kIp6MulticastScope,     "ip6-multicast-scope",       "RFC 4291 §2.7",     "multicast scope 0, or interface-local scope from a wire"},
    {DropReason::kIp6MappedFromWire,     "ip6-mapped-from-wire",      "RFC 4942 §2.2",     "an IPv4-mapped address on a wire"},
    {DropReason::kIp6NotForUs,           "ip6-not-for-us",            "RFC 8200 §3",       "a unicast destination that is not ours; a host does not forward"},
    {DropReason::kIp6NotMember,          "ip6-not-member",            "RFC 4291 §2.7",     "a multicast group that nobody here has joined"},
    {DropReason::kIp6Tentative,          "ip6-tentative",             "RFC 4862 §5.4",     "for an address whose uniqueness is not yet verified"},
    {DropReason::kIp6LinkMulticast,      "ip6-link-multicast",        "RFC 1122 §3.2.2",   "unicast inside a link-layer multicast frame"},
    {DropReason::kIp6NoNextHeader,       "ip6-no-next-header",        "RFC 8200 §4.7",     "Next Header 59: nothing follows"},
    {DropReason::kIp6UnknownNextHeader,  "ip6-unknown-next-header",   "RFC 8200 §4",       "an upper layer that nobody here speaks"},
    {DropReason::kIp6HeaderTruncated,    "ip6-header-truncated",      "RFC 8200 §4",       "an extension header that goes beyond the packet"},
    {DropReason::kIp6TooManyHeaders,     "ip6-too-many-headers",      "RFC 8504 §5.3",     "more extension headers, or of one kind, than the tunables allow"},
    {DropReason::kIp6HopByHopMisplaced,  "ip6-hop-by-hop-misplaced",  "RFC 8200 §4.1",     "hop-by-hop options anywhere but behind the IPv6 header"},
    {DropReason::kIp6PayloadLengthZero,  "ip6-payload-length-zero",   "RFC 2675 §3",       "payload length 0 with a hop-by-hop header and no jumbo option"},
    {DropReason::kIp6OptionTruncated,    "ip6-option-truncated",      "RFC 8200 §4.2",     "an option that goes beyond its header"},
    {DropReason::kIp6TooManyOptions,     "ip6-too-many-options",      "RFC 8504 §5.3",     "more options in one header than ip6_max_options"},
    {DropReason::kIp6Padding,            "ip6-padding",               "RFC 8504 §5.3",     "padding that is longer than needed or not zero"},
    {DropReason::kIp6UnknownOption,      "ip6-unknown-option",        "RFC 8200 §4.2",     "an unknown option whose type asks for the packet to be discarded"},
    {DropReason::kIp6RouterAlert,        "ip6-router-alert",          "RFC 2711 §2.1",     "a router alert option of a wrong length"},
    {DropReason::kIp6Jumbo,              "ip6-jumbo",                 "RFC 2675 §3",       "a jumbo payload option that must not be there"},
    {DropReason::kIp6RoutingType,        "ip6-routing-type",          "RFC 8200 §4.4",     "a routing header of unknown or forbidden type with segments left"},
    {DropReason::kIp6RoutingMulticast,   "ip6-routing-multicast",     "RFC 8200 §4.4",     "a routing header in a packet to a group"},
    {DropReason::kIp6FragmentJumbo,      "ip6-fragment-jumbo",        "RFC 2675 §3",       "a fragment header in a jumbogram"},
    {DropReason::kIp6FragmentNested,     "ip6-fragment-nested",       "RFC 8200 §4.5",     "a fragment header in a packet that was reassembled already"},
    {DropReason::kIp6FragmentChain,      "ip6-fragment-chain",        "RFC 7112 §5",       "a first fragment without the whole header chain"},
    {DropReason::kFragmentUnaligned,     "fragment-unaligned",        "RFC 8200 §4.5",     "not the last fragment, and not a multiple of 8 octets long"},
    {DropReason::kFragmentTooLong,       "fragment-too-long",         "RFC 8200 §4.5",     "its datagram would exceed 65535 octets"},
    {DropReason::kFragmentEmpty,         "fragment-empty",            "-",                 "a fragment without data"},
    {DropReason::kFragmentDuplicate,     "fragment-duplicate",        "RFC 8200 §4.5",     "an exact duplicate of a fragment that is held"},
    {DropReason::kFragmentLength,        "fragment-length",           "RFC 8200 §4.5",     "fragments that disagree about their datagram's end"},
    {DropReason::kFragmentOverlap,       "fragment-overlap",          "RFC 5722 §4",       "fragments that overlap; all of the datagram goes"},
    {DropReason::kFragmentTombstone,     "fragment-tombstone",        "RFC 5722 §4",       "belongs to a datagram that was dropped for an overlap"},
    {DropReason::kFragmentEcn,           "fragment-ecn",              "RFC 3168 §5.3",     "fragments whose ECN fields cannot be of one datagram"},
    {DropReason::kFragmentTooMany,       "fragment-too-many",         "-",                 "more fragments in one datagram than reassembly_max_fragments"},
    {DropReason::kFragmentEvicted,       "fragment-evicted",          "-",                 "pushed out: its source prefix has more than its share of memory"},
    {DropReason::kFragmentTimeout,       "fragment-timeout",          "RFC 8200 §4.5",     "the rest of its datagram did not arrive in time"},
    {DropReason::kIcmp6Truncated,        "icmp6-truncated",           "RFC 4443 §2.1",     "shorter than its message type needs"},
    {DropReason::kIcmp6BadChecksum,      "icmp6-bad-checksum",        "RFC 4443 §2.3",     "wrong checksum"},
    {DropReason::kIcmp6UnspecifiedSource,"icmp6-unspecified-source",  "RFC 4443 §4.2",     "nobody to answer: the source is ::"},
    {DropReason::kIcmp6UnknownType,      "icmp6-unknown-type",        "RFC 4443 §2.4",     "an informational message of unknown type"},
    {DropReason::kIcmp6EchoMulticast,    "icmp6-echo-multicast",      "RFC 4443 §4.2",     "an echo request to a group, and icmp6_echo_multicast is off"},
    {DropReason::kIcmp6EchoLimited,      "icmp6-echo-limited",        "RFC 4443 §2.4",     "echo reply not sent: icmp6_echo_reply_rate was reached"},
    {DropReason::kIcmp6EchoUnsolicited,  "icmp6-echo-unsolicited",    "RFC 4443 §4.2",     "an echo reply that nobody here waits for"},
    {DropReason::kIcmp6ErrorShort,       "icmp6-error-short",         "RFC 4443 §2.4",     "an error that quotes too little to find its packet"},
    {DropReason::kIcmp6ErrorNotOurs,     "icmp6-error-not-ours",      "RFC 4443 §2.4",     "an error about a packet that no socket here has sent"},
    {DropReason::kIcmp6ErrorMtu,         "icmp6-error-mtu",           "RFC 8201 §4",       "an MTU below 1280, or not below the quoted packet's length"},
    {DropReason::kNdHopLimit,            "nd-hop-limit",              "RFC 4861 §7.1",     "hop limit is not 255: it came from beyond the link"},
    {DropReason::kNdBadCode,             "nd-bad-code",               "RFC 4861 §7.1",     "ICMPv6 code is not 0"},
    {DropReason::kNdTruncated,           "nd-truncated",              "RFC 4861 §7.1",     "shorter than its message type needs"},
    {DropReason::kNdBadOption,           "nd-bad-option",             "RFC 4861 §7.1",     "an option of length zero, beyond the packet, or too many"},
    {DropReason::kNdBadTarget,           "nd-bad-target",             "RFC 4861 §7.1",     "a multicast target"},
    {DropReason::kNdBadDestination,      "nd-bad-destination",        "RFC 4861 §7.1",     "destination and flags or source contradict each other"},
    {DropReason::kNdUnspecifiedSource,   "nd-unspecified-source",     "RFC 4861 §7.1.1",   "source :: with a source link-layer address option"},
    {DropReason::kNdNotOurTarget,        "nd-not-our-target",         "RFC 4861 §7.2.3",   "asks for an address that is not ours"},
    {DropReason::kNdUnsolicited,         "nd-unsolicited",            "RFC 4861 §7.2.5",   "advertises a neighbor that nobody here asked for"},
    {DropReason::kNdOwnProbe,            "nd-own-probe",              "RFC 7527 §4.2",     "our own duplicate address probe, looped back"},
    {DropReason::kNdOwnSource,           "nd-own-source",             "RFC 4862 §5.4.5",   "solicits from one of our own addresses"},
    {DropReason::kNdNoLinkAddress,       "nd-no-link-address",        "RFC 4861 §7.2.5",   "answers a resolution without saying the link-layer address"},
    {DropReason::kNdFragmented,          "nd-fragmented",             "RFC 6980 §5",       "neighbor discovery in a fragment"},
    {DropReason::kNdNotYet,              "nd-not-yet",                "RFC 4861 §6",       "router discovery and redirects; not yet supported"},
    {DropReason::kMldTruncated,          "mld-truncated",             "RFC 3810 §8.1",     "too short for its type, or a query of neither version's length"},
    {DropReason::kMldHopLimit,           "mld-hop-limit",             "RFC 3810 §6.2",     "hop limit is not 1"},
    {DropReason::kMldNoRouterAlert,      "mld-no-router-alert",       "RFC 3810 §6.2",     "no Router Alert option of value 0 in a hop-by-hop header"},
    {DropReason::kMldSource,             "mld-source",                "RFC 3810 §5.1.14",  "the source is not a link-local address"},
    {DropReason::kMldGroup,              "mld-group",                 "RFC 3810 §5.1.5",   "asks for, or reports, what is not a group"},
    {DropReason::kMldSources,            "mld-sources",               "RFC 3810 §5.1.10",  "names more sources than it holds, or sources of no group"},
    {DropReason::kMldNotForHosts,        "mld-not-for-hosts",         "RFC 3810 §5.2",     "a message that only multicast routers read"},
    {DropReason::kUdpTruncated,          "udp-truncated",             "RFC 768",           "length below 8 or beyond the packet"},
    {DropReason::kUdpNoChecksum,         "udp-no-checksum",           "RFC 8200 §8.1",     "a zero checksum, which IPv6 forbids"},
    {DropReason::kUdpBadChecksum,        "udp-bad-checksum",          "RFC 8200 §8.1",     "wrong checksum"},
    {DropReason::kUdpNoSocket,           "udp-no-socket",             "RFC 4443 §3.1",     "nobody listens on this port"},
    {DropReason::kUdpNoSocketMulticast,  "udp-no-socket-multicast",   "RFC 4443 §2.4",     "nobody listens on this port of a group; answered by silence"},
    {DropReason::kUdpSocketFull,         "udp-socket-full",           "-",                 "the socket's receive buffer is full (SO_RCVBUF)"},
    {DropReason::kRawBadChecksum,        "raw-bad-checksum",          "RFC 3542 §3.1",     "a copy for a raw socket that verifies checksums (IPV6_CHECKSUM)"},
    {DropReason::kRawSocketFull,         "raw-socket-full",           "-",                 "a copy for a raw socket whose receive buffer is full (SO_RCVBUF)"},
    {DropReason::kRawNotTaken,           "raw-not-taken",             "RFC 3542 §3",       "for raw sockets only, and none of them could take it"},
    {DropReason::kOutputNoRoute,         "output-no-route",           "RFC 4443 §3.1",     "no route to the destination"},
    {DropReason::kOutputTooBig,          "output-too-big",            "RFC 8200 §5",       "longer than the interface's MTU"},
    {DropReason::kOutputInterfaceDown,   "output-interface-down",     "-",                 "the outgoing interface is down"},
    {DropReason::kOutputMartian,         "output-martian",            "RFC 4291 §2.5.3",   "an address that must not appear on a wire"},
    {DropReason::kOutputNotLeaving,      "output-not-leaving",        "RFC 3493 §5.2",     "hop limit 0 or interface-local scope, and no member here"},
    {DropReason::kOutputDontFragment,    "output-dont-fragment",      "RFC 3542 §11.2",    "too long for its path or link, and its socket forbids fragments"},
    {DropReason::kNeighborQueueFull,     "neighbor-queue-full",       "RFC 4861 §7.2.2",   "pushed out of the queue of a neighbor that is being resolved"},
    {DropReason::kNeighborUnresolved,    "neighbor-unresolved",       "RFC 4861 §7.2.2",   "the neighbor did not answer"},
    {DropReason::kNeighborCacheFull,     "neighbor-cache-full",       "RFC 6583 §4",       "no room for another neighbor"},
    {DropReason::kNeighborRateLimited,   "neighbor-rate-limited",     "RFC 6583 §4",       "too many new resolutions in this second"},
    {DropReason::kLinkFull,              "link-full",                 "-",                 "the link's transmit queue is full"},
    {DropReason::kLinkTooBig,            "link-too-big",              "-",                 "longer than the link can carry"},
    {DropReason::kNoBuffer,              "no-buffer",                 "-",                 "the packet pool is empty"},
    {DropReason::kHostStopped,           "host-stopped",              "-",                 "still queued when its socket or the host was closed"},
}};
// clang-format on

constexpr bool RowsFollowEnumOrder() {
  for (size_t i = 0; i < kDropReasons.size(); ++i) {
    if (static_cast<size_t>(kDropReasons[i].reason) != i || kDropReasons[i].name.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(RowsFollowEnumOrder(), "kDropReasons: one row per DropReason, in order");

constexpr const DropReasonRow& Describe(DropReason reason) {
  return kDropReasons[static_cast<size_t>(reason)];
}

}  // namespace sextant
