// SPDX-License-Identifier: BSD-3-Clause
// Profile: where the documents and Linux disagree, one named field each. The
// profile `rfc` does what RFC 3493, RFC 3542 and the BSD manual pages say,
// `linux` what a program that was written for Linux expects.
// Immutable after Start().
#pragma once

#include "base/errno.h"
#include "sextant/config.h"

namespace sextant::socket {

struct Profile {
  // A destination given on a connected datagram socket: refused with EISCONN, or used instead.
  bool connected_takes_no_destination = true;
  // No destination given, none connected.
  Errno no_destination = Errno::kNotConnected;
  // SO_RCVBUF and SO_SNDBUF hold twice what was asked for, as room for the buffers' own cost.
  bool doubles_buffers = false;
  // sin6_scope_id names another interface than a stronger option does: EINVAL, or it just loses.
  bool losing_zone_is_error = false;
  // IPV6_PKTINFO with an interface, or an address, that this host does not have.
  Errno packet_info_interface = Errno::kNoDeviceOrAddress;
  Errno packet_info_address = Errno::kAddressNotAvailable;
  // IPV6_MULTICAST_IF and IPV6_JOIN_GROUP with an interface that is not there.
  Errno multicast_interface = Errno::kNoDeviceOrAddress;
  Errno join_interface = Errno::kAddressNotAvailable;
  // IPV6_DONTFRAG: a datagram is too long for its path, or only for its link.
  bool dont_fragment_by_path = false;
  // And then: EMSGSIZE, or it is dropped.
  bool dont_fragment_is_error = false;
  // IPV6_USE_MIN_MTU is -1: packets to groups have 1280 bytes at most.
  bool groups_use_min_mtu = true;
  // An extension header as ancillary data hides all sticky ones, or only its own kind's.
  bool ancillary_header_hides_sticky = false;
  // An empty one hides the sticky one of its kind, or is EINVAL.
  bool empty_header_suppresses = true;
  // A type 4 routing header may be ancillary data.
  bool ancillary_segments = true;
  // The RFC 2292 receive switches for extension headers take a privilege.
  bool old_switches_need_privilege = true;
  // getsockopt(IPV6_PKTOPTIONS) is for streams.
  bool packet_options_on_streams_only = false;
  // An item that does not fit is cut, or left out.
  bool cuts_received_items = false;
  // A raw socket without privilege.
  Errno raw_without_privilege = Errno::kAccess;
  // Protocol 0 of a raw socket: 255, which then is like any other, or EPROTONOSUPPORT,
  // and 255 says that the user writes the IPv6 header (IPV6_HDRINCL).
  bool raw_writes_header = false;
  // getsockname() of a raw socket has its protocol as port, getpeername() what connect() was given.
  bool raw_names_have_ports = false;
  // ICMP6_FILTER of any length replaces as much as it has; or all or nothing.
  bool filter_of_any_length = false;
  // IPV6_CHECKSUM below -1 is as good as -1.
  bool any_negative_checksum = false;
};

inline constexpr Profile kRfcProfile = {};

inline constexpr Profile kLinuxProfile = {
    .connected_takes_no_destination = false,
    .no_destination = Errno::kDestinationRequired,
    .doubles_buffers = true,
    .losing_zone_is_error = true,
    .packet_info_interface = Errno::kNoDevice,
    .packet_info_address = Errno::kInvalid,
    .multicast_interface = Errno::kNoDevice,
    .join_interface = Errno::kNoDevice,
    .dont_fragment_by_path = true,
    .dont_fragment_is_error = true,
    .groups_use_min_mtu = false,
    .ancillary_header_hides_sticky = true,
    .empty_header_suppresses = false,
    .ancillary_segments = false,
    .old_switches_need_privilege = false,
    .packet_options_on_streams_only = true,
    .cuts_received_items = true,
    .raw_without_privilege = Errno::kPermission,
    .raw_writes_header = true,
    .raw_names_have_ports = true,
    .filter_of_any_length = true,
    .any_negative_checksum = true,
};

constexpr const Profile& ProfileOf(ProfileName name) {
  return name == ProfileName::kLinux ? kLinuxProfile : kRfcProfile;
}

}  // namespace sextant::socket
