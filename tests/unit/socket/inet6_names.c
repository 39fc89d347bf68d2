// SPDX-License-Identifier: BSD-3-Clause
// A C source with the standard names, as programs are written: RFC 3542 and RFC 2292. It does not
// link unless each of them leads to Sextant, the C library having no inet6_rthdr_*.
// Any thread.
#include <netinet/in.h>
#include <sextant/inet6.h>

int Inet6ByStandardNames(void* memory, socklen_t length);

// The length of a header with one option, read again, and a route of one segment.
int Inet6ByStandardNames(void* memory, socklen_t length) {
  void* data;
  uint8_t type;
  socklen_t size;
  uint16_t value = 0;
  struct in6_addr hop = in6addr_loopback;
  struct cmsghdr* cmsg = inet6_rthdr_init(memory, IPV6_RTHDR_TYPE_0);
  if (cmsg == NULL || inet6_rthdr_add(cmsg, &hop, IPV6_RTHDR_LOOSE) != 0) return -1;
  if (inet6_option_init(memory, &cmsg, IPV6_HOPOPTS) != 0) return -2;
  if (inet6_rth_init(memory, length, IPV6_RTHDR_TYPE_0, 1) != memory) return -3;
  int end = inet6_opt_init(memory, 8);
  end = inet6_opt_append(memory, 8, end, 5, sizeof value, 2, &data);
  inet6_opt_set_val(data, 0, &value, sizeof value);
  end = inet6_opt_finish(memory, 8, end);
  if (inet6_opt_next(memory, 8, 0, &type, &size, &data) != 6 || type != 5) return -4;
  return end;
}
