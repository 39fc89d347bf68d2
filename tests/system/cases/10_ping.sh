# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The kernel pings the stack; both sides know each other.
. "$(dirname "$0")/../lib.sh"

start .dad=1
expect "five pings, five answers" " 5 received" ping -6 -n -c 5 -i 0.2 "$HOST"
# RFC 4861 §7.2.5: only a solicited advertisement makes the entry REACHABLE.
expect "the kernel holds the stack reachable" "REACHABLE" ip -6 neigh show "$HOST" dev "$TAP"
expect "the second address answers" " 3 received" ping -6 -n -c 3 -i 0.2 fd00:6::3
for size in 0 1 7 1452; do
  expect "an echo of $size bytes" " 1 received" ping -6 -n -c 1 -W 1 -s "$size" "$HOST"
done
expect "somebody else's address does not answer" " 0 received" ping -6 -n -c 1 -W 1 fd00:6::99
