# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# A ping flood loses nothing.
. "$(dirname "$0")/../lib.sh"

count=20000
[ -z "${SX_LONG:-}" ] || count=200000
start .dad=0
before=$(tx_dropped)
expect "$count echoes of 1200 bytes as fast as they return" " $count received" \
  ping -6 -n -q -f -c "$count" -s 1200 "$HOST"
check "the tap dropped nothing" test "$(tx_dropped)" = "$before"
check "the stack still answers" answers
