// SPDX-License-Identifier: BSD-3-Clause
// Credentials: who makes the calls that follow, as far as the stack cares.
// There is no kernel to ask, so a program says it (sx_setcred).
// Owned by one Core.
#pragma once

#include <cstdint>

namespace sextant::socket {

struct Credentials {
  int32_t pid = 0;
  uint32_t user = 0;
  bool net_raw = true;    // CAP_NET_RAW
  bool net_admin = true;  // CAP_NET_ADMIN
  bool net_bind = true;   // CAP_NET_BIND_SERVICE
};

}  // namespace sextant::socket
