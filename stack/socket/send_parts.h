// SPDX-License-Identifier: BSD-3-Clause
// The parts of sending that all kinds of sockets share.
// Owned by one Core.
#pragma once

#include "socket/header_block.h"
#include "socket/open_socket.h"
#include "socket/resolve.h"

namespace sextant::socket {

// Whom it goes to: as the call says, or the peer.
Errno DestinationOf(const OpenSocket& socket, const Profile& profile, const msghdr& message,
                    Destination& to);

// RFC 3542 §4.2: ancillary data holds for this datagram, over the sticky options.
Errno ReadControl(const msghdr& message, const OpenSocket& socket, Ancillary& ancillary);

// IPV6_RECVERR: the queue says what would have fitted.
void NoteTooBig(OpenSocket& socket, const Journey& journey);

}  // namespace sextant::socket
