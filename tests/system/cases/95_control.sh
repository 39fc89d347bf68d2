# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Commands, capture, telemetry and leaving cleanly.
. "$(dirname "$0")/../lib.sh"

# asked COMMAND...: what the program prints for these commands.
asked() {
  local arguments=() command
  for command in "$@"; do arguments+=(--command "$command"); done
  timeout 20 "$SEXTANT" --config "$CONFIG" "${arguments[@]}" --command quit 2>&1 </dev/null
}

for signal in TERM INT; do
  start .dad=0
  stop "$signal"
  check "SIG$signal: exit 0 ($SX_STATUS)" test "$SX_STATUS" = 0
  check "SIG$signal: the tap is gone" bash -c "! ip link show $TAP"
done

write_config .dad=0
expect "show interfaces names lan0 and its address" "$HOST" asked "show interfaces"
expect "show interfaces says how it waits" "[Ww]ak|[Ii]dle|[Ww]ait|sleep" asked "show interfaces"
expect "show neighbors lists the peer after a ping" "$PEER" asked "ping $PEER" "show neighbors"
expect "show routes lists the prefix" "fd00:6::/64" asked "show routes"
expect "show path-mtu has a table, empty at first" "none" asked "show path-mtu"
expect "show sockets lists the echo engine" "\b7\b" asked "show sockets"
expect "show drops prints a table" "[a-z]" asked "show drops"
expect "show stats counts" "[0-9]" asked "show stats"
expect "ping answers" "time|ms|reply|bytes" asked "ping $PEER"
expect "help lists the commands" "show" asked "help"
expect "an unknown command says so" "[Uu]nknown|[Bb]ad|not|ambiguous" asked "frobnicate"

capture=$SX_WORK/capture.pcapng
asked "capture $capture" "ping $PEER" "capture stop" >/dev/null
expect "tcpdump reads the capture" "ICMP6, echo reply" tcpdump -n -r "$capture"

start .dad=0
answers
/usr/bin/python3 "$HERE/telemetry.py" || exit 1
stop
