// SPDX-License-Identifier: BSD-3-Clause
// A C source with the standard names, as programs are written: RFC 3542 and RFC 2292.
// Any thread.
#include <netinet/in.h>
#include <sextant/inet6.h>

int Inet6NamesThatLeadElsewhere(void);

typedef void (*Any)(void);

// clang-format off
static const Any kStandard[] = {
    (Any)inet6_opt_init,
    (Any)inet6_opt_append,
    (Any)inet6_opt_finish,
    (Any)inet6_opt_set_val,
    (Any)inet6_opt_next,
    (Any)inet6_opt_find,
    (Any)inet6_opt_get_val,
    (Any)inet6_rth_space,
    (Any)inet6_rth_init,
    (Any)inet6_rth_add,
    (Any)inet6_rth_reverse,
    (Any)inet6_rth_segments,
    (Any)inet6_rth_getaddr,
    (Any)inet6_option_space,
    (Any)inet6_option_init,
    (Any)inet6_option_append,
    (Any)inet6_option_alloc,
    (Any)inet6_option_next,
    (Any)inet6_option_find,
    (Any)inet6_rthdr_space,
    (Any)inet6_rthdr_init,
    (Any)inet6_rthdr_add,
    (Any)inet6_rthdr_lasthop,
    (Any)inet6_rthdr_reverse,
    (Any)inet6_rthdr_segments,
    (Any)inet6_rthdr_getaddr,
    (Any)inet6_rthdr_getflags,
};
static const Any kOurs[] = {
    (Any)sx_inet6_opt_init,
    (Any)sx_inet6_opt_append,
    (Any)sx_inet6_opt_finish,
    (Any)sx_inet6_opt_set_val,
    (Any)sx_inet6_opt_next,
    (Any)sx_inet6_opt_find,
    (Any)sx_inet6_opt_get_val,
    (Any)sx_inet6_rth_space,
    (Any)sx_inet6_rth_init,
    (Any)sx_inet6_rth_add,
    (Any)sx_inet6_rth_reverse,
    (Any)sx_inet6_rth_segments,
    (Any)sx_inet6_rth_getaddr,
    (Any)sx_inet6_option_space,
    (Any)sx_inet6_option_init,
    (Any)sx_inet6_option_append,
    (Any)sx_inet6_option_alloc,
    (Any)sx_inet6_option_next,
    (Any)sx_inet6_option_find,
    (Any)sx_inet6_rthdr_space,
    (Any)sx_inet6_rthdr_init,
    (Any)sx_inet6_rthdr_add,
    (Any)sx_inet6_rthdr_lasthop,
    (Any)sx_inet6_rthdr_reverse,
    (Any)sx_inet6_rthdr_segments,
    (Any)sx_inet6_rthdr_getaddr,
    (Any)sx_inet6_rthdr_getflags,
};
// clang-format on

// How many of the standard names are not Sextant's functions.
int Inet6NamesThatLeadElsewhere(void) {
  int elsewhere = 0;
  for (unsigned i = 0; i < sizeof kOurs / sizeof kOurs[0]; ++i) {
    elsewhere += kStandard[i] != kOurs[i];
  }
  return elsewhere;
}
