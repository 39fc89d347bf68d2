# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# UDP echo from the kernel: every datagram returns, intact.
. "$(dirname "$0")/../lib.sh"

count=100000
[ -z "${SX_LONG:-}" ] || count=1000000
start .dad=0
before=$(tx_dropped)
for outstanding in 1 64; do
  sent=$((outstanding == 1 ? count / 10 : count))
  expect "$sent datagrams, at most $outstanding outstanding" \
    "^sent $sent returned $sent wrong 0 " \
    "$SX_BUILD/tests/system/udp_blast" "$HOST" 7 "$sent" "$outstanding"
done
check "the tap dropped nothing" test "$(tx_dropped)" = "$before"
expect "nc gets its line back" "^hello sextant$" \
  bash -c "echo 'hello sextant' | timeout 5 nc -u -6 -w 1 $HOST 7"
expect "the address asked is the address that answers" "^hello sextant$" \
  bash -c "echo 'hello sextant' | timeout 5 nc -u -6 -w 1 fd00:6::3 7"
expect "the sink answers nothing" "^$" \
  bash -c "echo; echo 'hello sextant' | timeout 5 nc -u -6 -w 1 $HOST 9"
expect "nc is refused at a closed port" "refused|^1$" \
  bash -c "echo x | timeout 5 nc -v -u -6 -w 1 $HOST 4444; echo \$?"
