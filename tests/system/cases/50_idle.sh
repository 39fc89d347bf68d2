# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# An idle host sleeps, unless it was asked to poll.
. "$(dirname "$0")/../lib.sh"

# A link without a wake-up descriptor: the stack naps between looks (`--vdev` is EAL's).
idle_ring() {
  write_config
  sed -i "s/^device = .*/device = net_ring0/; /^peer/d; s/^\[stack\]/&\nidle = adaptive/" "$CONFIG"
  sed -i "s/^\[interface.*/&\ndad = 0/" "$CONFIG"
  launch "$SEXTANT" --no-pci --no-huge --no-shconf -m 256 --vdev=net_ring0 -- --config "$CONFIG"
  sleep 3
}

start
sleep 1
below "CPU of an idle host in percent" "$(cpu_percent "$SX_PID" 5)" 2
stop
start idle=poll
used=$(cpu_percent "$SX_PID" 3)
check "a polling host takes its core ($used %)" awk "BEGIN { exit !($used > 70) }"
stop
idle_ring
if kill -0 "$SX_PID" 2>/dev/null; then
  below "CPU of an idle host on net_ring in percent" "$(cpu_percent "$SX_PID" 5)" 2
else
  fail "the stack runs on net_ring0" "$(cat "$LOG")"
fi
