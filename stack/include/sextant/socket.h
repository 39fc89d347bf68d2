// SPDX-License-Identifier: BSD-3-Clause
// sextant/socket.h: BSD sockets over the Sextant IPv6 stack, for C and C++.
//
// What POSIX says, with an sx_ prefix. Every function returns -1 (sx_init and
// sx_run too) or what its description says on failure, and leaves the reason in
// errno. Structures, constants and option numbers are the C library's, so that
// sources change nothing but names:
//
//   sx_init(argc, argv);
//   int fd = sx_socket(AF_INET6, SOCK_DGRAM, 0);
//   sx_bind(fd, (struct sockaddr *)&address, sizeof address);
//   n = sx_recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&peer, &length);
//   sx_sendto(fd, data, n, 0, (struct sockaddr *)&peer, length);
//
// There is no kernel thread behind these calls: the stack runs inside them. A
// call that waits polls the links meanwhile; one that need not wait polls once
// when it finds nothing. A program that computes for a long time without
// calling anything here receives and answers nothing during that time.
//
// Descriptors are Sextant's own, from 3 up, and mean nothing to the kernel.
//
// Errors of every function: EPERM, called by another thread than the one that
// called sx_init(), or before it; EBADF, not an open descriptor; ENOTSOCK, an
// epoll descriptor where a socket is needed; EFAULT, a null pointer where there
// must be none. Where the documents and Linux disagree, the profile decides
// ([stack] profile = rfc, the default, or linux); such errors are given as
// "rfc / linux".
//
// Sources: POSIX.1-2017, RFC 3493 (basic API), RFC 3542 (advanced API), and
// epoll(7), recvmmsg(2), sendmmsg(2) of Linux. docs/sockets.md lists every
// option; one that is not listed is ENOPROTOOPT.
#ifndef SEXTANT_SOCKET_H_
#define SEXTANT_SOCKET_H_

#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sextant/export.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

// Of RFC 3542 §11.1; the C library lacks it.
#ifndef IPV6_USE_MIN_MTU
#define IPV6_USE_MIN_MTU 63
#endif

// IPV6_PKTOPTIONS has the number of RFC 2292's time, which the C library calls by another name.
#ifndef IPV6_PKTOPTIONS
#define IPV6_PKTOPTIONS IPV6_2292PKTOPTIONS
#endif
// Of the BSDs; Linux has no numbers for them.
#define IPV6_PORTRANGE 200
#define IPV6_PORTRANGE_DEFAULT 0
#define IPV6_PORTRANGE_HIGH 1
#define IPV6_PORTRANGE_LOW 2
#define IPV6_FAITH 201
#define IPV6_AUTH_LEVEL 202
#define IPV6_ESP_TRANS_LEVEL 203
#define IPV6_ESP_NETWORK_LEVEL 204
#define IPV6_IPCOMP_LEVEL 205
#ifndef IPV6_BINDV6ONLY
#define IPV6_BINDV6ONLY IPV6_V6ONLY
#endif
// Of Sextant: the socket keeps to RFC 2292 §4.5.2. Any ancillary data hides all
// sticky options, and repeated options headers are merged.
#define IPV6_RFC2292 206

// Declared by <sys/socket.h> only for those who define _GNU_SOURCE.
struct mmsghdr;

// ---- The stack ----

// Brings the stack up. Arguments: EAL arguments, "--", stack arguments; without
// a "--" all are the stack's, and DPDK is started in the way that works
// everywhere. Stack arguments are
//   --config FILE
//   --interface NAME=DEVICE,ADDRESS/LENGTH...[,gateway=A][,route=P][,peer=A/L][,dad=N][,mtu=N]
// and with neither there is the loopback interface only. Returns once duplicate
// address detection has finished for every address.
// Returns how many arguments it has used, argv[0] not counted. The program's
// own are moved behind these, so that after `argc -= used; argv += used;` they
// follow argv[0] as if there had been no others.
// On failure says why in one line on stderr. EINVAL: arguments, configuration or
// a duplicate address; EALREADY: sx_init() has been called before.
SX_PUBLIC int sx_init(int argc, char** argv);

// Closes all descriptors and the stack. Then sx_init() may be called again; the
// EAL stays as the first call has brought it up.
SX_PUBLIC void sx_fini(void);

// Run to completion: polls the stack and calls loop(argument) after each poll,
// again and again, until loop() returns something else than 0; that is
// returned. When nothing happens it sleeps a millisecond at most between two
// calls ([stack] idle = poll: never). Calls that wait may be made inside loop():
// they poll, but never call loop() again.
// EINVAL: loop is null, or called inside a loop().
typedef int sx_loop(void* argument);
SX_PUBLIC int sx_run(sx_loop* loop, void* argument);

// Privileges, as bits.
#define SX_CAP_NET_BIND 1u   // ports below 1024
#define SX_CAP_NET_ADMIN 2u  // the host's own settings
#define SX_CAP_NET_RAW 4u    // raw sockets, extension headers
#define SX_CAP_ALL 7u

// Who makes the calls that follow. sx_init() sets the process's own pid and
// effective uid, and all privileges (the process owns the stack) or, with
// [stack] credentials = process, those the kernel gives it.
struct sx_cred {
  pid_t pid;
  uid_t uid;
  unsigned privileges;  // of SX_CAP_*
};
// EINVAL: unknown privileges.
SX_PUBLIC int sx_setcred(const struct sx_cred* credentials);

// ---- Sockets ----

// domain AF_INET6; type SOCK_DGRAM, with SOCK_NONBLOCK and SOCK_CLOEXEC;
// protocol 0 or IPPROTO_UDP. Returns the lowest free descriptor.
// EAFNOSUPPORT, ESOCKTNOSUPPORT, EPROTONOSUPPORT; EINVAL: unknown type bits;
// EMFILE: the tunable sockets_max is reached.
SX_PUBLIC int sx_socket(int domain, int type, int protocol);
SX_PUBLIC int sx_close(int fd);

#ifdef SEXTANT_RFC2292
// A source that defines SEXTANT_RFC2292 before it includes this gets the old
// meaning of the names that RFC 3542 has changed, and sockets that keep to it.
#undef IPV6_PKTINFO
#undef IPV6_HOPLIMIT
#undef IPV6_HOPOPTS
#undef IPV6_DSTOPTS
#undef IPV6_RTHDR
#define IPV6_PKTINFO IPV6_2292PKTINFO
#define IPV6_HOPLIMIT IPV6_2292HOPLIMIT
#define IPV6_HOPOPTS IPV6_2292HOPOPTS
#define IPV6_DSTOPTS IPV6_2292DSTOPTS
#define IPV6_RTHDR IPV6_2292RTHDR
SX_PUBLIC int sx_setsockopt(int fd, int level, int option, const void* value, socklen_t length);
static inline int sx_socket_rfc2292(int domain, int type, int protocol) {
  int on = 1;
  int fd = sx_socket(domain, type, protocol);
  if (fd >= 0) (void)sx_setsockopt(fd, IPPROTO_IPV6, IPV6_RFC2292, &on, sizeof on);
  return fd;
}
#define sx_socket sx_socket_rfc2292
#endif

// EINVAL: bound already, address shorter than 24 bytes, or link-local without
// an interface; EADDRNOTAVAIL: not an address of this host; EADDRINUSE;
// EACCES: a port below 1024 without SX_CAP_NET_BIND; EAFNOSUPPORT; ENODEV.
SX_PUBLIC int sx_bind(int fd, const struct sockaddr* address, socklen_t length);

// Chooses the peer, and the local address and port if there is none. May be
// repeated; AF_UNSPEC ends it. :: means ::1.
// EINVAL: port 0, or link-local without an interface; ENETUNREACH; EADDRINUSE:
// another socket has the same two ends.
SX_PUBLIC int sx_connect(int fd, const struct sockaddr* address, socklen_t length);

// EOPNOTSUPP: datagram sockets neither listen nor accept.
SX_PUBLIC int sx_listen(int fd, int backlog);
SX_PUBLIC int sx_accept(int fd, struct sockaddr* address, socklen_t* length);

// Return how many bytes were sent: all of them, at most 65527. What does not
// fit the path's MTU is fragmented, unless IPV6_DONTFRAG or IPV6_MTU_DISCOVER
// forbids it. flags: MSG_DONTWAIT, MSG_NOSIGNAL, MSG_CONFIRM, MSG_EOR; no call
// ever waits.
// EMSGSIZE: longer than that, than SO_SNDBUF or than such an option allows; EISCONN / -: a
// destination on a connected socket; ENOTCONN / EDESTADDRREQ: none, and not
// connected; EINVAL: port 0, or ancillary data that is none; ENETUNREACH: no
// route, or link-local without an interface; ENOBUFS: out of packet buffers;
// EPIPE: after shutdown(); EOPNOTSUPP: other flags. A pending error
// (ECONNREFUSED and such) is returned once, instead of sending.
SX_PUBLIC ssize_t sx_send(int fd, const void* data, size_t length, int flags);
SX_PUBLIC ssize_t sx_sendto(int fd, const void* data, size_t length, int flags,
                            const struct sockaddr* to, socklen_t to_length);
SX_PUBLIC ssize_t sx_sendmsg(int fd, const struct msghdr* message, int flags);
SX_PUBLIC ssize_t sx_write(int fd, const void* data, size_t length);
// Sends up to 1024 messages. Returns how many; -1 only when the first one fails.
SX_PUBLIC int sx_sendmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags);

// Return the length of one datagram, cut to the room there is (MSG_TRUNC in
// msg_flags says so). flags: MSG_PEEK, MSG_TRUNC (returns the whole length),
// MSG_DONTWAIT, MSG_WAITALL (no effect), MSG_ERRQUEUE (the oldest error of
// IPV6_RECVERR, with the data that it quotes; never waits, and MSG_PEEK and
// MSG_TRUNC have no effect).
// EAGAIN: nothing there, and MSG_DONTWAIT, O_NONBLOCK or SO_RCVTIMEO; EINTR: a
// signal handler ran while the call slept; EOPNOTSUPP: other flags, MSG_OOB
// among them. A pending error is returned once. 0 after
// shutdown(SHUT_RD), and for the notices that IPV6_RECVPATHMTU asks for, which
// come behind the data that waits, as a control message IPV6_PATHMTU.
SX_PUBLIC ssize_t sx_recv(int fd, void* data, size_t length, int flags);
SX_PUBLIC ssize_t sx_recvfrom(int fd, void* data, size_t length, int flags, struct sockaddr* from,
                              socklen_t* from_length);
SX_PUBLIC ssize_t sx_recvmsg(int fd, struct msghdr* message, int flags);
SX_PUBLIC ssize_t sx_read(int fd, void* data, size_t length);
// Receives up to 1024 messages. Waits until all have come, with MSG_WAITFORONE
// until one has; `timeout`, unless null, is looked at after each poll. Returns
// how many.
SX_PUBLIC int sx_recvmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags,
                          struct timespec* timeout);

// docs/sockets.md lists the options. ENOPROTOOPT: no such option; EINVAL: not a
// value of it; EPERM: it takes a privilege; EDOM: a timeout out of range.
SX_PUBLIC int sx_getsockopt(int fd, int level, int option, void* value, socklen_t* length);
SX_PUBLIC int sx_setsockopt(int fd, int level, int option, const void* value, socklen_t length);

// `length`: in, the room there is; out, what the address takes (28).
SX_PUBLIC int sx_getsockname(int fd, struct sockaddr* address, socklen_t* length);
// ENOTCONN.
SX_PUBLIC int sx_getpeername(int fd, struct sockaddr* address, socklen_t* length);
// ENOTCONN; EINVAL: `how` is none of SHUT_RD, SHUT_WR, SHUT_RDWR.
SX_PUBLIC int sx_shutdown(int fd, int how);

// F_GETFL, F_SETFL (O_NONBLOCK), F_GETFD, F_SETFD; others are EINVAL.
SX_PUBLIC int sx_fcntl(int fd, int command, ...);
// FIONREAD (int: size of the next datagram, 0 for none), FIONBIO (int); others
// are ENOTTY.
SX_PUBLIC int sx_ioctl(int fd, unsigned long request, ...);

// ---- Waiting ----

// timeout in milliseconds; below 0: for ever. Descriptors are Sextant's; one
// that is not open gets POLLNVAL. EINTR. EINVAL: count above 2^20.
SX_PUBLIC int sx_poll(struct pollfd* polled, nfds_t count, int timeout);

// epoll(7): level and edge triggered, EPOLLONESHOT. flags: EPOLL_CLOEXEC.
SX_PUBLIC int sx_epoll_create1(int flags);
// EEXIST, ENOENT; EINVAL: fd is no epoll descriptor, or the target is fd;
// ELOOP: the target is another epoll descriptor.
SX_PUBLIC int sx_epoll_ctl(int fd, int operation, int target, struct epoll_event* event);
// EINVAL: count below 1; EINTR.
SX_PUBLIC int sx_epoll_wait(int fd, struct epoll_event* events, int count, int timeout);

// ---- Interfaces ----

// 0, errno ENODEV, when there is none of that name.
SX_PUBLIC unsigned sx_if_nametoindex(const char* name);
// `name` has room for IF_NAMESIZE characters. Null, errno ENXIO, when there is none.
SX_PUBLIC char* sx_if_indextoname(unsigned index, char* name);
// All interfaces; the last entry has index 0. To be freed with
// sx_if_freenameindex(). Null, errno ENOBUFS, when memory is short.
SX_PUBLIC struct if_nameindex* sx_if_nameindex(void);
SX_PUBLIC void sx_if_freenameindex(struct if_nameindex* list);

#ifdef __cplusplus
}
#endif

#endif  // SEXTANT_SOCKET_H_
