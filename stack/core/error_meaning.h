// SPDX-License-Identifier: BSD-3-Clause
// ErrorMeaning: what an ICMPv6 error about a packet means to the socket that
// has sent it; the same for every protocol above.
// RFC 4443 §2.4(d), RFC 8085 §5.2.
// Any thread.
#pragma once

#include "base/errno.h"
#include "wire/icmpv6.h"

namespace sextant {

struct ErrorMeaning {
  Errno error = Errno::kProtocol;
  bool fatal = false;  // sending again would meet it again: a connected socket is told
};

// Every type below 128 has a meaning, known or not.
ErrorMeaning MeaningOf(wire::Icmp6Type type, uint8_t code);

}  // namespace sextant
