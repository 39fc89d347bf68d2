# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Duplicate address detection: nobody else's address is taken.
. "$(dirname "$0")/../lib.sh"

# The kernel takes the address as soon as the tap is there, before the stack's probe is out.
second_owner() {
  until ip -6 addr add "$HOST/64" dev "$TAP" nodad 2>/dev/null; do sleep 0.01; done
}

write_config .dad=1
second_owner &
owner=$!
timeout 15 "$SEXTANT" --config "$CONFIG" >"$LOG" 2>&1 </dev/null
status=$?
kill "$owner" 2>/dev/null
check "the program ends with 1 ($status)" test "$status" = 1
expect "and names the duplicate" "$HOST.*duplicate|duplicate.*$HOST" cat "$LOG"
check "the tap is gone" bash -c "! ip link show $TAP"

started=$SECONDS
start .dad=2
took=$((SECONDS - started))
check "two probes take 1 to 5 s ($took s)" test "$took" -ge 1 -a "$took" -le 5
