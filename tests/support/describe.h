// SPDX-License-Identifier: BSD-3-Clause
// Describe: what a frame says, in one line, for expectations that read well:
//   fe80::1 > ff02::1 hl 255 icmp6 na target fe80::1 R=0 S=0 O=1 tlla 02:00:00:00:00:01
//   2001:db8::1 > 2001:db8::2 hl 64 udp 1000 > 7 "hello"
//   :: > ff02::16 hl 1 hop-by-hop router-alert 0 icmp6 mldv2-report to-exclude ff02::1:ff00:1
//   ::1 > ::1 hl 64 icmp6 unreachable port (::1 > ::1 hl 64 udp 1000 > 7 len 0)
// What is wrong stands in capitals: BAD-CHECKSUM, NO-CHECKSUM, TRUNCATED, TRAILING n.
// It decodes the bytes itself and shares nothing with wire/.
// Any thread.
#pragma once

#include <string>

#include "base/bytes.h"

namespace sextant::test {

// An Ethernet frame, its header left out; "ethertype 0x0800 len 46" when it is not IPv6.
std::string Describe(Bytes frame);
// The same with "source > destination | " of the Ethernet header in front.
std::string DescribeLink(Bytes frame);
// An IPv6 packet.
std::string DescribeIp6(Bytes packet);

}  // namespace sextant::test
