# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The C program of the README answers the kernel.
. "$(dirname "$0")/../lib.sh"

program=$SX_BUILD/apps/echo_server
if [ ! -x "$program" ]; then
  fail "echo_server is built" "$program is missing"
  exit 0
fi
launch "$program" --interface "lan0=tap:$TAP,$HOST/64,peer=$PEER/64"
check "echo_server starts and answers" wait_ready
expect "nc gets its line back" "^twenty lines$" \
  bash -c "echo 'twenty lines' | timeout 5 nc -u -6 -w 1 $HOST 7"
expect "1000 datagrams return" "^sent 1000 returned 1000 wrong 0 " \
  "$SX_BUILD/tests/system/udp_blast" "$HOST" 7 1000 16
below "CPU while it blocks in recvfrom in percent" "$(cpu_percent "$SX_PID" 5)" 2
