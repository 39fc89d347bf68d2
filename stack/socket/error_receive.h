// SPDX-License-Identifier: BSD-3-Clause
// Receiving from the error queue: what recvmsg(MSG_ERRQUEUE) tells of one error.
// ipv6(7) IPV6_RECVERR, RFC 4884 §7 (IPV6_RECVERR_RFC4884).
// Owned by one Core.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

// Knows no struct timespec of its own.
#include <linux/errqueue.h>

#include "socket/open_socket.h"

namespace sextant::socket {

// The data of the control message IPV6_RECVERR.
struct ErrorItem {
  sock_extended_err error{};
  sockaddr_in6 offender{};  // who sent the error; all zero when it was found here
};

// Takes the oldest error of the queue. kWouldBlock when there is none: nobody
// waits for errors.
Result<size_t> ReceiveError(OpenSocket& socket, msghdr& message);

// Where an extension structure (RFC 4884) lies behind the quoted payload, and
// whether it is intact; all zero when there is none.
sock_ee_data_rfc4884 FindExtension(const QueuedError& error);

}  // namespace sextant::socket
