// SPDX-License-Identifier: BSD-3-Clause
// sextant/inet6.h: builds and reads extension headers, for C and C++.
//
// The four families of helpers that RFC 3542 and RFC 2292 describe, for what
// sticky options and ancillary data carry:
//
//   inet6_opt_*     RFC 3542 §10   hop-by-hop and destination options headers
//   inet6_rth_*     RFC 3542 §7    routing headers
//   inet6_option_*  RFC 2292 §6.3  options as ancillary data objects
//   inet6_rthdr_*   RFC 2292 §8    routing headers as ancillary data objects
//
// Their names here begin with sx_. A source that uses the standard names finds
// these functions behind them, unless it defines SEXTANT_NO_INET6_NAMES before
// it includes this file. <netinet/in.h> may be included before or after.
//
// They need no stack, keep no state and may be called by any thread. Memory may
// have any alignment. Whatever a header or a cmsghdr says about itself is
// checked: what is malformed is answered with -1 or a null pointer, as is a null
// pointer where memory must be; errno stays as it is. When a call fails it has
// changed nothing.
//
// Type 0 is the only routing header that both RFCs know. RFC 5095 forbids to
// send it; sockets refuse it. It can still be built, and what was received read.
//
// The macros of RFC 3542 §3.2 (ICMP6_FILTER_SETPASS and so on) are those of
// <netinet/icmp6.h>.
#ifndef SEXTANT_INET6_H_
#define SEXTANT_INET6_H_

#include <netinet/in.h>
#include <sextant/export.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Options headers: RFC 3542 §10 ----
//
// A header is built twice: first with extbuf null, which only adds up its
// length (extlen then has no meaning), then in memory of that length. Offsets
// are lengths so far, counted from the header's first octet; a header has at
// most 2048 octets.

// §10.1. Returns the length of a header without options, 2, and sets the length
// field for extlen octets if extbuf is not null.
// -1: extlen is no multiple of 8 from 8 to 2048 (and extbuf is not null).
SX_PUBLIC int sx_inet6_opt_init(void* extbuf, socklen_t extlen);

// §10.2. Appends an option with `len` octets of data, which begin at a multiple
// of `align` behind the least padding; *databufp points to where they are to be
// written. offset: what sx_inet6_opt_init() or the previous call has returned.
// Returns the length with this option.
// -1: type is not from 2 to 255; len above 255; align is not 1, 2, 4 or 8, or
// above len (1 asks for nothing and goes with every len); offset below 2; the
// option does not fit extlen or 2048.
SX_PUBLIC int sx_inet6_opt_append(void* extbuf, socklen_t extlen, int offset, uint8_t type,
                                  socklen_t len, uint8_t align, void** databufp);

// §10.3. Pads to a multiple of 8 and returns the header's length. The length
// field stays what sx_inet6_opt_init() has made it.
// -1: offset below 2; the padding does not fit extlen or 2048.
SX_PUBLIC int sx_inet6_opt_finish(void* extbuf, socklen_t extlen, int offset);

// §10.4. Copies a value to `offset` in an option's data, in network byte order
// already. Returns offset + vallen, where the next value belongs.
// -1: offset is negative, or offset + vallen is above 255.
SX_PUBLIC int sx_inet6_opt_set_val(void* databuf, int offset, void* val, socklen_t vallen);

// §10.5. Reads the next option that is no padding: its type, the length of its
// data and where they are. offset: 0 first, then what the previous call has
// returned. Returns the offset behind the option.
// -1: no option is left, or the header is malformed, or longer than extlen;
// then nothing is written. Octets behind the header are not read.
SX_PUBLIC int sx_inet6_opt_next(void* extbuf, socklen_t extlen, int offset, uint8_t* typep,
                                socklen_t* lenp, void** databufp);

// §10.6. Likewise, for the next option of this type; padding (0, 1) can be
// looked for too.
SX_PUBLIC int sx_inet6_opt_find(void* extbuf, socklen_t extlen, int offset, uint8_t type,
                                socklen_t* lenp, void** databufp);

// §10.7. Copies a value out of an option's data. As sx_inet6_opt_set_val().
SX_PUBLIC int sx_inet6_opt_get_val(void* databuf, int offset, void* val, socklen_t vallen);

// ---- Routing headers: RFC 3542 §7 ----
//
// type: IPV6_RTHDR_TYPE_0. The functions that take no length believe the
// header's own, once it fits its type: an even number of units of 8 octets
// behind the first, and no more segments left than there are addresses.

// §7.1. How many octets a header for so many segments has.
// 0: another type, or segments is not from 0 to 127.
SX_PUBLIC socklen_t sx_inet6_rth_space(int type, int segments);

// §7.2. Makes the first octets at bp a header for so many segments, all zero,
// none of them left yet. Returns bp.
// Null: another type, segments is not from 0 to 127, bp_len is too short.
SX_PUBLIC void* sx_inet6_rth_init(void* bp, socklen_t bp_len, int type, int segments);

// §7.3. Adds an address at the end. Returns 0.
// -1: another type, malformed, or all addresses are there already.
SX_PUBLIC int sx_inet6_rth_add(void* bp, const struct in6_addr* addr);

// §7.4. Writes a header for the way back: the addresses of `in` in the opposite
// order, all of them left. `in` and `out` may overlap. Returns 0.
// -1: another type, or malformed.
SX_PUBLIC int sx_inet6_rth_reverse(const void* in, void* out);

// §7.5. How many addresses there are. -1: another type, or malformed.
SX_PUBLIC int sx_inet6_rth_segments(const void* bp);

// §7.6. The address with this index; the first has 0. Where it lies may be
// less aligned than struct in6_addr.
// Null: no such index, another type, or malformed.
SX_PUBLIC struct in6_addr* sx_inet6_rth_getaddr(const void* bp, int index);

// ---- Options as ancillary data: RFC 2292 §6.3 ----
//
// A cmsghdr, and behind it a whole options header. The functions are not told
// how much memory there is behind cmsg_len: the caller provides for it with
// inet6_option_space(). cmsg_type is IPV6_HOPOPTS or IPV6_DSTOPTS, with the
// number of either RFC.

// §6.3.1. How many octets an ancillary data object with one option takes.
// nbytes: y of its alignment xn + y, plus the whole option. Where y is below 2
// the padding may be up to 6 octets longer than y: add these.
// -1: nbytes is negative, or no header is so long.
SX_PUBLIC int sx_inet6_option_space(int nbytes);

// §6.3.2. Makes the memory at bp an object without options; *cmsgp is bp then.
// Returns 0. -1: another type.
SX_PUBLIC int sx_inet6_option_init(void* bp, struct cmsghdr** cmsgp, int type);

// §6.3.3. Appends a copy of the option at typep (type, length, data) at an
// offset of the form multx * n + plusy in the header, behind the least padding;
// and pads the header to a multiple of 8. Returns 0.
// -1: the type is not from 2 to 255; multx is not 1, 2, 4 or 8; plusy is not
// from 0 to 7; the header would be longer than 2048 octets; *cmsg is none that
// these functions have made.
SX_PUBLIC int sx_inet6_option_append(struct cmsghdr* cmsg, const uint8_t* typep, int multx,
                                     int plusy);

// §6.3.4. Likewise for an option with `datalen` octets of data (not counting
// type and length, from 0 to 255) that the caller writes where the returned
// pointer says. Until then there is padding. Null where the other returns -1.
SX_PUBLIC uint8_t* sx_inet6_option_alloc(struct cmsghdr* cmsg, int datalen, int multx, int plusy);

// §6.3.5. Returns 0 and lets *tptrp point to the type of the next option;
// padding is an option too. *tptrp is null at first, then what the previous
// call has left.
// -1 and *tptrp null: there are no more. -1 and *tptrp not null: *cmsg is not
// an object with options, *tptrp is outside it, or it is malformed.
SX_PUBLIC int sx_inet6_option_next(const struct cmsghdr* cmsg, uint8_t** tptrp);

// §6.3.6. Likewise, for the next option of this type.
SX_PUBLIC int sx_inet6_option_find(const struct cmsghdr* cmsg, uint8_t** tptrp, int type);

// ---- Routing headers as ancillary data: RFC 2292 §8 ----
//
// A cmsghdr, and behind it a type 0 routing header with 1 to 23 addresses. Each
// of the hops, one more than there are addresses, has a flag, IPV6_RTHDR_LOOSE
// or IPV6_RTHDR_STRICT. cmsg_type is IPV6_RTHDR, with the number of either RFC.

// §8.1. How many octets an object for so many segments takes.
// 0: another type, or segments is not from 1 to 23.
SX_PUBLIC size_t sx_inet6_rthdr_space(int type, int segments);

// §8.2. Makes the memory at bp an object without addresses. Returns bp; its
// cmsg_type is RFC 2292's number. Null: another type.
SX_PUBLIC struct cmsghdr* sx_inet6_rthdr_init(void* bp, int type);

// §8.3. Adds an address at the end; the flag is that of the hop to it. Returns 0.
// -1: other flags; 23 addresses are there; malformed; not all are left.
SX_PUBLIC int sx_inet6_rthdr_add(struct cmsghdr* cmsg, const struct in6_addr* addr, unsigned flags);

// §8.4. The flag of the hop from the last address to the destination. Returns 0.
// -1: other flags; there are no addresses; malformed; not all are left.
SX_PUBLIC int sx_inet6_rthdr_lasthop(struct cmsghdr* cmsg, unsigned flags);

// §8.5. Writes an object for the way back: addresses and flags in the opposite
// order, all left. `in` and `out` may overlap. Returns 0. -1: malformed.
SX_PUBLIC int sx_inet6_rthdr_reverse(const struct cmsghdr* in, struct cmsghdr* out);

// §8.6. How many addresses there are, from 1 to 23. -1: malformed.
SX_PUBLIC int sx_inet6_rthdr_segments(const struct cmsghdr* cmsg);

// §8.7. The address with this index; the first has 1. Where it lies may be less
// aligned than struct in6_addr. Null: no such index, or malformed.
SX_PUBLIC struct in6_addr* sx_inet6_rthdr_getaddr(struct cmsghdr* cmsg, int index);

// §8.8. The flag of the hop with this index, from 0 to the number of addresses:
// that of the hop to address 1 has 0. -1: no such index, or malformed.
SX_PUBLIC int sx_inet6_rthdr_getflags(const struct cmsghdr* cmsg, int index);

#ifdef __cplusplus
}
#endif

#ifndef SEXTANT_NO_INET6_NAMES
#define inet6_opt_init sx_inet6_opt_init
#define inet6_opt_append sx_inet6_opt_append
#define inet6_opt_finish sx_inet6_opt_finish
#define inet6_opt_set_val sx_inet6_opt_set_val
#define inet6_opt_next sx_inet6_opt_next
#define inet6_opt_find sx_inet6_opt_find
#define inet6_opt_get_val sx_inet6_opt_get_val

#define inet6_rth_space sx_inet6_rth_space
#define inet6_rth_init sx_inet6_rth_init
#define inet6_rth_add sx_inet6_rth_add
#define inet6_rth_reverse sx_inet6_rth_reverse
#define inet6_rth_segments sx_inet6_rth_segments
#define inet6_rth_getaddr sx_inet6_rth_getaddr

#define inet6_option_space sx_inet6_option_space
#define inet6_option_init sx_inet6_option_init
#define inet6_option_append sx_inet6_option_append
#define inet6_option_alloc sx_inet6_option_alloc
#define inet6_option_next sx_inet6_option_next
#define inet6_option_find sx_inet6_option_find

#define inet6_rthdr_space sx_inet6_rthdr_space
#define inet6_rthdr_init sx_inet6_rthdr_init
#define inet6_rthdr_add sx_inet6_rthdr_add
#define inet6_rthdr_lasthop sx_inet6_rthdr_lasthop
#define inet6_rthdr_reverse sx_inet6_rthdr_reverse
#define inet6_rthdr_segments sx_inet6_rthdr_segments
#define inet6_rthdr_getaddr sx_inet6_rthdr_getaddr
#define inet6_rthdr_getflags sx_inet6_rthdr_getflags
#endif

#endif  // SEXTANT_INET6_H_
